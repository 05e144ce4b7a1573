"""A rectificatif goes to exactly those who got the issue that it corrects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.deliver.choose import AudienceRule, is_due
from composer.errors import Conflict, HebdoError, NotFound, UsageError
from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.mailing import DeliveryState, Mailing, Outcome, Stage
from composer.workflow.checking import check
from composer.workflow.delivering import stop
from composer.workflow.rectifying import new_correction
from composer.workflow.scheduling import Scheduled, launch_due, next_free_slot, schedule, send_now
from composer.workflow.standing import status
from composer.workflow.subscribing import import_subscribers, remove_subscriber
from composer.workspace import Workspace, open_workspace

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ISSUE = "2026-11-26-fours"
STATES = (DeliveryState.SUBMITTED, DeliveryState.FAILED, DeliveryState.UNCERTAIN)
CONFIG = """\
[newsletter]
name = "Vitrine"
list_id = "vitrine.exemple.fr"
[sender]
address = "bonjour@exemple.fr"
reply_to = "bonjour@exemple.fr"
[site]
public_url = "https://lettre.exemple.fr"
self_check = false
[schedule]
weekday = 5
[publisher]
name = "Vitrine"
address = "1 rue du Verre, 75011 Paris"
host = "Hébergeur, 75000 Paris"
phone = "01 00 00 00 00"
"""
STORY = "---\nkind: lead\n---\n# Les fours\n\nTrois ateliers ont rallumé leurs fours cet automne.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "issues" / ISSUE
    folder.mkdir(parents=True)
    (tmp_path / "newsletter.toml").write_text(CONFIG, "utf-8")
    (folder / "issue.md").write_text("---\nnumber: 42\ndate: 2026-11-26\n---\n# Les fours se rallument\n", "utf-8")
    (folder / "une.md").write_text(STORY, "utf-8")
    return open_workspace(tmp_path, environ={})


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with open_ledger(workspace.ledger_path, now=NOW) as opened:
        opened.clocks.beat("clock", now=NOW)
        subscribe(opened, range(10))
        yield opened


def subscribe(ledger: Ledger, numbers: range) -> None:
    lines = "".join(f"l{n}@exemple.fr\n" for n in numbers)
    import_subscribers(ledger, f"email\n{lines}".encode(), consent="site, 2026", now=NOW)


def deliver(ledger: Ledger, mailing: Mailing, *, how: Callable[[int], DeliveryState], now: datetime = NOW, limit: int = 100) -> None:
    """Hands every delivery out, ended as ``how`` says of its place."""
    for place, one in enumerate(ledger.claim(mailing.id, worker="w", limit=limit, lease_s=60, now=now)):
        state = how(place)
        stage = Stage.AFTER_DOT if state is DeliveryState.UNCERTAIN else Stage.DONE if state is DeliveryState.SUBMITTED else Stage.RCPT
        ledger.mark_submitting(one.delivery_id, worker="w", now=now)
        ledger.record(one.delivery_id, Outcome(stage=stage, code=250), state, retry_at=None, suppress=False, now=now)
    ledger.mailings.close_finished(now=now)


def leave(workspace: Workspace, ledger: Ledger, ref: str, *, now: datetime = NOW, yes: bool = True) -> tuple[Scheduled, Mailing]:
    written = send_now(workspace, ledger, ref, hold_s=0, yes=yes, now=now)
    (mailing,) = launch_due(workspace, ledger, now)
    return written, mailing


@pytest.fixture
def gone(workspace: Workspace, ledger: Ledger) -> Mailing:
    """No. 42: seven submitted, two failed, one uncertain."""
    _, mailing = leave(workspace, ledger, ISSUE)
    deliver(ledger, mailing, how=lambda n: DeliveryState.SUBMITTED if n < 7 else STATES[1 + (n == 9)])
    return mailing


@pytest.fixture
def rectificatif(workspace: Workspace, ledger: Ledger, gone: Mailing) -> str:
    assert gone.audience == 10
    issue = new_correction(workspace, ledger, "42", now=NOW)
    path = workspace.path_of(issue.stories[0].path)
    path.write_text(path.read_text("utf-8").replace("à compléter", "trente ateliers").replace("status: todo", "status: ready"), "utf-8")
    return issue.id


def receivers(ledger: Ledger, mailing: Mailing) -> set[str]:
    return {one.email for one in ledger.claim(mailing.id, worker="look", limit=100, lease_s=60, now=NOW + timedelta(hours=1))}


def test_it_begins_with_what_an_editor_needs(workspace: Workspace, ledger: Ledger, gone: Mailing) -> None:
    issue = new_correction(workspace, ledger, "42", now=NOW)
    assert (issue.subject, issue.number, issue.correction_of) == ("Rectificatif : Les fours se rallument", None, gone.issue_id)
    assert "\u00a0" not in workspace.path_of(issue.path).read_text("utf-8")
    story = workspace.path_of(issue.stories[0].path).read_text("utf-8")
    assert f"/n/{gone.issue_id})" in story, "readers find what is corrected"
    found = {(one.rule, one.level) for one in check(workspace, issue.id)}
    assert {one for one in found if one[1] != "advice"} == {("placeholder", "error"), ("story-todo", "warning")}
    assert not {rule for rule, _ in found} & {"untidy-source", "double-space"}


def test_its_subject_is_no_longer_than_inboxes_show(workspace: Workspace, ledger: Ledger, gone: Mailing) -> None:
    file = workspace.path_of(f"issues/{gone.issue_id}/issue.md")
    file.write_text(
        file.read_text("utf-8").replace("Les fours se rallument", "Les fours se rallument dans trente ateliers de la côte et du bocage")
    )
    issue = new_correction(workspace, ledger, "42", now=NOW)
    assert issue.subject == "Rectificatif : Les fours se rallument dans trente ateliers…"
    assert "subject-long" not in {one.rule for one in check(workspace, issue.id)}


def test_exactly_those_who_got_it_get_the_correction(workspace: Workspace, ledger: Ledger, rectificatif: str) -> None:
    subscribe(ledger, range(10, 15))
    remove_subscriber(ledger, "l2@exemple.fr", now=NOW)
    written, mailing = leave(workspace, ledger, rectificatif, yes=False)
    assert (written.audience, mailing.audience) == (6, 6)
    assert "6 abonnés qui ont reçu le n°\u00a042\u00a0; 1 n’est plus inscrit\u00a0; 1 incertain ne l’aura pas" in written.words.in_language(
        "fr"
    )
    assert receivers(ledger, mailing) == {f"l{n}@exemple.fr" for n in (0, 1, 3, 4, 5, 6)}


def test_no_check_asks_of_it_what_is_asked_of_a_whole_issue(workspace: Workspace, rectificatif: str) -> None:
    assert [one.rule for one in check(workspace, rectificatif) if one.level != "advice"] == []


def test_an_edit_of_its_front_matter_changes_nobody_once_it_is_scheduled(workspace: Workspace, ledger: Ledger, rectificatif: str) -> None:
    written = schedule(workspace, ledger, rectificatif, at="2026-11-27 12:00", yes=False, now=NOW)
    path = workspace.path_of(f"issues/{rectificatif}/issue.md")
    path.write_text(path.read_text("utf-8").replace(f"correction_of: {ISSUE}\n", ""), "utf-8")
    later = written.mailing.due_at
    (mailing,) = launch_due(workspace, ledger, later)
    assert (mailing.audience, mailing.correction_of) == (7, ISSUE)


def test_the_next_ordinary_issue_is_measured_by_the_last_ordinary_one(workspace: Workspace, ledger: Ledger, rectificatif: str) -> None:
    assert ledger.mailings.last_audience() == 10
    _, mailing = leave(workspace, ledger, rectificatif, yes=False)
    assert mailing.audience == 7
    assert ledger.mailings.last_audience() == 10


def test_the_slot_of_the_week_stays_with_the_next_issue(workspace: Workspace, ledger: Ledger, rectificatif: str) -> None:
    before = next_free_slot(workspace.newsletter, ledger, NOW)
    with pytest.raises(UsageError, match="slot"):
        schedule(workspace, ledger, rectificatif, now=NOW)
    leave(workspace, ledger, rectificatif)
    assert next_free_slot(workspace.newsletter, ledger, NOW) == before


def test_an_issue_that_never_left_is_not_corrected(workspace: Workspace, ledger: Ledger) -> None:
    with pytest.raises(Conflict, match="has not left"):
        new_correction(workspace, ledger, "42", now=NOW)


def test_while_it_runs_nobody_knows_who_will_have_it(workspace: Workspace, ledger: Ledger) -> None:
    _, mailing = leave(workspace, ledger, ISSUE)
    deliver(ledger, mailing, how=lambda _: DeliveryState.SUBMITTED, limit=4)
    issue = new_correction(workspace, ledger, "42", now=NOW)
    path = workspace.path_of(issue.stories[0].path)
    path.write_text("---\nkind: lead\n---\n# Rectificatif\n\nIl fallait lire : trente ateliers.\n", "utf-8")
    with pytest.raises(Conflict, match="still on its way"):
        send_now(workspace, ledger, issue.id, hold_s=0, yes=True, now=NOW)
    stop(workspace, ledger, ISSUE, now=NOW)
    _, mailing = leave(workspace, ledger, issue.id)
    assert mailing.audience == 4


def test_it_can_be_corrected_itself_and_sent_twice_never(workspace: Workspace, ledger: Ledger, rectificatif: str) -> None:
    _, mailing = leave(workspace, ledger, rectificatif)
    deliver(ledger, mailing, how=lambda n: STATES[n % 2])
    with pytest.raises(Conflict, match="already"):
        send_now(workspace, ledger, rectificatif, yes=True, now=NOW)
    again = new_correction(workspace, ledger, rectificatif, now=NOW)
    told = status(workspace, ledger, again.id, now=NOW)["correction"]
    assert (told["of"], told["due"]) == (rectificatif, 4)


@pytest.mark.parametrize(("key", "error"), [("2026-01-01-nulle-part", NotFound), ("{own}", Conflict)])
def test_what_it_corrects_must_be_another_issue_that_left(
    workspace: Workspace, ledger: Ledger, rectificatif: str, key: str, error: type[HebdoError]
) -> None:
    path = workspace.path_of(f"issues/{rectificatif}/issue.md")
    path.write_text(path.read_text("utf-8").replace(ISSUE, key.replace("{own}", rectificatif)), "utf-8")
    with pytest.raises(error) as raised:
        send_now(workspace, ledger, rectificatif, yes=True, now=NOW)
    assert raised.value.where == f"issues/{rectificatif}/issue.md"


def test_when_all_have_left_nobody_is_written_to(workspace: Workspace, ledger: Ledger, rectificatif: str) -> None:
    for n in range(7):
        remove_subscriber(ledger, f"l{n}@exemple.fr", now=NOW)
    with pytest.raises(Conflict, match="Nobody to write to"):
        send_now(workspace, ledger, rectificatif, yes=True, now=NOW)


def test_a_far_smaller_audience_at_launch_still_waits_for_a_person(workspace: Workspace, ledger: Ledger, rectificatif: str) -> None:
    written = schedule(workspace, ledger, rectificatif, at="2026-11-27 12:00", now=NOW)
    for n in range(4):
        remove_subscriber(ledger, f"l{n}@exemple.fr", now=NOW)
    assert launch_due(workspace, ledger, written.mailing.due_at) == []
    assert ledger.mailings.of_issue(rectificatif)[0].reason_code == "audience"


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(
    states=st.lists(st.sampled_from(STATES), min_size=1, max_size=12),
    gone=st.sets(st.integers(0, 14)),
    out=st.sets(st.integers(0, 14)),
)
def test_the_rule_and_its_sql_take_the_same_people(
    tmp_path_factory: pytest.TempPathFactory, states: list[DeliveryState], gone: set[int], out: set[int]
) -> None:
    with open_ledger(tmp_path_factory.mktemp("l") / "hebdo.sqlite", now=NOW) as ledger:
        add = lambda keys: ledger.subscribers.add_all([NewSubscriber(email=k, email_key=k) for k in keys], now=NOW)  # noqa: E731 - said twice
        add([f"l{n}@x.fr" for n in range(len(states))])
        first = ledger.mailings.add(issue_id="n1", digest="d", due_at=NOW, now=NOW)
        assert first
        mailing = ledger.mailings.launch(first.id, rule=AudienceRule(issue_id="n1"), worker="w", message_domain="x.fr", now=NOW)
        assert mailing
        ledger.mailings.receipted(first.id, now=NOW)
        deliver(ledger, mailing, how=lambda n: states[n])
        add([f"l{n}@x.fr" for n in range(len(states), 15)])
        people = list(ledger.subscribers.all())
        for n in gone:
            ledger.subscribers.leave(people[n].id, by="desk", now=NOW)
        ledger.suppressions.add_all([people[n].email for n in out], reason="desk", source="", now=NOW)
        rule = AudienceRule(issue_id="n2", received="n1")
        taken = {
            one.email
            for one in ledger.subscribers.all()
            if is_due(
                one,
                suppressed=ledger.suppressions.keys(),
                served=ledger.subscribers.served(rule),
                key=one.email,
                received=ledger.subscribers.received("n1"),
            )
        }
        second = ledger.mailings.add(issue_id="n2", digest="d", due_at=NOW, now=NOW, correction_of="n1")
        assert second
        ledger.mailings.launch(second.id, rule=rule, worker="w", message_domain="x.fr", now=NOW)
        ledger.mailings.receipted(second.id, now=NOW)
        assert {one.email for one in ledger.claim(second.id, worker="v", limit=99, lease_s=60, now=NOW)} == taken
