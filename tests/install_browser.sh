#!/bin/sh
# Brings a Chromium for the browser tests where it can; where it can't, those tests say so and skip.
set -u
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
.venv/bin/playwright install chromium >/dev/null 2>&1 && exit 0
echo "no Chromium could be installed: the browser tests will be skipped (install chromium and run again)" >&2
