#!/bin/sh
# Install styleprint (once), then learn from pieces that come with music21 and identify others.
# usage: ./demo.sh [options of 'styleprint demo']
set -eu
cd "$(dirname "$0")"
. ./.ci/environment.sh
case " $* " in
*" --serve "*) prepare_environment ".[scores,serve]" serving ;;
*) prepare_environment ".[scores]" demo ;;
esac
exec "$PYTHON" -m styleprint demo "$@"
