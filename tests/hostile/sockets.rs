//! Nothing of a draft leaves the machine: no network crate in the tree, no socket opened in a run.

use crate::desk::Desk;
use std::process::Command;

/// Crates whose work is to speak to other machines. `mio` waits for keys at the terminal for crossterm.
const NETWORK: &[&str] = &[
    "async-std",
    "attohttpc",
    "curl",
    "h2",
    "hickory",
    "hyper",
    "isahc",
    "minreq",
    "native-tls",
    "openssl",
    "quinn",
    "reqwest",
    "rustls",
    "smol",
    "socket2",
    "surf",
    "tokio",
    "trust-dns",
    "tungstenite",
    "ureq",
];

#[test]
fn no_network_crate_is_in_the_tree() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "-e", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    let names: Vec<&str> = text.lines().filter_map(|l| l.split(' ').next()).collect();
    assert!(names.contains(&"regex"), "the tree is read");
    let speaks = |name: &&&str| NETWORK.iter().any(|n| **name == *n || name.starts_with(&format!("{n}-")));
    assert_eq!(names.iter().filter(speaks).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn a_run_opens_no_socket() {
    let strace = Command::new("strace").arg("-V").output();
    if !strace.is_ok_and(|o| o.status.success()) {
        println!("left out: strace is not there");
        return;
    }
    let desk = Desk::with(&[
        ("post.md", "We are thrilled to announce https://example.com/x, write to a@example.com.\n"),
        ("post.html", "<img src=\"http://example.com/a.png\"><script src=\"//example.com/b.js\"></script>\n"),
        ("posts.jsonl", "{\"text\":\"We expect revenue to double.\"}\n"),
    ]);
    let log = desk.path("log");
    let trace = |arguments: &[&str]| {
        let output = Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=network", "-o"])
            .arg(&log)
            .arg(env!("CARGO_BIN_EXE_draftlint"))
            .args(arguments)
            .current_dir(desk.path(""))
            .env("HOME", desk.path("home"))
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        (output, std::fs::read_to_string(&log).unwrap_or_default())
    };
    let (output, _) = trace(&["--version"]);
    if !output.status.success() {
        println!("left out: strace may not trace here: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    for arguments in [
        &["--isolated", "post.md", "post.html"][..],
        &["--isolated", "--output-format", "sarif", "posts.jsonl"],
        &["explain", "email-address"],
        &["checklist", "post.md"],
        &["init"],
        &["lsp"],
    ] {
        let (_, log) = trace(arguments);
        let opened: Vec<&str> = log.lines().filter(|l| l.contains("socket(") || l.contains("connect(")).collect();
        assert_eq!(opened, Vec::<&str>::new(), "{arguments:?}");
    }
}
