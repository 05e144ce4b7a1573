"""What happens seldom to a sender, and must come out right all the same."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from composer.deliver.backoff import GIVE_UP, GIVE_UP_S, QUIET_S, BackOff
from composer.deliver.circuit import MOST, Circuit
from composer.deliver.judge import Decision
from composer.engine.attempts import Ended, Job
from composer.engine.scribe import Scribe
from composer.engine.way_out import WayOut
from composer.model.mailing import DeliveryState, MailingState, Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.transports.smtp import SmtpTransport

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
LATER = Outcome(stage=Stage.RCPT, code=451, reply="4.7.0 later")
UNSURE = Outcome(stage=Stage.AFTER_DOT)


def test_a_domain_that_was_dead_a_week_ago_is_not_given_up_at_its_first_later() -> None:
    back = BackOff(connections=4)
    at_s = 0.0
    while at_s < GIVE_UP_S:
        assert back.later(LATER, at_s, chance=0.0) != GIVE_UP
        at_s += 3600.0
    assert back.later(LATER, at_s, chance=0.0) == GIVE_UP
    assert back.later(LATER, at_s + QUIET_S + 1, chance=0.0) != GIVE_UP


def test_a_circuit_remembers_no_more_than_it_needs() -> None:
    circuit = Circuit()
    for number in range(3 * MOST):
        circuit = circuit.after(Outcome(stage=Stage.RCPT, code=554, reply="no"), delivery_id=number, email="a@x.fr")
    assert not circuit.is_open
    assert len(circuit.refusals) <= MOST + 1


async def test_who_is_leased_twice_leaves_once(launch, ledger) -> None:
    mailing_id = launch(1)
    now = datetime.now(UTC)
    (one,) = ledger.claim(mailing_id, worker="w", limit=1, lease_s=60, now=now)
    scribe = Scribe(ledger, worker="w", clock=lambda: now, lanes=4)
    answers = await asyncio.gather(*(scribe.write(mark=one.delivery_id) for _ in range(2)))
    scribe.close()
    assert sorted(answers) == [False, True]


async def test_a_closed_scribe_starts_no_thread_any_more(ledger) -> None:
    scribe = Scribe(ledger, worker="w", clock=lambda: NOW)
    assert await scribe.ask(lambda: 3) == 3
    scribe.close()
    with pytest.raises(asyncio.CancelledError):
        await scribe.ask(lambda: 3)
    assert scribe._thread is None


async def test_a_scribe_that_is_closed_while_it_gathers_writes_what_ended_and_marks_nothing(launch, ledger) -> None:
    mailing_id = launch(2)
    now = datetime.now(UTC)
    first, second = ledger.claim(mailing_id, worker="w", limit=2, lease_s=60, now=now)
    scribe = Scribe(ledger, worker="w", clock=lambda: now, lanes=32)
    assert await scribe.write(mark=first.delivery_id)
    taken = Ended(Job(ledger.mailings.get(mailing_id), first), Outcome(stage=Stage.DONE, code=250), Decision(state=DeliveryState.SUBMITTED))
    waiting = scribe.write(ended=taken, mark=second.delivery_id)
    scribe.close()
    assert waiting.cancelled()
    assert scribe.write(mark=second.delivery_id).cancelled()
    await asyncio.sleep(0.05)
    assert scribe._thread is None
    counts = ledger.mailings.figures(mailing_id).by_name
    assert (counts["submitted"], counts["pending"], counts["submitting"]) == (1, 1, 0)


def test_after_as_many_without_a_word_as_there_are_connections_everything_waits() -> None:
    out = WayOut(3, now=NOW)
    assert [out.lost(UNSURE, NOW) for _ in range(3)] == [False, False, True]
    assert out.wait_until == NOW + timedelta(seconds=30)
    assert out.lost(UNSURE, out.wait_until)
    assert out.wait_until == NOW + timedelta(seconds=90)
    out.heard(Outcome(stage=Stage.DONE, code=250))
    assert not out.lost(UNSURE, out.wait_until)


async def test_a_relay_that_never_answers_a_dot_does_not_cost_the_whole_list(launch, recorder, make_sender, until, counts) -> None:
    mailing_id = launch(300)
    sender = make_sender(recorder(lambda _: UNSURE), connections=4)
    task = asyncio.ensure_future(sender.run())
    await until(lambda: sender.is_waiting)
    await asyncio.sleep(0.3)
    assert counts(mailing_id)["uncertain"] <= 8
    sender.stop()
    await task


def test_a_silence_without_anything_to_do_is_no_silence() -> None:
    out = WayOut(2, now=NOW)
    out.leaves()
    out.heard(UNSURE)
    assert out._unanswered is not None
    out.rests()
    assert out.way.silent_s == 0.0


def test_lanes_that_are_refused_at_one_moment_say_one_thing() -> None:
    out = WayOut(8, now=NOW)
    full = Outcome(stage=Stage.CONNECT, code=421, reply="too many")
    for _ in range(3):
        assert not out.slow_down(full, NOW, NOW)
    assert out.allowed == 4


def test_a_hold_in_the_moment_of_the_finish_is_a_hold_and_nobody_is_stranded(launch, ledger) -> None:
    mailing_id = launch(3)
    now = datetime.now(UTC)
    leased = ledger.claim(mailing_id, worker="w", limit=3, lease_s=60, now=now)
    for one in leased:
        ledger.mark_submitting(one.delivery_id, worker="w", now=now)
        refused = Outcome(stage=Stage.RCPT, code=554, reply="no")
        ledger.record(one.delivery_id, refused, DeliveryState.FAILED, retry_at=None, suppress=False, now=now)
    ledger.close_finished(now=now)
    assert ledger.mailings.get(mailing_id).state is MailingState.FINISHED
    ledger.hold(mailing_id, reason="554 no", now=now)
    assert ledger.pull_back([one.delivery_id for one in leased], now=now) == 3
    assert ledger.mailings.get(mailing_id).state is MailingState.HELD
    ledger.mailings.resume(mailing_id)
    assert len(ledger.claim(mailing_id, worker="w", limit=3, lease_s=60, now=now)) == 3


def test_what_ended_for_good_is_not_pulled_back_into_nowhere(launch, ledger) -> None:
    mailing_id = launch(1)
    now = datetime.now(UTC)
    (one,) = ledger.claim(mailing_id, worker="w", limit=1, lease_s=60, now=now)
    ledger.mark_submitting(one.delivery_id, worker="w", now=now)
    ledger.record(one.delivery_id, Outcome(stage=Stage.RCPT, code=554), DeliveryState.FAILED, retry_at=None, suppress=False, now=now)
    ledger.close_finished(now=now)
    assert ledger.mailings.conclude(mailing_id, now=now)
    ledger.hold(mailing_id, reason="554 no", now=now)
    assert ledger.pull_back([one.delivery_id], now=now) == 0
    assert ledger.mailings.get(mailing_id).state is MailingState.FINISHED


async def test_a_server_with_room_for_two_gets_everything_over_two_connections(launch, make_sender, finish, counts) -> None:
    open_now = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now
        if open_now >= 2:
            writer.write(b"421 4.7.0 too many connections\r\n")
            await writer.drain()
            writer.close()
            return
        open_now += 1
        writer.write(b"220 x\r\n")
        try:
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    writer.write(b"354 go\r\n")
                    while await reader.readline() != b".\r\n":
                        pass
                    await asyncio.sleep(0.002)
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
                if verb == b"QUIT":
                    break
        except ConnectionError:
            pass
        finally:
            open_now -= 1
            writer.close()

    mailing_id = launch(150)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = SmtpTransport(TransportSettings(kind="smtp", host="127.0.0.1", port=port, security="none", connections=8, timeout_s=5))
    await finish(make_sender(transport, connections=8), mailing_id)
    await transport.aclose()
    server.close()
    assert counts(mailing_id) == {"submitted": 150}
