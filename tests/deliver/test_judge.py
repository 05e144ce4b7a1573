"""What replies mean, stage by stage, as docs/ledger.md says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.deliver.circuit import Circuit
from composer.deliver.judge import MAX_ATTEMPTS, asked_delay, judge_outcome
from composer.model.mailing import DeliveryState, Outcome, Stage

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def outcome(stage: Stage, code: int = 0, enhanced: str = "", reply: str = "") -> Outcome:
    return Outcome(stage=stage, code=code, enhanced=enhanced, reply=reply)


@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.MAIL])
@pytest.mark.parametrize("code", [0, 421, 450])
def test_before_rcpt_a_failure_makes_the_mailing_wait_and_blames_nobody(stage: Stage, code: int) -> None:
    decision = judge_outcome(outcome(stage, code), 1, NOON)
    assert decision.state is DeliveryState.PENDING
    assert decision.wait_until
    assert decision.wait_until > NOON
    assert decision.hold_reason is None


@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.MAIL])
def test_before_rcpt_a_refusal_holds_the_mailing_with_the_words_of_the_server(stage: Stage) -> None:
    decision = judge_outcome(outcome(stage, 550, "5.7.1", "sender not allowed"), 1, NOON)
    assert decision.state is DeliveryState.PENDING
    assert decision.hold_reason == "550 5.7.1 sender not allowed"
    assert judge_outcome(outcome(stage, 550, "5.7.1", "5.7.1 sender not allowed"), 1, NOON).hold_reason == decision.hold_reason
    assert not decision.suppress


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA, Stage.DOT])
def test_a_later_for_one_reader_defers_that_one(stage: Stage) -> None:
    decision = judge_outcome(outcome(stage, 450), 1, NOON)
    assert (decision.state, decision.retry_at) == (DeliveryState.DEFERRED, NOON + timedelta(minutes=5))


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA])
def test_a_line_cut_before_the_final_dot_is_tried_again(stage: Stage) -> None:
    assert judge_outcome(outcome(stage), 1, NOON).state is DeliveryState.DEFERRED


@pytest.mark.parametrize("code", [0, 250, 450, 550])
def test_without_an_answer_to_the_final_dot_nothing_is_certain(code: int) -> None:
    assert judge_outcome(outcome(Stage.AFTER_DOT, code), 1, NOON).state is DeliveryState.UNCERTAIN


@pytest.mark.parametrize("stage", [Stage.DOT, Stage.DONE])
def test_a_250_is_submitted(stage: Stage) -> None:
    assert judge_outcome(outcome(stage, 250), 1, NOON).state is DeliveryState.SUBMITTED


@pytest.mark.parametrize(
    ("enhanced", "reply", "gone"),
    [
        ("5.1.1", "", True),
        ("5.1.10", "", True),
        ("", "No such user here", True),
        ("5.0.0", "Recipient address does not exist", True),
        ("", "boîte pleine", False),
        ("5.7.1", "User unknown", False),
        ("", "User unknown; blocked by our spam policy", False),
        ("5.2.2", "mailbox full", False),
        ("", "relay access denied", False),
    ],
)
def test_only_a_mailbox_that_does_not_exist_is_suppressed(enhanced: str, reply: str, gone: bool) -> None:
    decision = judge_outcome(outcome(Stage.RCPT, 550, enhanced, reply), 1, NOON)
    assert (decision.state, decision.suppress) == (DeliveryState.FAILED, gone)


def test_a_refused_message_is_not_the_fault_of_the_address() -> None:
    decision = judge_outcome(outcome(Stage.DOT, 550, "5.1.1", "no such user"), 1, NOON)
    assert (decision.state, decision.suppress) == (DeliveryState.FAILED, False)


@given(st.floats(min_value=-1, max_value=1))
def test_ten_attempts_end_within_two_days(jitter: float) -> None:
    moment = NOON
    for attempt in range(1, MAX_ATTEMPTS):
        decision = judge_outcome(outcome(Stage.RCPT, 450), attempt, moment, jitter=jitter)
        assert decision.retry_at
        assert decision.retry_at > moment
        moment = decision.retry_at
    assert moment - NOON <= timedelta(hours=48)
    last = judge_outcome(outcome(Stage.RCPT, 450), MAX_ATTEMPTS, moment)
    assert (last.state, last.suppress) == (DeliveryState.FAILED, False)


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        ("4.7.1 greylisted, try again in 300 seconds", 300),
        ("please retry in 5 minutes", 300),
        ("Réessayez dans 2 heures", 7200),
        ("try again later", None),
        ("try again in 99999 hours", 43200),
    ],
)
def test_try_again_in_is_honoured(reply: str, seconds: int | None) -> None:
    asked = asked_delay(reply)
    assert (asked.total_seconds() if asked else None) == seconds


@given(st.sampled_from(Stage), st.integers(0, 999), st.text(max_size=12), st.text(max_size=80), st.integers(0, 99), st.floats(-9, 9))
def test_every_outcome_has_a_decision_that_can_be_written(
    stage: Stage, code: int, enhanced: str, reply: str, attempt: int, jitter: float
) -> None:
    decision = judge_outcome(outcome(stage, code, enhanced, reply), attempt, NOON, jitter=jitter)
    waits = decision.state in {DeliveryState.PENDING, DeliveryState.DEFERRED}
    assert (decision.retry_at is not None) is waits
    assert not decision.suppress or decision.state is DeliveryState.FAILED


def feed(domains: int, count: int = 10, same: bool = True) -> Circuit:
    circuit = Circuit()
    for n in range(count):
        words = f"<lecteur{n}@d{n % domains}.fr> daily limit exceeded" + ("" if same else "x" * n)
        circuit = circuit.after(outcome(Stage.RCPT, 550, "5.7.1", words), delivery_id=n, email=f"lecteur{n}@d{n % domains}.fr")
    return circuit


def test_ten_identical_refusals_over_three_domains_open_the_circuit() -> None:
    assert feed(3).is_open
    assert feed(3).delivery_ids == tuple(range(10))


def test_fewer_or_other_refusals_keep_it_closed() -> None:
    assert not feed(2).is_open
    assert not feed(3, count=9).is_open
    assert not feed(3, same=False).is_open


def test_one_that_passes_begins_anew() -> None:
    assert feed(3).after(outcome(Stage.DONE, 250), delivery_id=99, email="a@b.fr") == Circuit()
