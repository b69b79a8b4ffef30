//! The language server over pipes, driven by a small client: every feature, every encoding, and what must not stop it.

mod client;

use client::{Client, applied, uri};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// What an editor of today offers; nothing is pulled.
fn pushing() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true, "tagSupport": { "valueSet": [1, 2] }, "codeDescriptionSupport": true, "dataSupport": true, "versionSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix", "source.fixAll"] } } },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
        },
        "workspace": {
            "applyEdit": true,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
        },
    })
}

/// The same for an editor that asks.
fn pulling() -> Value {
    let mut capabilities = pushing();
    capabilities["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": false });
    capabilities["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    capabilities["workspace"]["codeLens"] = json!({ "refreshSupport": true });
    capabilities
}

fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn ready(home: &TempDir, capabilities: Value) -> Client {
    Client::ready(home.path(), capabilities, &[home.path()], json!({}))
}

fn of<'a>(diagnostics: &'a [Value], rule: &str) -> Option<&'a Value> {
    diagnostics.iter().find(|d| d["code"] == rule)
}

fn range(diagnostic: &Value) -> [u64; 4] {
    let at = |p: &str, q: &str| diagnostic["range"][p][q].as_u64().unwrap();
    [at("start", "line"), at("start", "character"), at("end", "line"), at("end", "character")]
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

const EMAIL: &str = "disclosure/email-address";
const FORECAST: &str = "disclosure/forward-looking-figure";
const DOUBLED: &str = "voice/doubled-word";
const POST: &str = "file:///drafts/post.md";

#[test]
fn greets_and_leaves() {
    let home = home();
    let mut client = Client::start(home.path());
    assert_eq!(client.request("textDocument/hover", json!({})), Err(-32_002));
    client.notify("textDocument/didOpen", json!({ "nonsense": true }));
    let greeting = client.initialize(pulling(), &[home.path()], json!({}));
    assert_eq!(greeting["serverInfo"]["name"], "draftlint");
    let capabilities = &greeting["capabilities"];
    assert_eq!(capabilities["textDocumentSync"]["change"], 2);
    assert!(capabilities["diagnosticProvider"].is_object() && capabilities["hoverProvider"] == true);
    assert_eq!(client.request("initialize", json!({})), Err(-32_600));
    assert_eq!(client.request("textDocument/rename", json!({})), Err(-32_601));
    assert_eq!(client.request("textDocument/hover", json!({ "textDocument": 7 })), Err(-32_602));
    assert_eq!(
        client.request(
            "textDocument/hover",
            json!({ "textDocument": { "uri": "file:///closed.md" }, "position": { "line": 0, "character": 0 } })
        ),
        Ok(Value::Null)
    );
    assert_eq!(client.shut_down(), Some(0));
    let mut client = ready(&home, pushing());
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.request("textDocument/hover", json!({})), Err(-32_600));
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), Some(0));
    let mut client = ready(&home, pushing());
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), Some(1));
    assert_eq!(ready(&home, pushing()).hang_up(), Some(1));
}

#[test]
fn encodings_are_negotiated() {
    let home = home();
    for (offered, expected) in [
        (json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } }), "utf-8"),
        (json!({ "general": { "positionEncodings": ["utf-32", "utf-16"] } }), "utf-32"),
        (json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } }), "utf-16"),
        (json!({ "general": { "positionEncodings": ["utf-7"] } }), "utf-16"),
        (json!({}), "utf-16"),
        (json!({ "offsetEncoding": ["utf-8", "utf-16"] }), "utf-8"),
    ] {
        let mut client = Client::start(home.path());
        let greeting = client.initialize(offered.clone(), &[], json!({}));
        assert_eq!(greeting["capabilities"]["positionEncoding"], expected, "{offered}");
        assert_eq!(greeting.get("offsetEncoding").is_some(), offered.get("offsetEncoding").is_some());
    }
}

