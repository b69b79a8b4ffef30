//! The key of the registry. It never lies in the repository that holds the registry: whoever has both can try names.

use super::RegistryError;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Holds the key itself: 64 hexadecimal digits.
pub const KEY_VARIABLE: &str = "DRAFTLINT_SECRETS_KEY";
/// Names the file that holds it.
pub const KEY_FILE_VARIABLE: &str = "DRAFTLINT_SECRETS_KEY_FILE";

/// 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// A new key from the system's source of randomness.
    pub fn random() -> Result<Self, RegistryError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .map_err(|e| RegistryError::Key(format!("the system gives no random bytes: {e}")))?;
        Ok(Self(bytes))
    }

    fn digits(&self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// Where the key comes from.
#[derive(Clone, Debug, Default)]
pub struct KeyPlace {
    /// A file named on the command line: beats the environment.
    pub flag: Option<PathBuf>,
    /// A file named in the settings: gives way to the environment.
    pub setting: Option<PathBuf>,
}

impl KeyPlace {
    /// The key for `registry`. A key that is not there is an error: a check that silently skips the registry would be
    /// taken for a clean one.
    pub fn find(&self, registry: &Path) -> Result<Key, RegistryError> {
        if self.flag.is_none() {
            if let Some(text) = variable(KEY_VARIABLE) {
                return Key::parse(&text).ok_or_else(|| {
                    RegistryError::Key(format!("{KEY_VARIABLE} is no key: 64 hexadecimal digits are expected"))
                });
            }
        }
        let path = self.file()?;
        let shown = path.display();
        refuse_repository(&path, registry)?;
        let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => RegistryError::Key(format!(
                "the key of the registry is missing: there is no {shown}; set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}, or ask whoever registered the terms (`draftlint secrets add --new-key` makes one for a new registry)"
            )),
            _ => RegistryError::Key(format!("{shown}: {}", crate::file::why(&error))),
        })?;
        Key::parse(&text)
            .ok_or_else(|| RegistryError::Key(format!("{shown} is no key: 64 hexadecimal digits are expected")))
    }

    /// The file, from the flag, the environment, the settings, or where it lies by default.
    pub fn file(&self) -> Result<PathBuf, RegistryError> {
        let named = self
            .flag
            .clone()
            .or_else(|| variable(KEY_FILE_VARIABLE).map(PathBuf::from))
            .or_else(|| self.setting.clone());
        let path = match named {
            Some(path) => path,
            None => return default_file(),
        };
        match path.strip_prefix("~") {
            Ok(rest) => Ok(home("HOME").or_else(|| home("USERPROFILE")).unwrap_or_default().join(rest)),
            Err(_) => Ok(path),
        }
    }

    /// Writes a new key for `registry`, readable by its owner alone. A key that is there already is never replaced: the
    /// terms it was made for could not be found any more.
    pub fn create(&self, registry: &Path) -> Result<(Key, PathBuf), RegistryError> {
        if self.flag.is_none() && variable(KEY_VARIABLE).is_some() {
            return Err(RegistryError::Key(format!("{KEY_VARIABLE} is set, so no new key is made")));
        }
        let path = self.file()?;
        refuse_repository(&path, registry)?;
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                RegistryError::Key(format!("{}: there is a key already; it is used, not replaced", path.display()))
            }
            _ => RegistryError::Key(format!("{}: {}", path.display(), crate::file::why(&error))),
        };
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let key = Key::random()?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(failed)?;
        writeln!(file, "{}", key.digits()).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok((key, path))
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.trim().is_empty())
}

fn home(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from)
}

fn default_file() -> Result<PathBuf, RegistryError> {
    let folder =
        home("XDG_CONFIG_HOME").or_else(|| home("HOME").map(|h| h.join(".config"))).or_else(|| home("APPDATA"));
    let folder = folder.ok_or_else(|| {
        RegistryError::Key(format!("the key of the registry is missing: set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}"))
    })?;
    Ok(folder.join("draftlint").join("secrets.key"))
}

/// The folder that holds `.git`, upwards from `path`.
fn repository(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    let real = absolute
        .parent()
        .and_then(|p| p.canonicalize().ok())
        .unwrap_or_else(|| absolute.parent().unwrap_or(&absolute).to_owned());
    real.ancestors().find(|f| f.join(".git").exists()).map(Path::to_owned)
}

fn refuse_repository(key: &Path, registry: &Path) -> Result<(), RegistryError> {
    let same = repository(key).is_some_and(|r| repository(registry) == Some(r));
    let beside = std::path::absolute(key).ok().and_then(|k| k.parent().map(Path::to_owned))
        == std::path::absolute(registry).ok().and_then(|r| r.parent().map(Path::to_owned));
    if same || beside {
        let message = format!(
            "{}: the key lies in the same repository or folder as the registry; keep it elsewhere, or in {KEY_VARIABLE}",
            key.display()
        );
        return Err(RegistryError::Key(message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_64_digits() {
        let key = Key::random().unwrap();
        assert_eq!(Key::parse(&format!(" {}\n", key.digits())), Some(key.clone()));
        assert_ne!(Key::random().unwrap(), key);
        assert_eq!(format!("{key:?}"), "Key(…)");
        for bad in ["", "00", &"g".repeat(64), &"0".repeat(63), &"0".repeat(65), &"é".repeat(32)] {
            assert_eq!(Key::parse(bad), None);
        }
    }
}
