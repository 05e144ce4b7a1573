from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from composer.errors import FolderError, LedgerError, MergeError, RenderError
from composer.ledger.tables import subscribers
from composer.model.mailing import MailingState, Outcome, Stage
from composer.words import Words


def said(stage: Stage, code: int, enhanced: str = "", reply: str = "no") -> Outcome:
    return Outcome(stage=stage, code=code, enhanced=enhanced, reply=reply)


async def test_everybody_gets_one_message_and_the_mailing_ends(launch, recorder, make_sender, finish, counts, ledger):
    mailing_id = launch(250)
    transport, sender = recorder(), None
    sender = make_sender(transport)
    await finish(sender, mailing_id)
    assert counts(mailing_id) == {"submitted": 250}
    assert set(Counter(message.envelope_to for message in transport.accepted).values()) == {1}
    assert len({message.message_id for message in transport.accepted}) == 250
    assert ledger.mailings.get(mailing_id).state is MailingState.FINISHED
    assert sender.told == [mailing_id]


async def test_each_reply_leaves_its_written_state(launch, recorder, make_sender, until, counts, ledger):
    answers = {
        0: said(Stage.RCPT, 550, "5.1.1"),
        1: said(Stage.RCPT, 450, "4.2.0"),
        2: said(Stage.DOT, 554, "5.6.0"),
        3: said(Stage.AFTER_DOT, 0),
        4: said(Stage.DATA, 0),
        5: Outcome(stage=Stage.DONE, code=250),
    }
    mailing_id = launch(6)
    sender = make_sender(recorder(lambda address: answers[int(address[1])]))
    task = asyncio.ensure_future(sender.run())
    expected = {"failed": 2, "deferred": 2, "uncertain": 1, "submitted": 1}
    await until(lambda: counts(mailing_id) == expected)
    sender.stop()
    await task
    assert ledger.suppressions.keys() == {"r0@d0.exemple.org"}
    assert ledger.mailings.get(mailing_id).state is MailingState.RUNNING


@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.MAIL])
async def test_a_server_that_says_never_holds_the_mailing_and_blames_nobody(launch, recorder, make_sender, finish, counts, ledger, stage):
    mailing_id = launch(60)
    await finish(make_sender(recorder(lambda _: said(stage, 554, "5.7.1", "we know you"))), mailing_id)
    held = ledger.mailings.get(mailing_id)
    assert (held.state, counts(mailing_id)) == (MailingState.HELD, {"pending": 60})
    assert held.reason == "554 5.7.1 we know you – Après remède\u00a0: `hebdo resume n1`"


async def test_a_server_that_is_not_there_makes_the_mailing_wait(launch, recorder, make_sender, until, counts, ledger):
    mailing_id = launch(60)
    transport = recorder(lambda _: said(Stage.CONNECT, 0, reply="connection refused"))
    sender = make_sender(transport)
    task = asyncio.ensure_future(sender.run())
    await until(lambda: sender.is_waiting and sender.is_idle)
    assert sender.trouble == (1, "connection refused")
    sender.stop()
    await task
    assert counts(mailing_id) == {"pending": 60}
    assert len(transport.asked) <= 4
    assert ledger.mailings.get(mailing_id).state is MailingState.RUNNING


async def test_a_clock_put_back_by_a_day_delays_nothing(launch, recorder, make_sender, until, counts):
    ahead = timedelta(days=1)
    sender = make_sender(recorder(), clock=lambda: datetime.now(UTC) + ahead)
    began = sender._supply._look_at
    task = asyncio.ensure_future(sender.run())
    await until(lambda: sender._supply._look_at > began)  # it has looked once, and found nothing
    ahead = timedelta()
    mailing_id = launch(20)
    await until(lambda: counts(mailing_id) == {"submitted": 20})
    sender.stop()
    await task


async def test_a_server_that_finds_us_too_many_gets_fewer_connections(launch, recorder, make_sender, finish, counts):
    mailing_id = launch(120)
    inside = 0

    class Narrow(recorder):
        async def submit(self, message):
            nonlocal inside
            if inside >= 2:
                return said(Stage.CONNECT, 421, "4.7.0", "too many connections")
            inside += 1
            try:
                await asyncio.sleep(0.001)
                return await super().submit(message)
            finally:
                inside -= 1

    await finish(make_sender(Narrow(), connections=4), mailing_id)
    assert counts(mailing_id) == {"submitted": 120}


