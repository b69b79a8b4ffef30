//! The baseline: what is written down, and what is gone.

use super::{Total, fail, shown};
use crate::cli::{self, CheckArgs};
use crate::config::Layer;
use crate::policy::baseline;
use crate::policy::fingerprint::Fingerprint;
use crate::project::{Prepared, Store};
use std::path::{Path, PathBuf};

/// Says which known findings are gone, so that the baseline can be written anew.
pub(super) fn report_gone(store: &Store, total: &Total, args: &CheckArgs) {
    // where flags leave rules out, nobody can say what is gone
    if args.quiet || args.select.is_some() || args.ignore.is_some() {
        return;
    }
    let mut told: Vec<&Path> = Vec::new();
    for baseline in store.baselines() {
        if told.contains(&baseline.path()) {
            continue;
        }
        told.push(baseline.path());
        let gone = baseline.gone(&total.paths);
        for (rule, path) in &gone {
            cli::complain(format!("{path}: a known finding of {rule} is gone"));
        }
        if !gone.is_empty() {
            cli::complain(format!("{} of the baseline are gone; `draftlint baseline` writes it anew", gone.len()));
        }
    }
}

/// A salt for a project's fingerprints: 128 bits from the system's own source of random hash keys.
fn new_salt() -> String {
    use std::hash::{BuildHasher, Hasher};
    let word = || std::hash::RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", word(), word())
}

/// What a baseline still lacks in the project's settings, and where it will be written.
pub(super) struct BaselinePlan {
    path: PathBuf,
    settings: PathBuf,
    add: Vec<(&'static str, String)>,
}

impl BaselinePlan {
    pub(super) fn new(output: Option<&Path>, store: &mut Store, here: Option<&Prepared>, args: &CheckArgs) -> Self {
        let layer = here.map_or_else(Layer::default, |h| h.settings.layer.clone());
        let settings = args
            .config
            .config
            .clone()
            .or_else(|| here.and_then(|h| h.settings.sources.last().cloned()))
            .unwrap_or_else(|| PathBuf::from(crate::config::FILE_NAME));
        let mut add = Vec::new();
        let path = output
            .map(Path::to_owned)
            .or(layer.baseline.clone())
            .unwrap_or_else(|| settings.with_file_name("draftlint.baseline.json"));
        if !args.config.isolated {
            if layer.baseline.is_none() {
                let folder = std::path::absolute(&settings)
                    .ok()
                    .and_then(|s| s.parent().map(Path::to_owned))
                    .unwrap_or_default();
                let full = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
                add.push(("baseline", shown(full.strip_prefix(&folder).unwrap_or(&full))));
            }
            if layer.fingerprint_salt.is_none() {
                let salt = new_salt();
                store.salt(&salt);
                add.push(("fingerprint_salt", salt));
            }
        }
        Self { path, settings, add }
    }

    pub(super) fn write(&self, store: &Store, total: &Total) -> u8 {
        let findings: Vec<(Fingerprint, String, String)> = total
            .kept
            .iter()
            .map(|k| (k.fingerprint, store.pack.rule(k.rule).full_id().to_owned(), k.path.clone()))
            .collect();
        let count = match baseline::write(&self.path, &findings) {
            Ok(count) => count,
            Err(error) => return fail(error),
        };
        if !self.add.is_empty() {
            if let Err(error) = crate::config::add(&self.settings, &self.add) {
                return fail(format!("{}: {}", shown(&self.settings), crate::file::why(&error)));
            }
            let keys: Vec<&str> = self.add.iter().map(|(key, _)| *key).collect();
            cli::complain(format!("{}: {} added", shown(&self.settings), keys.join(" and ")));
        }
        cli::complain(format!(
            "{}: {count} findings of {} drafts are known from now on",
            shown(&self.path),
            total.summary.drafts
        ));
        if total.summary.failed > 0 || total.broken { cli::FAILURE } else { cli::CLEAN }
    }
}