/// The same draft and the same edits, counted in bytes, in UTF-16 and in code points.
#[test]
fn ranges_in_every_encoding() {
    let home = home();
    for (unit, before, after) in [("utf-8", 32, 11), ("utf-16", 19, 7), ("utf-32", 18, 6)] {
        let mut capabilities = pushing();
        capabilities["general"]["positionEncodings"] = json!([unit]);
        let mut client = ready(&home, capabilities);
        let text = "Коллеги,\r\n\r\n\tпишите 😀 мне на: anna.petrova1984@gmail.com сегодня.\r\n";
        client.open(POST, "markdown", text);
        let found = client.pushed(POST, 1);
        let length = "anna.petrova1984@gmail.com".len() as u64;
        let expected = [2, before, 2, before + length];
        assert_eq!(of(&found, EMAIL).map(range), Some(expected), "{unit}: {found:?}");
        // `пишите 😀 мне на: ` becomes `é😀 `, then a line is put before
        let edit = json!([
            { "range": { "start": { "line": 2, "character": 1 }, "end": { "line": 2, "character": before } }, "text": "é😀 к " },
            { "range": { "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 0 } }, "text": "Добрый день.\r\n" },
        ]);
        client.change(POST, 2, edit);
        let found = client.pushed(POST, 2);
        let expected = [3, after, 3, after + length];
        assert_eq!(of(&found, EMAIL).map(range), Some(expected), "{unit}: {found:?}");
    }
}

#[test]
fn a_byte_order_mark_is_counted() {
    let home = home();
    let mut client = ready(&home, pushing());
    client.open(POST, "plaintext", "\u{feff}Write to anna.petrova1984@gmail.com today.");
    assert_eq!(of(&client.pushed(POST, 1), EMAIL).map(range), Some([0, 10, 0, 36]));
}

#[test]
fn a_diagnostic_says_everything() {
    let home = home();
    let mut client = ready(&home, pushing());
    client.open(POST, "markdown", "We expect revenue to double by 30% next year, and we we mean it.\n");
    let found = client.pushed(POST, 1);
    let forecast = of(&found, FORECAST).unwrap();
    assert!(forecast["severity"] == 1 || forecast["severity"] == 2);
    assert_eq!(forecast["source"], "draftlint");
    assert!(forecast["codeDescription"]["href"].as_str().unwrap().ends_with("#forward-looking-figure"));
    assert_eq!(
        (&forecast["data"]["rule"], &forecast["data"]["category"]),
        (&json!(FORECAST), &json!("forward-looking"))
    );
    assert_eq!(forecast["data"]["fingerprint"].as_str().map(str::len), Some(16));
    let related = forecast["relatedInformation"].as_array().unwrap();
    assert!(related.iter().any(|r| r["location"]["uri"] == POST && r["message"] == "what"), "{related:?}");
    let message = forecast["message"].as_str().unwrap();
    assert!(
        message.starts_with("A forecast") && message.contains("\nUse a published") && message.contains("legal"),
        "{message}"
    );
    assert_eq!(of(&found, DOUBLED).unwrap()["tags"], json!([1]));
    // a client of old gets what it knows
    let mut client = ready(&home, json!({}));
    client.open(POST, "markdown", "We expect revenue to double by 30% next year, and we we mean it.\n");
    let found = client.notification("textDocument/publishDiagnostics");
    assert!(found.get("version").is_none());
    for diagnostic in found["diagnostics"].as_array().unwrap() {
        let keys: Vec<&String> = diagnostic.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["range", "severity", "code", "source", "message"]);
    }
}

#[test]
fn messages_are_in_the_language_of_the_draft() {
    let home = home();
    let mut client = ready(&home, pushing());
    for (number, (text, words)) in [
        ("Écrivez-nous à l'adresse anna.petrova1984@gmail.com pour en parler avec les équipes.", "adresse"),
        ("Schrijf ons op anna.petrova1984@gmail.com om erover te praten met het team.", "adres"),
        ("Пишите нам на anna.petrova1984@gmail.com, мы ответим на все вопросы.", "адрес"),
    ]
    .into_iter()
    .enumerate()
    {
        let draft = format!("untitled:{number}");
        client.open(&draft, "plaintext", text);
        let found = client.pushed(&draft, 1);
        let message = of(&found, EMAIL).unwrap()["message"].as_str().unwrap().to_lowercase();
        assert!(message.contains(words), "{message}");
    }
    // unless the editor asks for another
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "draftlint": { "messageLanguage": "nl" } } }),
    );
    let found = client.pushed("untitled:2", 1);
    assert!(of(&found, EMAIL).unwrap()["message"].as_str().unwrap().to_lowercase().contains("adres"));
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "draftlint": { "messageLanguage": "xx" } } }),
    );
    assert!(client.notification("window/showMessage")["message"].as_str().unwrap().contains("en, fr, nl, ru"));
}

