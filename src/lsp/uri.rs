//! `file:` addresses and paths.

use std::path::{Path, PathBuf};

/// The path of a `file:` address; other schemes (unsaved buffers among them) have none.
pub fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // `file://host/share` is a share of Windows; `localhost` and nothing are this machine
    let slash = rest.find('/')?;
    let (host, path) = rest.split_at(slash);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let bytes = decoded(path);
    if cfg!(windows) {
        let text = String::from_utf8(bytes).ok()?;
        let local = host.is_empty() || host == "localhost";
        let has_drive = text.as_bytes().get(2) == Some(&b':');
        let text = if local && has_drive {
            text[1..].to_owned()
        } else if local {
            text
        } else {
            format!("//{host}{text}")
        };
        return Some(PathBuf::from(text.replace('/', "\\")));
    }
    Some(of_bytes(bytes))
}

#[cfg(unix)]
fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The `file:` address of a path.
pub fn of(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(byte as char);
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = || u8::from_str_radix(std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok()?, 16).ok();
        match if bytes[at] == b'%' { code() } else { None } {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let name = Path::new("/tmp/Черновик 100%.md");
        assert_eq!(path(&of(name)).as_deref(), Some(name));
        assert_eq!(path("file:///a%20b/c.md").as_deref(), Some(Path::new("/a b/c.md")));
        assert_eq!(path("file://localhost/a").as_deref(), Some(Path::new("/a")));
        assert_eq!(path("file:///a%2").as_deref(), Some(Path::new("/a%2")));
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file://"), None);
    }
}
