"""Proofs: to whom they go, under which number, what in them is inert, and what they stand for once the issue is edited."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from composer.cli.board import board
from composer.errors import ConfirmationNeeded, Conflict, MergeError, NetworkError, NotFound, Unfinished, UsageError
from composer.ledger import Ledger, open_ledger
from composer.text.addresses import PROOF_TOKEN
from composer.workflow.approving import approve
from composer.workflow.proofing import send_proof
from composer.workflow.reviewing import review, review_findings
from composer.workflow.scheduling import schedule
from composer.workflow.standing import status
from composer.workflow.subscribing import import_subscribers, unsubscribe
from composer.workspace import Workspace, open_workspace
from composer.workspace.proofs import load_proof_page

AT = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
CONFIG = """\
[newsletter]
name = "La Gazette"
list_id = "gazette.exemple.fr"

[sender]
address = "lettre@exemple.fr"
reply_to = "redaction@exemple.fr"

[site]
public_url = "http://127.0.0.1:8000"
rehearsal = {rehearsal}

[desk]
require = {require}
proof_to = {proof_to}

[publisher]
name = "Éditions de la Halle"
legal_form = "Association loi 1901"
address = "1, place de la Halle, 44000 Port-Hélène"
phone = "02 00 00 00 00"
director = "Camille Le Goff"
host = "Hébergeur Exemple, 1, rue de la Paix, 75000 Paris"
contact = "redaction@exemple.fr"
registration = "W000000000"

[transport]
{transport}
"""
STORY = """\
---
author: Zoé
---

# Une halle {word}

