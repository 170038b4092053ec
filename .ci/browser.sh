# Sourced by .ci/run: Chromium for the tests of the page, where it can be had. Without it those tests are skipped.
if ! command -v chromium >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 ||
        echo "Chromium could not be installed: the tests of the page are skipped"
fi
