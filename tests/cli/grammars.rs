//! Every machine format against its official schema or grammar (`schemas/README.md` says where each comes from), over
//! reports that between them hold whatever a report may hold: findings in four languages, labels, fixes, allowed and known
//! findings, Word and HTML, records of an archive, drafts and lines that could not be read, and names with every mark
//! that a format gives a meaning of its own.

use crate::xsd::{Element, Schema};
use crate::{Desk, MIXED};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A draft whose name means something to XML, to workflow commands, to URIs and to a shell.
const ODD: &str = "50%, 1:2 a&b<c>\"d'; é.md";

const REPORT: &str = include_str!("../../src/emit/report.schema.json");
const RDJSON: &str = include_str!("schemas/rdjson.json");
const GITLAB: &str = include_str!("schemas/gitlab.json");
const JUNIT: &str = include_str!("schemas/junit-10.xsd");
const CHECKSTYLE: &str = include_str!("schemas/checkstyle.xsd");

/// The schema of OASIS; one of its patterns, which stands there twice, has a bracket too many for a strict reader.
fn sarif_schema() -> String {
    let text = include_str!("schemas/sarif-2.1.0.json");
    assert_eq!(text.matches("-[a-zA-Z]{2}]?$").count(), 2);
    text.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$")
}

/// Reports in a format: what they are about, and what was printed.
fn reports(format: &str) -> Vec<(String, String)> {
    let mixed = "Это 🚀 вы полные идиоты, пишите на anna.petrova1984@gmail.com.\n\nVous êtes des imbéciles, écrit Éva.\n\nOur revenue will grow by 12%\nnext quarter, says Ada.\n";
    let allowed = concat!(
        "<!-- draftlint: allow email-address approved-by legal until 2026-12-31 -- her \"own\" <wish> & ours -->\n",
        "Write to anna.petrova1984@gmail.com.\n\n",
        "<!-- draftlint: allow insult -- a quotation -->\nYou are complete idiots.\n\n",
        "<!-- draftlint: allow mockery -- nothing here -->\nWe moved.\n",
    );
    let archive = concat!(
        "{\"id\":\"a\",\"text\":\"You are complete idiots, écrit Éva.\"}\n",
        "{\"id\":\"b\"}\nno JSON\n{\"id\":{\"x\":[1]},\"text\":\"\"}\n",
    );
    let desk = Desk::with(&[
        ("draftlint.toml", "roles = [\"legal\"]\nbaseline = \"known.json\"\n"),
        ("known.md", mixed),
        ("allowed.md", allowed),
        ("clean.md", "We moved the desk to the left on Monday.\n"),
        ("empty.md", ""),
        ("page.html", "<p title=\"des imbéciles\">Это 🚀 вы <b>полные</b>&nbsp;идиоты.</p>\n"),
        ("archive.jsonl", archive),
        (ODD, mixed),
    ]);
    desk.write("bad.md", b"caf\xe9 au lait\n");
    desk.write("draft.docx", &crate::documents::docx("<w:p><w:r><w:t>Это 🚀 вы полные идиоты.</w:t></w:r></w:p>"));
    let day = ["--as-of", "2026-11-22"];
    let made = desk.run_bare(&[&["baseline"][..], &day, &["-o", "known.json", "known.md"]].concat());
    assert_eq!(made.status, 0, "{}", made.stderr);
    let mut all = Vec::new();
    for (args, status) in [
        (&["clean.md"][..], 0),
        (&["empty.md"], 0),
        (&["missing.md"], 2),
        (&["."], 2),
        (&["--all", "--include-text", "."], 2),
        (&["--redact", "."], 2),
        (&["--fail-on", "error", "--min-severity", "warning", "."], 2),
        (&["archive.jsonl"], 2),
        (&[ODD], 1),
    ] {
        let answer = desk.run_bare(&[&day, &["--output-format", format], args].concat());
        assert_eq!(answer.status, status, "{args:?}: {}", answer.stderr);
        all.push((format!("{format} {args:?}"), answer.stdout));
    }
    // the fixtures, and a house whose profile gives fixes
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders: Vec<String> =
        ["en", "fr", "house", "nl", "ru"].map(|f| fixtures.join(f).display().to_string()).to_vec();
    let mut args = vec!["--as-of", "2026-11-22", "--output-format", format, "--include-text"];
    args.extend(folders.iter().map(String::as_str));
    all.push((format!("{format} fixtures"), desk.run_bare(&args).stdout));
    all
}