async def test_ten_identical_refusals_over_three_domains_empty_no_list(launch, recorder, make_sender, finish, counts, ledger):
    mailing_id = launch(300)
    limit = said(Stage.RCPT, 550, "5.1.1", "daily limit, user unknown")
    await finish(make_sender(recorder(lambda _: limit), connections=8), mailing_id)
    assert ledger.mailings.get(mailing_id).state is MailingState.HELD
    assert counts(mailing_id) == {"pending": 300}
    assert ledger.suppressions.keys() == frozenset()


@pytest.mark.parametrize("brake", ["stop", "pause", "hold"])
async def test_a_brake_is_exact(launch, recorder, make_sender, until, counts, ledger, brake):
    from datetime import UTC, datetime

    mailing_id = launch(600)
    transport = recorder()
    sender = make_sender(transport)
    task = asyncio.ensure_future(sender.run())
    await until(lambda: len(transport.accepted) >= 100)
    if brake == "stop":
        ledger.mailings.stop(mailing_id, reason="", now=datetime.now(UTC))
    elif brake == "pause":
        ledger.mailings.pause(mailing_id, reason="")
    else:
        ledger.mailings.hold(mailing_id, code="x", reason="x")
    at_brake = len(transport.accepted)
    await until(lambda: sender.is_idle)
    assert len(transport.accepted) - at_brake <= 4  # what was on the wire
    after = counts(mailing_id)
    assert after["submitted"] == len(transport.accepted)
    assert after["cancelled" if brake == "stop" else "pending"] == 600 - len(transport.accepted)
    if brake == "pause":
        ledger.mailings.resume(mailing_id)
        await until(lambda: ledger.mailings.get(mailing_id).state is MailingState.FINISHED, within_s=60)
        assert counts(mailing_id) == {"submitted": 600}
    sender.stop()
    await task


async def test_who_leaves_meanwhile_gets_nothing_more(launch, recorder, make_sender, finish, counts, ledger):
    mailing_id = launch(80)

    class Leaving(recorder):
        async def submit(self, message):
            if not self.accepted:
                with ledger._store.writing() as connection:
                    connection.execute(update(subscribers).where(subscribers.c.email.like("r7%")).values(status="unsubscribed"))
            return await super().submit(message)

    transport = Leaving()
    await finish(make_sender(transport, connections=1), mailing_id)
    assert not [message for message in transport.accepted if message.envelope_to.startswith("r7")]
    assert counts(mailing_id) == {"submitted": 69, "suppressed": 11}


async def test_stopping_the_sender_records_what_was_on_the_wire(launch, recorder, make_sender, until, counts):
    mailing_id = launch(50)

    class Stuck(recorder):
        async def submit(self, message):
            self.asked.append(message.envelope_to)
            await self.gate.wait()
            return said(Stage.AFTER_DOT if message.envelope_to.startswith("r0@") else Stage.DATA, 0)

    transport = Stuck()
    transport.gate = asyncio.Event()
    sender = make_sender(transport, connections=3)
    task = asyncio.ensure_future(sender.run())
    await until(lambda: len(transport.asked) == 3)
    sender.stop()
    await asyncio.wait_for(task, 8)
    assert counts(mailing_id) == {"uncertain": 1, "pending": 49}


async def test_a_reader_whose_message_cannot_be_built_fails_alone(launch, recorder, make_sender, finish, counts):
    mailing_id = launch(30)
    whole = make_sender(recorder())._doors.prepare(None)

    def prepare(_mailing):
        def build(recipient):
            if recipient.email.startswith("r3@"):
                raise MergeError(Words(fr="vide", en="empty"))
            return whole(recipient)

        return build

    await finish(make_sender(recorder(), prepare=prepare), mailing_id)
    assert counts(mailing_id) == {"submitted": 29, "failed": 1}


async def test_an_edition_that_cannot_be_compiled_holds_the_mailing(launch, recorder, make_sender, finish, counts, ledger):
    mailing_id = launch(5)

    def prepare(_mailing):
        raise RenderError(Words(fr="cassée", en="broken"))

    await finish(make_sender(recorder(), prepare=prepare), mailing_id)
    assert (ledger.mailings.get(mailing_id).state, counts(mailing_id)) == (MailingState.HELD, {"pending": 5})


