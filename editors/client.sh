#!/bin/sh
# Lints what comes on standard input under the name given and prints a line a finding: client.sh post.md < post.md
set -u
name=${1:-draft.md}
report=$(draftlint check --output-format json --stdin-filename "$name" -)
status=$?
[ "$status" -le 1 ] || exit "$status"
printf '%s\n' "$report" | jq -r --arg name "$name" '.files[].findings[] | select(.confidence != "low")
  | "\($name):\(.line):\(.column): \(.severity): \(.message); \(.advice) [\(.rule)]"'
exit "$status"
