//! `--statistics`: findings counted by rule, language and draft.

use super::Total;
use super::drafts::Run;
use super::output::Output;
use crate::emit::{self, OutputFormat};
use std::collections::BTreeMap;
use std::io;

pub(super) fn statistics(run: &Run<'_>, total: &Total, output: &mut Output, format: OutputFormat) -> io::Result<()> {
    let mut by_rule: BTreeMap<(std::cmp::Reverse<usize>, String), ()> = BTreeMap::new();
    let mut rules: BTreeMap<u32, usize> = BTreeMap::new();
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    let mut files: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for kept in &total.kept {
        *rules.entry(kept.rule).or_default() += 1;
        *languages.entry(kept.language.name()).or_default() += 1;
        files.entry(&kept.path).or_default()[kept.severity as usize] += 1;
    }
    for (rule, count) in rules {
        by_rule.insert((std::cmp::Reverse(count), run.view.pack.rule(rule).full_id().to_owned()), ());
    }
    let mut worst: Vec<(&str, [usize; 3])> = files.into_iter().collect();
    worst.sort_by_key(|(path, n)| (std::cmp::Reverse((n[2], n[1], n[0])), path.to_owned()));
    if matches!(format, OutputFormat::Json | OutputFormat::Jsonl) {
        let rules: serde_json::Map<String, serde_json::Value> =
            by_rule.into_keys().map(|(n, r)| (r, n.0.into())).collect();
        let files: serde_json::Map<String, serde_json::Value> = worst
            .iter()
            .map(|(p, n)| ((*p).to_owned(), serde_json::json!({ "errors": n[2], "warnings": n[1], "notes": n[0] })))
            .collect();
        let value = serde_json::json!({ "schema_version": emit::SCHEMA_VERSION, "drafts": total.summary.drafts, "rules": rules, "languages": languages, "files": files });
        let mut bytes = value.to_string().into_bytes();
        emit::escape::json(&mut bytes, 0);
        bytes.push(b'\n');
        return output.writer.write_all(&bytes);
    }
    for ((count, rule), ()) in by_rule {
        writeln!(output.writer, "{:>7}  {rule}", count.0)?;
    }
    writeln!(output.writer)?;
    for (language, count) in languages {
        writeln!(output.writer, "{count:>7}  {language}")?;
    }
    writeln!(output.writer)?;
    let reader = run.view.run_language();
    for (path, counts) in worst {
        let of_each = emit::words::severity_counts(reader, &counts);
        writeln!(output.writer, "{:>7}  {} ({of_each})", counts.iter().sum::<usize>(), emit::escape::visible(path))?;
    }
    writeln!(output.writer, "\n{}", emit::words::drafts_line(reader, &total.summary))
}
