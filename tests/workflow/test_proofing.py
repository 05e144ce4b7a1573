from __future__ import annotations

import pwd
import socket
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from os import getuid

import pytest

from composer.errors import Conflict, NetworkError, UsageError
from composer.ledger import open_ledger
from composer.text.addresses import PROOF_TOKEN
from composer.workflow.proofing import approve, send_proof
from composer.workspace import Workspace, open_workspace

AT = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
CONFIG = """\
[newsletter]
name = "La Gazette"
list_id = "gazette.exemple.fr"

[sender]
address = "lettre@exemple.fr"

[site]
public_url = "http://127.0.0.1:8000"
rehearsal = {rehearsal}

[desk]
require = {require}
proof_to = ["desk@exemple.fr"]

[transport]
{transport}
"""
STORY = """\
---
author: Zoé
---

# Une halle {word}

Bonjour %prenom%, le marché est long.
"""


@pytest.fixture
def make_workspace(tmp_path):
    def make(*, rehearsal: str = "false", require: str = "[]", transport: str = 'kind = "folder"') -> Workspace:
        root = tmp_path / "lettre"
        issue = root / "issues" / "n1"
        issue.mkdir(parents=True)
        (root / "newsletter.toml").write_text(CONFIG.format(rehearsal=rehearsal, require=require, transport=transport))
        (issue / "issue.md").write_text("---\nnumber: 1\norder:\n  - une\n---\n\n# La halle en hiver\n")
        (issue / "une.md").write_text(STORY.format(word="froide"))
        return open_workspace(root)

    return make


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def mails(workspace: Workspace) -> list[EmailMessage]:
    files = sorted((workspace.root / "var/outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def test_proofs_are_numbered_and_their_digest_is_kept(make_workspace, ledger):
    workspace = make_workspace()
    first = send_proof(workspace, ledger, "n1", now=AT)
    second = send_proof(workspace, ledger, "n1", to=["Zoé <zoe@exemple.fr>", "b@exemple.fr"], now=AT)
    assert [mail["Subject"] for mail in mails(workspace)] == [f"[Épreuve {n}] La halle en hiver" for n in (1, 2, 2)]
    assert [mail["To"].addresses[0].addr_spec for mail in mails(workspace)] == ["desk@exemple.fr", "zoe@exemple.fr", "b@exemple.fr"]
    assert [proof.digest for proof in ledger.proofs.of_issue("n1")] == [first.digest] * 2
    assert (second.number, second.subject) == (2, "[Épreuve 2] La halle en hiver")
    assert second.to_json()["sent_to"] == ["zoe@exemple.fr", "b@exemple.fr"]


def test_a_proof_unsubscribes_nobody_and_greets_a_sample_reader(make_workspace, ledger):
    workspace = make_workspace()
    send_proof(workspace, ledger, "n1", now=AT)
    (mail,) = mails(workspace)
    assert f"/u/{PROOF_TOKEN}>" in mail["List-Unsubscribe"]
    text, html = (part.get_content() for part in mail.get_payload())
    assert "Bonjour Camille" in text
    assert f"/u/{PROOF_TOKEN}" in html
    assert "%prenom%" not in html


def test_a_rehearsal_says_so_in_the_proof_and_keeps_the_digest(make_workspace, ledger):
    workspace = make_workspace(rehearsal="true")
    proof = send_proof(workspace, ledger, "n1", now=AT)
    (mail,) = mails(workspace)
    assert all("Répétition" in part.get_content() for part in mail.get_payload())
    assert approve(workspace, ledger, "n1", by="Ana", now=AT).digest == proof.digest


def test_a_proof_needs_an_address(make_workspace, ledger):
    with pytest.raises(UsageError):
        send_proof(make_workspace(), ledger, "n1", to=["pas une adresse"], now=AT)


def test_without_a_server_there_was_no_proof(make_workspace, ledger):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    workspace = make_workspace(transport=f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}')
    with pytest.raises(NetworkError) as told:
        send_proof(workspace, ledger, "n1", now=AT)
    assert told.value.where == f"127.0.0.1:{port}"
    assert ledger.proofs.of_issue("n1") == ()


def test_an_approval_stands_for_what_was_proofed(make_workspace, ledger):
    workspace = make_workspace(require='["proof"]')
    with pytest.raises(Conflict):
        approve(workspace, ledger, "n1", by="Ana", now=AT)
    proof = send_proof(workspace, ledger, "n1", now=AT)
    given = approve(workspace, ledger, "n1", by="Ana", now=AT)
    assert ledger.proofs.approvers("n1", proof.digest) == ("Ana",)
    assert given.words.fr.startswith("Bon à tirer de Ana")
    (workspace.issues_path / "n1" / "une.md").write_text(STORY.format(word="glacée"))
    with pytest.raises(Conflict) as told:
        approve(workspace, ledger, "n1", by="Ana", now=AT)
    assert told.value.hint.fr == "`hebdo proof n1`"


def test_whoever_edited_last_does_not_approve(make_workspace, ledger):
    workspace = make_workspace(require='["approval"]')
    editor = pwd.getpwuid(getuid()).pw_name
    with pytest.raises(Conflict):
        approve(workspace, ledger, "n1", by=editor, now=AT)
    assert approve(workspace, ledger, "n1", by="Ana", now=AT).approver == "Ana"
