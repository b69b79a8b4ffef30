#!/usr/bin/env python3
"""Lints what comes on standard input under the name given and prints a line a finding: client.py post.md < post.md"""
import json
import subprocess
import sys

name = sys.argv[1] if len(sys.argv) > 1 else "draft.md"
command = ["draftlint", "check", "--output-format", "json", "--stdin-filename", name, "-"]
run = subprocess.run(command, input=sys.stdin.buffer.read(), stdout=subprocess.PIPE)
if run.returncode not in (0, 1):
    sys.exit(run.returncode)
for file in json.loads(run.stdout)["files"]:
    for finding in file["findings"]:
        if finding["confidence"] == "low":
            continue
        place = f'{name}:{finding["line"]}:{finding["column"]}'
        print(f'{place}: {finding["severity"]}: {finding["message"]}; {finding["advice"]} [{finding["rule"]}]')
sys.exit(run.returncode)
