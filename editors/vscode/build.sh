#!/bin/sh
# Builds draftlint.vsix. Needs Node 20 and npm; install it with: code --install-extension draftlint.vsix
set -eu
cd "$(dirname "$0")"
cp ../../LICENSE-* . 2>/dev/null || true
npm ci --no-audit --no-fund
npm run package
