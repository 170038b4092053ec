# Sourced by demo.sh and test.sh: finds Python, makes .venv and installs the project into it, once.
# Sets PYTHON to the environment's interpreter. Each message says what is missing and what to do.

# What the tests need: every extra that has tests.
TEST_EXTRAS=".[dev,audio,cluster,deep,explain,scores,serve,tables,track]"

find_python() {
    for candidate in "${STYLEPRINT_PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        [ -n "$candidate" ] || continue
        command -v "$candidate" >/dev/null 2>&1 || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

# prepare_environment REQUIREMENT STAMP
prepare_environment() {
    if [ ! -x .venv/bin/python ]; then
        base=$(find_python)
        if [ -z "$base" ]; then
            echo "styleprint needs Python 3.11 or newer, and none was found." >&2
            echo "Install it, or name it: STYLEPRINT_PYTHON=/path/to/python3.11 $0" >&2
            exit 2
        fi
        if ! "$base" -c 'import venv, ensurepip' 2>/dev/null; then
            echo "$base lacks the modules venv and ensurepip, which make an environment." >&2
            echo "Install them (Debian, Ubuntu: apt install python3-venv) and run this again." >&2
            exit 2
        fi
        echo "making .venv with $base"
        "$base" -m venv .venv
    fi
    PYTHON="$PWD/.venv/bin/python"
    wanted=$("$PYTHON" -c 'import hashlib, sys; print(hashlib.sha256(b"".join(open(f, "rb").read() for f in sys.argv[1:])).hexdigest())' pyproject.toml constraints.txt)
    if [ "$(cat ".venv/installed-$2" 2>/dev/null || true)" != "$wanted" ]; then
        echo "installing (once; some minutes without a package cache)"
        "$PYTHON" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e "$1"
        echo "$wanted" >".venv/installed-$2"
    fi
}
