"""The walk of a delivery through the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from composer.deliver.choose import AudienceRule
from composer.ledger import Ledger, open_ledger
from composer.ledger.hot_path import _DUE, _LAPSED
from composer.ledger.store import driver_of
from composer.model.mailing import DeliveryState, Mailing, MailingState, Outcome, Stage

NOON = datetime.fromisoformat("2026-11-26T12:00:00+00:00")
TAKEN = Outcome(stage=Stage.DONE, code=250, enhanced="2.0.0", reply="ok")
LATER = Outcome(stage=Stage.RCPT, code=450, reply="try later")
GONE = Outcome(stage=Stage.RCPT, code=550, enhanced="5.1.1", reply="no such user")


def counts(ledger: Ledger, mailing: Mailing) -> dict[str, int]:
    figures = ledger.mailings.figures(mailing.id)
    assert figures
    assert figures.adds_up
    return {state.value: count for state, count in figures.counts if count}


def send(ledger: Ledger, mailing: Mailing, *, limit: int, now: datetime = NOON) -> int:
    sent = 0
    for recipient in ledger.claim(mailing.id, worker="w", limit=limit, lease_s=60, now=now):
        if ledger.mark_submitting(recipient.delivery_id, worker="w", now=now):
            ledger.record(recipient.delivery_id, TAKEN, DeliveryState.SUBMITTED, retry_at=None, suppress=False, now=now)
            sent += 1
    return sent


def test_a_mailing_is_sent_to_the_last_reader_and_then_finished(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(25)
    assert [found.id for found in ledger.running_mailings(now=NOON)] == [mailing.id]
    while send(ledger, mailing, limit=10):
        counts(ledger, mailing)
    assert counts(ledger, mailing) == {"submitted": 25}
    assert ledger.running_mailings(now=NOON) == ()
    assert [done.state for done in ledger.close_finished(now=NOON)] == [MailingState.FINISHED]
    assert ledger.close_finished(now=NOON) == ()


def test_a_message_id_stays_the_same_over_attempts_and_differs_between_readers(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(3)
    first = ledger.claim(mailing.id, worker="w", limit=9, lease_s=60, now=NOON)
    again = ledger.claim(mailing.id, worker="v", limit=9, lease_s=60, now=NOON + timedelta(seconds=61))
    assert [one.message_id for one in first] == [one.message_id for one in again]
    assert len({one.message_id for one in first}) == 3
    assert all(one.message_id.endswith("@exemple.fr") for one in first)


def test_a_leased_delivery_is_not_given_to_another_worker(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(3)
    assert len(ledger.claim(mailing.id, worker="w", limit=2, lease_s=60, now=NOON)) == 2
    assert len(ledger.claim(mailing.id, worker="v", limit=9, lease_s=60, now=NOON)) == 1


def test_who_lost_its_lease_may_not_send(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(1)
    (one,) = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)
    later = NOON + timedelta(seconds=61)
    assert not ledger.mark_submitting(one.delivery_id, worker="w", now=later)
    (same,) = ledger.claim(mailing.id, worker="v", limit=1, lease_s=60, now=later)
    assert not ledger.mark_submitting(same.delivery_id, worker="w", now=later)
    assert ledger.mark_submitting(same.delivery_id, worker="v", now=later)
    assert not ledger.mark_submitting(same.delivery_id, worker="v", now=later)


def test_a_released_delivery_is_as_before_the_claim(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(1)
    (one,) = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)
    ledger.release([one.delivery_id], worker="w")
    assert ledger.claim(mailing.id, worker="v", limit=1, lease_s=60, now=NOON) == (one,)


def test_what_was_on_the_wire_in_a_crash_is_uncertain_and_not_sent_again(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(5)
    for one in ledger.claim(mailing.id, worker="w", limit=3, lease_s=60, now=NOON)[:2]:
        assert ledger.mark_submitting(one.delivery_id, worker="w", now=NOON)
    with open_ledger(ledger.path) as restarted:
        assert restarted.deliveries.recover(now=NOON, all_workers=True) == 2
        assert send(restarted, mailing, limit=9) == 3
        assert counts(restarted, mailing) == {"submitted": 3, "uncertain": 2}
        assert restarted.close_finished(now=NOON)
        assert restarted.mailings.reopen(mailing.id, state=DeliveryState.UNCERTAIN, now=NOON) == 2
        assert send(restarted, mailing, limit=9) == 2
        assert counts(restarted, mailing) == {"submitted": 5}


def test_a_frozen_sender_is_found_out_when_its_lease_ends(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(1)
    (one,) = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)
    ledger.mark_submitting(one.delivery_id, worker="w", now=NOON)
    assert ledger.close_finished(now=NOON + timedelta(seconds=59)) == ()
    assert ledger.close_finished(now=NOON + timedelta(seconds=61))
    assert counts(ledger, mailing) == {"uncertain": 1}
    ledger.record(one.delivery_id, TAKEN, DeliveryState.SUBMITTED, retry_at=None, suppress=False, now=NOON)
    assert counts(ledger, mailing) == {"submitted": 1}


def test_a_late_answer_after_the_finish_leaves_nothing_open_and_is_told_to_the_desk(
    ledger: Ledger, launched: Callable[[int], Mailing]
) -> None:
    mailing = launched(1)
    (one,) = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)
    assert ledger.mark_submitting(one.delivery_id, worker="w", now=NOON)
    later = NOON + timedelta(seconds=61)
    assert len(ledger.close_finished(now=later)) == 1
    assert counts(ledger, mailing) == {"uncertain": 1}
    assert ledger.mailings.conclude(mailing.id, now=later)
    ledger.record(one.delivery_id, LATER, DeliveryState.DEFERRED, retry_at=later + timedelta(minutes=5), suppress=False, now=later)
    assert counts(ledger, mailing) == {"failed": 1}  # known not to have gone: `retry --failed` sends it
    assert [again.id for again in ledger.mailings.unconcluded()] == [mailing.id]
    assert ledger.mailings.reopen(mailing.id, state=DeliveryState.FAILED, now=later) == 1


def test_a_deferred_delivery_waits_for_its_time(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(1)
    (one,) = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)
    ledger.mark_submitting(one.delivery_id, worker="w", now=NOON)
    later = NOON + timedelta(minutes=5)
    ledger.record(one.delivery_id, LATER, DeliveryState.DEFERRED, retry_at=later, suppress=False, now=NOON)
    assert counts(ledger, mailing) == {"deferred": 1}
    assert ledger.running_mailings(now=NOON) == ()
    assert ledger.close_finished(now=NOON) == ()
    assert ledger.running_mailings(now=later)
    assert send(ledger, mailing, limit=1, now=later) == 1


def test_a_hard_bounce_is_suppressed_and_left_out_of_the_next_mailing(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(2)
    one, _other = ledger.claim(mailing.id, worker="w", limit=2, lease_s=60, now=NOON)
    ledger.mark_submitting(one.delivery_id, worker="w", now=NOON)
    ledger.record(one.delivery_id, GONE, DeliveryState.FAILED, retry_at=None, suppress=True, now=NOON)
    assert ledger.suppressions.keys() == {one.email}
    assert ledger.deliveries.pull_back([one.delivery_id], now=NOON) == 1
    assert ledger.suppressions.keys() == frozenset()
    assert counts(ledger, mailing) == {"pending": 2}


def test_who_leaves_while_it_runs_gets_nothing_more(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(3)
    first = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)[0]
    for key in ("lecteur0@exemple.fr", "lecteur1@exemple.fr"):
        person = ledger.subscribers.by_key(key)
        assert person
        ledger.subscribers.leave(person.id, by="page", now=NOON)
    ledger.suppressions.add_all(["lecteur2@exemple.fr"], reason="desk", source="", now=NOON)
    assert not ledger.mark_submitting(first.delivery_id, worker="w", now=NOON)
    assert ledger.claim(mailing.id, worker="w", limit=9, lease_s=60, now=NOON) == ()
    assert counts(ledger, mailing) == {"suppressed": 3}
    assert ledger.close_finished(now=NOON)


def test_a_stop_names_what_had_left_and_what_is_on_the_wire(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(10)
    assert send(ledger, mailing, limit=4) == 4
    wire, leased = ledger.claim(mailing.id, worker="w", limit=2, lease_s=60, now=NOON)
    assert ledger.mark_submitting(wire.delivery_id, worker="w", now=NOON)
    figures = ledger.mailings.stop(mailing.id, reason="arrêté", now=NOON)
    assert figures
    assert {state.value: n for state, n in figures.counts if n} == {"submitted": 4, "submitting": 1, "cancelled": 5}
    assert not ledger.mark_submitting(leased.delivery_id, worker="w", now=NOON)
    ledger.release([leased.delivery_id], worker="w")
    ledger.record(wire.delivery_id, LATER, DeliveryState.DEFERRED, retry_at=NOON, suppress=False, now=NOON)
    assert counts(ledger, mailing) == {"submitted": 4, "cancelled": 6}


def test_a_stopped_issue_sent_again_leaves_out_who_had_it(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(10)
    send(ledger, mailing, limit=4)
    assert ledger.mailings.stop(mailing.id, reason="arrêté", now=NOON)
    second = launched(0)
    assert second.audience == 6


def test_a_paused_mailing_hands_out_nothing_until_it_is_resumed(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(2)
    (one,) = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)
    assert ledger.mailings.pause(mailing.id, reason="pause")
    assert not ledger.mark_submitting(one.delivery_id, worker="w", now=NOON)
    assert ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON) == ()
    assert ledger.running_mailings(now=NOON) == ()
    assert ledger.close_finished(now=NOON) == ()
    resumed = ledger.mailings.resume(mailing.id)
    assert resumed
    assert resumed.state is MailingState.RUNNING


def test_nothing_leaves_before_the_receipt_stands_on_disk(ledger: Ledger, people: Callable[[int], None]) -> None:
    people(2)
    mailing = ledger.mailings.add(issue_id="n", digest="d" * 64, due_at=NOON, now=NOON)
    assert mailing
    assert ledger.mailings.launch(mailing.id, rule=AudienceRule(issue_id="n"), worker="w", message_domain="exemple.fr", now=NOON)
    assert ledger.running_mailings(now=NOON) == ()
    assert ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON) == ()
    assert [one.id for one in ledger.mailings.unreceipted()] == [mailing.id]
    ledger.mailings.receipted(mailing.id, now=NOON)
    assert ledger.running_mailings(now=NOON)


def test_the_hold_window_keeps_the_first_message_back(ledger: Ledger, people: Callable[[int], None]) -> None:
    people(1)
    until = NOON + timedelta(minutes=5)
    mailing = ledger.mailings.add(issue_id="n", digest="d" * 64, due_at=NOON, hold_until=until, now=NOON)
    assert mailing
    ledger.mailings.launch(mailing.id, rule=AudienceRule(issue_id="n"), worker="w", message_domain="exemple.fr", now=NOON)
    ledger.mailings.receipted(mailing.id, now=NOON)
    assert ledger.running_mailings(now=NOON) == ()
    assert ledger.close_finished(now=NOON) == ()
    assert send(ledger, mailing, limit=1) == 0
    assert send(ledger, mailing, limit=1, now=until) == 1


def test_one_mailing_launches_once_and_one_issue_has_one_open_mailing(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(1)
    rule = AudienceRule(issue_id=mailing.issue_id)
    assert ledger.mailings.launch(mailing.id, rule=rule, worker="v", message_domain="x.fr", now=NOON) is None
    assert ledger.mailings.add(issue_id=mailing.issue_id, digest="e" * 64, due_at=NOON, now=NOON) is None


def test_claiming_and_recovering_look_only_at_rows_that_can_still_move(ledger: Ledger) -> None:
    statements = {"ix_deliveries_due": (_DUE, 3), "ix_deliveries_wire": (_LAPSED, 1)}
    with ledger._store.reading() as connection:
        for index, (statement, values) in statements.items():
            plan = driver_of(connection).execute(f"EXPLAIN QUERY PLAN {statement}", (1,) * values).fetchall()
            assert any(index in row[3] for row in plan), plan
