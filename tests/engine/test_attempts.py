"""Each attempt is a line in which no reader's address stands, and a figure; what was kept back is neither."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

from composer.deliver.judge import Decision
from composer.engine.attempt_lines import attempt_lines
from composer.engine.attempts import Ended, Job
from composer.engine.sender import Sender
from composer.engine.tally import Tally
from composer.model.mailing import DeliveryState, Mailing, MailingState, Outcome, Recipient, Stage
from composer.text.pseudonyms import pseudonym

NOON = datetime(2026, 11, 24, 12, 0, 0, 5000, tzinfo=UTC)
KEY = b"k" * 32
MAILING = Mailing(id=42, issue_id="été-«1»", state=MailingState.RUNNING, reason="", due_at=NOON, hold_until=None, digest="d" * 64)


def ended(
    outcome: Outcome, state: DeliveryState, *, took_ms: float | None = 12.34, email: str = "Ana@Exemple.fr", attempts: int = 0
) -> Ended:
    reader = Recipient(delivery_id=7, email=email, name="Ana", token="t", message_id="cle@gazette.fr", attempts=attempts)
    return Ended(Job(MAILING, reader), outcome, Decision(state=state, retry_at=NOON + timedelta(minutes=5)), took_ms)


TAKEN = ended(Outcome(stage=Stage.DONE, code=250, enhanced="2.0.0", reply="2.0.0 Ok"), DeliveryState.SUBMITTED)
DEFERRED = ended(Outcome(stage=Stage.RCPT, code=451, reply='"later" <ana@exemple.fr>\\'), DeliveryState.DEFERRED, attempts=2)
KEPT_BACK = ended(Outcome(stage=Stage.MAIL), DeliveryState.PENDING, took_ms=None)
UNMADE = ended(Outcome(stage=Stage.DATA, reply="no name"), DeliveryState.FAILED, took_ms=None)


def lines(*attempts: Ended) -> list[dict[str, object]]:
    return [json.loads(line) for line in attempt_lines(attempts, key=KEY, at=NOON).decode("ascii").splitlines()]


def test_a_line_says_everything_but_who() -> None:
    assert lines(TAKEN) == [
        {
            "at": "2026-11-24T12:00:00.005Z",
            "mailing": 42,
            "issue": "été-«1»",
            "delivery": 7,
            "message_id": "cle@gazette.fr",
            "reader": pseudonym("ana@exemple.fr", KEY),
            "domain": "exemple.fr",
            "attempt": 1,
            "ms": 12.3,
            "stage": "done",
            "code": 250,
            "enhanced": "2.0.0",
            "reply": "2.0.0 Ok",
            "state": "submitted",
        }
    ]


def test_a_deferred_one_says_when_it_is_tried_again_and_masks_the_servers_words() -> None:
    (line,) = lines(DEFERRED)
    assert (line["attempt"], line["again"], line["reply"]) == (3, "2026-11-24T12:05:00Z", '"later" <…@exemple.fr>\\')


def test_what_was_kept_back_had_no_attempt_and_a_message_that_could_not_be_made_had_one() -> None:
    assert lines(KEPT_BACK) == []
    assert [line["state"] for line in lines(UNMADE)] == ["failed"]


def test_attempts_are_counted_by_stage_and_class_of_the_reply() -> None:
    tally = Tally()
    tally.count([TAKEN, TAKEN, DEFERRED, KEPT_BACK])
    tally.count([ended(Outcome(stage=Stage.AFTER_DOT), DeliveryState.UNCERTAIN)])
    assert tally.attempts == (("after-dot", "none", 1), ("done", "2xx", 2), ("rcpt", "4xx", 1))


def test_the_rate_is_that_of_the_last_ten_seconds() -> None:
    clock = [100.0]
    tally = Tally(lambda: clock[0])
    assert tally.rate == 0
    for _ in range(20):
        tally.count([TAKEN] * 50)
        clock[0] += 1
    assert 45 <= tally.rate <= 55
    clock[0] += 30
    assert tally.rate == 0


async def test_a_sender_tells_what_the_ledger_has_written_and_nothing_before(ledger, launch, recorder, make_sender, finish):
    def answer(email: str) -> Outcome:
        if email.startswith("r3@"):
            return Outcome(stage=Stage.RCPT, code=550, enhanced="5.1.1", reply=f"<{email}> unknown")
        return Outcome(stage=Stage.DONE, code=250, reply="ok")

    mailing_id = launch(40)
    heard: list[Ended] = []

    def written(these: list[Ended]) -> None:
        settled = ledger.mailings.figures(mailing_id)
        heard.extend(these)
        done = sum(count for state, count in settled.counts if state in {DeliveryState.SUBMITTED, DeliveryState.FAILED})
        assert done >= len(heard), "first the ledger"

    sender: Sender = make_sender(recorder(answer), written=written)
    await finish(sender, mailing_id)
    assert sorted(one.job.recipient.delivery_id for one in heard) == sorted({one.job.recipient.delivery_id for one in heard})
    assert len(heard) == 40
    assert sum(one.decision.state is DeliveryState.FAILED for one in heard) == 1
    assert all(one.took_ms is not None and one.took_ms >= 0 for one in heard)
    text = attempt_lines(heard, key=KEY, at=NOON).decode()
    assert "r3@" not in text
    await asyncio.sleep(0)
