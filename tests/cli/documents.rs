//! Drafts that are no plain text: Word documents and HTML pages, and where their findings stand.

use crate::Desk;
use serde_json::Value;
use std::io::Write;

const EMAIL: &str = "disclosure/email-address";

/// A Word document with this body.
pub fn docx(body: &str) -> Vec<u8> {
    let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut part = |name: &str, text: String| {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    part("word/document.xml", format!("<w:document {space}><w:body>{body}</w:body></w:document>"));
    part(
        "word/comments.xml",
        format!(
            "<w:comments {space}><w:comment w:id=\"3\"><w:p><w:r><w:t>Falcon closes in May</w:t></w:r></w:p></w:comment></w:comments>"
        ),
    );
    zip.finish().unwrap().into_inner()
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn findings(desk: &Desk, name: &str) -> Vec<Value> {
    let json = desk.run(&["--output-format", "json", "--include-text", name]).json();
    json["files"][0]["findings"].as_array().unwrap().clone()
}

fn place(finding: &Value) -> (u64, u64, u64, u64) {
    let at = |name: &str| finding[name].as_u64().unwrap();
    (at("line"), at("column"), at("end_line"), at("end_column"))
}

#[test]
fn word_findings_name_paragraph_and_words() {
    let body = format!(
        "<w:p>{}</w:p><w:p/><w:p>{}<w:ins>{}</w:ins><w:del><w:r><w:delText>Project Falcon</w:delText></w:r></w:del>{}\
         <w:r><w:commentReference w:id=\"3\"/></w:r></w:p>",
        run("Наш склад 🚀 открыт, пишите Анне."),
        run("Это 🚀 "),
        run("game "),
        run("changer for us all."),
    );
    let desk = Desk::new();
    desk.write("draft.docx", &docx(&body));
    let found = findings(&desk, "draft.docx");
    let vague = found.iter().find(|f| f["rule"] == "vague/game-changer").unwrap();
    // the third paragraph, across a tracked insertion
    assert_eq!(place(vague), (3, 7, 3, 19));
    assert_eq!(vague["text"], "game changer");
    let text = desk.run(&["--all", "draft.docx"]).stdout;
    assert!(text.contains(": “game changer”") || text.contains("«game changer»"), "{text}");
    assert!(text.contains("paragraph 3") || text.contains("абзац 3"), "{text}");
    let sarif = desk.run(&["--output-format", "sarif", "draft.docx"]).json();
    let region = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"], &region["endColumn"]),
        (&3.into(), &7.into(), &19.into())
    );
    // the same words without a name, by their first bytes
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_draftlint"))
        .args(["--isolated", "--output-format", "json", "-"])
        .stdin(std::fs::File::open(desk.path("draft.docx")).unwrap())
        .output()
        .unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json["files"][0]["words"].as_u64().unwrap() >= 11, "{json}");
}

#[test]
fn what_word_still_carries_is_counted_and_never_shown() {
    let body = format!(
        "<w:p>{}<w:del><w:r><w:delText>Project Falcon</w:delText></w:r></w:del><w:r><w:commentReference w:id=\"3\"/></w:r></w:p>",
        run("We moved the desk to the left.")
    );
    let desk = Desk::new();
    desk.write("draft.docx", &docx(&body));
    let json = desk.run_bare(&["--isolated", "--output-format", "json", "--include-text", "draft.docx"]).json();
    let leak = json["files"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["rule"] == "disclosure/hidden-document-text")
        .expect("a finding about hidden text");
    assert_eq!(leak["line"], 1);
    assert!(leak["message"].as_str().unwrap().contains("(2)"), "{leak}");
    for format in crate::FORMATS {
        let said = desk.run_bare(&[
            "--isolated",
            "--no-redact",
            "--include-text",
            "--all",
            "--output-format",
            format,
            "draft.docx",
        ]);
        assert!(!said.stdout.contains("Falcon") && !said.stderr.contains("Falcon"), "{format}: {}", said.stdout);
    }
}

#[test]
fn a_word_document_is_posted_line_by_line() {
    let body = format!(
        "<w:p>{}<w:r><w:br/></w:r>{}</w:p><w:p><w:ins>{}</w:ins><w:del><w:r><w:delText>Falcon</w:delText></w:r></w:del></w:p>",
        run("Наш склад 🚀 открыт."),
        run("Пишите нам."),
        run("To be posted.")
    );
    let desk = Desk::new();
    desk.write("draft.docx", &docx(&body));
    let answer = desk.run_bare(&["clean", "draft.docx"]);
    assert_eq!((answer.stdout.as_str(), answer.status), ("Наш склад 🚀 открыт.\nПишите нам.\nTo be posted.\n", 0));
}

#[test]
fn documents_that_cannot_be_read() {
    let desk = Desk::with(&[("good.md", "This is a game changer for us all.\n")]);
    desk.write("cut.docx", &docx("<w:p/>")[..60]);
    desk.write("none.docx", b"not a zip archive");
    desk.write("old.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on");
    let answer = desk.run(&["--output-format", "concise", "cut.docx", "none.docx", "old.doc", "good.md"]);
    assert_eq!((answer.status, answer.stderr.lines().count()), (2, 3), "{}", answer.stderr);
    assert!(answer.stdout.starts_with("good.md:1:11: warning"), "{}", answer.stdout);
}

#[test]
fn html_findings_stand_in_the_source() {
    let page = concat!(
        "<!doctype html>\r\n<html lang=\"en\"><head><title>a game changer</title>\r\n",
        "<style>p::before { content: \"a game changer\" }</style><script>var a = \"a game changer\";</script></head>\r\n",
        "<body data-note=\"a game changer\"><!-- a game changer -->\r\n",
        "<p class=\"game changer\">Это&nbsp;🚀 a <b>game</b>\r\n   cha&shy;nger for us.</p>\r\n",
        "<img src=\"a.png\" data-x=\"game changer\" alt=\"🚀 a game changer\"><a href=\"/game-changer\" title=\"a game changer\">here</a>\r\n",
        "</body></html>\r\n",
    );
    let desk = Desk::with(&[("page.html", page)]);
    let found: Vec<Value> =
        findings(&desk, "page.html").into_iter().filter(|f| f["rule"] == "vague/game-changer").collect();
    let shown: Vec<&str> = found
        .iter()
        .map(|f| {
            let at = |name: &str| usize::try_from(f[name].as_u64().unwrap()).unwrap();
            &page[at("start")..at("end")]
        })
        .collect();
    // the page's title, prose, the text of a picture and of a link; never a script, a style, a comment or another attribute
    assert_eq!(shown, ["game changer", "game</b>\r\n   cha&shy;nger", "game changer", "game changer"]);
    assert_eq!(place(&found[0]), (2, 32, 2, 44));
    assert_eq!(place(&found[1]), (5, 41, 6, 16));
    assert_eq!((found[2]["line"].as_u64(), found[3]["line"].as_u64()), (Some(7), Some(7)));
    assert!(!findings(&desk, "page.html").iter().any(|f| f["rule"] == EMAIL));
}
