"""Settings that change while serve or worker is up."""

from __future__ import annotations

import os
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from composer.ledger import open_ledger
from composer.web.readers import readers_app
from composer.words import Words
from composer.workflow.serving import run_worker, serve
from composer.workflow.settings_watch import LOOK_S, SettingsWatch
from composer.workspace import Workspace, open_workspace

from .conftest import CONFIG, EDITION, free_port, now, state, wait_for, write_mailing


def change(workspace: Workspace, text: str) -> None:
    path = workspace.config_path
    before = path.stat().st_mtime_ns
    path.write_text(text, "utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


def in_folder(workspace: Workspace, folder: str) -> int:
    return len(list((workspace.root / folder).glob("*.eml")))


@contextmanager
def served(workspace: Workspace, heard: list[Words]) -> Iterator[int]:
    stop, ready, port = threading.Event(), threading.Event(), free_port()

    def run() -> None:
        serve(workspace, app=readers_app, port=port, ready=lambda _: ready.set(), told=heard.append, stop=stop)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(30)
        yield port
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def test_serve_follows_new_settings_and_sends_nobody_twice(make_workspace):
    workspace = make_workspace(30)
    heard: list[Words] = []
    with served(workspace, heard) as port:
        first = write_mailing(workspace)
        wait_for(lambda: in_folder(workspace, "var/outbox") >= 5)  # in mid-mailing
        change(workspace, CONFIG.replace("La Gazette", "Le Phare") + 'kind = "folder"\nfolder = "var/ailleurs"\n')
        wait_for(lambda: bool(heard))
        wait_for(lambda: state(workspace, first).value == "finished")
        assert in_folder(workspace, "var/outbox") + in_folder(workspace, "var/ailleurs") == 30
        with open_ledger(workspace.ledger_path) as ledger:
            (workspace.issues_path / "n2").mkdir()
            ledger.editions.seal(replace(EDITION, issue_id="n2", digest="e" * 64), now=now())
            second = ledger.mailings.add(issue_id="n2", digest="e" * 64, due_at=now(), hold_until=None, now=now())
        wait_for(lambda: state(workspace, second.id).value == "finished")
        assert in_folder(workspace, "var/outbox") + in_folder(workspace, "var/ailleurs") == 60
        assert in_folder(workspace, "var/ailleurs") >= 30
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read().decode()
        assert "Le Phare" in page
    assert [words.en for words in heard] == ["newsletter.toml changed: settings read again."]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[newsletter\n", "cannot be read"),
        (CONFIG.replace("[site]", 'dkim_sign = ["h1"]\n[site]') + 'kind = "folder"\n', "The DKIM key of the selector “h1” is missing"),
    ],
    ids=["toml", "key"],
)
def test_settings_that_cannot_be_used_are_told_and_those_of_before_stay(make_workspace, text, told):
    workspace = make_workspace(4)
    before = workspace.config_path.read_text(encoding="utf-8")
    heard: list[Words] = []
    with served(workspace, heard):
        change(workspace, text)
        wait_for(lambda: bool(heard))
        write_mailing(workspace)
        wait_for(lambda: in_folder(workspace, "var/outbox") == 4)
        change(workspace, before)
        wait_for(lambda: len(heard) == 2)
    assert told in heard[0].en
    assert heard[1].en == "newsletter.toml can be used again: nothing changes."


def test_a_worker_that_stays_follows_too(make_workspace):
    workspace = make_workspace(4)
    heard: list[Words] = []
    stop = threading.Event()
    thread = threading.Thread(target=lambda: run_worker(workspace, told=heard.append, stop=stop))
    thread.start()
    try:
        change(workspace, CONFIG + 'kind = "folder"\nfolder = "var/ailleurs"\n')
        wait_for(lambda: bool(heard))
        write_mailing(workspace)
        wait_for(lambda: in_folder(workspace, "var/ailleurs") == 4)
    finally:
        stop.set()
        thread.join(20)


@pytest.mark.parametrize("touch", [lambda path: os.utime(path, ns=(1, 1)), lambda path: path.write_text(path.read_text() + "\n# un mot\n")])
def test_a_file_that_says_the_same_changes_nothing(make_workspace, monkeypatch, touch):
    workspace = make_workspace(0)
    heard: list[Words] = []
    watch = SettingsWatch(workspace, told=heard.append)
    touch(Path(workspace.config_path))
    monkeypatch.setattr("composer.workflow.settings_watch.time.monotonic", lambda: 1e12)
    assert watch.look() is None
    assert heard == []
    assert LOOK_S <= 2
    assert open_workspace(workspace.root).newsletter == workspace.newsletter
