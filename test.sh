#!/bin/sh
# Install what the tests need (once), then run ruff, mypy, the architecture contracts and the tests.
# usage: ./test.sh [pytest arguments]
set -eu
cd "$(dirname "$0")"
. ./.ci/environment.sh
prepare_environment "$TEST_EXTRAS" tests
echo "ruff"
"$PYTHON" -m ruff check src tests benchmarks
"$PYTHON" -m ruff format --check src tests benchmarks
echo "mypy"
"$PYTHON" -m mypy
echo "tests"
exec "$PYTHON" -m pytest "$@"
