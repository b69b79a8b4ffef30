//! Files that are read whole: settings, profiles, rules, baselines, registries. Never a pipe or a device, which may have no
//! end, and never more than a person writes. They are written whole as well, or not at all.

use std::io::{self, Read};
use std::path::Path;

/// The most that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// The bytes of a file. What is no file is an error, and so is a file of more than [`MAX_FILE_BYTES`].
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    bytes_up_to(path, MAX_FILE_BYTES)
}

fn bytes_up_to(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // the empty file of every Unix system stands for "no settings"
    if !std::fs::metadata(path)?.is_file() && path != Path::new("/dev/null") {
        return Err(io::Error::other("not a file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("more than {most} bytes, which are all that is read of such a file")));
    }
    Ok(bytes)
}

/// The text of a file, which must be UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    text_up_to(path, MAX_FILE_BYTES)
}

/// The text of a file of at most so many bytes.
pub fn text_up_to(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(bytes_up_to(path, most)?).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"))
}

/// Writes a file whole: beside it first, so that a full disk leaves the old one. What is no file, a terminal or a pipe, is
/// written as it is.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    // through a link to what it points to
    let path = &match std::fs::symlink_metadata(path) {
        Ok(kind) if kind.is_symlink() => std::fs::canonicalize(path)?,
        _ => path.to_owned(),
    };
    let old = match std::fs::metadata(path) {
        Ok(there) if !there.is_file() => return std::fs::write(path, text),
        Ok(there) if there.permissions().readonly() => return Err(io::Error::other("it is read-only")),
        Ok(there) => Some(there.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = std::fs::write(&beside, text)
        .and_then(|()| old.map_or(Ok(()), |permissions| std::fs::set_permissions(&beside, permissions)))
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// What the system says, without its error number.
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the device".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_owned()
        }
    }
}
