"""Whatever happens, in whatever order: everyone of the audience is in exactly one state, nobody is written to twice by himself."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from composer.deliver.choose import AudienceRule
from composer.deliver.judge import judge_outcome
from composer.ledger import open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.mailing import DeliveryState, MailingState, Outcome, Recipient, Stage

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
RULE = AudienceRule(issue_id="n")
OUTCOMES = st.sampled_from([
    Outcome(stage=Stage.DONE, code=250),
    Outcome(stage=Stage.CONNECT),
    Outcome(stage=Stage.MAIL, code=550),
    Outcome(stage=Stage.RCPT, code=450),
    Outcome(stage=Stage.RCPT, code=550, enhanced="5.1.1"),
    Outcome(stage=Stage.DOT, code=554),
    Outcome(stage=Stage.AFTER_DOT),
])  # fmt: skip


class LedgerMachine(RuleBasedStateMachine):
    """Two workers, a desk and readers, each doing what they like."""

    @initialize(readers=st.integers(1, 4))
    def launch(self, readers: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = open_ledger(Path(self.folder.name) / "ledger.sqlite", now=NOON)
        self.now = NOON
        self.leased: list[tuple[str, Recipient]] = []
        self.wire: list[tuple[str, Recipient]] = []
        self.handed: Counter[str] = Counter()  # bytes that left, per Message-ID
        self.again: Counter[str] = Counter()  # how often a person or a judge allowed one more
        people = [NewSubscriber(email=f"l{n}@exemple.fr", email_key=f"l{n}@exemple.fr") for n in range(readers)]
        self.ledger.subscribers.add_all(people, now=NOON)
        mailing = self.ledger.mailings.add(issue_id="n", digest="d" * 64, due_at=NOON, now=NOON)
        assert mailing
        self.id = mailing.id
        launched = self.ledger.mailings.launch(self.id, rule=RULE, worker="w", message_domain="exemple.fr", now=NOON)
        assert launched
        assert launched.audience == readers
        self.ledger.mailings.receipted(self.id, now=NOON)

    @rule(seconds=st.sampled_from([1, 61, 400, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(seconds=st.sampled_from([61, 4000]))
    def the_clock_is_put_back(self, seconds: int) -> None:
        self.now -= timedelta(seconds=seconds)
        self.ledger.deliveries.rewind(now=self.now)

    @rule(worker=st.sampled_from(["v", "w"]), limit=st.integers(1, 4), handed=st.integers(0, 3))
    def claim(self, worker: str, limit: int, handed: int) -> None:
        for one in self.ledger.claim(self.id, worker=worker, limit=limit, lease_s=60, now=self.now):
            self.leased.append((worker, one))
        for _ in range(min(handed, len(self.leased))):
            self.hand_over(0)

    @precondition(lambda self: self.leased)
    @rule(turn=st.integers(0, 99))
    def hand_over(self, turn: int) -> None:
        worker, one = self.leased.pop(turn % len(self.leased))
        if self.ledger.mark_submitting(one.delivery_id, worker=worker, now=self.now):
            assert self.state == MailingState.RUNNING
            self.handed[one.message_id] += 1
            self.wire.append((worker, one))

    @precondition(lambda self: self.wire)
    @rule(turn=st.integers(0, 99), outcome=OUTCOMES)
    def answer(self, turn: int, outcome: Outcome) -> None:
        _, one = self.wire.pop(turn % len(self.wire))
        decision = judge_outcome(outcome, one.attempts + 1, self.now)
        self.ledger.record(one.delivery_id, outcome, decision.state, retry_at=decision.retry_at, suppress=decision.suppress, now=self.now)
        if decision.state in {DeliveryState.PENDING, DeliveryState.DEFERRED}:
            self.again[one.message_id] += 1

    @precondition(lambda self: self.leased)
    @rule()
    def give_back(self) -> None:
        worker, one = self.leased.pop()
        self.ledger.release([one.delivery_id], worker=worker)

    @rule(down_s=st.sampled_from([0, 61]), restarted=st.booleans())
    def crash(self, down_s: int, restarted: bool) -> None:
        self.leased.clear()
        self.wire.clear()
        self.ledger.close()
        self.ledger = open_ledger(self.ledger.path, now=self.now)
        self.ledger.deliveries.recover(now=self.now, all_workers=True)
        self.now += timedelta(seconds=down_s)
        if restarted:
            self.claim("v", 4, 3)

    @rule()
    def recover(self) -> None:
        self.ledger.deliveries.recover(now=self.now)

    @rule(act=st.sampled_from(["pause", "resume", "hold", "stop", "close"]))
    def brake(self, act: str) -> None:
        mailings = self.ledger.mailings
        if act == "pause":
            mailings.pause(self.id, reason="p")
        elif act == "resume":
            mailings.resume(self.id)
        elif act == "hold":
            mailings.hold(self.id, code="server", reason="h")
        elif act == "stop":
            mailings.stop(self.id, reason="s", now=self.now)
        else:
            self.ledger.close_finished(now=self.now)

    @rule(state=st.sampled_from([DeliveryState.FAILED, DeliveryState.UNCERTAIN]))
    def try_again(self, state: DeliveryState) -> None:
        if self.state != MailingState.STOPPED and self.ledger.mailings.reopen(self.id, state=state, now=self.now):
            self.again.update(self.handed.keys())

    @rule()
    def drop(self) -> None:
        self.ledger.mailings.drop(self.id, state=DeliveryState.UNCERTAIN, now=self.now)

    @rule(number=st.integers(0, 3))
    def somebody_leaves(self, number: int) -> None:
        person = self.ledger.subscribers.by_key(f"l{number}@exemple.fr")
        if person:
            self.ledger.subscribers.leave(person.id, by="page", now=self.now)

    @property
    def state(self) -> MailingState:
        mailing = self.ledger.mailings.get(self.id)
        assert mailing
        return mailing.state

    @invariant()
    def the_states_add_up(self) -> None:
        figures = self.ledger.mailings.figures(self.id)
        assert figures
        assert figures.adds_up
        counts = dict(figures.counts)
        left = counts[DeliveryState.PENDING] + counts[DeliveryState.SUBMITTING] + counts[DeliveryState.DEFERRED]
        assert not (figures.mailing.state is MailingState.FINISHED and left)
        assert not (figures.mailing.state is MailingState.STOPPED and counts[DeliveryState.PENDING] + counts[DeliveryState.DEFERRED])

    @invariant()
    def nobody_is_written_to_twice_unless_somebody_said_so(self) -> None:
        for message_id, times in self.handed.items():
            assert times <= 1 + self.again[message_id]

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()
            self.folder.cleanup()


LedgerMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestLedger = LedgerMachine.TestCase
