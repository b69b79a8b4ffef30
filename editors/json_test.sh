#!/bin/sh
# Runs both example clients on a draft; wants python3, jq and draftlint on the PATH (or DRAFTLINT=path/to/draftlint).
set -eu
cd "$(dirname "$0")"
if [ -n "${DRAFTLINT:-}" ]; then PATH="$(cd "$(dirname "$DRAFTLINT")" && pwd):$PATH"; fi
draft='Пишите 😀 на anna.petrova1984@gmail.com, мы ответим.'
for client in "python3 client.py" "sh client.sh"; do
  status=0
  found=$(printf '%s\n' "$draft" | $client пост.md) || status=$?
  [ "$status" -eq 1 ] || { echo "$client: exit status $status"; exit 1; }
  printf '%s\n' "$found" | grep -q '^пост.md:1:13: warning: .*\[disclosure/email-address\]$' || { echo "$client: $found"; exit 1; }
  status=0
  printf 'Content\n' | DRAFTLINT= $client nowhere.pdf.md >/dev/null || status=$?
  [ "$status" -eq 0 ] || { echo "$client: exit status $status on a clean draft"; exit 1; }
done
echo "both clients agree"
