#!/bin/sh
# The hook with the real pre-commit, by the two configurations that README.md shows: a repository with drafts is made, and
# the hook is installed into it built by Cargo from a Git clone of the project, and from a Python wheel built by maturin.
#   tests/pre-commit.sh             a development build, in the project's own target folder: a minute or two after its tests
#   tests/pre-commit.sh --release   as users get it: many minutes
# Exit status 77: left out, because something it needs is not there; it says what.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
release=${1:-}
leave_out() { echo "left out: the hook with pre-commit ($1)" >&2; exit 77; }
failed() { echo "FAILED: $1" >&2; [ -f "$work/said" ] && cat "$work/said" >&2; exit 1; }
for tool in git python3 cargo; do command -v "$tool" >/dev/null || leave_out "no $tool"; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" >/dev/null 2>&1 || leave_out "python3 makes no venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 30 pre-commit maturin >"$work/said" 2>&1 ||
  leave_out "pip installs no pre-commit: $(tail -n 1 "$work/said")"
PATH="$work/venv/bin:$PATH"
export PRE_COMMIT_HOME="$work/home" GIT_CONFIG_GLOBAL="$work/gitconfig" GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE 2>/dev/null || true
git config --global user.name test
git config --global user.email test@example.com
git config --global init.defaultBranch main
pre-commit --version
maturin --version

# the project as a repository of its own, with the tag that README.md names: what is tracked, or would be
python3 - "$root" "$work/project" <<'COPY'
import os, shutil, subprocess, sys
root, copy = sys.argv[1:]
listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True)
if listed.returncode == 0:
    names = set(filter(None, os.fsdecode(listed.stdout).split("\0")))
else:
    names = {os.path.relpath(os.path.join(folder, name), root) for folder, _, files in os.walk(root) for name in files}
    names = {name for name in names if name.split(os.sep)[0] not in ("target", ".git")}
for name in sorted(names):
    source, target = os.path.join(root, name), os.path.join(copy, name)
    if os.path.isfile(source):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(source, target)
COPY
(cd "$work/project" && git init -q && git add -A && git commit -qm project && git tag v0.1.0)

# The configurations of README.md with one word changed in each: where the project or the wheel lies.
configuration() { # its number, what it names, what stands here instead
  python3 - "$root/README.md" "$@" >.pre-commit-config.yaml <<'BLOCK'
import re, sys
readme, number, named, here = sys.argv[1:]
part = open(readme, encoding="utf-8").read().split("### pre-commit\n")[1].split("\n### ")[0]
block = re.findall(r"```yaml\n(.*?)```", part, re.S)[int(number) - 1]
assert len(re.findall(named, block)) == 1, f"README.md: block {number} does not name {named} once"
print(re.sub(named, lambda _: here, block), end="")
BLOCK
  git add -A
}

if [ -z "$release" ]; then
  # `cargo install` builds for release and takes the newest libraries; here it is told to build as the tests do, with the
  # libraries they were built with, so that most is there already
  real=$(command -v cargo)
  mkdir "$work/bin"
  cat >"$work/bin/cargo" <<SHIM
#!/bin/sh
[ "\$1" = install ] || exec "$real" "\$@"
shift
exec "$real" install --debug --locked "\$@"
SHIM
  chmod +x "$work/bin/cargo"
  PATH="$work/bin:$PATH"
  profile="--locked"
  CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
  export CARGO_TARGET_DIR
else
  profile="--locked --release"
fi

drafts() { # makes a repository with drafts, in $work/$1
  mkdir -p "$work/$1/posts/old" && cd "$work/$1" && git init -q
  cp "$root/fixtures/en/launch.md" posts/bad.md
  cp "$root/fixtures/en/launch.md" posts/old/bad.md
  cp "$root/fixtures/en/clean-results.md" posts/clean.md
  printf 'Questions go to anna.petrova1984@gmail.com.\n' >posts/warned.txt
  printf '<p>You are complete idiots.</p>\n' >posts/page.html
  printf 'exclude = ["posts/old/**"]\n' >draftlint.toml
  printf 'fn main() {} // our competitors are clowns\n' >posts/code.rs
  git add -A
}

hook() { # the status it should end with, the files
  expected=$1; shift
  status=0
  pre-commit run draftlint --files "$@" >"$work/said" 2>&1 || status=$?
  [ "$status" -eq "$expected" ] || failed "status $status instead of $expected for $*"
}

checks() {
  hook 1 posts/bad.md posts/clean.md
  grep -q 'disclosure/confidentiality-marker' "$work/said" || failed "the rule is not named"
  grep -q 'posts/bad.md' "$work/said" || failed "the draft is not named"
  if grep -qi 'clowns\|thrilled' "$work/said"; then failed "words of the draft are in the log"; fi
  hook 1 posts/page.html
  # other types are no drafts, and what draftlint.toml excludes is left out although pre-commit names it
  hook 0 posts/clean.md posts/code.rs posts/old/bad.md
  # warnings pass, and show where verbose is set
  hook 0 posts/warned.txt
  if [ "$1" = verbose ]; then
    grep -q 'disclosure/email-address' "$work/said" || failed "verbose shows no warning"
  elif grep -q 'disclosure/email-address' "$work/said"; then
    failed "a passing hook shows what verbose alone should show"
  fi
  if grep -q petrova "$work/said"; then failed "an address is in the log"; fi
  # as in daily life: a commit is refused, and made once the drafts are mended
  pre-commit install >/dev/null
  if git commit -qm 'a bad draft' >"$work/said" 2>&1; then failed "a bad draft was committed"; fi
  grep -q 'disclosure/confidentiality-marker' "$work/said" || failed "the refused commit does not say why"
  cp posts/clean.md posts/bad.md
  rm posts/page.html
  git add -A
  git commit -qm 'mended' >"$work/said" 2>&1 || failed "a clean draft was not committed"
}

echo "1. language: rust, from a Git clone"
drafts cargo
configuration 1 'https://github.com/draftlint/draftlint' "file://$work/project"
started=$(date +%s)
pre-commit install-hooks >"$work/said" 2>&1 || failed "the hook was not installed"
echo "installed in $(($(date +%s) - started)) s"
checks verbose

echo "2. language: python, from a wheel"
# from the clone that pre-commit made: what Cargo built there is not built again
clone=$(dirname "$(ls "$work"/home/repo*/Cargo.toml)")
started=$(date +%s)
# shellcheck disable=SC2086
(cd "$clone" && maturin build $profile --out "$work/dist") >"$work/said" 2>&1 || failed "no wheel was built"
wheel=$(ls "$work"/dist/draftlint-*.whl)
echo "$(basename "$wheel") ($(($(wc -c <"$wheel") / 1024)) KiB), built in $(($(date +%s) - started)) s"
# a colleague without Rust
mkdir -p "$work/norust"
printf '#!/bin/sh\nexit 1\n' >"$work/norust/cargo"
chmod +x "$work/norust/cargo"
PATH="$work/norust:$PATH"
python3 -m venv "$work/colleague"
"$work/colleague/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
"$work/colleague/bin/draftlint" --version
drafts wheel
configuration 2 'https://files[^"]*' "file://$wheel"
checks quiet
echo "the hook works from Cargo and from the wheel"
