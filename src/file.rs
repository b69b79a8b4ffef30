//! Files that are read whole: settings, profiles, rules, baselines, registries. Never a pipe or a device, which may have no
//! end, and never more than a person writes.

use std::io::{self, Read};
use std::path::Path;

/// The most that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// The bytes of a file. What is no file is an error, and so is a file of more than [`MAX_FILE_BYTES`].
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // the empty file of every Unix system stands for "no settings"
    if !std::fs::metadata(path)?.is_file() && path != Path::new("/dev/null") {
        return Err(io::Error::other("not a file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other(format!("more than {MAX_FILE_BYTES} bytes")));
    }
    Ok(bytes)
}

/// The text of a file, which must be UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(bytes(path)?).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"))
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