/// A schema, ready; dates, URIs and the like are looked at as well.
fn validator(schema: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// Every error of a value.
fn errors(validator: &jsonschema::Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// Fails with every error when one of the values does not fit the schema.
pub fn validate(schema: &str, values: &[Value]) {
    let validator = validator(schema);
    for value in values {
        let errors = errors(&validator, value);
        assert!(errors.is_empty(), "{errors:#?}\n{value}");
    }
}

/// A schema that takes everything would prove nothing: each of these changes to a good value must be seen.
fn refuses(schema: &str, good: &Value, changes: &[(&str, Value)]) {
    let validator = validator(schema);
    assert_eq!(errors(&validator, good), [""; 0]);
    for (pointer, worse) in changes {
        let mut value = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap_or_else(|| panic!("no {pointer}"));
        match (parent, worse) {
            (Value::Object(members), Value::Null) => _ = members.remove(key).unwrap_or_else(|| panic!("no {pointer}")),
            (Value::Object(members), worse) => _ = members.insert(key.to_owned(), worse.clone()),
            (Value::Array(list), worse) => list[key.parse::<usize>().unwrap()] = worse.clone(),
            _ => panic!("{pointer} is no place"),
        }
        assert!(!errors(&validator, &value).is_empty(), "{pointer} = {worse} was taken");
    }
}

fn parse(what: &str, text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{what}: {e}\n{text}"))
}

#[test]
fn json_and_jsonl() {
    let mut seen = BTreeSet::new();
    for (what, text) in reports("json") {
        let document = parse(&what, &text);
        validate(REPORT, std::slice::from_ref(&document));
        for file in document["files"].as_array().unwrap() {
            seen.extend(file.as_object().unwrap().keys().cloned());
            for list in ["findings", "suppressed"] {
                for finding in file[list].as_array().into_iter().flatten() {
                    seen.extend(finding.as_object().unwrap().keys().cloned());
                }
            }
        }
    }
    // the reports hold what they are here for
    for key in ["suppressed", "suppression", "fix", "text", "error", "id", "line", "channel", "missing", "encoding"] {
        assert!(seen.contains(key), "no report holds {key}: {seen:?}");
    }
    for (what, text) in reports("jsonl") {
        validate(REPORT, &text.lines().map(|line| parse(&what, line)).collect::<Vec<_>>());
    }
    let good = parse("json", &Desk::with(&[("post.md", MIXED)]).run(&["--output-format", "json", "post.md"]).stdout);
    refuses(
        REPORT,
        &good,
        &[
            ("/schema_version", json!(2)),
            ("/summary/errors", json!("one")),
            ("/files/0/findings/0/severity", json!("grave")),
            ("/files/0/findings/0/fingerprint", Value::Null),
            ("/files/0/findings/0/column", json!(0)),
            ("/files/0/findings/0/more", json!(1)),
            ("/files/0/as_of", json!("today")),
        ],
    );
}

#[test]
fn sarif() {
    let schema = sarif_schema();
    let logs: Vec<(String, Value)> =
        reports("sarif").into_iter().map(|(what, text)| (what.clone(), parse(&what, &text))).collect();
    for (what, log) in &logs {
        validate(&schema, std::slice::from_ref(log));
        // what the specification asks for in words
        let run = &log["runs"][0];
        assert_eq!((&log["version"], &run["columnKind"]), (&json!("2.1.0"), &json!("unicodeCodePoints")), "{what}");
        assert_eq!(run["redactionTokens"], json!(["•"]));
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: BTreeSet<&str> = rules.iter().map(|r| r["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), rules.len(), "an id twice");
        for rule in rules {
            for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/helpUri"] {
                let text = rule.pointer(text).and_then(Value::as_str).unwrap_or_default();
                assert!(text.len() > 3, "{rule}");
            }
        }
        for result in run["results"].as_array().unwrap() {
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}#?[]:&;'".contains(&b)), "{uri}");
            assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
            if result["ruleId"] == "draftlint/not-checked" {
                continue;
            }
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert_eq!(result["partialFingerprints"]["draftlintContext/v1"].as_str().unwrap().len(), 16);
        }
    }
    // the reports hold what they are here for
    let results: Vec<&Value> = logs.iter().flat_map(|(_, log)| log["runs"][0]["results"].as_array().unwrap()).collect();
    for (key, value) in [
        ("suppressions", "inSource"),
        ("suppressions", "approved by legal"),
        ("baselineState", "unchanged"),
        ("baselineState", "new"),
        ("relatedLocations", "startColumn"),
        ("locations", "50%25,%201%3A2%20a%26b%3Cc%3E%22d%27%3B%20%C3%A9.md"),
        ("locations", "snippet"),
        ("fixes", "insertedContent"),
        ("ruleId", "draftlint/not-checked"),
    ] {
        assert!(results.iter().any(|r| r[key].to_string().contains(value)), "no report holds {key} {value}");
    }
    let (_, last) = logs.last().unwrap();
    refuses(
        &schema,
        last,
        &[
            ("/version", json!("2.0.0")),
            ("/runs/0/columnKind", json!("bytes")),
            ("/runs/0/tool/driver/name", Value::Null),
            ("/runs/0/results/0/level", json!("grave")),
            ("/runs/0/results/0/message", Value::Null),
            ("/runs/0/results/0/locations/0/physicalLocation/region/startColumn", json!(0)),
            ("/runs/0/results/0/suppressions", json!([{ "status": "accepted" }])),
            ("/runs/0/results/0/baselineState", json!("known")),
            ("/runs/0/results/0/more", json!(1)),
        ],
    );
}

/// The schema of one diagnostic, a line of rdjsonl: that of the document, one definition down.
fn diagnostic_schema() -> String {
    let document: Value = serde_json::from_str(RDJSON).unwrap();
    document["properties"]["diagnostics"]["items"].to_string()
}

#[test]
fn rdjson_and_rdjsonl() {
    let mut suggestions = 0;
    for ((what, text), (_, lines)) in reports("rdjson").into_iter().zip(reports("rdjsonl")) {
        let document = parse(&what, &text);
        validate(RDJSON, std::slice::from_ref(&document));
        let list = document["diagnostics"].as_array().unwrap();
        suggestions += list.iter().filter(|d| d.get("suggestions").is_some()).count();
        let lines: Vec<Value> = lines.lines().map(|line| parse(&what, line)).collect();
        validate(&diagnostic_schema(), &lines);
        // a line is a diagnostic of the document that also says where it comes from
        assert_eq!(lines.len(), list.len(), "{what}");
        for (line, diagnostic) in lines.iter().zip(list) {
            let mut line = line.clone();
            assert_eq!(line.as_object_mut().unwrap().remove("source").as_ref(), Some(&document["source"]));
            assert_eq!(line, *diagnostic);
        }
    }
    assert!(suggestions > 0, "a house gives fixes");
    let good = Desk::with(&[("post.md", MIXED)]).run(&["--output-format", "rdjson", "post.md"]).json();
    refuses(
        RDJSON,
        &good,
        &[
            ("/diagnostics/0/severity", json!("warning")),
            ("/diagnostics/0/location/path", Value::Null),
            ("/diagnostics/0/location/range/start/column", json!(0)),
            ("/diagnostics/0/code", json!("vague/game-changer")),
            ("/source", json!("draftlint")),
            ("/diagnostics/0/more", json!(1)),
        ],
    );
}

#[test]
fn gitlab() {
    for (what, text) in reports("gitlab") {
        let report = parse(&what, &text);
        validate(GITLAB, std::slice::from_ref(&report));
        let list = report.as_array().unwrap();
        let prints: BTreeSet<&str> = list.iter().map(|f| f["fingerprint"].as_str().unwrap()).collect();
        // GitLab shows of two equal fingerprints one
        assert_eq!(prints.len(), list.len(), "{what}");
    }
    // the same sentence in two drafts
    let twice = Desk::with(&[("a.md", MIXED), ("b.md", MIXED)]).run(&["--output-format", "gitlab", "."]).json();
    let prints: BTreeSet<String> = twice.as_array().unwrap().iter().map(|f| f["fingerprint"].to_string()).collect();
    assert_eq!(prints.len(), 8);
    let good = Desk::with(&[("post.md", MIXED)]).run(&["--output-format", "gitlab", "post.md"]).json();
    refuses(
        GITLAB,
        &good,
        &[
            ("/0/severity", json!("error")),
            ("/0/fingerprint", Value::Null),
            ("/0/location/path", json!("./post.md")),
            ("/0/location/lines/begin", json!("1")),
            ("/0/description", Value::Null),
            ("/0/more", json!(1)),
        ],
    );
}

fn count(element: &Element, name: &str) -> usize {
    element.children.iter().map(|child| usize::from(child.name == name) + count(child, name)).sum()
}

#[test]
fn junit() {
    let schema = Schema::parse(JUNIT);
    let mut seen = BTreeMap::new();
    for (what, text) in reports("junit") {
        let suites = schema.check(&text, "testsuites").unwrap_or_else(|e| panic!("{what}: {e}\n{text}"));
        for suite in &suites.children {
            // the counts that a server shows are those of the cases
            for (attribute, name) in
                [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
            {
                assert_eq!(suite.attributes[attribute], count(suite, name).to_string(), "{what}: {suite:?}");
                *seen.entry(name).or_insert(0) += count(suite, name);
            }
        }
    }
    assert!(seen.len() == 4 && seen.values().all(|n| *n > 0), "{seen:?}");
    let good = Desk::with(&[("post.md", MIXED)]).run(&["--output-format", "junit", "post.md"]).stdout;
    assert!(schema.check(&good, "testsuites").is_ok());
    xml_refuses(
        &schema,
        "testsuites",
        &good,
        &[
            ("failures=\"3\" ", ""),
            ("<testsuite ", "<suite "),
            ("<failure type", "<failure kind"),
            ("</testsuites>", ""),
            ("</testsuites>", "</testsuites><testsuites/>"),
            ("<testcase ", "words <testcase "),
            ("<failure ", "<failure><testcase/></failure><failure "),
            ("draftlint\">", "draftlint\" name=\"again\">"),
            ("message=\"line", "message=\"<line"),
            ("message=\"line", "message=\"&nope;line"),
            ("message=\"line", "message=\"\u{1b}line"),
        ],
    );
}

#[test]
fn checkstyle() {
    let schema = Schema::parse(CHECKSTYLE);
    let mut severities = BTreeSet::new();
    for (what, text) in reports("checkstyle") {
        let root = schema.check(&text, "checkstyle").unwrap_or_else(|e| panic!("{what}: {e}\n{text}"));
        let found = root.children.iter().flat_map(|file| &file.children);
        severities.extend(found.map(|error| error.attributes["severity"].clone()));
    }
    assert_eq!(severities.into_iter().collect::<Vec<_>>(), ["error", "info", "warning"]);
    let good = Desk::with(&[("post.md", MIXED)]).run(&["--output-format", "checkstyle", "post.md"]).stdout;
    assert!(schema.check(&good, "checkstyle").is_ok());
    xml_refuses(
        &schema,
        "checkstyle",
        &good,
        &[
            ("severity=\"warning\"", "severity=\"note\""),
            ("line=\"1\"", "line=\"0\""),
            ("line=\"1\" ", ""),
            ("column=\"7\"", "column=\"seven\""),
            ("<error ", "<warning "),
            (" version=\"4.3\"", ""),
            ("message=", "text="),
        ],
    );
}

/// The same for XML: each change to a good document must be seen.
fn xml_refuses(schema: &Schema, root: &str, good: &str, changes: &[(&str, &str)]) {
    for (from, to) in changes {
        assert!(good.contains(from), "{from} is not in {good}");
        assert!(schema.check(&good.replacen(from, to, 1), root).is_err(), "{from} -> {to} was taken");
    }
}

/// A workflow command as GitHub documents it, `::name property=value,…::message`: its name, properties and message, with
/// `%25 %0D %0A` in both and `%3A %2C` in values alone turned back. Anything else in a place where the runner would read
/// it otherwise than it was meant is an error.
fn command(line: &str) -> Result<(&str, BTreeMap<&str, String>, String), String> {
    let rest = line.strip_prefix("::").ok_or("no command")?;
    let (head, message) = rest.split_once("::").ok_or("no end of the command")?;
    let (name, properties) = head.split_once(' ').ok_or("no properties")?;
    if !["notice", "warning", "error"].contains(&name) {
        return Err(format!("the command {name}"));
    }
    let unescape = |text: &str, codes: &[(&str, &str)]| -> Result<String, String> {
        let mut parts = text.split('%');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (code, meant) =
                codes.iter().find(|(code, _)| part.starts_with(code)).ok_or(format!("a bare % in {text}"))?;
            out += meant;
            out += &part[code.len()..];
        }
        Ok(out)
    };
    let in_message = [("25", "%"), ("0D", "\r"), ("0A", "\n")];
    let in_value = [("25", "%"), ("0D", "\r"), ("0A", "\n"), ("3A", ":"), ("2C", ",")];
    let mut values = BTreeMap::new();
    for property in properties.split(',') {
        let (key, value) = property.split_once('=').ok_or(format!("{property} is no property"))?;
        if !["title", "file", "line", "endLine", "col", "endColumn"].contains(&key) || value.is_empty() {
            return Err(format!("the property {property}"));
        }
        if value.contains(':') {
            return Err(format!("a bare : in {property}"));
        }
        if values.insert(key, unescape(value, &in_value)?).is_some() {
            return Err(format!("{key} twice"));
        }
    }
    let number = |key: &str| match values.get(key).map(|v| v.parse::<u32>()) {
        None => Ok(None),
        Some(Ok(n)) if n >= 1 => Ok(Some(n)),
        Some(_) => Err(format!("{key} is no number from 1")),
    };
    let (line, end) = (number("line")?, number("endLine")?);
    let (column, end_column) = (number("col")?, number("endColumn")?);
    if end < line || end_column.is_some_and(|e| Some(e) < column) || column.is_some() && line != end {
        return Err("places that GitHub would not show".to_owned());
    }
    let message = unescape(message, &in_message)?;
    if message.trim().is_empty() { Err("no message".to_owned()) } else { Ok((name, values, message)) }
}

#[test]
fn github_workflow_commands() {
    let (mut names, mut over_lines, mut files) = (BTreeSet::new(), 0, BTreeSet::new());
    for (what, text) in reports("github") {
        let mut lines: Vec<&str> = text.lines().collect();
        // the last line counts; it is no command and looks like none
        let last = lines.pop().unwrap_or_else(|| panic!("{what}: nothing"));
        assert!(!last.trim_start().starts_with("::") && !last.contains("##["), "{what}: {last}");
        for line in lines {
            let (name, values, _) = command(line).unwrap_or_else(|e| panic!("{what}: {e}\n{line}"));
            names.insert(name.to_owned());
            over_lines += usize::from(values.get("line") != values.get("endLine"));
            files.insert(values["file"].clone());
        }
    }
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["error", "notice", "warning"]);
    assert!(over_lines > 0);
    // names come back as they are, with every mark that has a meaning here
    assert!(files.contains(ODD) && files.contains("bad.md"), "{files:?}");
    for bad in [
        "warning file=a::b",
        "::warning file=a,line=1",
        "::warn file=a::b",
        "::warning fle=a::b",
        "::warning file=a,b::c",
        "::warning file=a:b::c",
        "::warning file=50%::c",
        "::warning file=a::50% of it",
        "::warning file=a,line=0::b",
        "::warning file=a,line=2,endLine=1::b",
        "::warning file=a,line=1,endLine=2,col=3,endColumn=4::b",
        "::warning file=a,file=b::c",
        "::warning file=a::",
    ] {
        assert!(command(bad).is_err(), "{bad} was taken");
    }
}
