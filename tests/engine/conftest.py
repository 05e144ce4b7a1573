from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from composer.deliver.choose import AudienceRule
from composer.engine.attempts import Doors
from composer.engine.sender import Sender
from composer.ledger import open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.message import compile_template, splice
from composer.model.edition import Edition
from composer.model.mailing import MailingState, Message, Outcome, Stage
from composer.model.newsletter import Newsletter, Site
from composer.model.newsletter import Sender as Writer
from composer.text.merge import MergeField, field_token

NEWSLETTER = Newsletter(
    name="La Gazette",
    list_id="gazette.exemple.fr",
    sender=Writer(name="La Gazette", address="lettre@exemple.fr"),
    site=Site(public_url="https://lettre.exemple.fr"),
)
EDITION = Edition(
    issue_id="n1",
    number=1,
    subject="Bonjour",
    preheader="",
    html=f"<p>{field_token('mfq7', MergeField(name='email'))}</p>",
    text="Bonjour",
    pictures=(),
    field_prefix="mfq7",
    digest="d" * 64,
    theme="classique",
    lang="fr",
)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def launch(ledger):
    """Gives a function that launches a mailing to so many readers, one domain after the other."""

    def make(readers: int, *, domains: int = 7) -> int:
        people = [
            NewSubscriber(email=f"r{n}@d{n % domains}.exemple.org", email_key=f"r{n}@d{n % domains}.exemple.org") for n in range(readers)
        ]
        ledger.subscribers.add_all(people, now=now())
        mailing = ledger.mailings.add(issue_id="n1", digest=EDITION.digest, due_at=now(), now=now())
        ledger.mailings.launch(mailing.id, rule=AudienceRule(issue_id="n1"), worker="test", message_domain="exemple.fr", now=now())
        ledger.mailings.receipted(mailing.id, now=now())
        return mailing.id

    return make


class Recorder:
    """A transport that answers what ``answer`` says for an address, and keeps what it accepted."""

    def __init__(self, answer: Callable[[str], Outcome] | None = None) -> None:
        self.answer = answer or (lambda _: Outcome(stage=Stage.DONE, code=250, reply="ok"))
        self.accepted: list[Message] = []
        self.asked: list[str] = []
        self.gate: asyncio.Event | None = None

    def lane(self):
        return RecordedLane(self)

    async def submit(self, message: Message) -> Outcome:
        self.asked.append(message.envelope_to)
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate.wait()
        outcome = self.answer(message.envelope_to)
        if outcome.stage is Stage.DONE:
            self.accepted.append(message)
        return outcome

    async def aclose(self) -> None:
        pass

    async def abort(self) -> None:
        if self.gate is not None:
            self.gate.set()


class RecordedLane:
    """Asks its transport, one message at a time."""

    def __init__(self, transport) -> None:
        self.transport = transport

    async def submit(self, message: Message, then: Message | None = None) -> Outcome:  # noqa: ARG002
        return await self.transport.submit(message)

    async def aclose(self) -> None:
        pass


@pytest.fixture
def recorder():
    return Recorder


@pytest.fixture
def make_sender(ledger):
    """Gives a function that makes a sender on the test's ledger, and lists what it finished."""

    def make(transport, *, worker: str = "w1", connections: int = 4, prepare=None, clock=now, written=lambda _: None) -> Sender:
        template = compile_template(EDITION, NEWSLETTER)

        def usual(_mailing):
            return lambda recipient: splice(template, recipient, date=now())

        finished: list[int] = []
        doors = Doors(
            ledger=ledger,
            transport=transport,
            prepare=prepare or usual,
            clock=clock,
            chance=lambda: 0.0,
            finished=lambda mailing: finished.append(mailing.id),
            written=written,
        )
        sender = Sender(doors, worker=worker, connections=connections)
        sender.told = finished
        return sender

    return make


@pytest.fixture
def counts(ledger):
    """Gives a function: the states of a mailing's deliveries that are not empty, after checking that they add up."""

    def read(mailing_id: int) -> dict[str, int]:
        figures = ledger.mailings.figures(mailing_id)
        assert figures.adds_up
        return {state.value: count for state, count in figures.counts if count}

    return read


@pytest.fixture
def until():
    """Gives a function that waits, event loop free, until a condition holds."""

    async def wait(condition, *, within_s: float = 20.0) -> None:
        async with asyncio.timeout(within_s):
            while not condition():  # noqa: ASYNC110 - the condition is a row of the ledger
                await asyncio.sleep(0.02)

    return wait


@pytest.fixture
def finish(ledger, until):
    """Gives a function that runs a sender until a mailing has left ``running``."""

    async def run(sender: Sender, mailing_id: int, *, within_s: float = 60.0) -> None:
        task = asyncio.ensure_future(sender.run())
        await until(lambda: task.done() or ledger.mailings.get(mailing_id).state is not MailingState.RUNNING, within_s=within_s)
        sender.stop()
        await task

    return run


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def addresses(messages: list[Message]) -> Counter[str]:
    return Counter(message.envelope_to for message in messages)
