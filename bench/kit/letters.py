"""A newsletter with readers and a mailing that is due: what bench and drills send."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.message import compile_template, splice
from composer.model.edition import Edition
from composer.model.mailing import DeliveryState, MailingFigures, Recipient
from composer.model.newsletter import Newsletter, Site
from composer.model.newsletter import Sender as Writer
from composer.text.merge import MergeField, field_token

HTML_BYTES = 75_000
TEXT_BYTES = 12_000
ISSUE = "2026-11-26-banc"
PREFIX = "mfq7"
DOMAINS = 70
_opening = threading.Lock()  # Alembic keeps the migration under way in globals of its own
_WORDS = [
    "le",
    "conseil",
    "a",
    "voté",
    "lundi",
    "soir",
    "trois",
    "millions",
    "d’euros",
    "de",
    "travaux",
    "après",
    "deux",
    "hivers",
    "où",
    "l’eau",
    "est",
    "entrée",
    "dans",
    "la",
    "halle",
    "aux",
    "grains",
]
CONFIG = """\
[newsletter]
name = "La Gazette"
list_id = "gazette.exemple.fr"

[sender]
name = "La Gazette"
address = "lettre@exemple.fr"
{sender}
[site]
public_url = "{public_url}"
self_check = false
{site}
[desk]
on_change = "send_sealed"
on_uncertain = "{on_uncertain}"

[transport]
kind = "smtp"
host = "127.0.0.1"
port = {port}
connections = {connections}
timeout_s = {timeout_s}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a letter is sent."""

    port: int
    connections: int = 8
    timeout_s: float = 60.0
    on_uncertain: str = "hold"
    public_url: str = "https://lettre.exemple.fr"
    site: str = ""
    sender: str = ""


def field(name: str) -> str:
    return field_token(PREFIX, MergeField(name=name))


def issue(html_bytes: int = HTML_BYTES, text_bytes: int = TEXT_BYTES) -> tuple[str, str]:
    """HTML and plain text, the same at every call: short lines of French, a greeting and two links of the reader's own."""
    rng, foot = random.Random(7), f'<p>{field("email")} <a href="{field("unsubscribe_url")}">Se désinscrire</a></p></body></html>\n'
    html = '<!doctype html>\n<html lang="fr"><head><title>La Gazette</title></head><body>\n'
    while len((html + foot).encode()) < html_bytes:
        html += f'<p style="margin:0;font:16px/24px Georgia">{" ".join(rng.choices(_WORDS, k=14))}</p>\n'
    text = ""
    while len(text.encode()) < text_bytes:
        text += " ".join(rng.choices(_WORDS, k=14)) + "\n\n"
    return html + foot, f"{text}{field('unsubscribe_url')}\n"


def edition() -> Edition:
    html, text = issue()
    return Edition(
        issue_id=ISSUE, number=7, subject="La halle, deux hivers après", preheader="", html=html, text=text, pictures=(),
        field_prefix=PREFIX, digest="d" * 64, theme="classique", lang="fr",
    )  # fmt: skip


def sample_message() -> bytes:
    """One finished message of the issue, as Hebdo submits it: CRLF, without DKIM."""
    newsletter = Newsletter(
        name="La Gazette", list_id="gazette.exemple.fr", sender=Writer(name="La Gazette", address="lettre@exemple.fr"),
        site=Site(public_url="https://lettre.exemple.fr"),
    )  # fmt: skip
    reader = Recipient(delivery_id=1, email=address(1), name="", token="t" * 22, message_id=f"{'a' * 32}@exemple.fr")
    return splice(compile_template(edition(), newsletter), reader, date=datetime.now(UTC)).content


def address(number: int) -> str:
    return f"r{number}@d{number % DOMAINS}.exemple.org"


@dataclass(frozen=True, slots=True)
class Letter:
    """A workspace with a ledger and one mailing."""

    root: Path
    readers: int
    mailing_id: int

    @property
    def ledger_path(self) -> Path:
        return self.root / "var" / "ledger.sqlite"

    @property
    def var(self) -> Path:
        return self.root / "var"

    def open(self) -> Ledger:
        with _opening:
            return open_ledger(self.ledger_path)

    def figures(self) -> MailingFigures:
        with self.open() as ledger:
            found = ledger.mailings.figures(self.mailing_id)
        assert found
        return found

    def counts(self) -> dict[str, int]:
        return {state.value: count for state, count in self.figures().counts if count}

    def states(self) -> dict[str, str]:
        """Address → state, of every delivery."""
        return {email: state for email, state, _ in self._rows()}

    def message_keys(self) -> dict[str, str]:
        """Address → Message-ID before the @."""
        return {email: key for email, _, key in self._rows()}

    def suppressed_addresses(self) -> int:
        return int(self._read("SELECT count(*) FROM suppressions")[0][0])

    def people(self) -> list[tuple[object, ...]]:
        """All that the ledger says of people, for a comparison of before and after."""
        return [*self._read("SELECT * FROM subscribers ORDER BY id"), *self._read("SELECT * FROM suppressions ORDER BY id"), *self._rows()]

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(str(a), str(b), str(c)) for a, b, c in self._read("SELECT email, state, message_key FROM deliveries ORDER BY id")]

    def _read(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.ledger_path}?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(query).fetchall()

    def count(self, *states: DeliveryState) -> int:
        return sum(count for state, count in self.figures().counts if state in states)


def make_letter(root: Path, readers: int, plan: Plan, *, due_in_s: float = 0.0, names: list[str] | None = None) -> Letter:
    """Writes the workspace, its readers and a mailing; nothing runs yet. ``names`` are the readers' addresses, else invented."""
    write_people(root, readers, plan, names=names)
    return write_mailing(root, readers, due_in_s=due_in_s)


def write_people(root: Path, readers: int, plan: Plan, *, names: list[str] | None = None) -> None:
    """The workspace and its readers, without a mailing."""
    (root / "issues" / ISSUE).mkdir(parents=True)
    write_settings(root, plan)
    people = [NewSubscriber(email=one, email_key=one) for one in (names or [address(number) for number in range(readers)])]
    with Letter(root, readers, 0).open() as ledger:
        ledger.subscribers.add_all(people, now=datetime.now(UTC))


def write_mailing(root: Path, readers: int, *, due_in_s: float) -> Letter:
    """A mailing to all of them; an engine that runs there sees it with its next beat."""
    now = datetime.now(UTC)
    with Letter(root, readers, 0).open() as ledger:
        ledger.editions.seal(edition(), now=now)
        due_at = now + timedelta(seconds=due_in_s)
        mailing = ledger.mailings.add(issue_id=ISSUE, digest="d" * 64, due_at=due_at, expected=readers, now=now)
    assert mailing
    return Letter(root, readers, mailing.id)


def write_settings(root: Path, plan: Plan) -> None:
    values = {name: getattr(plan, name) for name in plan.__dataclass_fields__}
    (root / "newsletter.toml").write_text(CONFIG.format(**values), encoding="utf-8")
