"""Servers that misbehave, met by the whole engine: what stands in the ledger afterwards, and that nothing goes twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from composer.ledger.tables import deliveries
from composer.model.mailing import MailingState
from composer.model.newsletter import TransportSettings
from composer.transports import SmtpTransport

from .bad_relay import Relay, once

READERS = 6
TIMEOUT_S = 1.0
NOISE = ("garbage", "line", "ended line", "endless")
BREAKS = ("drop", "silence", "half-close", *NOISE)
WAYS = {"pipelined": ("PIPELINING", "8BITMIME", "SIZE 10000000"), "lockstep": ()}


@pytest.fixture
def deliver(ledger, launch, make_sender, until, counts):
    """Gives a function that sends one mailing over ``relay`` until nothing more happens; gives states, and how often the way out was waited for."""

    async def run(relay: Relay, *, readers: int = READERS, connections: int = 1, **more) -> tuple[dict[str, int], int]:
        mailing_id = launch(readers)
        ahead, waits = timedelta(), 0
        async with relay.listening():
            settings = TransportSettings(**{"kind": "smtp", "host": "127.0.0.1", "port": relay.port, "timeout_s": TIMEOUT_S, **more})
            transport = SmtpTransport(settings)
            sender = make_sender(transport, connections=connections, clock=lambda: datetime.now(UTC) + ahead)
            task = asyncio.ensure_future(sender.run())
            still = {"submitted", "deferred", "uncertain", "failed"}

            def has_settled() -> bool:
                nonlocal ahead, waits
                if sender.is_waiting and sender.is_idle and waits < sender._out.waits:
                    waits, ahead = waits + 1, ahead + timedelta(minutes=1)
                is_held = ledger.mailings.get(mailing_id).state is MailingState.HELD
                return is_held or set(counts(mailing_id)) <= still

            await until(has_settled, within_s=40)
            sender.stop()
            await asyncio.wait_for(task, 10)
            await transport.aclose()
        assert set(Counter(relay.taken).values()) <= {1}, "nobody gets it twice"
        return counts(mailing_id), waits

    return run


@pytest.fixture
def words_of(ledger):
    """Gives a function: what the ledger keeps of deliveries in one state."""

    def read(state: str) -> list[tuple[str, str]]:
        with ledger._store.reading() as connection:
            rows = connection.execute(select(deliveries.c.stage, deliveries.c.reply).where(deliveries.c.state == state))
            return [(row.stage, row.reply) for row in rows]

    return read


@pytest.mark.parametrize("what", [*BREAKS, "421 4.3.2 closing", "451 4.3.0 and ends"])
@pytest.mark.parametrize("stage", ["greeting", "EHLO"])
async def test_before_the_first_message_the_mailing_waits_and_nobody_is_blamed(deliver, stage, what):
    assert await deliver(Relay(once(stage, what))) == ({"submitted": READERS}, 1)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", [*BREAKS, "421 4.3.2 closing"])
@pytest.mark.parametrize("message", [0, 2])
async def test_mail_that_finds_nobody_goes_over_another_connection_or_waits(deliver, way, what, message):
    relay = Relay(once("MAIL", what, message=message), offers=WAYS[way])
    states, waits = await deliver(relay)
    assert states == {"submitted": READERS}
    # Over a connection that has served, it says nothing; over a new one that groups commands, the group may be to blame.
    assert waits == (1 if message == 0 and (way == "lockstep" or what.startswith("421")) else 0)
    assert relay.connections == 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize("what", BREAKS)
async def test_a_break_in_the_middle_of_an_envelope_defers_this_reader_alone(deliver, words_of, way, stage, what):
    relay = Relay(once(stage, what, message=2), offers=WAYS[way])
    assert await deliver(relay) == ({"submitted": READERS - 1, "deferred": 1}, 0)
    ((kept, words),) = words_of("deferred")
    assert (kept, bool(words)) == (stage.lower(), True)


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize("what", BREAKS)
async def test_the_first_group_that_breaks_is_tried_one_by_one_before_a_reader_waits_for_it(deliver, stage, what):
    relay = Relay(once(stage, what))
    assert await deliver(relay) == ({"submitted": READERS}, 0)
    assert relay.connections == 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("stage", "what", "state"),
    [
        ("RCPT", "421 4.4.2 bye", "deferred"),
        ("RCPT", "450 4.2.0 grey", "deferred"),
        ("RCPT", "550 5.7.1 policy", "failed"),
        ("DATA", "451 4.3.0 later", "deferred"),
        ("DATA", "421 4.4.2 bye", "deferred"),
        ("DATA", "554 5.6.0 no", "failed"),
        ("dot", "421 4.4.2 bye", "deferred"),
        ("dot", "451 4.3.0 and ends", "deferred"),
        ("dot", "452 4.3.1 full", "deferred"),
        ("dot", "554 5.6.0 spam", "failed"),
        *(("dot", what, "uncertain") for what in BREAKS),
        ("dot", "354 go on", "uncertain"),
    ],
)
async def test_each_reply_leaves_the_state_that_is_written_and_the_next_message_goes_on(deliver, words_of, ledger, way, stage, what, state):
    relay = Relay(once(stage, what, message=2), offers=WAYS[way])
    assert await deliver(relay) == ({"submitted": READERS - 1, state: 1}, 0)
    assert words_of(state)[0][1]
    assert not ledger.suppressions.keys()
    assert len(relay.contents) == READERS - (stage != "dot")


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL"])
async def test_a_server_that_says_never_holds_the_mailing_with_its_words(deliver, ledger, stage):
    stages = {stage, "HELO"} if stage == "EHLO" else {stage}
    states, _ = await deliver(Relay(lambda moment: "554 5.7.1 we know you" if moment[0] in stages else "", offers=()))
    assert states == {"pending": READERS}
    assert "554 5.7.1 we know you" in ledger.mailings.in_states(MailingState.HELD)[0].reason


async def test_a_size_too_small_holds_the_mailing_and_asks_nothing(deliver, ledger):
    relay = Relay(offers=("SIZE 100",))
    states, _ = await deliver(relay)
    assert (states, relay.contents) == ({"pending": READERS}, [])
    assert "le serveur prend 100 octets" in ledger.mailings.in_states(MailingState.HELD)[0].reason


async def test_without_8bitmime_what_leaves_is_ascii(deliver):
    relay = Relay(offers=())
    assert (await deliver(relay))[0] == {"submitted": READERS}
    assert all(content.isascii() for content in relay.contents)


async def test_a_mailing_paused_while_somebody_is_announced_leaves_nothing_half_said(ledger, launch, make_sender, until, counts):
    mailing_id = launch(READERS)

    def fault(moment):
        if moment[0] == "dot" and moment[2] == 2:  # the next one's envelope is on the wire
            ledger.mailings.pause(mailing_id, reason="test")
        return ""

    relay = Relay(fault)
    async with relay.listening():
        transport = SmtpTransport(TransportSettings(kind="smtp", host="127.0.0.1", port=relay.port, timeout_s=TIMEOUT_S))
        sender = make_sender(transport, connections=1)
        task = asyncio.ensure_future(sender.run())
        await until(lambda: counts(mailing_id) == {"submitted": 3, "pending": 3})
        assert len(relay.contents) == 3
        ledger.mailings.resume(mailing_id)
        await until(lambda: counts(mailing_id) == {"submitted": READERS})
        sender.stop()
        await asyncio.wait_for(task, 10)
        await transport.aclose()
    assert sorted(Counter(relay.taken).values()) == [1] * READERS


@pytest.mark.parametrize("many", [1, 2, 5])
@pytest.mark.parametrize("what", ["drop", "421 4.7.0 enough"])
async def test_a_server_that_ends_every_connection_after_some_messages_gets_all_of_them(deliver, many, what):
    relay = Relay(lambda moment: what if moment[0] == "MAIL" and moment[2] == many else "")
    assert await deliver(relay, readers=20, connections=3) == ({"submitted": 20}, 0)


async def test_an_end_right_behind_the_dot_s_reply_loses_no_reply(deliver):
    relay = Relay(lambda moment: "250 2.0.0 kept and ends" if moment[0] == "dot" and moment[2] == 3 else "")
    states, _ = await deliver(relay, readers=20)
    assert states["submitted"] + states.get("uncertain", 0) == 20
    assert states.get("uncertain", 0) <= 5


# A server that cannot do what it offers.


@pytest.mark.parametrize(
    "said", ["503 5.5.0 improper use of pipelining and ends", "554 SMTP synchronization error and ends", "500 5.5.1 what?"]
)
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
async def test_a_server_that_refuses_pipelined_commands_gets_one_at_a_time_from_then_on(deliver, stage, said):
    relay = Impatient(said, at=stage)
    assert await deliver(relay, readers=12, connections=3) == ({"submitted": 12}, 0)
    assert relay.groups <= 3, "each connection tried at most once"


async def test_a_server_that_throws_pipelined_commands_away_gets_one_at_a_time(deliver):
    relay = Relay(lambda moment: "flush" if moment[0] in {"MAIL", "RCPT"} else "")
    began = time.monotonic()
    assert await deliver(relay, readers=12) == ({"submitted": 12}, 0)
    assert time.monotonic() - began < 12, "one time-out is enough to learn it"


async def test_a_server_that_throws_away_what_follows_a_dot_loses_no_message(deliver):
    relay = Relay(lambda moment: "flush" if moment[0] == "dot" else "")
    assert await deliver(relay, readers=12, connections=3) == ({"submitted": 12}, 0)


async def test_a_server_that_breaks_on_what_follows_a_dot_leaves_one_uncertain_however_many_connections(deliver):
    class Strict(Relay):
        async def _take(self, line, address):
            content = await line.reader.readuntil(b"\r\n.\r\n")
            await asyncio.sleep(0.03)
            if line.reader._buffer:
                self.contents.append(content)
                line.writer.transport.abort()
                raise ConnectionError
            self.contents.append(content)
            self.taken.append(address)
            await line.say("dot", "250 kept")

    relay = Strict()
    assert await deliver(relay, readers=24, connections=4) == ({"submitted": 23, "uncertain": 1}, 0)


async def test_a_dot_refused_for_what_follows_it_is_not_the_message_s_fault(deliver):
    class Strict(Relay):
        async def _take(self, line, address):
            await line.reader.readuntil(b"\r\n.\r\n")
            await asyncio.sleep(0.03)
            if line.reader._buffer:
                line.writer.write(b"554 SMTP synchronization error\r\n")
                raise ConnectionError
            self.taken.append(address)
            await line.say("dot", "250 kept")

    assert await deliver(Strict(), readers=12, connections=2) == ({"submitted": 12}, 0)


async def test_a_server_that_refuses_the_parameters_it_offers_gets_none(deliver):
    def fault(moment):
        return "555 5.5.4 unknown parameter" if moment[0] == "RCPT" and "NOTIFY" in relay.lines[-1] else ""

    relay = Relay(fault, offers=("PIPELINING", "DSN"))
    assert await deliver(relay, readers=12, connections=2) == ({"submitted": 12}, 0)


class Impatient(Relay):
    """Offers PIPELINING, and refuses at one stage whatever it did not wait for."""

    def __init__(self, said: str, *, at: str) -> None:
        super().__init__(self.look)
        self.said = said
        self.at = at
        self.grouped: set[int] = set()  # connections whose envelope under way came in one go
        self.groups = 0

    def look(self, moment):
        stage, connection, _ = moment
        if stage == "MAIL":
            (self.grouped.add if self.has_more else self.grouped.discard)(connection)
        if stage != self.at or connection not in self.grouped:
            return ""
        self.groups += 1
        return self.said


# Replies out of their order.


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "dot"])
@pytest.mark.parametrize("message", [0, 2])
async def test_replies_before_their_command_cost_connections_and_no_message(deliver, way, stage, message):
    relay = Relay(once(stage, "early", message=message), offers=WAYS[way])
    states, _ = await deliver(relay)
    assert set(states) <= {"submitted", "deferred"}
    assert states.get("deferred", 0) <= 1
    assert states["submitted"] == len(relay.taken)


@pytest.mark.parametrize("way", WAYS)
async def test_a_reply_before_the_dot_is_never_taken_for_that_to_the_dot(deliver, words_of, way):
    def fault(moment):
        said = {("DATA", 0, 2): "354 go\r\n250 2.0.0 kept", ("dot", 0, 2): "554 5.6.0 no"}
        return said.get(moment, "")

    states, _ = await deliver(Relay(fault, offers=WAYS[way]))
    assert states == {"submitted": READERS - 1, "deferred": 1}
    assert "hors de son tour" in words_of("deferred")[0][1]
