#!/bin/sh
# Drives the recipe in Emacs without a window. Exit status 77: left out, eglot is not there (Emacs 29, or GNU ELPA).
#   DRAFTLINT=target/release/draftlint editors/emacs/test.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
draftlint=${DRAFTLINT:-draftlint}
command -v emacs >/dev/null || { echo "left out: the Emacs recipe (no emacs)"; exit 77; }
emacs --batch --eval '(progn (package-initialize) (kill-emacs (if (require (quote eglot) nil t) 0 77)))' >/dev/null 2>&1 ||
  { echo "left out: the Emacs recipe (no eglot)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/drafts" "$work/home"
# the recipe names the program that is on the PATH
ln -s "$(cd "$(dirname "$(command -v "$draftlint")")" && pwd)/$(basename "$draftlint")" "$work/bin/draftlint"
printf '# Новости\n\nКоллеги, \tпишите 😀 мне: anna.petrova1984@gmail.com сегодня.\n' >"$work/drafts/ru.txt"
printf 'Bonjour à tous,\n\nécrivez-moi 😀 à l’adresse anne.petit84@gmail.com dès demain.\n' >"$work/drafts/fr.txt"
printf 'Коллеги,\r\n\r\n\tпишите 😀 мне: anna.petrova1984@gmail.com сегодня.\r\n' >"$work/drafts/dos.txt"
HOME="$work/home" XDG_CONFIG_HOME="$work/home" PATH="$work/bin:$PATH" DRAFTS="$work/drafts" \
  timeout 120 emacs --batch -l "$here/test.el" "$here/draftlint.el" </dev/null
