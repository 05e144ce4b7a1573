"""From the desk's yes to the first byte, and everything that must stop it on the way."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from composer.errors import ConfirmationNeeded, Conflict, FindingsError, HebdoError, LedgerError, NotFound, UsageError
from composer.ledger import Ledger, open_ledger
from composer.model.mailing import DeliveryState, Mailing, MailingState, Outcome, Stage
from composer.model.newsletter import Desk, Newsletter, Schedule
from composer.workflow.delivering import decide_uncertain, pause, resume, retry_failed, stop
from composer.workflow.edits import tell_edits, watched
from composer.workflow.homing import claim_home
from composer.workflow.scheduling import Scheduled, launch_due, next_departure, schedule, send_now, unschedule
from composer.workflow.standing import status
from composer.workflow.subscribing import import_subscribers, remove_subscriber
from composer.workspace import Workspace, open_workspace, write_receipt

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
AT = "2026-11-27 07:00"
ISSUE = "2026-11-27-vitraux"
TAKEN = Outcome(stage=Stage.DONE, code=250)

CONFIG = """\
[newsletter]
name = "Vitrine"
list_id = "vitrine.exemple.fr"
locale = "fr-FR"
time_zone = "Europe/Paris"

[sender]
name = "Vitrine"
address = "bonjour@exemple.fr"
reply_to = "bonjour@exemple.fr"

[site]
public_url = "https://lettre.exemple.fr"

[schedule]
weekday = 5
time = "07:00"
jitter_min = 0

[publisher]
name = "Vitrine"
address = "1 rue du Verre, 75011 Paris"
director = "Anne Lise"
host = "Hébergeur"
contact = "bonjour@exemple.fr"
"""
STORY = """\
---
kind: lead
---
# Comment les verriers rouvrent leurs fours

Dans le onzième arrondissement, trois ateliers ont rallumé leurs fours cet automne, après deux ans d’arrêt.

