//! `draftlint sign` and `draftlint verify`.

use super::Answer;
use crate::compiler::nearest;
use crate::date::Date;
use crate::policy::Assessed;
use crate::signoff::{Basis, Change, Receipt, ssh};
use std::io::Write;
use std::path::Path;

/// Writes a receipt to `output` and, with a key, its signature beside it.
pub fn sign(
    basis: &Basis<'_>,
    assessed: &Assessed,
    role: &str,
    output: &Path,
    key: Option<&Path>,
    today: Date,
) -> Result<Answer, String> {
    let roles = basis.settings.roles();
    if !roles.iter().any(|r| r == role) {
        let near = nearest(role, roles.iter().map(String::as_str))
            .map_or_else(|| format!("allowed: {}", roles.join(", ")), |n| format!("did you mean `{n}`?"));
        return Err(format!("`{role}` is no role of this project; {near}"));
    }
    let receipt = basis.receipt(assessed, role, today, key.is_some());
    if output == Path::new("-") {
        if key.is_some() {
            return Err("--ssh-key needs a file to sign: give --output-file a name".to_owned());
        }
        return Ok(Answer { out: receipt.text(), notes: vec![summary(&receipt)], found: false });
    }
    let shown = output.display();
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => format!("{shown}: there is a file already; a receipt never replaces one"),
        _ => format!("{shown}: {}", crate::file::why(&error)),
    };
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(output).map_err(failed)?;
    let written = file.write_all(receipt.text().as_bytes()).and_then(|()| file.sync_all());
    if let Err(error) = written {
        let _ = std::fs::remove_file(output);
        return Err(failed(error));
    }
    let mut notes = vec![format!("receipt in {shown}: {}", summary(&receipt))];
    if let Some(key) = key {
        match ssh::sign(key, output) {
            Ok(signature) => notes.push(format!("signature in {}", signature.display())),
            Err(message) => {
                // a receipt that says it is signed and is not would never hold
                let _ = std::fs::remove_file(output);
                return Err(message);
            }
        }
    }
    Ok(Answer { notes, ..Answer::default() })
}

fn summary(receipt: &Receipt) -> String {
    format!("{}, role {}", open(receipt), receipt.role())
}

/// Says what changed since the receipt was written, and whether its signature holds.
pub fn verify(
    basis: &Basis<'_>,
    path: &Path,
    allowed: Option<&Path>,
    identity: Option<&str>,
) -> Result<Answer, String> {
    let (receipt, bytes) = Receipt::read(path).map_err(|e| e.to_string())?;
    let changes = basis.changes(&receipt);
    let mut out = format!("signed on {} as {}: {}\n", receipt.signed_on(), receipt.role(), open(&receipt));
    for (change, name) in
        [(Change::Text, "text"), (Change::Rules, "rules"), (Change::Settings, "settings"), (Change::Tool, "draftlint")]
    {
        let state = if changes.contains(&change) { "changed since" } else { "unchanged" };
        out.push_str(&format!("{name}: {state}\n"));
    }
    let signature = ssh::signature_of(path);
    let there = signature.is_file();
    let (state, holds) = if there {
        match ssh::verify(&bytes, &signature, allowed, identity)? {
            ssh::Verdict::Good { signer, key } => (format!("holds, by {signer} ({key})"), true),
            ssh::Verdict::Unknown { key } => {
                (format!("holds for {key}; whose key that is, --allowed-signers says"), true)
            }
            ssh::Verdict::Bad if allowed.is_some() => ("does not hold, or its key is not allowed".to_owned(), false),
            ssh::Verdict::Bad => ("does not hold".to_owned(), false),
        }
    } else if receipt.is_signed() {
        (format!("missing: {} should be there", signature.display()), false)
    } else {
        ("none".to_owned(), allowed.is_none())
    };
    out.push_str(&format!("signature: {state}\n"));
    Ok(Answer { out, notes: Vec::new(), found: !changes.is_empty() || !holds })
}

fn open(receipt: &Receipt) -> String {
    let (errors, warnings) = receipt.open();
    let count = |n: u64, what| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    format!("{}, {} and {} open", receipt.verdict(), count(errors, "error"), count(warnings, "warning"))
}