async def test_two_senders_on_one_ledger_share_the_work(launch, recorder, make_sender, until, counts, ledger):
    mailing_id = launch(600)

    class Slow(recorder):
        async def submit(self, message):
            await asyncio.sleep(0.003)
            return await super().submit(message)

    first, second = Slow(), Slow()
    senders = [make_sender(first, worker="a"), make_sender(second, worker="b")]
    tasks = [asyncio.ensure_future(sender.run()) for sender in senders]
    await until(lambda: ledger.mailings.get(mailing_id).state is MailingState.FINISHED, within_s=60)
    for sender in senders:
        sender.stop()
    await asyncio.gather(*tasks)
    assert counts(mailing_id) == {"submitted": 600}
    everybody = Counter(message.envelope_to for message in first.accepted + second.accepted)
    assert (len(everybody), set(everybody.values())) == (600, {1})
    assert first.accepted
    assert second.accepted
    assert sum(len(sender.told) for sender in senders) == 1


async def test_a_ledger_that_fails_now_and_then_loses_nothing_and_doubles_nothing(launch, recorder, make_sender, finish, counts, ledger):
    mailing_id = launch(60)
    calls = 0

    class Shaky:
        def __getattr__(self, name):
            return getattr(ledger, name)

        def advance(self, results, marks, **more):
            nonlocal calls
            calls += 1
            if calls % 7 == 3:
                raise LedgerError(Words(fr="occupé", en="busy"))
            return ledger.advance(results, marks, **more)

    transport = recorder()
    sender = make_sender(transport)
    sender._ledger = sender._scribe._ledger = Shaky()
    await finish(sender, mailing_id)
    assert counts(mailing_id) == {"submitted": 60}
    assert Counter(message.envelope_to for message in transport.accepted).most_common(1)[0][1] == 1


async def test_a_ledger_on_a_full_disk_is_said_as_long_as_it_refuses(launch, recorder, make_sender, until, counts, ledger):
    mailing_id = launch(5)

    class Full:
        full = True

        def __getattr__(self, name):
            return getattr(ledger, name)

        def advance(self, results, marks, **more):
            if self.full:
                raise FolderError(Words(fr="plein", en="full"))
            return ledger.advance(results, marks, **more)

    sender = make_sender(recorder(), connections=1)
    disk = sender._ledger = sender._scribe._ledger = Full()
    task = asyncio.ensure_future(sender.run())
    await until(lambda: sender.ledger_failure is not None)
    assert counts(mailing_id) == {"pending": 5}
    disk.full = False
    await until(lambda: counts(mailing_id) == {"submitted": 5})
    assert sender.ledger_failure is None
    sender.stop()
    await task


@pytest.mark.parametrize("refuses", ["hold", "pull_back"])
async def test_a_hold_that_the_ledger_cannot_take_yet_is_written_later_and_nothing_follows_meanwhile(
    launch, recorder, make_sender, until, counts, ledger, refuses
):
    mailing_id = launch(60)
    refused = 0

    class Busy:
        busy = True

        def __getattr__(self, name):
            return self.refuse if self.busy and name == refuses else getattr(ledger, name)

        def refuse(self, *_arguments, **_more):
            nonlocal refused
            refused += 1
            raise LedgerError(Words(fr="occupé", en="busy"))

    transport = recorder(lambda _: Outcome(stage=Stage.RCPT, code=550, enhanced="5.7.1", reply="550 5.7.1 no mail from you"))
    sender = make_sender(transport, connections=2)
    shut = sender._ledger = Busy()
    task = asyncio.ensure_future(sender.run())
    await until(lambda: refused >= 2)
    assert not task.done()
    asked = len(transport.asked)
    shut.busy = False
    await until(lambda: ledger.mailings.get(mailing_id).state is MailingState.HELD)
    await until(lambda: not sender._owed)
    assert len(transport.asked) == asked < 20
    await until(lambda: counts(mailing_id) == {"pending": 60})  # ten refusals of the relay blame nobody
    sender.stop()
    await task
