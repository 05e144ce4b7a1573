"""The preview shows what Grammalecte says when it has said it, and never waits for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from composer.outside import grammar
from composer.web.preview import PreviewServer, preview_app
from composer.workspace import open_workspace

from .conftest import ISSUE, KEY, NOON, served

PROGRAM = """#!/bin/sh
while [ ! -e "$(dirname "$0")/go" ]; do sleep 0.05; done
n=$(wc -l < "$2"); printf '{"data": ['; i=1
while [ $i -le $n ]; do
[ $i -gt 1 ] && printf ,
printf '{"iParagraph": %d, "lSpellingErrors": [], "lGrammarErrors": [{"nStart": 0, "nEnd": 2, "sMessage": "Relisez donc"}]}' $i; i=$((i+1))
done
printf ']}'
"""


@pytest.fixture
def slow_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader that remarks on everything, and answers once the file whose path is given is there."""
    grammar._READ.clear()
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "grammalecte-cli").write_text(PROGRAM)
    (folder / "grammalecte-cli").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder / "go"


def test_a_page_does_not_wait_for_the_reader_and_is_told_when_it_has_read(workspace, slow_reader, enter):
    config = workspace.config_path
    config.write_text(config.read_text("utf-8") + '\n[check]\ngrammar = "grammalecte"\n', "utf-8")
    app = preview_app(open_workspace(workspace.root, environ={}), key=KEY, language="fr", clock=lambda: NOON)
    with served(app, PreviewServer(app)) as address:
        client = enter(address)
        with client.stream("GET", "/direct", params={"numero": ISSUE}) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 1000"
            page = client.get(f"/numeros/{ISSUE}/bouclage")
            assert "Relisez donc" not in page.text
            slow_reader.touch()
            assert next(line for line in lines if line.startswith("data:")) == f"data: {ISSUE}"
        assert "Relisez donc" in client.get(f"/numeros/{ISSUE}/bouclage").text
