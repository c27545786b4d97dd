#!/bin/sh
# Brings a fresh clone to where the demo and the tests can run: dependencies, then a build. Quick when nothing changed.
set -eu
cd "$(dirname "$0")/.."

say() { printf '» %s\n' "$1"; }

wanted=$(cat package.json package-lock.json | cksum)
if [ "$(cat node_modules/.setup 2>/dev/null || true)" != "$wanted" ]; then
  say 'installing dependencies (a minute or two the first time)'
  # Not `npm ci`: it refuses a lock file without the optional packages of other platforms, which a registry mirror may lack.
  npm install --no-audit --no-fund --loglevel=error
  printf '%s' "$wanted" > node_modules/.setup
fi

# The page is tested in a real Chromium: the system's, or the one that Playwright keeps, or else one is installed.
if [ "${1:-}" != --no-browser ] && ! node e2e/find-browser.ts >/dev/null 2>&1; then
  say 'installing Chromium for the tests of the page'
  # Its downloads are tried again and again where they are out of reach.
  if PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=10000 npx --no-install playwright install chromium >.chromium.log 2>&1; then
    rm -f .chromium.log
  elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >.chromium.log 2>&1 || true
  fi
  if node e2e/find-browser.ts >/dev/null 2>&1; then
    rm -f .chromium.log
  else
    say 'no Chromium could be installed, so the tests of the page will fail; what was said is in .chromium.log'
  fi
fi

say 'building'
npm run --silent build:quiet