**Le gaz** – Les contrats signés pour cinq ans couvrent désormais la moitié des besoins des ateliers.
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "lettre" / "issues" / ISSUE
    folder.mkdir(parents=True)
    (tmp_path / "lettre" / "newsletter.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "issue.md").write_text("---\nnumber: 12\ndate: 2026-11-27\norder: [une]\n---\n# Les fours se rallument\n", encoding="utf-8")
    (folder / "une.md").write_text(STORY, encoding="utf-8")
    return open_workspace(tmp_path / "lettre", environ={})


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with open_ledger(workspace.ledger_path, now=NOW) as opened:
        subscribe(opened, 10)
        opened.clocks.beat("clock", now=NOW)
        yield opened


def subscribe(ledger: Ledger, count: int, start: int = 0) -> None:
    lines = "".join(f"l{n}@exemple.fr\n" for n in range(start, start + count))
    import_subscribers(ledger, f"email\n{lines}".encode(), consent="site, 2026", now=NOW)


def settled(workspace: Workspace, *, desk: Desk | None = None, slot: Schedule | None = None) -> Workspace:
    newsletter: Newsletter = workspace.newsletter
    newsletter = replace(newsletter, desk=desk or newsletter.desk, schedule=slot or newsletter.schedule)
    return replace(workspace, newsletter=newsletter)


def plan(
    workspace: Workspace, ledger: Ledger, *, at: str | None = AT, expect: str | None = None, yes: bool = False, now: datetime = NOW
) -> Scheduled:
    return schedule(workspace, ledger, ISSUE, at=at, expect=expect, yes=yes, now=now)


def edit(workspace: Workspace) -> None:
    file = workspace.issues_path / ISSUE / "une.md"
    file.write_text(file.read_text(encoding="utf-8").replace("trois ateliers", "quatre ateliers"), encoding="utf-8")


def newest(ledger: Ledger) -> Mailing:
    return ledger.mailings.of_issue(ISSUE)[0]


def receipt(workspace: Workspace) -> dict[str, object]:
    return dict(json.loads((workspace.issues_path / ISSUE / "sent.json").read_text(encoding="utf-8")))


def send(
    ledger: Ledger, limit: int, *, now: datetime = DUE, outcome: Outcome = TAKEN, state: DeliveryState = DeliveryState.SUBMITTED
) -> int:
    leased = [
        one
        for mailing in ledger.running_mailings(now=now)
        for one in ledger.claim(mailing.id, worker="w", limit=limit, lease_s=60, now=now)
    ]
    for one in leased:
        assert ledger.mark_submitting(one.delivery_id, worker="w", now=now)
        ledger.record(one.delivery_id, outcome, state, retry_at=None, suppress=False, now=now)
    return len(leased)


# Scheduling.


def test_of_an_hour_that_comes_twice_confirmation_answer_and_board_say_which(workspace: Workspace, ledger: Ledger) -> None:
    for fold, words in ((0, "heure d’été, UTC+2"), (1, "heure d’hiver, UTC+1")):
        written = schedule(workspace, ledger, ISSUE, at="2027-10-31 02:30", fold=fold, yes=True, now=NOW)
        assert words in written.words.fr
        assert written.to_json()["fold"] == fold
        answer = status(workspace, ledger, ISSUE, now=NOW)
        assert answer["mailing"]["fold"] == fold
        unschedule(workspace, ledger, ISSUE, now=NOW)


def test_a_mailing_is_written_for_the_hour_on_the_wall_and_says_so(workspace: Workspace, ledger: Ledger) -> None:
    written = plan(workspace, ledger)
    assert written.mailing.due_at == DUE
    assert written.audience == 10
    assert written.words.fr == "n°\u00a012, vendredi 27\u00a0novembre 2026 à 7\u00a0h\u00a000 (Europe/Paris), 10 abonnés."
    assert next_departure(ledger) == written.mailing
    answer = status(workspace, ledger, now=NOW)
    assert answer["next"]["issue"] == ISSUE
    assert answer["next"]["local"] == "2026-11-27T07:00:00+01:00"


@pytest.mark.parametrize("at", ["2026-11-26 12:59", "2020-01-01 00:00", "2026-11-26T12:00Z"])
def test_a_past_hour_is_refused_with_a_way_out(workspace: Workspace, ledger: Ledger, at: str) -> None:
    with pytest.raises(UsageError) as refused:
        plan(workspace, ledger, at=at)
    assert refused.value.hint
    assert ledger.mailings.in_states() == ()


@pytest.mark.parametrize(
    ("at", "error", "next_command"),
    [
        ("2027-03-28 02:30", UsageError, f'`hebdo schedule {ISSUE} --at "2027-03-28 03:00"`'),
        ("2027-10-31 02:30", ConfirmationNeeded, f'`hebdo schedule {ISSUE} --at "2027-10-31 02:30" --fold 0`'),
        ("2026-10-25 02:30", UsageError, f"`hebdo send {ISSUE} --now`"),
    ],
)
def test_an_hour_that_cannot_be_is_answered_with_a_command_that_can(
    workspace: Workspace, ledger: Ledger, at: str, error: type[HebdoError], next_command: str
) -> None:
    with pytest.raises(error) as refused:
        plan(workspace, ledger, at=at)
    assert refused.value.hint
    assert next_command in refused.value.hint.fr


def test_without_a_running_clock_somebody_must_say_yes(workspace: Workspace, ledger: Ledger) -> None:
    late = NOW + timedelta(minutes=6)
    with pytest.raises(ConfirmationNeeded, match="hebdo serve"):
        plan(workspace, ledger, now=late)
    assert plan(workspace, ledger, now=late, yes=True).warnings


def test_a_letter_that_bears_another_day_than_its_departure_is_told(workspace: Workspace, ledger: Ledger) -> None:
    assert plan(workspace, ledger).warnings == ()
    unschedule(workspace, ledger, ISSUE, now=NOW)
    [warning] = plan(workspace, ledger, at="2026-11-28 07:00").warnings
    assert "vendredi 27\u00a0novembre 2026 et part samedi 28\u00a0novembre 2026" in warning.fr
    assert f"`hebdo unschedule {ISSUE}`" in warning.en


def test_without_an_hour_it_takes_the_next_free_slot(workspace: Workspace, ledger: Ledger) -> None:
    assert plan(workspace, ledger, at=None).mailing.due_at == DUE
    other = workspace.issues_path / "2026-12-04-suite"
    shutil.copytree(workspace.issues_path / ISSUE, other)
    written = schedule(workspace, ledger, "2026-12-04-suite", now=NOW)
    assert written.mailing.due_at == DUE + timedelta(days=7)
    unschedule(workspace, ledger, ISSUE, now=NOW)
    assert status(workspace, ledger, now=NOW)["slot"]["due_at"] == DUE.isoformat()


def test_one_issue_has_one_mailing(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    with pytest.raises(Conflict) as refused:
        plan(workspace, ledger)
    assert refused.value.hint
    assert f"hebdo unschedule {ISSUE}" in refused.value.hint.fr
    unschedule(workspace, ledger, ISSUE, now=NOW)
    with pytest.raises(NotFound):
        unschedule(workspace, ledger, ISSUE, now=NOW)
    assert plan(workspace, ledger)


@pytest.mark.parametrize("expect", ["", "a..b", "5..1", "-3", "1..2..3"])
def test_a_range_that_is_none_is_refused(workspace: Workspace, ledger: Ledger, expect: str) -> None:
    with pytest.raises(UsageError):
        plan(workspace, ledger, expect=expect)


def test_another_audience_than_expected_is_refused(workspace: Workspace, ledger: Ledger) -> None:
    with pytest.raises(Conflict):
        plan(workspace, ledger, expect="50..60", yes=True)
    assert plan(workspace, ledger, expect="5..60")


def test_the_desk_s_rules_are_kept(workspace: Workspace, ledger: Ledger) -> None:
    strict = settled(workspace, desk=Desk(require=("proof", "approval")))
    with pytest.raises(Conflict, match="proofed"):
        plan(strict, ledger)
    digest = plan(workspace, ledger).mailing.digest
    unschedule(workspace, ledger, ISSUE, now=NOW)
    ledger.proofs.add(issue_id=ISSUE, digest=digest, sent_to=["a@exemple.fr"], now=NOW)
    with pytest.raises(Conflict, match="approved"):
        plan(strict, ledger)
    ledger.proofs.approve(issue_id=ISSUE, digest=digest, approver="Camille", now=NOW)
    assert plan(strict, ledger)


def test_errors_of_the_checks_refuse_it(workspace: Workspace, ledger: Ledger) -> None:
    file = workspace.issues_path / ISSUE / "une.md"
    file.write_text(file.read_text(encoding="utf-8") + "\n[un mot]()\n", encoding="utf-8")
    with pytest.raises(FindingsError) as refused:
        plan(workspace, ledger)
    assert refused.value.where
    assert refused.value.hint


# The launch.


def test_it_launches_at_its_hour_and_not_before(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    assert launch_due(workspace, ledger, DUE - timedelta(seconds=1)) == []
    (launched,) = launch_due(workspace, ledger, DUE)
    assert (launched.state, launched.audience) == (MailingState.RUNNING, 10)
    assert launch_due(workspace, ledger, DUE) == []
    assert receipt(workspace) == {
        "version": 1,
        "state": "launched",
        "issue": ISSUE,
        "mailing": launched.id,
        "digest": launched.digest,
        "audience": 10,
        "due_at": DUE.isoformat(),
        "launched_at": DUE.isoformat(),
    }
    assert (workspace.issues_path / ISSUE / "edition.html").is_file()


def test_the_receipt_is_completed_when_it_ends(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    assert send(ledger, 99) == 10
    assert ledger.close_finished(now=DUE)
    launch_due(workspace, ledger, DUE)
    ended = receipt(workspace)
    assert ended["state"] == "finished"
    counts = ended["counts"]
    assert isinstance(counts, dict)
    assert counts["submitted"] == 10
    assert "@" not in json.dumps(ended)
    with pytest.raises(Conflict):
        plan(workspace, ledger, at="2026-12-04 07:00", now=DUE)
    notices = status(workspace, ledger, ISSUE, now=DUE)["notices"]
    assert [notice["kind"] for notice in notices] == ["launched", "finished"]
    assert notices[-1]["words"].endswith("envoi terminé. 10 remises\u00a0; 10 abonnés.")


@pytest.mark.parametrize("hours", [3, 24, 24 * 365])
def test_what_is_too_late_is_held_and_told_until_somebody_decides(workspace: Workspace, ledger: Ledger, hours: int) -> None:
    plan(workspace, ledger)
    late = DUE + timedelta(hours=hours)
    assert launch_due(workspace, ledger, late) == []
    held = newest(ledger)
    assert (held.state, held.reason_code) == (MailingState.HELD, "late")
    assert f"hebdo resume {ISSUE}" in held.reason
    assert [notice.kind for notice in ledger.notices.untold()] == ["held"]
    assert launch_due(workspace, ledger, late) == []
    resume(workspace, ledger, ISSUE, now=late)
    assert len(launch_due(workspace, ledger, late)) == 1


def test_a_clock_that_jumps_launches_once(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    moments = [
        datetime(1970, 1, 1, tzinfo=UTC),
        DUE - timedelta(days=1),
        DUE + timedelta(hours=1),
        DUE - timedelta(hours=1),
        DUE,
        NOW,
        DUE + timedelta(days=1),
    ]
    assert [len(launch_due(workspace, ledger, moment)) for moment in moments] == [0, 0, 1, 0, 0, 0, 0]


def test_an_edit_after_sealing_is_told_at_once_and_held_at_the_hour(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    edit(workspace)
    assert tell_edits(workspace, ledger, watched(ledger), NOW + timedelta(minutes=1))
    assert [notice.kind for notice in ledger.notices.untold()] == ["changed"]
    assert not tell_edits(workspace, ledger, watched(ledger), NOW + timedelta(minutes=2))
    assert len(ledger.notices.untold()) == 1
    assert launch_due(workspace, ledger, DUE) == []
    held = newest(ledger)
    assert (held.state, held.reason_code) == (MailingState.HELD, "changed")
    resume(workspace, ledger, ISSUE, now=DUE)
    (launched,) = launch_due(workspace, ledger, DUE)
    sealed = ledger.editions.get(ISSUE, launched.digest)
    assert sealed
    assert "trois ateliers" in sealed.html
    assert "quatre" not in (workspace.issues_path / ISSUE / "edition.html").read_text(encoding="utf-8")


def test_by_choice_the_sealed_version_leaves_all_the_same(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    shutil.rmtree(workspace.issues_path / ISSUE / "images", ignore_errors=True)
    (workspace.issues_path / ISSUE / "une.md").write_bytes(b"---\nkind: [\n")
    assert launch_due(settled(workspace, desk=Desk(on_change="send_sealed")), ledger, DUE)


def test_files_that_cannot_be_read_any_more_are_held(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    shutil.rmtree(workspace.issues_path / ISSUE)
    assert launch_due(workspace, ledger, DUE) == []
    assert newest(ledger).state is MailingState.HELD
    assert status(workspace, ledger, ISSUE, now=DUE)["mailing"]["state"] == "held"


def test_an_edit_that_changes_nothing_for_readers_changes_nothing(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    file = workspace.issues_path / ISSUE / "une.md"
    file.write_text(file.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert launch_due(workspace, ledger, DUE)


@pytest.mark.parametrize("more", [-10, -3, 3])
def test_an_audience_far_off_the_confirmed_one_is_held(workspace: Workspace, ledger: Ledger, more: int) -> None:
    plan(workspace, ledger)
    if more > 0:
        subscribe(ledger, more, start=10)
    for number in range(-more):
        remove_subscriber(ledger, f"l{number}@exemple.fr", now=NOW)
    assert launch_due(workspace, ledger, DUE) == []
    assert newest(ledger).reason_code == "audience"
    resume(workspace, ledger, ISSUE, now=DUE)
    (launched,) = launch_due(workspace, ledger, DUE)
    assert launched.audience == 10 + more


def test_a_restored_ledger_does_not_send_again_what_sent_json_tells_of(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    ledger.close()
    backup = shutil.copy(ledger.path, workspace.root / "sauvegarde.sqlite")
    with open_ledger(ledger.path) as original:
        assert launch_due(workspace, original, DUE)
    shutil.copy(backup, ledger.path)
    ledger.path.with_name(ledger.path.name + ".mark").unlink()
    with open_ledger(ledger.path) as restored:
        assert launch_due(workspace, restored, DUE) == []
        assert newest(restored).reason_code == "receipt"
        with pytest.raises(Conflict):
            resume(workspace, restored, ISSUE, now=DUE)
        unschedule(workspace, restored, ISSUE, now=DUE)
        with pytest.raises(Conflict, match=r"sent\.json"):
            plan(workspace, restored, at="2026-12-04 07:00", now=DUE)


def test_a_new_ledger_in_a_workspace_from_git_does_not_send_again_either(workspace: Workspace, ledger: Ledger) -> None:
    (workspace.issues_path / ISSUE / "sent.json").write_text(
        '{"version": 1, "state": "finished", "mailing": 1, "digest": "x"}', encoding="utf-8"
    )
    with pytest.raises(Conflict):
        plan(workspace, ledger)
    with pytest.raises(Conflict):
        send_now(workspace, ledger, ISSUE, now=NOW)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"mailing": "1"}'])
def test_an_unreadable_receipt_is_not_a_missing_one(workspace: Workspace, ledger: Ledger, content: str) -> None:
    plan(workspace, ledger)
    (workspace.issues_path / ISSUE / "sent.json").write_text(content, encoding="utf-8")
    assert launch_due(workspace, ledger, DUE) == []
    assert newest(ledger).reason_code == "receipt"


def test_a_restored_ledger_that_was_under_way_is_held(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    send(ledger, 4)
    ledger.close()
    backup = shutil.copy(ledger.path, workspace.root / "sauvegarde.sqlite")
    with open_ledger(ledger.path) as original:
        send(original, 99)
        original.close_finished(now=DUE)
        launch_due(workspace, original, DUE)
    shutil.copy(backup, ledger.path)
    with open_ledger(ledger.path) as restored:
        launch_due(workspace, restored, DUE + timedelta(seconds=30))
        assert newest(restored).reason_code == "receipt"
        assert restored.running_mailings(now=DUE) == ()


def test_a_copied_ledger_refuses_and_holds_once_it_is_claimed(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    ledger.close()
    shutil.copytree(workspace.root, workspace.root.parent / "copie")
    copy = open_workspace(workspace.root.parent / "copie", environ={})
    with open_ledger(copy.ledger_path) as copied:
        with pytest.raises(LedgerError):
            launch_due(copy, copied, DUE)
        with pytest.raises(LedgerError):
            plan(copy, copied)
        assert not status(copy, copied, now=DUE)["home"]
        assert len(claim_home(copy, copied, yes=True, now=DUE)) == 1
        assert launch_due(copy, copied, DUE) == []
        resume(copy, copied, ISSUE, now=DUE)
        assert launch_due(copy, copied, DUE)


def test_a_crash_between_launch_and_receipt_is_mended_by_the_next_beat(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    file = workspace.issues_path / ISSUE / "sent.json"
    launch_due(workspace, ledger, DUE)
    with ledger._store.writing() as connection:
        connection.exec_driver_sql("UPDATE mailings SET receipted_at = NULL")
    file.unlink()
    assert send(ledger, 9) == 0
    assert launch_due(workspace, ledger, DUE) == []
    assert file.is_file()
    assert send(ledger, 99) == 10


def test_two_beats_at_once_launch_once(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    with open_ledger(ledger.path) as other:
        assert len(launch_due(workspace, other, DUE) + launch_due(workspace, ledger, DUE)) == 1


# Now, and the brakes.


def test_send_now_leaves_after_its_window(workspace: Workspace, ledger: Ledger) -> None:
    send_now(workspace, ledger, ISSUE, hold_s=300, now=NOW)
    (launched,) = launch_due(workspace, ledger, NOW)
    assert launched.hold_until == NOW + timedelta(minutes=5)
    assert send(ledger, 99, now=NOW + timedelta(minutes=4, seconds=59)) == 0
    assert send(ledger, 99, now=NOW + timedelta(minutes=5)) == 10


def test_what_a_question_proposes_repeats_what_was_typed(workspace: Workspace, ledger: Ledger) -> None:
    ledger.notices.add(mailing_id=None, kind="left-missing", words="Des désinscriptions manquent.", now=NOW)
    with pytest.raises(ConfirmationNeeded) as asked:
        send_now(workspace, ledger, ISSUE, hold_s=5, expect=None, now=NOW)
    assert asked.value.hint
    assert f"`hebdo send {ISSUE} --now --hold 5s --yes`" in asked.value.hint.fr


def test_send_now_says_until_when_everything_can_be_kept_back(workspace: Workspace, ledger: Ledger) -> None:
    written = send_now(workspace, ledger, ISSUE, hold_s=300, now=NOW)
    assert written.words.fr.endswith("10 abonnés. Premier message pas avant 13\u00a0h\u00a005.")
    assert written.words.en.endswith("10 subscribers. First message not before 13:05.")


def test_the_notice_of_a_launch_says_when_the_first_message_leaves_and_how_to_keep_it_back(workspace: Workspace, ledger: Ledger) -> None:
    send_now(workspace, ledger, ISSUE, hold_s=300, now=NOW)
    (launched,) = launch_due(workspace, ledger, NOW)
    (told,) = ledger.notices.of_mailing(launched.id)
    assert f"Premier message à 13\u00a0h\u00a005\u00a0; pour retenir\u00a0: `hebdo stop {ISSUE}`" in told.words


def test_a_stop_in_the_window_leaves_nobody_with_it(workspace: Workspace, ledger: Ledger) -> None:
    send_now(workspace, ledger, ISSUE, hold_s=300, now=NOW)
    launch_due(workspace, ledger, NOW)
    stopped = stop(workspace, ledger, ISSUE, now=NOW)
    assert (stopped.gone, stopped.on_the_wire, stopped.cancelled) == (0, 0, 10)
    launch_due(workspace, ledger, NOW)
    assert receipt(workspace)["state"] == "stopped"
    assert plan(workspace, ledger).audience == 10


def test_a_stop_in_the_middle_says_what_had_left_and_the_rest_may_be_sent_later(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    send(ledger, 4)
    (wire,) = ledger.claim(newest(ledger).id, worker="w", limit=1, lease_s=60, now=DUE)
    ledger.mark_submitting(wire.delivery_id, worker="w", now=DUE)
    stopped = stop(workspace, ledger, ISSUE, now=DUE)
    assert (stopped.gone, stopped.on_the_wire, stopped.cancelled) == (4, 1, 5)
    assert "4 messages étaient partis" in stopped.words.fr
    ledger.record(wire.delivery_id, TAKEN, DeliveryState.SUBMITTED, retry_at=None, suppress=False, now=DUE)
    for act in (stop, pause, resume):
        with pytest.raises(Conflict):
            act(workspace, ledger, ISSUE, now=DUE)
    edit(workspace)
    again = plan(workspace, ledger, at="2026-12-04 07:00", now=DUE, yes=True)
    assert again.audience == 5
    (launched,) = launch_due(workspace, ledger, again.mailing.due_at)
    assert launched.audience == 5


def test_a_mailing_that_did_not_begin_is_not_stopped_but_unscheduled(workspace: Workspace, ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        stop(workspace, ledger, ISSUE, now=NOW)
    plan(workspace, ledger)
    for act in (stop, pause):
        with pytest.raises(Conflict) as refused:
            act(workspace, ledger, ISSUE, now=NOW)
        assert refused.value.hint
        assert f"hebdo unschedule {ISSUE}" in refused.value.hint.fr


def test_pause_and_resume(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    assert pause(workspace, ledger, ISSUE, now=DUE).state is MailingState.PAUSED
    assert pause(workspace, ledger, ISSUE, now=DUE).state is MailingState.PAUSED
    assert send(ledger, 9) == 0
    later = DUE + timedelta(hours=9)
    assert resume(workspace, ledger, ISSUE, now=later).state is MailingState.RUNNING
    launch_due(workspace, ledger, later)
    assert send(ledger, 99, now=later) == 10


def test_what_failed_is_tried_again_and_finished_again(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    send(ledger, 3, outcome=Outcome(stage=Stage.DOT, code=554), state=DeliveryState.FAILED)
    send(ledger, 99)
    ledger.close_finished(now=DUE)
    launch_due(workspace, ledger, DUE)
    assert retry_failed(workspace, ledger, ISSUE, now=DUE) == 3
    launch_due(workspace, ledger, DUE)
    assert newest(ledger).state is MailingState.RUNNING
    assert send(ledger, 99) == 3
    ledger.close_finished(now=DUE)
    launch_due(workspace, ledger, DUE)
    assert receipt(workspace)["state"] == "finished"
    assert retry_failed(workspace, ledger, ISSUE, now=DUE) == 0


@pytest.mark.parametrize(("choice", "state"), [("retry", "pending"), ("drop", "cancelled")])
def test_what_is_uncertain_waits_for_a_decision(workspace: Workspace, ledger: Ledger, choice: str, state: str) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    send(ledger, 2, outcome=Outcome(stage=Stage.AFTER_DOT), state=DeliveryState.UNCERTAIN)
    send(ledger, 99)
    launch_due(workspace, ledger, DUE)
    assert status(workspace, ledger, ISSUE, now=DUE)["mailing"]["counts"]["uncertain"] == 2
    assert decide_uncertain(workspace, ledger, ISSUE, choice=choice, now=DUE) == 2  # type: ignore[arg-type]
    answer = status(workspace, ledger, ISSUE, now=DUE)["mailing"]
    assert (answer["counts"]["uncertain"], answer["counts"][state]) == (0, 2)
    assert answer["adds_up"]


def test_who_is_given_up_stands_so_in_the_receipt(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    send(ledger, 2, outcome=Outcome(stage=Stage.AFTER_DOT), state=DeliveryState.UNCERTAIN)
    send(ledger, 99)
    ledger.close_finished(now=DUE)
    launch_due(workspace, ledger, DUE)
    assert receipt(workspace)["counts"]["uncertain"] == 2
    decide_uncertain(workspace, ledger, ISSUE, choice="drop", now=DUE)
    assert receipt(workspace)["counts"] | {"uncertain": 0, "cancelled": 2} == receipt(workspace)["counts"]


def test_by_choice_the_uncertain_are_tried_again_but_not_for_ever(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    bold = settled(workspace, desk=Desk(on_uncertain="retry"))
    launch_due(bold, ledger, DUE)
    sent = 0
    for _ in range(9):
        sent += send(ledger, 99, outcome=Outcome(stage=Stage.AFTER_DOT), state=DeliveryState.UNCERTAIN)
        ledger.close_finished(now=DUE)
        launch_due(bold, ledger, DUE)
    assert sent == 30
    assert newest(ledger).state is MailingState.FINISHED


def test_a_status_names_every_state_and_adds_up(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    before = status(workspace, ledger, ISSUE, now=NOW)["mailing"]
    assert before["state"] == "scheduled"
    assert before["audience"] is None
    launch_due(workspace, ledger, DUE)
    during = status(workspace, ledger, ISSUE, now=DUE)["mailing"]
    assert set(during["counts"]) == {state.value for state in DeliveryState}
    assert sum(during["counts"].values()) == during["audience"] == 10
    assert json.dumps(status(workspace, ledger, now=DUE))


def test_an_unknown_issue_is_not_found(workspace: Workspace, ledger: Ledger) -> None:
    for act in (stop, pause, resume, retry_failed, unschedule):
        with pytest.raises(NotFound):
            act(workspace, ledger, "2031-nulle-part", now=NOW)
    with pytest.raises(NotFound):
        status(workspace, ledger, "2031-nulle-part", now=NOW)


def test_a_mailing_to_nobody_ends_in_words(workspace: Workspace, ledger: Ledger) -> None:
    for number in range(10):
        person = ledger.subscribers.by_key(f"l{number}@exemple.fr")
        assert person
        ledger.subscribers.leave(person.id, by="page", now=NOW)
    plan(workspace, ledger, yes=True)
    launch_due(workspace, ledger, DUE)
    resume(workspace, ledger, ISSUE, now=DUE)
    launch_due(workspace, ledger, DUE)
    ledger.close_finished(now=DUE)
    launch_due(workspace, ledger, DUE)
    assert "il n’y avait personne à qui écrire" in status(workspace, ledger, ISSUE, now=DUE)["notices"][-1]["words"]


def test_a_retry_of_nothing_leaves_the_receipt_as_it_was(workspace: Workspace, ledger: Ledger) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    send(ledger, 10)
    ledger.close_finished(now=DUE)
    launch_due(workspace, ledger, DUE)
    assert receipt(workspace)["state"] == "finished"
    assert retry_failed(workspace, ledger, ISSUE, now=DUE) == 0
    assert receipt(workspace)["state"] == "finished"


def test_a_decision_while_another_process_completes_the_receipt_holds_nothing(
    workspace: Workspace, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(workspace, ledger)
    launch_due(workspace, ledger, DUE)
    send(ledger, 2, outcome=Outcome(stage=Stage.AFTER_DOT), state=DeliveryState.UNCERTAIN)
    send(ledger, 99)
    ledger.close_finished(now=DUE)
    inside, go_on = threading.Event(), threading.Event()

    def slow(*given: object) -> None:
        inside.set()
        go_on.wait(10)
        write_receipt(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("composer.workflow.launching.write_receipt", slow)
    completing = threading.Thread(target=launch_due, args=(workspace, ledger, DUE))
    deciding = threading.Thread(target=decide_uncertain, args=(workspace, ledger, ISSUE), kwargs={"choice": "retry", "now": DUE})
    completing.start()
    assert inside.wait(10)
    deciding.start()
    deciding.join(0.3)
    go_on.set()
    completing.join(10)
    deciding.join(10)
    launch_due(workspace, ledger, DUE)
    assert newest(ledger).state is MailingState.RUNNING
    assert receipt(workspace)["state"] == "launched"
    assert send(ledger, 99) == 2
