//! What a thread does with the drafts of a batch.

use super::{CHUNK, Item, Kept, Part, Source, draft_format, name_of, read_file};
use crate::cli::InputFormat;
use crate::config::Layer;
use crate::draft::Draft;
use crate::emit::{self, Checked, Failed, Format, View};
use crate::jsonl;
use crate::linter::Buffers;
use crate::policy::changes::Changes;
use crate::policy::{Assessed, Counts};
use crate::project::Prepared;
use crate::span::LineIndex;
use crate::voice::channel;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What holds for a whole run.
pub(super) struct Run<'a> {
    pub(super) view: View<'static>,
    pub(super) format: Box<dyn Format>,
    pub(super) is_json: bool,
    pub(super) flags: &'a Layer,
    pub(super) input: InputFormat,
    pub(super) diff_base: Option<&'a str>,
    /// Findings are kept rather than shown: statistics and baselines.
    pub(super) keep: bool,
    /// Paths of drafts are kept, to say which entries of a baseline are gone.
    pub(super) keep_paths: bool,
}

impl Run<'_> {
    fn part(&self, items: &mut [Item], buffers: &mut Buffers) -> Part {
        let mut part = Part::default();
        for item in items {
            let from = part.bytes.len();
            let result = catch_unwind(AssertUnwindSafe(|| self.one(item, buffers, &mut part)));
            if result.is_err() {
                part.bytes.truncate(from);
                *buffers = Buffers::default();
                let path = name_of(&item.source);
                let line = match &item.source {
                    Source::Line(line) => Some(line.number),
                    _ => None,
                };
                let message = "this is a bug in draftlint; the draft was not checked";
                self.failed(&Failed { id: None, path: &path, line, code: "internal", message }, &mut part);
            }
        }
        part
    }

    fn failed(&self, failed: &Failed<'_>, part: &mut Part) {
        part.summary.failed += 1;
        let place = match failed.line {
            Some(line) => format!("line {line}"),
            None => failed.path.to_owned(),
        };
        part.messages.push(format!("{place}: {}", failed.message));
        if !self.keep {
            separate(&*self.format, &mut part.bytes);
            let from = part.bytes.len();
            self.format.failed(&self.view, failed, &mut part.bytes);
            self.make_safe(&mut part.bytes, from);
        }
    }

    /// Nothing that a terminal or a log obeys leaves in JSON either; the other formats see to it themselves.
    fn make_safe(&self, bytes: &mut Vec<u8>, from: usize) {
        if self.is_json {
            emit::escape::json(bytes, from);
        }
    }

    fn one(&self, item: &mut Item, buffers: &mut Buffers, part: &mut Part) {
        let path = name_of(&item.source);
        let fail = |code, message: &str, part: &mut Part| {
            self.failed(&Failed { id: None, path: &path, line: None, code, message }, part)
        };
        let Some(prepared) = &item.prepared else {
            if let Source::Refused(_, code, message) = &item.source {
                fail(code, message, part);
            }
            return;
        };
        match &mut item.source {
            Source::Refused(_, code, message) => fail(code, message, part),
            Source::File(file) => match read_file(file, prepared.limits()) {
                Ok(bytes) => self.bytes(&path, &bytes, Some(file), prepared, buffers, part),
                Err(error) => fail("unreadable", &crate::file::why(&error), part),
            },
            Source::Bytes { bytes, .. } => self.bytes(&path, bytes, None, prepared, buffers, part),
            Source::Line(line) => {
                let number = line.number;
                let record = match line.bytes.take() {
                    Some(bytes) => jsonl::record(&bytes),
                    None => Err(jsonl::RecordError {
                        id: serde_json::Value::Null,
                        code: "too-long",
                        message: format!(
                            "the line has more than {} bytes (`record_bytes` of `[limits]` in draftlint.toml)",
                            prepared.limits().record_bytes
                        ),
                    }),
                };
                match record {
                    Ok(mut record) => {
                        record.draft.limits = prepared.limits();
                        let name = match &record.id {
                            serde_json::Value::String(id) => id.clone(),
                            serde_json::Value::Null => path.clone(),
                            other => other.to_string(),
                        };
                        self.draft(record.draft, Some(&record.id), &name, None, prepared, buffers, part);
                    }
                    Err(error) => {
                        let failed = Failed {
                            id: Some(&error.id),
                            path: &path,
                            line: Some(number),
                            code: error.code,
                            message: &error.message,
                        };
                        self.failed(&failed, part);
                    }
                }
            }
        }
    }

    fn bytes(
        &self,
        path: &str,
        bytes: &[u8],
        file: Option<&Path>,
        prepared: &Prepared,
        buffers: &mut Buffers,
        part: &mut Part,
    ) {
        match Draft::from_bytes_within(path, bytes, draft_format(self.input), prepared.limits()) {
            Ok(draft) => self.draft(draft, None, path, file, prepared, buffers, part),
            Err(error) => self
                .failed(&Failed { id: None, path, line: None, code: "unreadable", message: &error.to_string() }, part),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn draft(
        &self,
        mut draft: Draft,
        id: Option<&serde_json::Value>,
        path: &str,
        file: Option<&Path>,
        prepared: &Prepared,
        buffers: &mut Buffers,
        part: &mut Part,
    ) {
        self.declare(&mut draft, prepared, path, id.is_some(), part);
        let changes = match (self.diff_base, file) {
            (Some(base), Some(file)) => match Changes::since(base, file) {
                Ok(changes) => Some(changes),
                Err(message) => {
                    return self.failed(&Failed { id, path, line: None, code: "diff-base", message: &message }, part);
                }
            },
            _ => None,
        };
        let report = prepared.linter.lint_with(&draft, buffers);
        let assessed = prepared.policy.apply(&draft, report, changes.as_ref());
        if !assessed.problems.is_empty() {
            let lines = LineIndex::new(&draft.text);
            part.messages.extend(
                assessed
                    .problems
                    .iter()
                    .map(|(problem, span)| format!("{path}:{}: {problem}", lines.line_of(span.start))),
            );
        }
        let counts = Counts::of(&assessed);
        part.counts.entry(prepared.number).or_default().add(&counts);
        part.summary.drafts += 1;
        part.summary.held += usize::from(counts.by_severity[1] + counts.by_severity[2] > 0);
        part.summary.counts.add(&counts);
        if self.keep_paths {
            part.paths.push(path.to_owned());
        }
        if self.keep {
            part.kept.extend(kept(&assessed, path));
            return;
        }
        let masks = emit::masks(self.view.pack, &assessed);
        let lines = LineIndex::new(&draft.text);
        let checked = Checked {
            id,
            path,
            draft: &draft,
            assessed: &assessed,
            lines: &lines,
            masks: &masks,
            has_baseline: prepared.policy.baseline.is_some(),
            fail_on: prepared.settings.fail_on,
        };
        let (shown, left) = checked.split(&self.view, &*self.format);
        for i in 0..3 {
            part.summary.shown[i] += shown[i];
            part.summary.unshown[i] += left[i];
        }
        let separator = self.format.separator().len();
        let from = part.bytes.len();
        separate(&*self.format, &mut part.bytes);
        let before = part.bytes.len();
        self.format.draft(&self.view, &checked, &mut part.bytes);
        self.make_safe(&mut part.bytes, before);
        if part.bytes.len() == before && separator > 0 {
            part.bytes.truncate(from);
        }
    }

    /// Says what is wrong with the front matter and completes it from flags and settings.
    fn declare(&self, draft: &mut Draft, prepared: &Prepared, path: &str, is_record: bool, part: &mut Part) {
        let front = &mut draft.front_matter;
        if !is_record {
            for (problem, span) in &front.problems {
                let line = LineIndex::new(&draft.text).line_of(span.start);
                part.messages.push(format!("{path}:{line}: front matter: {problem}"));
            }
            if front.channel.as_deref().is_some_and(|c| channel::find(c).is_none()) {
                let allowed = crate::config::CHANNELS.join(", ");
                part.messages.push(format!(
                    "{path}:1: front matter: this channel is not known, its own rules did not run; known: {allowed}"
                ));
            }
        }
        prepared.complete(front, self.flags);
    }

    /// Lints a batch on all cores; what comes back is in order.
    pub(super) fn batch(&self, mut items: Vec<Item>, workers: &mut [Buffers]) -> Vec<Part> {
        let cores = workers.len().min(items.len().div_ceil(CHUNK));
        if cores < 2 {
            return vec![self.part(&mut items, &mut workers[0])];
        }
        let chunks: Vec<Mutex<Option<&mut [Item]>>> = items.chunks_mut(CHUNK).map(|c| Mutex::new(Some(c))).collect();
        let parts: Vec<Mutex<Part>> = chunks.iter().map(|_| Mutex::default()).collect();
        let next = AtomicUsize::new(0);
        let work = |buffers: &mut Buffers| {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(chunk) = chunks.get(at).and_then(|c| c.lock().ok()?.take()) else { break };
                let part = self.part(chunk, buffers);
                if let Ok(mut slot) = parts[at].lock() {
                    *slot = part;
                }
            }
        };
        std::thread::scope(|scope| {
            let (mine, others) = workers.split_at_mut(1);
            for buffers in others.iter_mut().take(cores - 1) {
                let work = &work;
                scope.spawn(move || work(buffers));
            }
            work(&mut mine[0]);
        });
        parts.into_iter().map(|p| p.into_inner().unwrap_or_default()).collect()
    }
}

fn kept<'a>(assessed: &'a Assessed, path: &'a str) -> impl Iterator<Item = Kept> + 'a {
    assessed.findings.iter().map(move |j| Kept {
        fingerprint: j.fingerprint,
        rule: j.finding.rule,
        language: j.finding.language,
        severity: j.finding.severity,
        path: path.to_owned(),
    })
}

fn separate(format: &dyn Format, bytes: &mut Vec<u8>) {
    if !bytes.is_empty() {
        bytes.extend_from_slice(format.separator().as_bytes());
    }
}
