//! Which lines of a draft changed since a revision; asks git, where it is there.

use crate::span::{LineIndex, Span};
use std::path::Path;
use std::process::Command;

/// The changed lines of one draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// All of it: the draft is not under version control, or new, or none that git reads by lines (Word, UTF-16).
    Everything,
    /// Half-open ranges of lines, from 1.
    Lines(Vec<(usize, usize)>),
}

impl Changes {
    /// The changes of `path` since `revision`, working tree included; where both went on from a common commit, since that
    /// one: what others changed meanwhile is no change of this draft.
    pub fn since(revision: &str, path: &Path) -> Result<Self, String> {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let name = path.file_name().ok_or("no file name")?;
        let git = |arguments: &[&str]| {
            Command::new("git").arg("-C").arg(folder).args(arguments).output().map_err(|e| match e.kind() {
                std::io::ErrorKind::NotFound => "--diff-base needs git, which was not found".to_owned(),
                _ => format!("--diff-base: git: {e}"),
            })
        };
        // `--end-of-options` keeps a revision that begins with a dash from being read as a flag
        let known = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])?;
        if !known.status.success() {
            return Err(format!("--diff-base: git knows no revision `{revision}` in {}", folder.display()));
        }
        let commit = String::from_utf8_lossy(&known.stdout).trim().to_owned();
        // a clone of a few commits may not hold the common one
        let common = git(&["merge-base", &commit, "HEAD"])?;
        let common = String::from_utf8_lossy(&common.stdout).lines().next().unwrap_or_default().to_owned();
        let since = if common.is_empty() { commit } else { common };
        let file = name.to_string_lossy();
        let tracked = git(&["ls-files", "--error-unmatch", "--", &file])?;
        if !tracked.status.success() {
            return Ok(Self::Everything);
        }
        // whatever the person's own settings of git say
        let form = ["--unified=0", "--inter-hunk-context=0", "--no-color", "--no-ext-diff", "--no-textconv"];
        let diff = git(&[&["diff"], &form[..], &[&since, "--", &file]].concat())?;
        if !diff.status.success() {
            return Err(format!(
                "--diff-base: {}",
                String::from_utf8_lossy(&diff.stderr).lines().next().unwrap_or("git diff failed")
            ));
        }
        let diff = String::from_utf8_lossy(&diff.stdout);
        let by_lines = !diff.lines().any(|line| line.starts_with("Binary files "));
        Ok(if by_lines { Self::Lines(hunks(&diff)) } else { Self::Everything })
    }

    /// Whether a finding at `span` touches a changed line; a finding about the whole draft does when anything changed.
    pub fn touch(&self, lines: &LineIndex, span: Span, whole: bool) -> bool {
        match self {
            Self::Everything => true,
            Self::Lines(ranges) if whole => !ranges.is_empty(),
            Self::Lines(ranges) => {
                let (first, last) =
                    (lines.line_of(span.start), lines.line_of(span.end.saturating_sub(1).max(span.start)));
                ranges.iter().any(|(from, to)| *from <= last && first < *to)
            }
        }
    }
}

/// The new side of the hunks of a unified diff.
fn hunks(diff: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    for line in diff.lines() {
        let Some(rest) = line.strip_prefix("@@ -") else { continue };
        let Some(new) = rest.split(' ').nth(1).and_then(|n| n.strip_prefix('+')) else { continue };
        let (start, count) = new.split_once(',').unwrap_or((new, "1"));
        if let (Ok(start), Ok(count)) = (start.parse::<usize>(), count.parse::<usize>()) {
            // a deletion leaves no line; the lines around it are what changed
            ranges.push(if count == 0 { (start.max(1), start + 2) } else { (start, start + count) });
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_side_of_hunks() {
        let diff = "--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n+b\n+c\n@@ -9,2 +11,0 @@ end\n-x\n-y\n@@ -20,0 +20 @@\n+z\n";
        assert_eq!(hunks(diff), [(1, 3), (11, 13), (20, 21)]);
    }
}
