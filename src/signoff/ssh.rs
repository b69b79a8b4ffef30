//! Signatures by the system's `ssh-keygen`: keys, passphrases and agents stay its business.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The namespace of signatures: one made for another purpose does not hold here.
pub const NAMESPACE: &str = "draftlint";

/// What is known of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds and an allowed signer made it.
    Good {
        /// Who, as the list of allowed signers names them.
        signer: String,
        /// The key.
        key: String,
    },
    /// It holds; nobody said whose key it is.
    Unknown {
        /// The key.
        key: String,
    },
    /// It does not hold, or its key is not allowed.
    Bad,
}

/// Where the signature of a file lies.
pub fn signature_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

fn failed(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            "ssh-keygen is not there; install OpenSSH (8.2 or later), or leave the signature out".to_owned()
        }
        _ => format!("ssh-keygen: {}", crate::file::why(error)),
    }
}

fn first_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("no reason given").to_owned()
}

/// Signs a file; the signature lies beside it. A passphrase is asked for by `ssh-keygen` itself.
pub fn sign(key: &Path, file: &Path) -> Result<PathBuf, String> {
    let signature = signature_of(file);
    if signature.exists() {
        return Err(format!("{}: there is a signature already", signature.display()));
    }
    if !key.is_file() {
        return Err(format!("{}: there is no such key", key.display()));
    }
    let output = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"])
        .arg(key)
        .arg(file)
        .stdin(Stdio::inherit())
        .output()
        .map_err(|e| failed(&e))?;
    if !output.status.success() || !signature.is_file() {
        return Err(format!("ssh-keygen did not sign: {}", first_line(&output)));
    }
    Ok(signature)
}

fn ask(arguments: &[&std::ffi::OsStr], message: &[u8]) -> Result<Output, String> {
    let mut child = Command::new("ssh-keygen")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| failed(&e))?;
    if let Some(mut stdin) = child.stdin.take() {
        // it may stop reading as soon as it knows enough
        let _ = stdin.write_all(message);
    }
    child.wait_with_output().map_err(|e| failed(&e))
}

/// Checks the signature of `message`. Without a list of allowed signers it can only be said that some key made it.
pub fn verify(
    message: &[u8],
    signature: &Path,
    allowed: Option<&Path>,
    identity: Option<&str>,
) -> Result<Verdict, String> {
    let word = std::ffi::OsStr::new;
    let key = |output: &Output| {
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines().find_map(|l| l.split_once(" with ")).map_or_else(String::new, |(_, key)| key.trim().to_owned())
    };
    let Some(allowed) = allowed else {
        let output = ask(
            &[word("-Y"), word("check-novalidate"), word("-n"), word(NAMESPACE), word("-s"), signature.as_os_str()],
            message,
        )?;
        return Ok(if output.status.success() { Verdict::Unknown { key: key(&output) } } else { Verdict::Bad });
    };
    if !allowed.is_file() {
        return Err(format!("{}: there is no such list of signers", allowed.display()));
    }
    let signer = match identity {
        Some(identity) => identity.to_owned(),
        None => {
            let output = ask(
                &[
                    word("-Y"),
                    word("find-principals"),
                    word("-s"),
                    signature.as_os_str(),
                    word("-f"),
                    allowed.as_os_str(),
                ],
                message,
            )?;
            let text = String::from_utf8_lossy(&output.stdout);
            match text.lines().next().map(str::trim).filter(|l| output.status.success() && !l.is_empty()) {
                Some(signer) => signer.to_owned(),
                None => return Ok(Verdict::Bad),
            }
        }
    };
    let output = ask(
        &[
            word("-Y"),
            word("verify"),
            word("-n"),
            word(NAMESPACE),
            word("-f"),
            allowed.as_os_str(),
            word("-I"),
            word(&signer),
            word("-s"),
            signature.as_os_str(),
        ],
        message,
    )?;
    Ok(if output.status.success() { Verdict::Good { signer, key: key(&output) } } else { Verdict::Bad })
}
