"""Acceptance 4, with a real serve: what readers do not see changes nothing; a changed word is told at once, then held or sent as configured."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from composer.errors import Conflict
from composer.ledger import open_ledger
from composer.model.mailing import MailingState
from composer.workflow.delivering import resume
from composer.workflow.scheduling import schedule as plan
from composer.workflow.subscribing import import_subscribers
from composer.workspace import Workspace

from .conftest import ISSUE, Hook, Mailbox, Process, by_mail, free_port, hebdo, wait_for

Start = Callable[..., Process]
Settle = Callable[..., Workspace]
READERS = 3

pytestmark = pytest.mark.slow


def story(root: Path, name: str = "une.md") -> Path:
    return root / "issues" / ISSUE / name


def change_word(root: Path, before: str = "moulin", after: str = "MOULIN") -> None:
    file = story(root, "issue.md")
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def schedule(settle: Settle, settings: dict[str, str], *, in_s: float) -> None:
    """Schedules the issue for a little later."""
    workspace, now = settle(**settings), datetime.now(UTC)
    with open_ledger(workspace.ledger_path) as ledger:
        rows = "".join(f"reader{n}@lecteurs.example.org\n" for n in range(READERS))
        import_subscribers(ledger, f"email\n{rows}".encode(), consent="form, until 2026", now=now)
        due = (now + timedelta(seconds=in_s)).astimezone(ZoneInfo("Europe/Paris"))
        plan(workspace, ledger, "42", at=f"{due:%Y-%m-%d %H:%M:%S}", yes=True, now=now)


def mailing(workspace: Workspace) -> tuple[MailingState, str]:
    with open_ledger(workspace.ledger_path) as ledger:
        (found,) = ledger.mailings.of_issue(ISSUE)
        return found.state, found.reason_code


def settings_of(mailbox: Mailbox, hook: Hook, **more: str) -> dict[str, str]:
    return {
        **by_mail(mailbox),
        "desk__alert": "une@exemple.fr,deux@exemple.fr",
        "desk__alert_webhook": hook.url,
        "site__rehearsal": "true",
        **more,
    }


def leave_alone(root: Path) -> None:
    """Everything that must not break a seal, one after the other."""
    folder = root / "issues" / ISSUE
    for file in folder.glob("*.md"):  # an editor that saves with other line ends, blanks and blank lines
        text = file.read_bytes()
        file.write_bytes(
            b"\xef\xbb\xbf" + re.sub(rb"(?m)(?<=\S)$", b" ", text).replace(b"\n\n", b"\n\n\n").replace(b"\n", b"\r\n") + b"\r\n"
        )
    copy = root.parent / "copie"
    shutil.copytree(folder, copy)  # a git checkout: new inodes, new times, equal content
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    for file in folder.rglob("*"):
        os.utime(file)
    config = root / "newsletter.toml"
    text = config.read_text(encoding="utf-8")
    assert '"jeudi"' in text
    text = text.replace('"jeudi"', '"lundi"').replace('time = "07:00"', 'time = "08:30"')
    config.write_text(f"# relu\n{text}\n# fin\n", encoding="utf-8")


def test_what_readers_do_not_see_leaves_at_its_hour_and_nobody_is_told(
    root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook
) -> None:
    settings = settings_of(mailbox, hook)
    serving = start("serve", "--port", str(free_port()), "--no-desk", **settings)
    serving.ready()
    schedule(settle, settings, in_s=9)
    leave_alone(root)
    wait_for(lambda: hook.kinds()[-1:] == ["finished"], within_s=40)
    assert hook.kinds() == ["launched", "finished"]
    readers = [to for to, _ in mailbox.mails if to.startswith("reader")]
    assert sorted(readers) == [f"reader{n}@lecteurs.example.org" for n in range(READERS)]
    assert mailing(settle(**settings))[0] is MailingState.FINISHED


def test_a_git_pull_with_equal_content_changes_nothing(root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook) -> None:
    def git(*words: str) -> None:
        identity = ("-c", "user.name=n", "-c", "user.email=n@exemple.fr", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True)

    (root / ".gitignore").write_text("/var/\n")
    git("init")
    git("add", "issues", "newsletter.toml", ".gitignore")
    git("commit", "-m", "un")
    settings = settings_of(mailbox, hook)
    start("serve", "--port", str(free_port()), "--no-desk", **settings).ready()
    schedule(settle, settings, in_s=8)
    git("checkout", "-b", "autre")
    story(root).write_text("# autre\n")
    git("commit", "-am", "deux")
    git("checkout", "main")
    wait_for(lambda: hook.kinds()[-1:] == ["finished"], within_s=40)
    # Between the two checkouts another text stood there for a moment; whoever saw it says that it is undone.
    assert [kind for kind in hook.kinds() if kind not in {"changed", "undone"}] == ["launched", "finished"]
    assert hook.kinds().count("changed") == hook.kinds().count("undone")


def test_a_changed_word_is_told_at_once_with_the_difference_and_held_at_the_hour(
    root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook
) -> None:
    settings = settings_of(mailbox, hook)
    start("serve", "--port", str(free_port()), "--no-desk", **settings).ready()
    schedule(settle, settings, in_s=18)
    edited = datetime.now(UTC)
    change_word(root)
    wait_for(lambda: hook.kinds() == ["changed"])
    assert datetime.fromisoformat(hook.told[0]["timestamp"]) - edited < timedelta(seconds=6), "at once"
    for address in ("une@exemple.fr", "deux@exemple.fr"):
        wait_for(lambda address=address: "MOULIN" in mailbox.to(address))
    (told,) = hook.told
    words, detail = told["data"]["words"], told["data"]["detail"]
    assert "rien ne partira" in words
    assert f"`hebdo resume {ISSUE}`" in words
    assert f"`hebdo unschedule {ISSUE}`" in words
    assert "Trente boulangers s’offrent un moulin" in detail
    assert "Trente boulangers s’offrent un MOULIN" in detail
    status = hebdo(root, "status", "42", **settings).stdout
    assert "Trente boulangers s’offrent un MOULIN" in status
    assert f"`hebdo resume {ISSUE}`" in status
    wait_for(lambda: "held" in hook.kinds(), within_s=30)
    assert hook.kinds() == ["changed", "held"], "told once, then held"
    assert "MOULIN" in hook.told[1]["data"]["detail"]
    assert mailing(settle(**settings)) == (MailingState.HELD, "changed")
    assert not [to for to, _ in mailbox.mails if to.startswith("reader")]
    # The desk decides for the sealed version.
    assert hebdo(root, "resume", "42", **settings).returncode == 0
    wait_for(lambda: "finished" in hook.kinds())
    html = next(mail for to, mail in mailbox.mails if to.startswith("reader")).get_body(("html",)).get_content()
    assert "MOULIN" not in html


def test_a_changed_word_leaves_sealed_where_that_is_configured(
    root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook
) -> None:
    settings = settings_of(mailbox, hook, desk__on_change="send_sealed")
    start("serve", "--port", str(free_port()), "--no-desk", **settings).ready()
    schedule(settle, settings, in_s=8)
    change_word(root)
    wait_for(lambda: "finished" in hook.kinds(), within_s=40)
    assert hook.kinds() == ["changed", "launched", "finished"]
    assert "la version scellée partira" in hook.told[0]["data"]["words"]
    readers = [mail for to, mail in mailbox.mails if to.startswith("reader")]
    assert len(readers) == READERS
    assert not any("MOULIN" in mail.get_body(("html",)).get_content() for mail in readers)


def test_the_choice_can_be_made_before_the_hour(root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook) -> None:
    settings = settings_of(mailbox, hook)
    start("serve", "--port", str(free_port()), "--no-desk", **settings).ready()
    schedule(settle, settings, in_s=18)
    workspace = settle(**settings)
    with open_ledger(workspace.ledger_path) as ledger:
        with pytest.raises(Conflict):  # there is nothing to decide yet
            resume(workspace, ledger, "42", now=datetime.now(UTC))
        change_word(root)
        wait_for(lambda: hook.kinds() == ["changed"])
        resume(workspace, ledger, "42", now=datetime.now(UTC))
    wait_for(lambda: "finished" in hook.kinds(), within_s=40)
    assert hook.kinds() == ["changed", "resumed", "launched", "finished"]


def test_an_edit_that_is_undone_is_told_as_well_and_leaves(root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook) -> None:
    settings = settings_of(mailbox, hook)
    start("serve", "--port", str(free_port()), "--no-desk", **settings).ready()
    schedule(settle, settings, in_s=25)
    change_word(root)
    wait_for(lambda: hook.kinds() == ["changed"])
    change_word(root, "MOULIN", "moulin")
    wait_for(lambda: hook.kinds() == ["changed", "undone"], within_s=20)
    wait_for(lambda: "finished" in hook.kinds(), within_s=40)
    assert hook.kinds() == ["changed", "undone", "launched", "finished"]


def test_an_edit_made_while_nothing_ran_is_told_by_the_next_start(
    root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook
) -> None:
    settings = settings_of(mailbox, hook)
    schedule(settle, settings, in_s=3600)
    change_word(root)
    for _ in range(2):
        serving = start("serve", "--port", str(free_port()), "--no-desk", **settings)
        serving.ready()
        wait_for(lambda: hook.kinds() == ["changed"] and is_noted(root))
        serving.end()
    assert hook.kinds() == ["changed"], "a restart tells nothing twice"


def is_noted(root: Path) -> bool:
    """Whether the ledger knows that the webhook was called: who is ended in between calls again, under the same webhook-id."""
    with closing(sqlite3.connect(root / "var" / "ledger.sqlite")) as ledger:
        return ledger.execute("SELECT count(*) FROM notices WHERE kind = 'changed' AND webhook_at IS NOT NULL").fetchone() == (1,)


@pytest.mark.parametrize("name", ["sender__name", "labels__sponsor"])
def test_a_new_sender_or_label_is_an_edit_too(start: Start, settle: Settle, mailbox: Mailbox, hook: Hook, name: str) -> None:
    settings = settings_of(mailbox, hook)
    schedule(settle, settings, in_s=3600)
    start("serve", "--port", str(free_port()), "--no-desk", **{**settings, name: "Autre chose"}).ready()
    wait_for(lambda: hook.kinds() == ["changed"])
    assert "Autre chose" in hook.told[0]["data"]["detail"]


def test_what_stands_in_a_sealed_folder_stops_neither_the_engine_nor_a_command(
    root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook
) -> None:
    settings = settings_of(mailbox, hook)
    serving = start("serve", "--port", str(free_port()), "--no-desk", **settings)
    serving.ready()
    schedule(settle, settings, in_s=3600)
    folder = root / "issues" / ISSUE
    os.mkfifo(folder / "tuyau.md")
    (folder / "zero.png").symlink_to("/dev/zero")
    with (folder / "gros.bin").open("wb") as stream:
        stream.truncate(20_000_000_000)
    for number in range(10_000):
        (folder / f"note-{number}.bak").touch()
    assert hebdo(root, "status", **settings).returncode == 0
    wait_for(lambda: hook.kinds()[-1:] == ["changed"], within_s=60)
    (folder / "tuyau.md").unlink()
    wait_for(lambda: hook.kinds()[-1:] == ["undone"], within_s=60)
    away = root / "ailleurs"
    folder.rename(away)
    wait_for(lambda: hook.kinds()[-1:] == ["changed"], within_s=60)
    away.rename(folder)
    wait_for(lambda: hook.kinds()[-1:] == ["undone"], within_s=60)
    une = story(root)
    une.unlink()
    une.symlink_to("/etc/hostname")
    wait_for(lambda: hook.kinds()[-1:] == ["changed"], within_s=60)
    before = time.monotonic()
    serving.process.terminate()
    serving.process.wait(15)
    assert time.monotonic() - before < 12
