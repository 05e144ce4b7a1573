from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import uvloop

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


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The sender's."""
    return {"uvloop": uvloop.new_event_loop}


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
def launch(launch_to):
    """Gives a function that launches a mailing to so many readers, one domain after the other."""

    def make(readers: int, *, domains: int = 7) -> int:
        return launch_to([f"r{n}@d{n % domains}.exemple.org" for n in range(readers)])

    return make


@pytest.fixture
def launch_to(ledger):
    """Gives a function that launches a mailing to all subscribers, these addresses among them."""

    def make(emails: list[str], *, issue_id: str = "n1") -> int:
        ledger.subscribers.add_all([NewSubscriber(email=email, email_key=email) for email in emails], now=now())
        mailing = ledger.mailings.add(issue_id=issue_id, digest=EDITION.digest, due_at=now(), now=now())
        ledger.mailings.launch(mailing.id, rule=AudienceRule(issue_id=issue_id), worker="test", message_domain="exemple.fr", now=now())
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

    async def rest(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


@pytest.fixture
def recorder():
    return Recorder


@pytest.fixture
def make_sender(ledger):
    """Gives a function that makes a sender on the test's ledger, and lists what it finished."""

    def make(transport, *, worker: str = "w1", connections: int = 4, prepare=None, clock=now, **more) -> Sender:
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
            **more,
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


@dataclass
class Fast:
    """Both clocks of a sender, so many times as fast as the world's."""

    speed: float
    began: float = field(default_factory=time.monotonic)
    wall: datetime = field(default_factory=now)

    def steady(self) -> float:
        return self.began + (time.monotonic() - self.began) * self.speed

    def clock(self) -> datetime:
        return self.wall + timedelta(seconds=self.steady() - self.began)


@pytest.fixture
def fast():
    return Fast


@pytest.fixture
async def relay():
    """Gives a function that starts a mail server; all of them end with the test."""
    started: list[FakeRelay] = []

    async def start(**more) -> FakeRelay:
        started.append(await FakeRelay(**more).start())
        return started[-1]

    yield start
    for one in started:
        await one.end()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def addresses(messages: list[Message]) -> Counter[str]:
    return Counter(message.envelope_to for message in messages)


Answer = Callable[[str], str]


@dataclass
class FakeRelay:
    """Replies may change while it runs; ``rcpt`` is given the address."""

    greeting: str = "220 ici"
    mail: str = "250 ok"
    rcpt: Answer = lambda _: "250 ok"
    dot: str = "250 2.0.0 pris"
    slow_s: float = 0.0  # after each dot
    port: int = 0
    taken: list[tuple[str, float]] = field(default_factory=list)  # address, second
    asked: list[tuple[str, float]] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0
    inside: Counter[str] = field(default_factory=Counter)  # domain → messages under way now
    most_inside: Counter[str] = field(default_factory=Counter)
    _server: asyncio.Server | None = None
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> FakeRelay:
        """Listen, on the port of before if there was one."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def stop(self) -> None:
        """Take no connection any more; those that are open stay."""
        if self._server is not None:
            self._server.close()

    async def end(self) -> None:
        """Stop, and break off what is open."""
        self.stop()
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._talks.add(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open_now -= 1
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(*lines: str) -> None:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())

        say(self.greeting)
        if not self.greeting.startswith("220"):
            return
        address, accepted = "", False
        while line := (await reader.readline()).decode().strip():
            word = line.upper()
            if word.startswith("EHLO"):
                say("250-ici", "250 PIPELINING")
            elif word.startswith("MAIL"):
                address, accepted = "", False
                say(self.mail)
            elif word.startswith("RCPT"):
                address = line.partition("<")[2].rstrip(">")
                self.asked.append((address, time.monotonic()))
                said = self.rcpt(address) if self.mail.startswith("250") else "503 no sender"
                accepted = said.startswith("250")
                say(said)
            elif word == "DATA":
                say("354 oui" if accepted else "503 nobody")
                if accepted:
                    await self._content(address, reader)
                    say(self.dot)
            else:
                say("221 bye" if word == "QUIT" else "250 ok")

    async def _content(self, address: str, reader: asyncio.StreamReader) -> None:
        domain = address.partition("@")[2]
        self.inside[domain] += 1
        self.most_inside[domain] = max(self.most_inside[domain], self.inside[domain])
        await reader.readuntil(b"\r\n.\r\n")
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        self.inside[domain] -= 1
        self.taken.append((address, time.monotonic()))

    def domains(self) -> Counter[str]:
        """Domain → messages taken."""
        return Counter(address.partition("@")[2] for address, _ in self.taken)