{greeting}, le marché est long.
"""

MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def make_workspace(tmp_path: Path) -> MakeWorkspace:
    def make(
        *,
        rehearsal: str = "false",
        require: str = "[]",
        transport: str = 'kind = "folder"',
        proof_to: str = '["desk@exemple.fr"]',
        greeting: str = "Bonjour %prenom%",
    ) -> Workspace:
        root = tmp_path / "lettre"
        issue = root / "issues" / "n1"
        issue.mkdir(parents=True)
        config = CONFIG.format(rehearsal=rehearsal, require=require, transport=transport, proof_to=proof_to)
        (root / "newsletter.toml").write_text(config, encoding="utf-8")
        (issue / "issue.md").write_text("---\nnumber: 1\norder:\n  - une\n---\n\n# La halle en hiver\n", encoding="utf-8")
        (issue / "une.md").write_text(STORY.format(word="froide", greeting=greeting), encoding="utf-8")
        return open_workspace(root, environ={})

    return make


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def mails(workspace: Workspace) -> list[EmailMessage]:
    files = sorted((workspace.root / "var/outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def edit(workspace: Workspace, word: str, greeting: str = "Bonjour %prenom%") -> None:
    (workspace.issues_path / "n1" / "une.md").write_text(STORY.format(word=word, greeting=greeting), encoding="utf-8")


def recipients(mail: EmailMessage) -> list[str]:
    return [address.addr_spec for address in mail["To"].addresses]


def parts(mail: EmailMessage) -> tuple[str, str]:
    text, html = (part.get_content() for part in mail.iter_parts())
    return text, html


# Numbers ------------------------------------------------------------------------------------------------------------------------------


def test_proofs_are_numbered_and_their_digest_is_kept(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace()
    first = send_proof(workspace, ledger, "n1", now=AT)
    second = send_proof(workspace, ledger, "n1", to=["Zoé <zoe@exemple.fr>", "b@exemple.fr", "ZOE@exemple.fr"], now=AT)
    assert [mail["Subject"] for mail in mails(workspace)] == [f"[Épreuve {n}] La halle en hiver" for n in (1, 2, 2)]
    assert sorted(address for mail in mails(workspace) for address in recipients(mail)) == [
        "b@exemple.fr",
        "desk@exemple.fr",
        "zoe@exemple.fr",
    ]
    assert [proof.digest for proof in ledger.proofs.of_issue("n1")] == [first.digest] * 2
    assert (second.number, second.subject) == (2, "[Épreuve 2] La halle en hiver")
    assert second.to_json()["sent_to"] == ["zoe@exemple.fr", "b@exemple.fr"]


def test_two_who_send_at_once_get_two_numbers(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace, numbers = make_workspace(), []
    together = threading.Barrier(4)

    def send() -> None:
        together.wait()
        numbers.append(send_proof(workspace, ledger, "n1", now=AT).number)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4]
    assert sorted(mail["Subject"] for mail in mails(workspace)) == [f"[Épreuve {n}] La halle en hiver" for n in (1, 2, 3, 4)]


def test_a_number_that_reached_nobody_is_no_proof_and_is_not_given_again(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    workspace = make_workspace(transport=f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}', require='["proof"]')
    with pytest.raises(NetworkError) as told:
        send_proof(workspace, ledger, "n1", now=AT)
    assert told.value.where == f"127.0.0.1:{port}"
    assert ledger.proofs.of_issue("n1") == ()
    with pytest.raises(Conflict):
        approve(workspace, ledger, "n1", by="Ana", now=AT)
    assert ledger.proofs.reserve(issue_id="n1", digest="d", now=AT) == 2


# To whom ------------------------------------------------------------------------------------------------------------------------------


def test_a_proof_needs_an_address(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace(proof_to="[]")
    for to in ([], ["pas une adresse"], ["a@exemple.fr", "b@"]):
        with pytest.raises(UsageError):
            send_proof(workspace, ledger, "n1", to=to, now=AT)
    assert mails(workspace) == []
    assert ledger.proofs.reserve(issue_id="n1", digest="d", now=AT) == 1


def test_more_than_ten_addresses_are_asked_about(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace, many = make_workspace(), [f"a{n}@exemple.fr" for n in range(11)]
    with pytest.raises(ConfirmationNeeded) as asked:
        send_proof(workspace, ledger, "n1", to=many, now=AT)
    assert asked.value.hint is not None
    assert "--to a10@exemple.fr --yes" in asked.value.hint.en
    assert mails(workspace) == []
    assert len(send_proof(workspace, ledger, "n1", to=many, yes=True, now=AT).sent_to) == 11
    send_proof(workspace, ledger, "n1", to=many[:10], now=AT)


class _Refuses:
    """A server that takes no mail for one address."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("plein"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 OK"


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(_Refuses(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def test_an_address_that_is_refused_is_told_with_the_command_for_it_alone(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    with _server() as port:
        workspace = make_workspace(transport=f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}')
        with pytest.raises(Unfinished) as told:
            send_proof(workspace, ledger, "n1", to=["a@exemple.fr", "plein@exemple.fr", "b@exemple.fr"], now=AT)
    assert "plein@exemple.fr (452 4.2.2 mailbox full)" in told.value.message.en
    assert told.value.hint is not None
    assert told.value.hint.en.endswith("`hebdo proof n1 --to plein@exemple.fr`")
    (proof,) = ledger.proofs.of_issue("n1")
    assert proof.sent_to == ("a@exemple.fr", "b@exemple.fr")


# What it shows ------------------------------------------------------------------------------------------------------------------------


def test_a_proof_unsubscribes_nobody_and_greets_a_sample_reader(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    import_subscribers(ledger, b"email\ndesk@exemple.fr\n", consent="site, 2026", now=AT)
    workspace = make_workspace()
    send_proof(workspace, ledger, "n1", now=AT)
    (mail,) = mails(workspace)
    assert f"/u/{PROOF_TOKEN}>" in mail["List-Unsubscribe"]
    assert f"unsubscribe%20{PROOF_TOKEN}>" in mail["List-Unsubscribe"]
    text, html = parts(mail)
    assert "Bonjour Camille" in text
    assert f"/u/{PROOF_TOKEN}" in html
    assert f"/u/{PROOF_TOKEN}" in text
    assert "%prenom%" not in html
    assert _token(ledger, "desk@exemple.fr") not in mail.as_string()
    assert mail["To"].addresses[0].display_name == ""  # the sample's name is not the desk's


def test_an_issue_that_names_its_reader_is_shown_with_a_name_and_without(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace(greeting="Bonjour %prenom|cher lecteur%")
    proof = send_proof(workspace, ledger, "n1", to=["Zoé Dupont <zoe@exemple.fr>"], now=AT)
    shown = {mail["Subject"]: parts(mail)[0] for mail in mails(workspace)}
    assert set(shown) == {"[Épreuve 1] La halle en hiver", "[Épreuve 1, sans nom] La halle en hiver"}
    assert "Bonjour Zoé" in shown["[Épreuve 1] La halle en hiver"]
    assert "Bonjour cher lecteur" in shown["[Épreuve 1, sans nom] La halle en hiver"]
    assert proof.sent_to == ("zoe@exemple.fr",)
    assert len(proof.outcomes) == 2


def test_a_proof_is_seen_as_a_subscriber_gets_it_and_none_of_them_is_written_to(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace(greeting="Bonjour %prenom|vous%, %email%")
    import_subscribers(ledger, b"email,nom\nlea@exemple.fr,L\xc3\xa9a Martin\n", consent="site, 2026", now=AT)
    unsubscribe(ledger, _token(ledger, "lea@exemple.fr"), AT)
    send_proof(workspace, ledger, "n1", seen_as="LEA@exemple.fr", now=AT)
    (mail,) = mails(workspace)
    assert mail["Subject"] == "[Épreuve 1, comme lea@exemple.fr] La halle en hiver"
    assert "Bonjour Léa, lea@exemple.fr" in parts(mail)[0]
    assert recipients(mail) == ["desk@exemple.fr"]
    assert _token(ledger, "lea@exemple.fr") not in mail.as_string()
    with pytest.raises(NotFound):
        send_proof(workspace, ledger, "n1", seen_as="personne@exemple.fr", now=AT)


def test_a_reader_without_what_the_issue_needs_is_told_before_anything_leaves(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace()
    import_subscribers(ledger, b"email\nsans@exemple.fr\n", consent="site, 2026", now=AT)
    with pytest.raises(MergeError):
        send_proof(workspace, ledger, "n1", seen_as="sans@exemple.fr", now=AT)
    assert mails(workspace) == []


def _token(ledger: Ledger, email: str) -> str:
    person = ledger.subscribers.by_key(email)
    assert person is not None
    return person.token


def test_a_proof_touches_no_audience(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace()
    import_subscribers(ledger, b"email,nom\na@exemple.fr,Ana\ndesk@exemple.fr,Zo\xc3\xa9\n", consent="site, 2026", now=AT)
    before = status(workspace, ledger, "n1", now=AT)["audience_now"]
    send_proof(workspace, ledger, "n1", now=AT)
    answer = status(workspace, ledger, "n1", now=AT)
    assert answer["audience_now"] == before == 2
    assert answer["mailings"] == []


def test_a_rehearsal_says_so_in_the_proof_and_keeps_the_digest(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace(rehearsal="true")
    proof = send_proof(workspace, ledger, "n1", now=AT)
    (mail,) = mails(workspace)
    assert all("Répétition" in part for part in parts(mail))
    assert approve(workspace, ledger, "n1", by="Ana", now=AT).digest == proof.digest


def test_the_web_view_of_a_proof_stands_under_a_link_that_nobody_guesses(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace()
    send_proof(workspace, ledger, "n1", now=AT)
    text, _ = parts(mails(workspace)[0])
    address = next(word for word in text.split() if word.startswith("http://127.0.0.1:8000/n/n1/"))
    name = address.rpartition("/")[2]
    page = load_proof_page(workspace, "n1", name)
    assert page is not None
    assert "Une halle froide" in page.text
    edit(workspace, "glacée")
    send_proof(workspace, ledger, "n1", now=AT)
    assert load_proof_page(workspace, "n1", name) == page  # each proof keeps its own
    for other in ("", "n1", name[:-1], name[:-1] + "!", "../../../newsletter.toml", name.swapcase()):
        assert load_proof_page(workspace, "n1", other) is None
    assert load_proof_page(workspace, "n2", name) is None


# What it stands for -------------------------------------------------------------------------------------------------------------------


def test_an_approval_stands_for_what_was_proofed(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace(require='["proof"]')
    with pytest.raises(Conflict):
        approve(workspace, ledger, "n1", by="Ana", now=AT)
    proof = send_proof(workspace, ledger, "n1", now=AT)
    given = approve(workspace, ledger, "n1", by="Ana", now=AT)
    assert ledger.proofs.approvers("n1", proof.digest) == ("Ana",)
    assert given.words.fr.startswith("Bon à tirer de Ana")
    edit(workspace, "glacée")
    with pytest.raises(Conflict) as told:
        approve(workspace, ledger, "n1", by="Ana", now=AT)
    assert told.value.hint is not None
    assert told.value.hint.fr == "`hebdo proof n1`"


def test_an_edit_makes_the_proof_stale_and_says_what_changed_until_it_is_undone(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace()
    send_proof(workspace, ledger, "n1", now=AT)
    approve(workspace, ledger, "n1", by="Ana", now=AT)
    send_proof(workspace, ledger, "n1", now=AT)
    assert review_findings(workspace, ledger, "n1") == []
    edit(workspace, "glacée")
    (found,) = review_findings(workspace, ledger, "n1")
    assert (found.rule, found.level) == ("proof-stale", "warning")
    assert "L’épreuve 2 date d’avant la dernière modification." in found.message.fr
    assert "Une halle froide" in found.message.fr
    assert "Une halle glacée" in found.message.fr
    shown = board(status(workspace, ledger, "n1", now=AT))
    assert "`hebdo proof n1`" in shown
    assert "`hebdo approve n1`" in shown
    assert "Une halle glacée" in shown
    edit(workspace, "froide")
    assert review_findings(workspace, ledger, "n1") == []
    assert not review(workspace, ledger, "n1").stale
    assert "`hebdo proof n1`" not in board(status(workspace, ledger, "n1", now=AT))


def test_a_desk_that_requires_proofs_is_told_of_a_stale_one_as_an_error(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace(require='["proof"]', greeting="Bonjour")
    assert review_findings(workspace, ledger, "n1") == []  # none yet is no error while one writes
    send_proof(workspace, ledger, "n1", now=AT)
    edit(workspace, "glacée", "Bonjour")
    (found,) = review_findings(workspace, ledger, "n1")
    assert found.level == "error"


def test_nothing_is_scheduled_on_a_stale_proof(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace(require='["proof", "approval"]', rehearsal="true", greeting="Bonjour")
    import_subscribers(ledger, b"email\na@exemple.fr\n", consent="site, 2026", now=AT)

    def refused() -> Conflict:
        with pytest.raises(Conflict) as told:
            schedule(workspace, ledger, "n1", at="2026-12-03 07:00", yes=True, now=AT)
        return told.value

    assert "pas eu d’épreuve" in refused().message.fr
    send_proof(workspace, ledger, "n1", now=AT)
    edit(workspace, "glacée", "Bonjour")
    stale = refused()
    assert stale.message.fr.startswith("L’épreuve 1 date d’avant la dernière modification.")
    assert "glacée" in stale.message.fr
    send_proof(workspace, ledger, "n1", now=AT)
    assert "pas de bon à tirer" in refused().message.fr
    approve(workspace, ledger, "n1", by="Ana", now=AT)
    edit(workspace, "tiède", "Bonjour")
    send_proof(workspace, ledger, "n1", now=AT)
    assert refused().message.fr.startswith("Le bon à tirer de Ana ne vaut plus")
    approve(workspace, ledger, "n1", by="Ana", now=AT)
    assert schedule(workspace, ledger, "n1", at="2026-12-03 07:00", yes=True, now=AT).warnings is not None


def test_a_desk_without_rules_is_warned_of_a_stale_proof_when_it_schedules(make_workspace: MakeWorkspace, ledger: Ledger) -> None:
    workspace = make_workspace(rehearsal="true", greeting="Bonjour")
    import_subscribers(ledger, b"email\na@exemple.fr\n", consent="site, 2026", now=AT)
    send_proof(workspace, ledger, "n1", now=AT)
    edit(workspace, "glacée", "Bonjour")
    warnings = schedule(workspace, ledger, "n1", at="2026-12-03 07:00", yes=True, now=AT).warnings
    assert any("L’épreuve 1 date d’avant" in warning.fr for warning in warnings)
