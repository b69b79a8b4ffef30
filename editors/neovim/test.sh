#!/bin/sh
# Drives the recipe in headless Neovim. Skips, and says so, where Neovim is not installed.
#   DRAFTLINT=target/release/draftlint editors/neovim/test.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
draftlint=${DRAFTLINT:-draftlint}
command -v nvim >/dev/null || { echo "skipped: no nvim"; exit 0; }
case $draftlint in */*) draftlint=$(cd "$(dirname "$draftlint")" && pwd)/$(basename "$draftlint") ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/drafts" "$work/home"
printf '# Новости\n\nКоллеги, \tпишите 😀 мне: anna.petrova1984@gmail.com сегодня.\n' >"$work/drafts/ru.md"
printf 'Bonjour à tous,\n\nécrivez-moi 😀 à l’adresse anne.petit84@gmail.com dès demain.\n' >"$work/drafts/fr.txt"
printf 'Коллеги,\r\n\r\n\tпишите 😀 мне: anna.petrova1984@gmail.com сегодня.\r\n' >"$work/drafts/dos.md"
# UTF-16 is what this Neovim speaks; UTF-8 is what it can be told to offer
for encoding in utf-16 utf-8; do
  HOME="$work/home" XDG_CONFIG_HOME="$work/home" DRAFTS="$work/drafts" timeout 120 nvim --headless --clean -n \
    --cmd "lua vim.g.draftlint_path = [[$draftlint]]; vim.g.draftlint_encoding = [[$encoding]]" \
    -c 'filetype on' -c "luafile $here/draftlint.lua" -c "luafile $here/test.lua" -c 'cquit 2' </dev/null
done
