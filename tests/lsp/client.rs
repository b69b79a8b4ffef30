//! A small language client: it starts the program, speaks over pipes, and keeps what it is told.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Nothing in a test takes longer, even in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    process: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// What came while something else was awaited.
    pub kept: Vec<Value>,
    next: i64,
    /// Requests of the server are answered with this.
    pub settings: Value,
}

impl Client {
    /// A server that was not spoken to; its home is empty.
    pub fn start(home: &Path) -> Self {
        Self::start_program(Path::new(env!("CARGO_BIN_EXE_draftlint")), home)
    }

    pub fn start_program(program: &Path, home: &Path) -> Self {
        let mut process = Command::new(program)
            .arg("lsp")
            .current_dir(home)
            .env("HOME", home)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("DRAFTLINT_CRISIS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = process.stdin.take();
        let output = process.stdout.take().unwrap();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self { process, input, messages, kept: Vec::new(), next: 0, settings: json!({}) }
    }

    /// A server that is initialised: with these capabilities, in this folder, with these options.
    pub fn ready(home: &Path, capabilities: Value, folders: &[&Path], options: Value) -> Self {
        let mut client = Self::start(home);
        client.initialize(capabilities, folders, options);
        client
    }

    pub fn initialize(&mut self, capabilities: Value, folders: &[&Path], options: Value) -> Value {
        let folders: Vec<Value> = folders.iter().map(|f| json!({ "uri": uri(f), "name": "folder" })).collect();
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders, "initializationOptions": options });
        let greeting = self.request("initialize", params).unwrap();
        self.notify("initialized", json!({}));
        greeting
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    pub fn send(&mut self, message: &Value) {
        self.send_bytes(&frame(message));
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and does not wait; gives its id.
    pub fn begin(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The result of a request, or the code of its error.
    pub fn end(&mut self, id: i64) -> Result<Value, i64> {
        let mut answer = self.wait(|m| m["id"] == id && m.get("method").is_none());
        match answer.get("error") {
            Some(error) => Err(error["code"].as_i64().unwrap()),
            None => Ok(answer["result"].take()),
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, i64> {
        let id = self.begin(method, params);
        self.end(id)
    }

    /// The first message that fits; the others are kept.
    pub fn wait(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&fits) {
            return self.kept.remove(at);
        }
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left).expect("the message that was awaited never came");
            if message["method"] == "workspace/configuration" {
                let result = json!([self.settings]);
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }));
            } else if message.get("method").is_some() && message.get("id").is_some() {
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
            }
            if fits(&message) {
                return message;
            }
            self.kept.push(message);
        }
    }

    pub fn notification(&mut self, method: &str) -> Value {
        self.wait(|m| m["method"] == method)["params"].take()
    }

    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } }),
        );
    }

    pub fn change(&mut self, uri: &str, version: i64, changes: Value) {
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes }),
        );
    }

    /// The diagnostics that are pushed for a version of a document.
    pub fn pushed(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let fits = |m: &Value| {
            m["method"] == "textDocument/publishDiagnostics"
                && m["params"]["uri"] == uri
                && m["params"]["version"] == version
        };
        self.wait(fits)["params"]["diagnostics"].as_array().unwrap().clone()
    }

    pub fn pull(&mut self, uri: &str) -> Vec<Value> {
        let report = self.request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } })).unwrap();
        report["items"].as_array().unwrap().clone()
    }

    pub fn actions(&mut self, uri: &str, range: &Value, only: Option<&[&str]>) -> Vec<Value> {
        let mut context = json!({ "diagnostics": [] });
        if let Some(only) = only {
            context["only"] = json!(only);
        }
        let result = self.request(
            "textDocument/codeAction",
            json!({ "textDocument": { "uri": uri }, "range": range, "context": context }),
        );
        result.unwrap().as_array().unwrap().clone()
    }

    /// Ends the server as a client should; gives its exit status.
    pub fn shut_down(mut self) -> Option<i32> {
        assert_eq!(self.request("shutdown", Value::Null), Ok(Value::Null));
        self.notify("exit", Value::Null);
        self.status()
    }

    /// Closes the pipe; gives the server's exit status.
    pub fn hang_up(mut self) -> Option<i32> {
        self.input = None;
        self.status()
    }

    pub fn status(&mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn read(input: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => length = header.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The `file:` address of a path, written as editors write it.
pub fn uri(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    for byte in path.to_str().unwrap().bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(byte as char),
            _ => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri
}

/// Applies the edits that a workspace edit makes to one document; positions in UTF-16.
pub fn applied(text: &str, edit: &Value, uri: &str) -> String {
    let edits = match edit["documentChanges"].as_array() {
        Some(changes) => changes.iter().find(|c| c["textDocument"]["uri"] == uri).map(|c| c["edits"].clone()).unwrap(),
        None => edit["changes"][uri].clone(),
    };
    let offset = |p: &Value| {
        let (line, character) = (p["line"].as_u64().unwrap() as usize, p["character"].as_u64().unwrap() as usize);
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut units = 0;
        text[start..]
            .char_indices()
            .find(|(_, c)| {
                let here = units >= character;
                units += c.len_utf16();
                here
            })
            .map_or(text.len(), |(i, _)| start + i)
    };
    let mut edits: Vec<(usize, usize, String)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (offset(&e["range"]["start"]), offset(&e["range"]["end"]), e["newText"].as_str().unwrap().to_owned()))
        .collect();
    edits.sort();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, &new);
    }
    text
}
