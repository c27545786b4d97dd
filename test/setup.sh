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

say 'building'
npm run --silent build:quiet
