#!/bin/sh
# Builds the extension in a copy and looks into the package. Exit status 77: left out, npm reaches no registry.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/editors"
cp "$here"/../../LICENSE-* "$work/"
(cd "$here/.." && tar --exclude node_modules --exclude out --exclude '*.vsix' -cf - vscode) | tar -xf - -C "$work/editors"
cd "$work/editors/vscode"
npm ping >/dev/null 2>&1 || { echo "left out: the VS Code extension (npm reaches no registry)"; exit 77; }
sh build.sh >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
listed=$(python3 -m zipfile -l draftlint.vsix)
for part in extension/out/extension.js extension/package.json extension/l10n/bundle.l10n.ru.json extension/LICENSE-MIT; do
  echo "$listed" | grep -qi "$part" || { echo "FAILED: $part is not in the package"; echo "$listed"; exit 1; }
done
if echo "$listed" | grep -q 'node_modules\|\.map\|src/'; then echo "FAILED: more than it needs"; echo "$listed"; exit 1; fi
# the extension starts the program and nothing else: no code that opens a connection
if grep -Eq 'require\("(node:)?(https?|http2|tls|dgram)"\)|fetch\(' out/extension.js; then
  echo "FAILED: network code in the extension"
  exit 1
fi
echo "draftlint.vsix: $(wc -c <draftlint.vsix) bytes"
