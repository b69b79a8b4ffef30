//! Which files a run reads: files named are always read, folders are searched for drafts, `.gitignore` respected.

use std::path::{Path, PathBuf};

/// Extensions of drafts that are looked for in folders.
pub const EXTENSIONS: &[&str] = &["md", "markdown", "txt", "html", "htm", "docx"];

/// A file to read, or why a path that was named cannot be.
pub type Found = Result<PathBuf, (PathBuf, String)>;

/// Everything that the paths stand for, folders in the order of their names; links to folders are not followed, so
/// that no circle of links is ever walked. `excluded` speaks for files found in folders alone.
pub fn files(paths: &[PathBuf], excluded: &mut dyn FnMut(&Path) -> bool, found: &mut dyn FnMut(Found)) {
    for path in paths {
        match std::fs::metadata(path) {
            Ok(kind) if kind.is_dir() => folder(path, excluded, found),
            Ok(kind) if kind.is_file() => found(Ok(path.clone())),
            Ok(_) => found(Err((path.clone(), "neither a file nor a folder; pipe it in with `-` instead".to_owned()))),
            Err(error) => found(Err((path.clone(), crate::file::why(&error)))),
        }
    }
}

fn folder(folder: &Path, excluded: &mut dyn FnMut(&Path) -> bool, found: &mut dyn FnMut(Found)) {
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.require_git(false).sort_by_file_name(std::ffi::OsStr::cmp);
    for entry in walk.build() {
        match entry {
            Ok(entry) => {
                let path = entry.path();
                // a link to a file is read, a link to a folder, a pipe or a device is not
                let is_file = match entry.file_type() {
                    Some(kind) if kind.is_symlink() => path.metadata().is_ok_and(|m| m.is_file()),
                    Some(kind) => kind.is_file(),
                    None => false,
                };
                if is_file && is_draft(path) && !excluded(path) {
                    found(Ok(path.strip_prefix("./").unwrap_or(path).to_owned()));
                }
            }
            Err(error) => {
                let io = error.io_error().map(crate::file::why);
                let path = place(&error).unwrap_or_else(|| folder.to_owned());
                found(Err((
                    path,
                    io.unwrap_or_else(|| error.to_string().lines().next().unwrap_or_default().to_owned()),
                )));
            }
        }
    }
}

/// Whether a file's name says that it is a draft.
pub fn is_draft(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    extension.is_some_and(|e| EXTENSIONS.contains(&e.as_str()))
}

fn place(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place(err),
        _ => None,
    }
}
