"""What `schedule` confirms, `status` shows and the clock does when a mailing does not leave at one instant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from composer.cli.live import progress_line
from composer.deliver.choose import AudienceRule
from composer.deliver.hours import parse_hours
from composer.deliver.schedule import Departure, find_zone, first_message
from composer.deliver.slices import parse_slice
from composer.errors import UsageError
from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.edition import Edition
from composer.model.mailing import DeliveryState, Mailing, MailingState, Outcome, Stage
from composer.model.newsletter import Newsletter, Schedule
from composer.model.pace import PaceSettings
from composer.workflow.delivering import resume
from composer.workflow.launching import launch_due
from composer.workflow.progress import Follower
from composer.workflow.replies import group_replies
from composer.workflow.spreading import Moment, Spread, Wish, plan_spread, read_wish
from composer.workflow.standing import status
from composer.workspace import Workspace, open_workspace

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SEVEN = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
PARIS = find_zone("Europe/Paris")
ISSUE = "2026-11-27-vitraux"
DIGEST = "0" * 11 + "1" + "0" * 52  # jitter: 21 s
EDITION = Edition(
    issue_id=ISSUE, number=1, subject="Bonjour", preheader="", html="<p>Bonjour</p>", text="Bonjour", pictures=(),
    field_prefix="mfq7", digest=DIGEST, theme="classique", lang="fr",
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "issues" / ISSUE).mkdir(parents=True)
    (tmp_path / "newsletter.toml").write_text(
        '[newsletter]\nname = "V"\n[sender]\naddress = "a@exemple.fr"\n[desk]\non_change = "send_sealed"\n', encoding="utf-8"
    )
    return open_workspace(tmp_path, environ={})


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with open_ledger(workspace.ledger_path, now=NOW) as opened:
        names = ("", "Pacific/Noumea", "America/Montreal", "Asia/Kolkata")
        people = [
            NewSubscriber(email=f"l{n}@x{n % 5}.fr", email_key=f"l{n}@x{n % 5}.fr", fields=(("fuseau", names[n % 4]),)) for n in range(400)
        ]
        opened.subscribers.add_all(people, now=NOW)
        opened.editions.seal(EDITION, now=NOW)
        yield opened


def settled(workspace: Workspace, *, pace: PaceSettings | None = None, **schedule: Any) -> Workspace:
    newsletter = replace(workspace.newsletter, schedule=Schedule(**schedule), pace=pace or PaceSettings())
    return replace(workspace, newsletter=newsletter)


def planned(workspace: Workspace, ledger: Ledger, *, first: str | None = None, due_at: datetime = SEVEN, now: datetime = NOW) -> Spread:
    newsletter: Newsletter = workspace.newsletter
    departure = Departure(due_at=due_at, local=due_at.astimezone(PARIS), zone=PARIS.key)
    wish: Wish = read_wish(newsletter, first)
    moment = Moment(departure=departure, now=now, hold_until=None, digest=DIGEST)
    return plan_spread(newsletter, ledger, AudienceRule(issue_id=ISSUE), wish, moment)


def written(ledger: Ledger, spread: Spread) -> Mailing:
    mailing = ledger.mailings.add(
        issue_id=ISSUE, digest=DIGEST, due_at=spread.due_at, hold_until=spread.hold_until, plan=spread.plan, expected=400, now=NOW
    )
    assert mailing
    return mailing


def told(workspace: Workspace, ledger: Ledger, now: datetime) -> str:
    plan = status(workspace, ledger, ISSUE, now=now)["mailing"]["plan"]
    return "" if plan is None else plan["words"]["fr"].replace("\u00a0", " ")


def try_all(ledger: Ledger, mailing: Mailing, now: datetime, *, refused: int = 0) -> int:
    leased = ledger.claim(mailing.id, worker="w", limit=999, lease_s=60, now=now)
    for number, one in enumerate(leased):
        assert ledger.mark_submitting(one.delivery_id, worker="w", now=now)
        state = DeliveryState.FAILED if number < refused else DeliveryState.SUBMITTED
        outcome = Outcome(stage=Stage.RCPT, code=550, reply="no") if number < refused else Outcome(stage=Stage.DONE, code=250)
        ledger.record(one.delivery_id, outcome, state, retry_at=None, suppress=False, now=now)
    return len(leased)


def kinds(ledger: Ledger, mailing: Mailing) -> list[str]:
    return [notice.kind for notice in ledger.notices.of_mailing(mailing.id)]


def test_a_departure_at_the_full_hour_keeps_off_it_by_seconds_and_says_so(workspace: Workspace, ledger: Ledger) -> None:
    spread = planned(workspace, ledger)
    assert (spread.due_at, spread.hold_until) == (SEVEN, SEVEN + timedelta(seconds=21))
    assert not spread.is_spread
    assert planned(settled(workspace, jitter_min=0), ledger).hold_until is None


def test_the_first_slice_is_confirmed_shown_told_and_the_rest_follows_by_itself(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, first_slice=parse_slice("5%"), jitter_min=2)
    spread = planned(workspace, ledger)
    assert spread.words.in_language("fr").replace("\u00a0", " ") == "Premier lot : 20 lecteurs à 7 h 00, le reste à 7 h 30."
    assert spread.words.en == "First slice: 20 readers at 07:00, the rest at 07:30."
    mailing = written(ledger, spread)
    assert told(workspace, ledger, NOW) == "Premier lot : 20 lecteurs à 7 h 00, le reste à 7 h 30."
    launch_due(workspace, ledger, SEVEN)
    assert try_all(ledger, mailing, SEVEN + timedelta(seconds=20)) == 0
    assert try_all(ledger, mailing, SEVEN + timedelta(seconds=21)) == 20
    for second in (30, 31):
        launch_due(workspace, ledger, SEVEN + timedelta(seconds=second))
    assert told(workspace, ledger, SEVEN + timedelta(minutes=1)) == "Le reste (380 lecteurs) à 7 h 30."
    assert kinds(ledger, mailing).count("first") == 1
    assert try_all(ledger, mailing, SEVEN + timedelta(minutes=30, seconds=21)) == 380
    assert kinds(ledger, mailing).count("held") == 0


def test_a_first_slice_that_is_refused_keeps_the_rest_until_a_person_has_seen_it(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, first_slice=parse_slice("20"), jitter_min=0)
    mailing = written(ledger, planned(workspace, ledger))
    launch_due(workspace, ledger, SEVEN)
    assert try_all(ledger, mailing, SEVEN, refused=3) == 20
    launch_due(workspace, ledger, SEVEN + timedelta(seconds=2))
    held = ledger.mailings.get(mailing.id)
    assert held
    assert (held.state, held.reason_code) == (MailingState.HELD, "first")
    resume(workspace, ledger, ISSUE, now=SEVEN + timedelta(minutes=40))
    launch_due(workspace, ledger, SEVEN + timedelta(minutes=40))
    assert try_all(ledger, mailing, SEVEN + timedelta(minutes=40)) == 380


def test_the_option_goes_before_the_setting_and_nonsense_is_refused(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, first_slice=parse_slice("5%"))
    assert planned(workspace, ledger, first="0").moments[0][1] == 400
    assert planned(workspace, ledger, first="100").moments[0][1] == 100
    with pytest.raises(UsageError):
        planned(workspace, ledger, first="tous")


def test_outside_the_sending_hours_nothing_leaves_and_nothing_is_late(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, hours=parse_hours("07:00-21:00"), jitter_min=0)
    evening = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)  # 23:00 in Paris
    spread = planned(workspace, ledger, due_at=evening)
    assert spread.hold_until == SEVEN
    mailing = written(ledger, spread)
    launch_due(workspace, ledger, evening)
    for hours in range(1, 8):
        launch_due(workspace, ledger, evening + timedelta(hours=hours))
    assert try_all(ledger, mailing, SEVEN - timedelta(seconds=1)) == 0
    assert kinds(ledger, mailing) == ["launched"]
    assert try_all(ledger, mailing, SEVEN) == 400


def test_what_sending_hours_move_to_another_day_is_told_with_its_day(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, hours=parse_hours("07:00-21:00"), jitter_min=0, first_slice=parse_slice("5%"))
    evening = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
    spread = planned(workspace, ledger, due_at=evening)
    assert spread.words.en == "First slice: 20 readers on Friday 27 November 2026 at 07:00, the rest on Friday 27 November 2026 at 07:30."
    written(ledger, spread)
    launch_due(workspace, ledger, evening)
    following = told(workspace, ledger, SEVEN + timedelta(minutes=1))
    assert following == "Le reste (380 lecteurs) vendredi 27 novembre 2026 à 7 h 30."
    local = SEVEN.astimezone(PARIS)
    assert first_message(local, ISSUE, departs_on=local.date()).en.startswith("First message at 07:00;")
    moved = first_message(local, ISSUE, departs_on=date(2026, 11, 26))
    assert moved.fr.startswith("Premier message vendredi 27\u00a0novembre 2026 à 7\u00a0h\u00a000")
    assert moved.en.startswith("First message on Friday 27 November 2026 at 07:00;")


def test_who_follows_is_told_what_waits_and_gets_no_time_that_nobody_knows(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, first_slice=parse_slice("5%"), jitter_min=0)
    mailing = written(ledger, planned(workspace, ledger))
    launch_due(workspace, ledger, SEVEN)
    clock, seconds = [SEVEN], [0.0]
    follower = Follower(workspace, ledger, mailing.id, monotonic=lambda: seconds[0], clock=lambda: clock[0])
    follower.look()
    try_all(ledger, mailing, SEVEN)
    seconds[0] += 2
    seen = follower.look()
    assert seen
    assert (seen.rate, seen.remaining, seen.remaining_s) == (10.0, 380, None)
    assert seen.to_json(SEVEN)["to_come"] == [{"at": (SEVEN + timedelta(minutes=30)).isoformat(), "readers": 380}]
    assert (
        progress_line(seen)
        .replace("\u00a0", " ")
        .endswith(("reste 380 · Le reste (380 lecteurs) à 7 h 30", "The rest (380 readers) at 07:30"))
    )
    clock[0] += timedelta(minutes=31)
    seconds[0] += 2
    seen = follower.look()
    assert seen
    assert (seen.to_come, seen.remaining_s) == ((), 76.0)


def test_what_no_engine_sent_in_time_is_still_held_as_late(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, first_slice=parse_slice("20"), jitter_min=0)
    mailing = written(ledger, planned(workspace, ledger))
    launch_due(workspace, ledger, SEVEN)
    launch_due(workspace, ledger, SEVEN + timedelta(minutes=119))
    assert kinds(ledger, mailing) == ["launched"]
    launch_due(workspace, ledger, SEVEN + timedelta(minutes=122))
    assert ledger.mailings.get(mailing.id).reason_code == "late"  # type: ignore[union-attr]


def test_each_reader_s_own_hour_is_confirmed_in_waves_and_the_mailing_launches_for_the_first(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, local_time=True, jitter_min=2)
    spread = planned(workspace, ledger)
    assert "en 4 vagues" in spread.words.fr
    assert "jeudi 26\u00a0novembre 2026 à 21" in spread.words.fr
    assert spread.due_at == datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
    mailing = written(ledger, spread)
    launch_due(workspace, ledger, spread.due_at)
    sent = [try_all(ledger, mailing, spread.due_at + timedelta(seconds=21, minutes=30 * half)) for half in range(40)]
    assert [count for count in sent if count] == [100, 100, 100, 100]
    assert kinds(ledger, mailing) == ["launched"]


def test_a_warm_up_says_how_many_days_it_takes(workspace: Workspace, ledger: Ledger) -> None:
    ramp = PaceSettings(warm_up=(20, 40, 80, 160, 320), warm_up_from=date(2026, 11, 27))
    spread = planned(settled(workspace, pace=ramp, jitter_min=0), ledger)
    assert [readers for _, readers in spread.moments] == [20, 40, 80, 160, 100]
    assert "sur 5 jours" in spread.words.fr
    assert "over 5 days" in spread.words.en


def test_status_groups_what_servers_said_the_largest_first_and_five_at_most(workspace: Workspace, ledger: Ledger) -> None:
    workspace = settled(workspace, jitter_min=0)
    mailing = written(ledger, planned(workspace, ledger))
    launch_due(workspace, ledger, SEVEN)
    replies = [*(["<{n}@x.fr> no such user {n}a"] * 9), *(["4.7.1 slow down"] * 4), "a", "a", "b", "c", "d", "e", "f"]
    for n, one in enumerate(ledger.claim(mailing.id, worker="w", limit=len(replies), lease_s=60, now=SEVEN)):
        ledger.mark_submitting(one.delivery_id, worker="w", now=SEVEN)
        later = "slow" in replies[n]
        outcome = Outcome(stage=Stage.RCPT, code=450 if later else 550, reply=replies[n].format(n=n))
        state = DeliveryState.DEFERRED if later else DeliveryState.FAILED
        ledger.record(one.delivery_id, outcome, state, retry_at=SEVEN if later else None, suppress=False, now=SEVEN)
    found = status(workspace, ledger, ISSUE, now=SEVEN)["mailing"]["replies"]
    assert [(group["state"], group["count"]) for group in found["groups"][:3]] == [("failed", 9), ("deferred", 4), ("failed", 2)]
    assert (len(found["groups"]), found["others"]) == (5, 3)
    assert "no such user" in found["groups"][0]["words"]
    assert group_replies([]) == ([], 0)