#[test]
fn pushes_follow_edits_and_closing() {
    let home = home();
    let mut client = ready(&home, pushing());
    client.open(POST, "markdown", "Write to anna.petrova1984@gmail.com.");
    assert!(of(&client.pushed(POST, 1), EMAIL).is_some());
    client.change(POST, 2, json!([{ "text": "Write to us." }]));
    assert!(of(&client.pushed(POST, 2), EMAIL).is_none());
    client.change(POST, 3, json!([{ "text": "Write to anna.petrova1984@gmail.com." }]));
    assert!(of(&client.pushed(POST, 3), EMAIL).is_some());
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": POST } }));
    assert_eq!(client.notification("textDocument/publishDiagnostics")["diagnostics"], json!([]));
    client.change(POST, 4, json!([{ "text": "x" }]));
    assert!(client.notification("window/logMessage")["message"].as_str().unwrap().contains("not open"));
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn a_storm_of_edits_is_linted_once() {
    let home = home();
    let mut client = ready(&home, pushing());
    client.open(POST, "markdown", "");
    client.pushed(POST, 1);
    let mut storm = Vec::new();
    for (n, c) in "Write to anna.petrova1984@gmail.com. ".chars().cycle().take(740).enumerate() {
        let at = json!({ "line": 0, "character": n });
        let change = json!({ "textDocument": { "uri": POST, "version": n + 2 }, "contentChanges": [{ "range": { "start": at, "end": at }, "text": c.to_string() }] });
        storm.extend(client::frame(&json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": change })));
    }
    client.send_bytes(&storm);
    let found = client.pushed(POST, 741);
    assert_eq!(found.iter().filter(|d| d["code"] == EMAIL).count(), 20);
    let pushes = client.kept.iter().filter(|m| m["method"] == "textDocument/publishDiagnostics").count();
    assert!(pushes < 20, "{pushes} lintings for one storm");
}

#[test]
fn pulls_are_answered_from_what_is_known() {
    let home = home();
    let mut client = ready(&home, pulling());
    let text = "Write to anna.petrova1984@gmail.com.";
    client.open(POST, "markdown", text);
    let asked = json!({ "textDocument": { "uri": POST } });
    let first = client.request("textDocument/diagnostic", asked.clone()).unwrap();
    assert_eq!(first["kind"], "full");
    assert!(of(first["items"].as_array().unwrap(), EMAIL).is_some());
    let again = json!({ "textDocument": { "uri": POST }, "previousResultId": first["resultId"] });
    let second = client.request("textDocument/diagnostic", again.clone()).unwrap();
    assert_eq!((&second["kind"], &second["resultId"]), (&json!("unchanged"), &first["resultId"]));
    client.change(POST, 2, json!([{ "text": "Write to us." }]));
    assert_eq!(client.request("textDocument/diagnostic", again).unwrap()["kind"], "full");
    // what was cancelled before it was begun is not begun, what is asked of an older version is not answered
    let hover = json!({ "textDocument": { "uri": POST }, "position": { "line": 0, "character": 0 } });
    let mut bytes =
        client::frame(&json!({ "jsonrpc": "2.0", "id": "a", "method": "textDocument/diagnostic", "params": asked }));
    bytes.extend(client::frame(
        &json!({ "jsonrpc": "2.0", "id": "b", "method": "textDocument/hover", "params": hover }),
    ));
    let change = json!({ "textDocument": { "uri": POST, "version": 3 }, "contentChanges": [{ "text": text }] });
    bytes.extend(client::frame(&json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": change })));
    bytes.extend(client::frame(&json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": "a" } })));
    client.send_bytes(&bytes);
    let answer = |client: &mut Client, id: &str| client.wait(|m| m["id"] == id)["error"]["code"].as_i64();
    // how the messages fall into batches is the machine's affair: either is answered in full or refused for its reason
    assert!(matches!(answer(&mut client, "a"), None | Some(-32_800)));
    assert!(matches!(answer(&mut client, "b"), None | Some(-32_801)));
    assert!(client.kept.iter().all(|m| m["method"] != "textDocument/publishDiagnostics"));
    // new settings: the client is told to ask again
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    client.wait(|m| m["method"] == "workspace/diagnostic/refresh");
    client.wait(|m| m["method"] == "workspace/codeLens/refresh");
    assert!(of(&client.pull(POST), EMAIL).is_some());
    assert_eq!(client.pull("file:///never/opened.md"), [] as [Value; 0]);
}

/// What an editor shows is what the command line and CI say: every fixture, the same settings.
#[test]
fn the_editor_says_what_the_command_line_says() {
    let home = home();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    write(
        &home.path().join("draftlint.toml"),
        "as_of = 2026-11-22\nmin_confidence = \"medium\"\n[levels]\nvoice = \"error\"\n",
    );
    let mut drafts = Vec::new();
    for language in ["en", "fr", "nl", "ru"] {
        for entry in std::fs::read_dir(root.join(language)).unwrap() {
            let source = entry.unwrap().path();
            if source.extension().is_some_and(|e| e == "md") {
                let path = home.path().join(language).join(source.file_name().unwrap());
                write(&path, std::fs::read(&source).unwrap());
                drafts.push(path);
            }
        }
    }
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_draftlint"))
        .args(["--output-format", "json", "."])
        .current_dir(home.path())
        .env("HOME", home.path())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("DRAFTLINT_CRISIS")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut capabilities = pulling();
    capabilities["general"]["positionEncodings"] = json!(["utf-32"]);
    let mut client = Client::ready(home.path(), capabilities, &[home.path()], json!({}));
    let mut compared = 0;
    for path in drafts {
        let name = path.strip_prefix(home.path()).unwrap().to_string_lossy().into_owned();
        let file = report["files"].as_array().unwrap().iter().find(|f| f["path"] == name.as_str()).unwrap();
        let place = |f: &Value, key: &str| f[key].as_u64().unwrap() - 1;
        let mut said: Vec<(u64, u64, u64, u64, String)> = file["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| {
                let rule = f["rule"].as_str().unwrap().to_owned();
                let severity = f["severity"].as_str().unwrap();
                let (line, column) = (place(f, "line"), place(f, "column"));
                (line, column, place(f, "end_line"), place(f, "end_column"), format!("{rule} {severity}"))
            })
            .collect();
        client.open(&uri(&path), "markdown", &std::fs::read_to_string(&path).unwrap());
        let mut shown: Vec<(u64, u64, u64, u64, String)> = client
            .pull(&uri(&path))
            .iter()
            .map(|d| {
                let [line, column, end_line, end_column] = range(d);
                let severity = match d["severity"].as_u64().unwrap() {
                    1 => "error",
                    2 => "warning",
                    _ => "note",
                };
                (line, column, end_line, end_column, format!("{} {severity}", d["code"].as_str().unwrap()))
            })
            .collect();
        said.sort();
        shown.sort();
        assert_eq!(said, shown, "{name}");
        compared += said.len();
    }
    assert!(compared > 40, "{compared} findings");
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn settings_are_found_watched_and_reloaded() {
    let home = home();
    let (a, b) = (home.path().join("a"), home.path().join("b"));
    write(&a.join("draftlint.toml"), "ignore = [\"email-address\"]\nexclude = [\"old\"]\n");
    write(&b.join("draftlint.toml"), "message_lang = \"ru\"\n[levels]\nemail-address = \"note\"\n");
    let mut client = Client::ready(home.path(), pulling(), &[&a, &b], json!({}));
    let watchers = client.wait(|m| m["method"] == "client/registerCapability");
    let registered = watchers["params"]["registrations"][0].to_string();
    assert!(registered.contains("**/draftlint.toml") && registered.contains("**/voice.toml"), "{registered}");
    let text = "Write to anna.petrova1984@gmail.com today, please.";
    let drafts: Vec<String> =
        [a.join("Пост 1.md"), b.join("post.txt"), a.join("old/post.md")].iter().map(|p| uri(p)).collect();
    for draft in drafts.iter().map(String::as_str).chain(["untitled:Untitled-1"]) {
        client.open(draft, "plaintext", text);
    }
    assert!(of(&client.pull(&drafts[0]), EMAIL).is_none());
    let in_b = client.pull(&drafts[1]);
    let email = of(&in_b, EMAIL).unwrap();
    assert_eq!(email["severity"], 4);
    assert!(email["message"].as_str().unwrap().chars().any(|c| ('а'..='я').contains(&c)));
    // excluded; unsaved: the first folder's settings
    assert!(client.pull(&drafts[2]).is_empty());
    assert!(of(&client.pull("untitled:Untitled-1"), EMAIL).is_none());

    let watched = |client: &mut Client, text: &[u8]| {
        write(&a.join("draftlint.toml"), text);
        client.notify(
            "workspace/didChangeWatchedFiles",
            json!({ "changes": [{ "uri": uri(&a.join("draftlint.toml")), "type": 2 }] }),
        );
        client.pull(&drafts[0])
    };
    let found = watched(&mut client, b"");
    assert_eq!(of(&found, EMAIL).unwrap()["severity"], 2);
    // a broken file: what held before holds, the person is told where it is broken, once
    for broken in [&b"ignore = [\"email-adress\"]\n"[..], b"ignore = [", b"ignore = [\"\xe9\"]"] {
        let found = watched(&mut client, broken);
        assert!(of(&found, EMAIL).is_some());
        let told = client.notification("window/showMessage");
        assert!(told["type"] == 1 && told["message"].as_str().unwrap().contains("draftlint.toml"), "{told}");
        client.pull(&drafts[0]);
        assert!(client.kept.iter().all(|m| m["method"] != "window/showMessage"));
    }
    assert!(of(&watched(&mut client, b"ignore = [\"email-address\"]\n"), EMAIL).is_none());
    // the second folder goes and comes
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        json!({ "event": { "added": [], "removed": [{ "uri": uri(&a), "name": "a" }] } }),
    );
    assert!(of(&client.pull("untitled:Untitled-1"), EMAIL).is_some());
    assert_eq!(client.shut_down(), Some(0));
}

/// Files that go by names of their own are watched once they are known, and read anew.
#[test]
fn files_that_settings_name_are_watched() {
    let home = home();
    write(&home.path().join("draftlint.toml"), "extends = [\"house.toml\"]\nprofile = \"brand.toml\"\n");
    write(&home.path().join("house.toml"), "ignore = [\"email-address\"]\n");
    write(&home.path().join("brand.toml"), "[people]\njane = \"jane.toml\"\n");
    write(&home.path().join("jane.toml"), "[terms]\nallow = [\"ecosystem\"]\n");
    let mut client = ready(&home, pulling());
    let registered = |client: &mut Client| client.wait(|m| m["method"] == "client/registerCapability");
    let first = registered(&mut client)["params"]["registrations"][0].clone();
    let draft = uri(&home.path().join("post.md"));
    client.open(&draft, "markdown", "Write to anna.petrova1984@gmail.com today, please.");
    assert!(of(&client.pull(&draft), EMAIL).is_none());
    let second = registered(&mut client)["params"]["registrations"][0].clone();
    assert_ne!(first["id"], second["id"]);
    for name in ["house.toml", "brand.toml", "jane.toml"] {
        assert!(second.to_string().contains(name), "{name}: {second}");
    }
    write(&home.path().join("house.toml"), "");
    client.notify(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": uri(&home.path().join("house.toml")), "type": 2 }] }),
    );
    assert!(of(&client.pull(&draft), EMAIL).is_some());
    assert!(client.kept.iter().all(|m| m["method"] != "client/registerCapability"), "asked once");
}

#[test]
fn settings_are_reloaded_where_nobody_watches() {
    let home = home();
    let mut capabilities = pushing();
    capabilities["workspace"]["didChangeWatchedFiles"] = json!({});
    let mut client = ready(&home, capabilities);
    let draft = uri(&home.path().join("post.md"));
    client.open(&draft, "markdown", "Write to anna.petrova1984@gmail.com.");
    assert!(of(&client.pushed(&draft, 1), EMAIL).is_some());
    write(&home.path().join("draftlint.toml"), "ignore = [\"disclosure\"]\n");
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": draft } }));
    assert!(of(&client.pushed(&draft, 1), EMAIL).is_none());
}

#[test]
fn the_editor_may_be_asked_for_its_settings() {
    let home = home();
    write(&home.path().join("other.toml"), "ignore = [\"disclosure\"]\n");
    let mut capabilities = pulling();
    capabilities["workspace"]["configuration"] = json!(true);
    let mut client = Client::start(home.path());
    client.settings = json!({ "configuration": "other.toml", "codeLens": false, "minSeverity": "warning" });
    client.initialize(capabilities, &[home.path()], json!({}));
    client.wait(|m| m["method"] == "workspace/configuration");
    client.open(POST, "markdown", "Write to anna.petrova1984@gmail.com.");
    let found = client.pull(POST);
    assert!(found.iter().all(|d| d["code"] != EMAIL && d["severity"] != 4), "{found:?}");
    assert_eq!(client.request("textDocument/codeLens", json!({ "textDocument": { "uri": POST } })), Ok(json!([])));
}

#[test]
fn formats_by_language_and_name() {
    let home = home();
    let mut client = ready(&home, pulling());
    let plain = "Write to anna.petrova1984@gmail.com.";
    for (draft, language, text, is_found) in [
        ("untitled:a", "markdown", plain, true),
        ("untitled:b", "plaintext", plain, true),
        ("untitled:c", "html", "<p>Write to <b>anna.petrova1984@gmail.com</b>.</p>", true),
        (
            "untitled:d",
            "html",
            "<style>a { content: \"anna.petrova1984@gmail.com\" }</style><p>Hello there.</p>",
            false,
        ),
        ("file:///r/.git/COMMIT_EDITMSG", "git-commit", plain, false),
        ("file:///r/.git/COMMIT_EDITMSG", "plaintext", plain, false),
        ("file:///r/a.rs", "rust", plain, false),
        ("file:///r/a.md", "some-dialect", plain, true),
    ] {
        client.open(draft, language, text);
        assert_eq!(of(&client.pull(draft), EMAIL).is_some(), is_found, "{draft} {language}");
    }
    let expected = [0, 15, 0, 41];
    assert_eq!(of(&client.pull("untitled:c"), EMAIL).map(range), Some(expected));
}

/// Every suppression that an action writes is one that the program then understands.
#[test]
fn allowing_with_a_reason() {
    let home = home();
    let mut client = ready(&home, pulling());
    let words = "We build the the best of it.";
    for (number, (language, text)) in [
        ("markdown", format!("# Title\n\n{words}\n\nMore of it.\n")),
        ("markdown", format!("# {words}\n\nMore.\n")),
        ("markdown", format!("- one\n- {words}\n- three\n")),
        ("markdown", format!("| a | b |\n|---|---|\n| {words} | c |\n")),
        ("markdown", format!("---\nlang: en\n---\n\n{words}\n")),
        ("markdown", format!("Windows.\r\n\r\n{words}\r\n")),
        ("html", format!("<!DOCTYPE html>\n<ul><li>{words}</li></ul>\n")),
        ("plaintext", format!("{words}\n")),
        ("plaintext", format!("---\nlang: en\nallow:\n  - hype -- said so\n---\n{words}\n")),
        ("plaintext", format!("+++\nlang = \"en\"\n+++\n{words}\n")),
    ]
    .into_iter()
    .enumerate()
    {
        let draft = format!("untitled:{number}");
        client.open(&draft, language, &text);
        let found = client.pull(&draft);
        let doubled = of(&found, DOUBLED).unwrap_or_else(|| panic!("{number}: {found:?}"));
        let actions = client.actions(&draft, &doubled["range"], Some(&["quickfix"]));
        let action = actions.iter().find(|a| a["title"].as_str().unwrap().starts_with("Allow ‘doubled-word’")).unwrap();
        assert_eq!((&action["kind"], &action["diagnostics"][0]["code"]), (&json!("quickfix"), &json!(DOUBLED)));
        let allowed = applied(&text, &action["edit"], &draft);
        // without a reason it allows nothing
        client.change(&draft, 2, json!([{ "text": allowed }]));
        let found = client.pull(&draft);
        assert!(of(&found, DOUBLED).is_some(), "{number}: {allowed}");
        assert!(
            found.iter().any(|d| d["code"].as_str().unwrap().ends_with("-suppression")),
            "{number}: {allowed}\n{found:?}"
        );
        let reasoned = match allowed.contains(" -- -->") {
            true => allowed.replace(" -- -->", " -- a quotation -->"),
            false => allowed.replace("doubled-word --", "doubled-word -- a quotation"),
        };
        assert_ne!(reasoned, allowed);
        client.change(&draft, 3, json!([{ "text": reasoned }]));
        let found = client.pull(&draft);
        assert!(
            found.iter().all(|d| d["code"] != DOUBLED
                && d["code"] != "disclosure/incomplete-suppression"
                && d["code"] != "front-matter"),
            "{number}: {reasoned}\n{found:?}"
        );
        assert_eq!(text.contains("\r\n"), reasoned.contains("\r\n"));
    }
}

#[test]
fn allowing_a_disclosure_asks_for_role_and_day() {
    let home = home();
    let mut client = Client::ready(home.path(), pulling(), &[home.path()], json!({ "asksForReasons": true }));
    for (number, (text, start)) in [
        (
            "Write to anna.petrova1984@gmail.com today.\n",
            "<!-- draftlint: allow email-address approved-by legal until 2999-01-01 -- public address –",
        ),
        (
            "> Write to anna.petrova1984@gmail.com today.\n> More.\n",
            "> Write to anna.petrova1984@gmail.com today. <!-- draftlint: allow line email-address approved-by legal",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let version = 2 * number as i64 + 2;
        client.open(POST, "markdown", text);
        let found = client.pull(POST);
        let email = of(&found, EMAIL).unwrap();
        let actions = client.actions(POST, &email["range"], None);
        let asking = actions.iter().find(|a| a["command"]["command"] == "draftlint.allowWithReason").unwrap();
        let argument = &asking["command"]["arguments"][0];
        assert_eq!((&argument["strict"], &argument["rule"]), (&json!(true), &json!("email-address")));
        assert!(argument["roles"].as_array().unwrap().contains(&json!("legal")));
        // what the editor asked of the person comes back as a command, and goes out as an edit
        let mut allowance = argument.clone();
        allowance["reason"] = json!("public address -->\nof the press office");
        allowance["approvedBy"] = json!("legal");
        allowance["until"] = json!("2999-01-01");
        let id =
            client.begin("workspace/executeCommand", json!({ "command": "draftlint.allow", "arguments": [allowance] }));
        let edit = client.wait(|m| m["method"] == "workspace/applyEdit")["params"]["edit"].take();
        assert_eq!(client.end(id), Ok(Value::Null));
        let allowed = applied(text, &edit, POST);
        assert!(allowed.starts_with(start), "{allowed}");
        client.change(POST, version, json!([{ "text": allowed }]));
        let found = client.pull(POST);
        assert!(
            found.iter().all(|d| d["code"] != EMAIL && !d["code"].as_str().unwrap().ends_with("-suppression")),
            "{found:?}"
        );
    }
    let gone = client.request(
        "workspace/executeCommand",
        json!({ "command": "draftlint.allow", "arguments": [{ "uri": POST, "rule": "email-address", "line": 9 }] }),
    );
    assert_eq!(gone, Err(-32_803));
}

#[test]
fn fixes_and_explanations() {
    let home = home();
    let mut client = ready(&home, pulling());
    let text = "Мы 😀 строим строим дома на улице Мира с 2019 года.\n";
    client.open(POST, "markdown", text);
    let found = client.pull(POST);
    let doubled = of(&found, DOUBLED).unwrap();
    let actions = client.actions(POST, &doubled["range"], None);
    let fix = actions.iter().find(|a| a["isPreferred"] == true).unwrap();
    assert!(fix["title"].as_str().unwrap().starts_with("Исправить:"));
    assert_eq!(fix["edit"]["documentChanges"][0]["textDocument"]["version"], 1);
    assert_eq!(applied(text, &fix["edit"], POST), "Мы 😀 строим дома на улице Мира с 2019 года.\n");
    // this fix wants a reader: it is no part of fix-all
    assert_eq!(client.actions(POST, &doubled["range"], Some(&["source.fixAll"])), [] as [Value; 0]);
    let everywhere = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 0 } });
    assert!(
        client.actions(POST, &everywhere, Some(&["quickfix"])).iter().all(|a| a["diagnostics"][0]["code"] != DOUBLED)
    );

    let explain = actions.iter().find(|a| a["command"]["command"] == "draftlint.explain").unwrap()["command"].clone();
    let id = client
        .begin("workspace/executeCommand", json!({ "command": explain["command"], "arguments": explain["arguments"] }));
    let shown = client.notification("window/showMessage");
    assert!(shown["message"].as_str().unwrap().contains("voice/doubled-word (https://"), "{shown}");
    assert!(client.end(id).unwrap().as_str().unwrap().contains("Находит"));
    assert_eq!(
        client.request(
            "workspace/executeCommand",
            json!({ "command": "draftlint.explain", "arguments": ["no-such-rule"] })
        ),
        Err(-32_602)
    );
    assert_eq!(client.request("workspace/executeCommand", json!({ "command": "rm" })), Err(-32_602));

    // a client without versioned edits gets plain ones
    let mut capabilities = pulling();
    capabilities["workspace"]["workspaceEdit"] = json!({});
    let mut client = ready(&home, capabilities);
    client.open(POST, "markdown", text);
    let range = client.pull(POST).iter().find(|d| d["code"] == DOUBLED).unwrap()["range"].clone();
    let actions = client.actions(POST, &range, None);
    assert_eq!(applied(text, &actions[0]["edit"], POST), "Мы 😀 строим дома на улице Мира с 2019 года.\n");
}

#[test]
fn the_profile_grows() {
    let home = home();
    let profile = home.path().join("voice.toml");
    let mut client = ready(&home, pulling());
    let draft = uri(&home.path().join("post.md"));
    client.open(&draft, "markdown", "Write to anna.petrova1984@gmail.com today.\n");
    let range = of(&client.pull(&draft), EMAIL).unwrap()["range"].clone();
    let adding = |client: &mut Client| {
        client.actions(&draft, &range, None).into_iter().find(|a| a["title"].as_str().unwrap().contains("voice.toml"))
    };
    let new = adding(&mut client).unwrap();
    assert_eq!(new["edit"]["documentChanges"][0]["kind"], "create");
    assert_eq!(
        new["edit"]["documentChanges"][1]["edits"][0]["newText"],
        "[terms]\npublic_facts = [\"anna.petrova1984@gmail.com\"]\n"
    );
    write(&profile, "# ours\n[terms]\nallow = [\"ecosystem\"] # yes\n");
    let edit = adding(&mut client).unwrap()["edit"].clone();
    let grown = applied("# ours\n[terms]\nallow = [\"ecosystem\"] # yes\n", &edit, &uri(&profile));
    assert_eq!(
        grown,
        "# ours\n[terms]\npublic_facts = [\"anna.petrova1984@gmail.com\"]\nallow = [\"ecosystem\"] # yes\n"
    );
    write(&profile, &grown);
    assert_eq!(adding(&mut client), None);
    write(&profile, b"\xff\xfe");
    assert_eq!(adding(&mut client), None);
}

#[test]
fn hovers_and_the_line_on_top() {
    let home = home();
    let mut client = ready(&home, pulling());
    let text = "Écrivez à 😀 anna.petrova1984@gmail.com pour en parler avec les équipes de la maison.\n";
    client.open(POST, "markdown", text);
    let hover = |client: &mut Client, character: u64| {
        client
            .request(
                "textDocument/hover",
                json!({ "textDocument": { "uri": POST }, "position": { "line": 0, "character": character } }),
            )
            .unwrap()
    };
    let shown = hover(&mut client, 20);
    let page = shown["contents"]["value"].as_str().unwrap();
    assert_eq!(shown["contents"]["kind"], "markdown");
    assert!(
        page.starts_with("**") && page.contains("[disclosure/email-address](https://") && page.contains("Signalé"),
        "{page}"
    );
    assert_eq!(range(&shown), [0, 13, 0, 39]);
    let lens = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": POST } })).unwrap();
    let title = lens[0]["command"]["title"].as_str().unwrap();
    assert!(title.contains(" mots"), "{title}");
    assert_eq!(lens[0]["range"]["start"]["line"], 0);
    let run = json!({ "command": lens[0]["command"]["command"], "arguments": lens[0]["command"]["arguments"] });
    assert_eq!(client.request("workspace/executeCommand", run), Ok(json!(title)));
    client.change(POST, 2, json!([{ "text": "" }]));
    assert_eq!(hover(&mut client, 0), Value::Null);
    let lens = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": POST } })).unwrap();
    assert!(!lens[0]["command"]["title"].as_str().unwrap().is_empty());
    let mut client = ready(&home, json!({}));
    client.open(POST, "markdown", text);
    let shown = hover(&mut client, 20);
    assert_eq!(shown["contents"]["kind"], "plaintext");
    assert!(!shown["contents"]["value"].as_str().unwrap().contains("**"));
}

#[test]
fn garbage_on_the_wire() {
    let home = home();
    let mut client = ready(&home, pulling());
    client.open(POST, "markdown", "Write to anna.petrova1984@gmail.com.");
    let error =
        |client: &mut Client| client.wait(|m| m["id"].is_null() && m.get("error").is_some())["error"]["code"].as_i64();
    client.send_bytes(b"Content-Length: 5\r\n\r\n{xyz}");
    assert_eq!(error(&mut client), Some(-32_700));
    client.send_bytes(b"Content-Length: 4\r\n\r\n\"\xff\xfe\"");
    assert_eq!(error(&mut client), Some(-32_700));
    client.send(&json!([1, 2]));
    assert_eq!(error(&mut client), Some(-32_600));
    client.send(&json!({ "jsonrpc": "2.0" }));
    assert_eq!(error(&mut client), Some(-32_600));
    client.send(&json!({ "jsonrpc": "2.0", "id": null, "method": "shutdown" }));
    assert_eq!(error(&mut client), Some(-32_600));
    client.send_bytes(b"Content-Length: 999999999999\r\n\r\n");
    assert_eq!(error(&mut client), Some(-32_600));
    client.send_bytes(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\0\xff\xfe");
    client.send(&json!({ "jsonrpc": "2.0", "id": 4711, "result": null }));
    assert!(client.notification("window/logMessage")["message"].as_str().unwrap().contains("no message"));
    for (method, params) in [
        ("textDocument/didOpen", json!({ "textDocument": { "uri": 7 } })),
        ("textDocument/didChange", json!({ "contentChanges": "everything" })),
        (
            "textDocument/didChange",
            json!({ "textDocument": { "uri": POST, "version": 2 }, "contentChanges": [{ "range": { "start": { "line": -1, "character": 0 } }, "text": "x" }] }),
        ),
        ("workspace/didChangeWorkspaceFolders", json!(null)),
    ] {
        client.notify(method, params);
        assert!(client.notification("window/logMessage")["message"].as_str().unwrap().contains("parameters"));
    }
    client.notify("no/such/notification", json!(7));
    // positions outside of the text are moved into it
    let far = json!({ "line": 4_000_000_000_u32, "character": 4_000_000_000_u32 });
    client.change(POST, 2, json!([{ "range": { "start": far, "end": { "line": 0, "character": 0 } }, "text": "Write to anna.petrova1984@gmail.com." }]));
    assert_eq!(of(&client.pull(POST), EMAIL).map(range), Some([0, 9, 0, 35]));
    assert_eq!(client.shut_down(), Some(0));
}

#[test]
fn a_document_of_five_megabytes() {
    let home = home();
    let mut client = ready(&home, pulling());
    let line = "Мы строим дома и школы в городе, и 😀 это видно жителям каждый день.\n";
    let text = line.repeat(5_000_000 / line.len() + 1) + "Пишите на anna.petrova1984@gmail.com.\n";
    let lines = text.lines().count() as u64;
    for (draft, text, expected) in [
        ("untitled:lines", text.clone(), [lines - 1, 10, lines - 1, 36]),
        ("untitled:line", text.replace('\n', " "), [0; 4]),
    ] {
        client.open(draft, "plaintext", &text);
        let found = client.pull(draft);
        let email = of(&found, EMAIL).map(range).unwrap();
        if expected != [0; 4] {
            assert_eq!(email, expected);
        }
        let at = json!({ "line": 0, "character": 0 });
        client.change(draft, 2, json!([{ "range": { "start": at, "end": at }, "text": "\n" }]));
        assert_eq!(of(&client.pull(draft), EMAIL).map(range).unwrap()[0], email[0] + 1);
    }
    assert_eq!(client.shut_down(), Some(0));
}

/// No message quotes the draft; only edits do, which the editor applies to the draft itself.
#[test]
fn no_word_of_the_draft_is_told() {
    let home = home();
    let mut client = ready(&home, pulling());
    client.open(POST, "markdown", "---\nkind: Quixotical\n---\n\nWe expect Zephyrine revenue to double by 30%; write to zephyrine.quixotical@gmail.com today.\n");
    let found = client.pull(POST);
    assert!(found.len() > 1 && of(&found, "front-matter").is_some(), "{found:?}");
    let lens = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": POST } })).unwrap();
    client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": POST, "version": "Zephyrine" }, "contentChanges": [] }),
    );
    client.send_bytes(b"Content-Length: 11\r\n\r\n{Zephyrine}");
    client.wait(|m| m.get("error").is_some());
    let log = client.notification("window/logMessage");
    let told = format!("{found:?}{lens}{log}{:?}", client.kept).to_lowercase();
    assert!(!told.contains("zephyrine") && !told.contains("quixotical"), "{told}");
}

/// One typed character's patience: `cargo test --release --test lsp -- --ignored --nocapture answers`.
#[test]
#[ignore = "measures; run it in a release build"]
fn answers_within_ten_milliseconds() {
    let home = home();
    let lines = [
        "We expect revenue to grow by 12% next year, and our team of 340 engineers in Lyon ships it every Tuesday.",
        "Last week I sat with three customers in Utrecht; two of them said the invoice is wrong in the same place.",
        "Write to press@acme-pay.com and we will answer within a day, as we did for the 418 letters of March.",
        "This is a game changer, and and nobody else in the industry comes close to what we have built together.",
    ];
    let mut text = String::from("# What we learned in March\n\n");
    for line in lines.iter().cycle() {
        text.push_str(line);
        text.push_str("\n\n");
        if text.split_whitespace().count() >= 1_000 {
            break;
        }
    }
    for (name, capabilities) in [("pulled", pulling()), ("pushed", pushing())] {
        let mut client = ready(&home, capabilities);
        client.open(POST, "markdown", &text);
        let mut times = Vec::new();
        for version in 2..202 {
            let at = json!({ "line": 4, "character": version });
            let begun = std::time::Instant::now();
            client.change(POST, version, json!([{ "range": { "start": at, "end": at }, "text": "a" }]));
            let found = if name == "pulled" { client.pull(POST) } else { client.pushed(POST, version) };
            times.push(begun.elapsed());
            assert!(!found.is_empty());
        }
        times.sort();
        println!("{name}: median {:?}, 95 of 100 within {:?}, worst {:?}", times[100], times[190], times[199]);
        assert!(times[190].as_millis() < 10, "{name}: {:?}", times[190]);
    }
}
