# A service over a bundle, without rights and on a file system that it cannot write to. See docs/serving.md.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
RUN python -m venv /opt/styleprint \
    && /opt/styleprint/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt ".[serve,scores,audio]" \
    && /opt/styleprint/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim-bookworm
# LightGBM needs libgomp; the release of Debian pins its version.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/styleprint /opt/styleprint
# /tmp is where compiled loops are kept: a tmpfs of the container, filled when it starts.
ENV PATH=/opt/styleprint/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/tmp/numba
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --start-period=120s --interval=30s --timeout=5s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
ENTRYPOINT ["styleprint", "serve", "--host", "0.0.0.0", "--port", "8000"]
CMD ["/bundle.styleprint"]
