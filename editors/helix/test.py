#!/usr/bin/env python3
"""Reads the recipe, starts the server it names and speaks to it as Helix does: UTF-8 positions, diagnostics pushed and
pulled. Helix itself draws on a terminal only.   DRAFTLINT=target/release/draftlint editors/helix/test.py"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import tomllib

recipe = tomllib.loads((pathlib.Path(__file__).parent / "languages.toml").read_text())
server = recipe["language-server"]["draftlint"]
names = [language["name"] for language in recipe["language"]]
assert names == ["markdown", "html", "text"], names
assert all(language["language-servers"] == ["draftlint"] for language in recipe["language"])
program = os.environ.get("DRAFTLINT", server["command"])
home = tempfile.mkdtemp()
run = subprocess.Popen([program, *server["args"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home})


def send(**message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    run.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    run.stdin.flush()


def receive(fits):
    while True:
        length = 0
        while (line := run.stdout.readline().strip()) != b"":
            length = int(line.split(b":")[1])
        message = json.loads(run.stdout.read(length))
        if fits(message):
            return message


# the capabilities of Helix 25, as far as they matter here
capabilities = {
    "general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True, "tagSupport": {"valueSet": [1, 2]}},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix", "source"]}}, "isPreferredSupport": True},
        "hover": {"contentFormat": ["markdown"]},
    },
    "workspace": {"workspaceEdit": {"documentChanges": True}, "configuration": True, "didChangeWatchedFiles": {"dynamicRegistration": True}},
}
send(id=0, method="initialize", params={"processId": None, "rootUri": None, "capabilities": capabilities})
assert receive(lambda m: m.get("id") == 0)["result"]["capabilities"]["positionEncoding"] == "utf-8"
send(method="initialized", params={})
text = "Пишите 😀 на anna.petrova1984@gmail.com сегодня.\n"
for language in names:
    uri = f"file:///drafts/post.{language}"
    send(method="textDocument/didOpen", params={"textDocument": {"uri": uri, "languageId": language, "version": 0, "text": text}})
    pushed = receive(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri)
    found = [d for d in pushed["params"]["diagnostics"] if d["code"] == "disclosure/email-address"]
    line = text.encode()
    words = [line[d["range"]["start"]["character"] : d["range"]["end"]["character"]].decode() for d in found]
    assert words == ["anna.petrova1984@gmail.com"], (language, words)
send(id=1, method="shutdown")
receive(lambda m: m.get("id") == 1)
send(method="exit")
sys.exit(run.wait(10))
