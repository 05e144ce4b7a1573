"""Messages are built ahead of their turn, a run of them at once: nobody waits for it, and nothing is forgotten in it."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from composer.engine.attempts import Limits
from composer.errors import MergeError
from composer.message import compile_template, splice
from composer.model.mailing import Message, Outcome, Recipient, Stage
from composer.model.pace import PaceSettings, Rate
from composer.words import Words

from .conftest import EDITION, NEWSLETTER, Fast, now


class Workbench:
    """Builds as many messages as it is let to, on whatever thread."""

    def __init__(self, let: int) -> None:
        self.built = 0
        self.places = threading.Semaphore(let)
        self._template = compile_template(EDITION, NEWSLETTER)

    def prepare(self, _mailing: object):
        return self.build

    def build(self, recipient: Recipient) -> Message:
        assert self.places.acquire(timeout=30)
        self.built += 1
        return splice(self._template, recipient, date=now())


async def test_the_first_messages_leave_while_the_others_are_being_built(launch, recorder, make_sender, until, counts):
    mailing_id, bench, transport = launch(200), Workbench(60), recorder()
    sender = make_sender(transport, prepare=bench.prepare, builds_apart=True)
    task = asyncio.ensure_future(sender.run())
    await until(lambda: len(transport.accepted) == 50)
    assert bench.built == 60
    assert sender.is_busy
    bench.places.release(200)
    await until(lambda: counts(mailing_id) == {"submitted": 200})
    sender.stop()
    await task


async def test_who_is_just_being_built_for_is_work_that_is_left(launch, recorder, make_sender, until, counts):
    mailing_id, bench = launch(20), Workbench(0)
    sender = make_sender(recorder(), prepare=bench.prepare, builds_apart=True)
    task = asyncio.ensure_future(sender.run())
    await asyncio.sleep(0.3)
    assert (sender.is_busy, sender.is_idle) == (True, False)
    bench.places.release(20)
    await until(lambda: counts(mailing_id) == {"submitted": 20})
    await until(lambda: not sender.is_busy)
    sender.stop()
    await task


@pytest.mark.parametrize("apart", [True, False], ids=["on a thread", "on the loop"])
async def test_after_a_stop_nothing_leaves_and_no_lease_is_kept(launch, recorder, make_sender, until, counts, ledger, apart):
    mailing_id, bench, transport = launch(1_000), Workbench(10_000), recorder()
    sender = make_sender(transport, prepare=bench.prepare, builds_apart=apart, connections=20)
    task = asyncio.ensure_future(sender.run())
    await until(lambda: bench.built > 0)
    sender.stop()
    on_the_wire = sender._busy
    left = len(transport.asked)
    await asyncio.wait_for(task, 5)
    assert len(transport.asked) - left <= on_the_wire
    rest = 1_000 - counts(mailing_id).get("submitted", 0)
    assert len(ledger.claim(mailing_id, worker="other", limit=2_000, lease_s=60, now=now())) == rest


async def test_what_nobody_foresaw_while_building_ends_the_sender(launch, recorder, make_sender):
    launch(200)

    def build(recipient: Recipient) -> Message:
        raise ValueError(recipient.email)

    with pytest.raises(ExceptionGroup):
        await asyncio.wait_for(make_sender(recorder(), prepare=lambda _: build).run(), 10)


async def test_where_a_rate_lets_messages_leave_each_is_built_when_its_turn_has_come(launch, recorder, make_sender, until):
    mailing_id, fast, transport = launch(40), Fast(60), recorder()
    template = compile_template(EDITION, NEWSLETTER)
    limits = Limits(pace=PaceSettings(mailing=Rate(count=60, per_s=60)))
    late: list[timedelta] = []

    def build(recipient: Recipient) -> Message:
        return replace(splice(template, recipient, date=now()), message_id=fast.clock().isoformat())

    def note(_address: str) -> Outcome:
        late.append(fast.clock() - type(fast.clock()).fromisoformat(transport.handed))
        return Outcome(stage=Stage.DONE, code=250)

    submit = transport.submit

    async def handed(message: Message) -> Outcome:
        transport.handed = message.message_id
        return await submit(message)

    transport.answer, transport.submit = note, handed
    sender = make_sender(transport, prepare=lambda _: build, clock=fast.clock, steady=fast.steady, limits=limits, connections=1)
    task = asyncio.ensure_future(sender.run())
    await until(lambda: len(late) == 40)
    sender.stop()
    await task
    assert mailing_id
    assert max(late) < timedelta(seconds=10)  # of sixty times as quick a clock


async def test_a_reader_whose_message_cannot_be_built_fails_alone(launch, recorder, make_sender, finish, counts):
    mailing_id, template = launch(120), compile_template(EDITION, NEWSLETTER)

    def build(recipient: Recipient) -> Message:
        if recipient.email.startswith("r60@"):
            raise MergeError(Words(fr="vide", en="empty"))
        return splice(template, recipient, date=now())

    await finish(make_sender(recorder(), prepare=lambda _: build, builds_apart=True), mailing_id)
    assert counts(mailing_id) == {"submitted": 119, "failed": 1}
