"""While something is scheduled, what is about to fail is told once, and once when it is mended."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.check.doctor.codes import CODES, see
from composer.errors import FolderError
from composer.ledger import Ledger, open_ledger
from composer.model.mailing import Mailing, MailingState
from composer.model.observation import Observation
from composer.words import Words
from composer.workflow.vigil import AHEAD, EVERY, SURE_AFTER, Looked, Vigil, find_troubles, is_due
from composer.workspace import Workspace

from .conftest import EDITION

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
Settle = Callable[..., Workspace]


def mailing(id_: int = 1, due_at: datetime = DUE) -> Mailing:
    return Mailing(id=id_, issue_id=f"n{id_}", state=MailingState.SCHEDULED, reason="", due_at=due_at, hold_until=None, digest="d")


def looked(at: datetime, *ids: int, is_sure: bool = True) -> Looked:
    return Looked(at=at, mailings=frozenset(ids or (1,)), is_sure=is_sure)


@pytest.mark.parametrize(
    ("scheduled", "last", "now", "due"),
    [
        ([], None, NOW, False),
        ([mailing()], None, NOW, True),
        ([mailing()], looked(NOW), NOW + timedelta(hours=5, minutes=59), False),
        ([mailing()], looked(NOW), NOW + EVERY, True),
        ([mailing(), mailing(2)], looked(NOW), NOW + timedelta(seconds=1), True),
        ([mailing()], looked(DUE - AHEAD - timedelta(minutes=1)), DUE - AHEAD, True),
        ([mailing()], looked(DUE - AHEAD), DUE - timedelta(minutes=5), False),
        ([mailing()], looked(DUE - AHEAD - timedelta(minutes=1)), DUE, False),
        ([mailing()], looked(NOW, is_sure=False), NOW + SURE_AFTER, True),
        ([mailing()], looked(NOW, is_sure=False), NOW + timedelta(seconds=30), False),
        ([mailing()], looked(NOW + timedelta(days=1)), NOW, True),
    ],
)
def test_when_to_look(scheduled: list[Mailing], last: Looked | None, now: datetime, due: bool) -> None:
    assert is_due(scheduled, last, now) is due


@given(st.integers(min_value=1, max_value=14 * 24 * 60))
def test_every_departure_is_looked_at_in_the_two_hours_before(minutes: int) -> None:
    due_at = NOW + timedelta(minutes=minutes)
    last: Looked | None = None
    now, looks = NOW, []
    while now < due_at:
        if is_due([mailing(due_at=due_at)], last, now):
            last = looked(now)
            looks.append(now)
        now += timedelta(minutes=1)
    assert looks[0] == NOW
    assert due_at - looks[-1] <= AHEAD
    assert len(looks) <= 3 + minutes / 360


def test_what_is_about_to_fail_counts_and_what_is_the_desk_s_choice_does_not() -> None:
    seen = [see(name) for name in ("relay-certificate-soon", "pages-dead", "dkim-absent", "dmarc-none", "spf-neutral-all", "mx-unanswered")]
    assert set(find_troubles(seen)) == {"relay-certificate-soon", "public-url", "dkim-absent"}
    assert all(len(about) <= 24 for about in find_troubles(see(name, level="error") for name in CODES))


class Doctor:
    def __init__(self) -> None:
        self.sees: tuple[Observation, ...] = ()
        self.asked = 0

    def __call__(self) -> tuple[Observation, ...]:
        self.asked += 1
        return self.sees


@pytest.fixture
def ledger(settle: Settle) -> Iterator[Ledger]:
    with open_ledger(settle().ledger_path) as opened:
        opened.editions.seal(EDITION, now=NOW)
        assert opened.mailings.add(issue_id="n1", digest=EDITION.digest, due_at=DUE, now=NOW)
        yield opened


def told(ledger: Ledger) -> list[tuple[str, str]]:
    return [(notice.kind, notice.about) for notice in ledger.notices.untold()]


def test_a_trouble_is_told_once_when_it_was_seen_twice_and_once_when_it_is_mended(settle: Settle, ledger: Ledger) -> None:
    doctor, clock = Doctor(), [NOW]
    vigil = Vigil(settle(), ledger, now=lambda: clock[0], may_tell=lambda: True, examine=doctor)
    doctor.sees = (see("relay-certificate-soon"), see("mx-ok"))
    assert vigil.look()
    assert told(ledger) == [], "one bad moment is no trouble"
    clock[0] += SURE_AFTER
    assert vigil.look()
    assert told(ledger) == [("trouble", "relay-certificate-soon")]
    for _ in range(4):
        clock[0] += EVERY
        assert vigil.look()
    assert len(told(ledger)) == 1
    again = Vigil(settle(), ledger, now=lambda: clock[0], may_tell=lambda: True, examine=doctor)  # a restart
    again.look()
    clock[0] += SURE_AFTER
    again.look()
    assert len(told(ledger)) == 1
    doctor.sees = (see("relay-ok"),)
    clock[0] += EVERY
    again.look()
    assert told(ledger)[1:] == [("mended", "relay-certificate-soon")]
    (first, last) = ledger.notices.untold()
    assert "n1" in first.words
    assert "`hebdo doctor`" in first.words
    assert "deux semaines" in last.words


def test_what_could_not_be_examined_is_not_called_mended(settle: Settle, ledger: Ledger) -> None:
    doctor, clock = Doctor(), [NOW]
    vigil = Vigil(settle(), ledger, now=lambda: clock[0], may_tell=lambda: True, examine=doctor)
    for sees in ((see("dkim-absent"),), (see("dkim-absent"),), (see("dkim-unanswered"),), (see("dns-silent"),)):
        doctor.sees = sees
        vigil.look()
        clock[0] += EVERY
    assert told(ledger) == [("trouble", "dkim-absent")]


def test_close_to_the_hour_one_look_is_enough(settle: Settle, ledger: Ledger) -> None:
    doctor = Doctor()
    doctor.sees = (see("relay-unreachable"),)
    vigil = Vigil(settle(), ledger, now=lambda: DUE - timedelta(minutes=3), may_tell=lambda: True, examine=doctor)
    vigil.look()
    assert told(ledger) == [("trouble", "relay-unreachable")]


def test_an_examination_that_fails_is_tried_again_soon_but_not_with_every_look(settle: Settle, ledger: Ledger) -> None:
    clock, asked = [NOW], list[datetime]()

    def fails() -> tuple[Observation, ...]:
        asked.append(clock[0])
        raise FolderError(Words(fr="non", en="no"))

    vigil = Vigil(settle(), ledger, now=lambda: clock[0], may_tell=lambda: True, examine=fails)
    for _ in range(3):
        with contextlib.suppress(FolderError):
            vigil.look()
    assert asked == [NOW]
    clock[0] += SURE_AFTER
    with pytest.raises(FolderError):
        vigil.look()


def test_nothing_scheduled_asks_nobody(settle: Settle, ledger: Ledger) -> None:
    (waiting,) = ledger.mailings.in_states(MailingState.SCHEDULED)
    ledger.mailings.unschedule(waiting.id, reason="", now=NOW)
    doctor = Doctor()
    assert not Vigil(settle(), ledger, now=lambda: NOW, may_tell=lambda: True, examine=doctor).look()
    assert doctor.asked == 0


def test_the_doctor_himself_can_be_asked(settle: Settle, ledger: Ledger) -> None:
    """The true examination, of a relay that is not there; the network may be absent."""
    workspace = settle(transport__kind="smtp", transport__host="127.0.0.1", transport__port="1")
    vigil = Vigil(workspace, ledger, now=lambda: DUE - timedelta(minutes=3), may_tell=lambda: True)
    assert vigil.look()
    assert ("trouble", "relay-unreachable") in told(ledger)
