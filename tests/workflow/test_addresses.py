"""Our own addresses, asked before mail leaves: what refuses, what is told, what holds a launch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn

from composer.check.measures import SiteMeasure, SiteSeen
from composer.errors import ConfirmationNeeded, FindingsError
from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.edition import Edition, EditionPicture
from composer.model.mailing import MailingState
from composer.web.readers import readers_app
from composer.workflow import conditions, scheduling
from composer.workflow.addresses import AddressMeasures, ask_addresses
from composer.workflow.checking import check
from composer.workflow.conditions import unasked
from composer.workflow.delivering import resume
from composer.workflow.launching import launch_due
from composer.workflow.listeners import page_config
from composer.workflow.page_watch import SURE, PageWatch
from composer.workflow.ports import listen
from composer.workflow.public_pages import public_pages_answer
from composer.workflow.scheduling import schedule, send_now
from composer.workspace import Workspace, open_workspace, save_pictures

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ISSUE = "2026-11-27-vitraux"
CONFIG = """\
[newsletter]
name = "Vitrine"
list_id = "vitrine.exemple.fr"

[sender]
name = "Vitrine"
address = "bonjour@exemple.fr"
reply_to = "bonjour@exemple.fr"

[site]
public_url = "{public_url}"
rehearsal = {rehearsal}

[publisher]
name = "Vitrine"
address = "1 rue du Verre, 75011 Paris"
legal_form = "Association loi 1901"
phone = "01 00 00 00 00"
director = "Anne Lise"
host = "Hébergeur, 1 rue du Fil, 75011 Paris"
contact = "bonjour@exemple.fr"
registration = "W000000000"

[transport]
kind = "{kind}"
"""
JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Workspace]:
    def write(name: str = "lettre", *, public_url: str, rehearsal: bool = True, kind: str = "smtp") -> Workspace:
        folder = tmp_path / name / "issues" / ISSUE
        folder.mkdir(parents=True, exist_ok=True)
        config = CONFIG.format(public_url=public_url, rehearsal=str(rehearsal).lower(), kind=kind)
        (tmp_path / name / "newsletter.toml").write_text(config, encoding="utf-8")
        (folder / "issue.md").write_text(
            "---\nnumber: 12\ndate: 2026-11-27\norder: [une]\n---\n# Les fours se rallument\n", encoding="utf-8"
        )
        (folder / "une.md").write_text("---\nkind: lead\n---\n# Les fours\n\nTrois ateliers ont rallumé leurs fours.\n", encoding="utf-8")
        return open_workspace(tmp_path / name, environ={})

    return write


@contextmanager
def ledger_of(workspace: Workspace) -> Iterator[Ledger]:
    with open_ledger(workspace.ledger_path, now=NOW) as opened:
        opened.subscribers.add_all([NewSubscriber(email="a@lecteurs.exemple", email_key="a@lecteurs.exemple")], now=NOW)
        yield opened


@contextmanager
def served(workspace: Workspace, ledger: Ledger) -> Iterator[str]:
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(page_config(readers_app(workspace, ledger), lifespan=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def edition() -> Edition:
    import hashlib

    name = hashlib.sha256(JPEG).hexdigest() + ".jpg"
    picture = EditionPicture(name=name, source="images/a.jpg", content=JPEG, width=10, height=10)
    return Edition(
        issue_id=ISSUE,
        number=12,
        subject="Les fours",
        preheader="",
        html="<p>",
        text="",
        pictures=(picture,),
        field_prefix="hfx",
        digest="d" * 64,
        theme="classique",
        lang="fr",
    )


def test_our_own_pages_are_known_and_so_is_a_picture_once_it_is_stored(make):
    workspace = make(public_url="http://127.0.0.1:1")
    with ledger_of(workspace) as ledger, served(workspace, ledger) as address:
        here = make(public_url=address)
        first = public_pages_answer(here, edition())
        assert (first.seen, first.picture) == ("alive", False)
        save_pictures(here, edition())
        then = public_pages_answer(here, edition())
        assert (then.seen, then.picture) == ("alive", True)


def test_pages_under_a_path_are_known_too(make):
    workspace = make(public_url="http://127.0.0.1:1/lettre")
    with ledger_of(workspace) as ledger, served(workspace, ledger) as address:
        assert public_pages_answer(make(public_url=f"{address}/lettre")).seen == "alive"


def test_another_hebdo_at_our_address_is_not_ours(make):
    other = make("autre", public_url="http://127.0.0.1:1")
    with ledger_of(other) as theirs, served(other, theirs) as address:
        ours = make(public_url=address)
        with ledger_of(ours):
            assert public_pages_answer(ours).seen == "other-hebdo"


def test_a_copy_of_the_folder_without_ledger_takes_the_newsletter_s_own_pages_for_its_own_and_writes_nothing(make):
    server = make("serveur", public_url="http://127.0.0.1:1")
    with ledger_of(server) as ledger, served(server, ledger) as address:
        laptop = make("portable", public_url=address)
        assert public_pages_answer(laptop).seen == "alive"
        assert not laptop.var_path.exists()


def test_where_nobody_serves_the_rehearsal_is_told_to_and_goes_on(make):
    workspace = make(public_url="http://127.0.0.1:1")
    (found,) = (one for one in check(workspace, ISSUE, offline=False) if one.rule == "public-url-dead")
    assert found.level == "warning"
    assert "hebdo serve" in found.hint.fr
    with ledger_of(workspace) as ledger:
        assert schedule(workspace, ledger, ISSUE, at="2026-11-27 07:00", yes=True, now=NOW).mailing.state is MailingState.SCHEDULED


def test_nothing_is_asked_offline_nor_where_nothing_leaves(make):
    assert ask_addresses(make(public_url="http://127.0.0.1:1", kind="folder")) == AddressMeasures()
    assert "public-url-dead" not in {one.rule for one in check(make(public_url="http://127.0.0.1:1"), ISSUE, offline=True)}


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8000", "https://nas.local", "https://192.168.1.4"])
def test_mail_does_not_leave_with_an_address_that_only_this_house_can_reach(make, public_url):
    workspace = make(public_url=public_url, rehearsal=False)
    with ledger_of(workspace) as ledger, pytest.raises(FindingsError) as refused:
        schedule(workspace, ledger, ISSUE, at="2026-11-27 07:00", yes=True, now=NOW)
    assert "public-url" in {one.rule for one in refused.value.findings if one.level == "error"}


def test_into_a_folder_it_leaves_all_the_same(make):
    workspace = make(public_url="http://127.0.0.1:8000", rehearsal=False, kind="folder")
    with ledger_of(workspace) as ledger:
        written = schedule(workspace, ledger, ISSUE, at="2026-11-27 07:00", yes=True, now=NOW)
    assert {one.level for one in written.findings if one.rule == "public-url"} == {"advice"}


def test_what_answered_refuses_or_is_told(make):
    workspace = make(public_url="https://lettre.exemple.fr", rehearsal=False)
    dead = AddressMeasures(site=SiteMeasure(seen="expired", url="https://lettre.exemple.fr"))
    assert ("public-url-dead", "error") in {(one.rule, one.level) for one in check(workspace, ISSUE, addresses=dead)}
    silent = AddressMeasures(site=SiteMeasure(seen="unasked", url="https://lettre.exemple.fr"))
    found = check(workspace, ISSUE, addresses=silent)
    assert ("public-url-unasked", "warning") in {(one.rule, one.level) for one in found}
    assert any("pas de réseau" in words.fr for words in unasked(found))


# The engine ------------------------------------------------------------------------------------------------------------------------


class World:
    """What stands at the public address, as a test says."""

    def __init__(self) -> None:
        self.seen: SiteSeen = "alive"
        self.asked = 0

    def __call__(self, _mailing: object) -> SiteMeasure:
        self.asked += 1
        return SiteMeasure(seen=self.seen, url="https://lettre.exemple.fr")


@pytest.fixture
def real(make) -> Workspace:
    return make(public_url="https://lettre.exemple.fr", rehearsal=False)


def watching(workspace: Workspace, ledger: Ledger, world: World) -> Callable[[], PageWatch]:
    watch = PageWatch(workspace, ledger, now=lambda: NOW, may_tell=lambda: True, ask=world)

    def look() -> PageWatch:
        watch._ask_at = 0.0  # as if the time between two asks had passed
        watch.look()
        return watch

    return look


def add(ledger: Ledger, *, due_at: datetime) -> int:
    ledger.editions.seal(edition(), now=NOW)
    mailing = ledger.mailings.add(issue_id=ISSUE, digest=edition().digest, due_at=due_at, now=NOW)
    assert mailing
    return mailing.id


def test_pages_are_looked_at_a_quarter_of_an_hour_before_and_not_all_day(real):
    world = World()
    with ledger_of(real) as ledger:
        look = watching(real, ledger, world)
        add(ledger, due_at=NOW + timedelta(hours=2))
        look()
        assert world.asked == 0
    with ledger_of(real) as ledger:
        ledger.mailings.unschedule(1, reason="", now=NOW)
        add(ledger, due_at=NOW + timedelta(minutes=10))
        watching(real, ledger, world)()
        assert world.asked == 1


def test_pages_that_are_dead_are_told_before_the_hour_hold_the_launch_and_a_person_decides(real):
    real = replace(real, newsletter=replace(real.newsletter, desk=replace(real.newsletter.desk, on_change="send_sealed")))
    world = World()
    world.seen = "expired"
    with ledger_of(real) as ledger:
        look = watching(real, ledger, world)
        mailing_id = add(ledger, due_at=NOW + timedelta(minutes=10))
        assert look().trouble() is None, "one bad moment is no outage"
        for _ in range(SURE):
            watch = look()
        last = ledger.notices.last(("trouble", "mended"), about="public-url")
        assert (last.kind, "certificat" in last.words, ISSUE in last.words) == ("trouble", True, True)
        due = NOW + timedelta(minutes=10)
        assert launch_due(real, ledger, due, trouble=watch.trouble) == []
        held = ledger.mailings.get(mailing_id)
        assert (held.state, held.reason_code) == (MailingState.HELD, "pages")
        assert f"hebdo resume {ISSUE}" in held.reason
        resume(real, ledger, ISSUE, now=due)
        assert [one.id for one in launch_due(real, ledger, due, trouble=watch.trouble)] == [mailing_id]


def test_pages_that_are_back_are_told_once_and_hold_nothing(real):
    world = World()
    world.seen = "late"
    with ledger_of(real) as ledger:
        look = watching(real, ledger, world)
        add(ledger, due_at=NOW + timedelta(minutes=10))
        for _ in range(4):
            look()
        world.seen = "alive"
        for _ in range(3):
            watch = look()
        assert watch.trouble() is None
        told = [one.kind for one in ledger.notices.after(0) if one.about == "public-url"]
        assert told == ["trouble", "mended"]


def test_pages_that_were_dead_for_one_mailing_hold_no_later_one(real):
    world = World()
    world.seen = "late"
    with ledger_of(real) as ledger:
        look = watching(real, ledger, world)
        mailing_id = add(ledger, due_at=NOW)
        for _ in range(SURE):
            watch = look()
        assert watch.trouble() is not None
        ledger.mailings.unschedule(mailing_id, reason="", now=NOW)
        assert look().trouble() is None


@pytest.fixture
def unseen(real) -> Workspace:
    return replace(real, newsletter=replace(real.newsletter, desk=replace(real.newsletter.desk, on_change="send_sealed")))


def test_an_address_that_nobody_ever_saw_answer_holds_the_launch_and_a_person_decides(unseen):
    world = World()
    world.seen = "unasked"
    with ledger_of(unseen) as ledger:
        look = watching(unseen, ledger, world)
        mailing_id = add(ledger, due_at=NOW)
        watch = look()
        assert launch_due(unseen, ledger, NOW, trouble=watch.trouble, tried=watch.tried) == []
        assert ledger.mailings.get(mailing_id).state is MailingState.SCHEDULED, "one bad moment of a name server is no outage"
        watch = look()
        assert "essayée" in ledger.notices.last(("trouble",), about="public-url").words
        assert launch_due(unseen, ledger, NOW, trouble=watch.trouble, tried=watch.tried) == []
        held = ledger.mailings.get(mailing_id)
        assert (held.state, held.reason_code) == (MailingState.HELD, "untried")
        assert f"hebdo resume {ISSUE}" in held.reason
        resume(unseen, ledger, ISSUE, now=NOW)
        assert [one.id for one in launch_due(unseen, ledger, NOW, trouble=watch.trouble, tried=watch.tried)] == [mailing_id]
        assert "n’a pas pu être essayée" in ledger.notices.of_mailing(mailing_id)[-1].words


def test_an_address_that_answered_when_it_was_scheduled_leaves_in_an_outage_and_the_notice_says_so(unseen):
    world = World()
    world.seen = "unasked"
    with ledger_of(unseen) as ledger:
        look = watching(unseen, ledger, world)
        mailing_id = add(ledger, due_at=NOW)
        ledger.mailings.accept(mailing_id, code="untried")  # as schedule notes it
        for _ in range(4):
            watch = look()
        assert watch.trouble() is None
        assert ledger.notices.after(0) == ()
        assert [one.id for one in launch_due(unseen, ledger, NOW, trouble=watch.trouble, tried=watch.tried)] == [mailing_id]
        assert "n’a pas pu être essayée" in ledger.notices.of_mailing(mailing_id)[-1].words


def test_an_address_that_could_not_be_tried_asks_for_a_yes_which_holds_at_the_hour_too(unseen, monkeypatch):
    cut_off = AddressMeasures(site=SiteMeasure(seen="unasked", url="https://lettre.exemple.fr"))
    monkeypatch.setattr(scheduling, "ask_addresses", lambda *_: cut_off)
    monkeypatch.setattr(conditions, "refuse_errors", lambda *_, **__: None)  # exemple.fr is no address that mail may leave with
    with ledger_of(unseen) as ledger:
        ledger.clocks.beat("w", now=NOW)
        with pytest.raises(ConfirmationNeeded, match="could not be tried"):
            schedule(unseen, ledger, ISSUE, at="2026-11-27 07:00", now=NOW)
        later = schedule(unseen, ledger, ISSUE, at="2026-11-27 07:00", yes=True, now=NOW)
        assert "untried" in ledger.mailings.get(later.mailing.id).accepted
        ledger.mailings.unschedule(later.mailing.id, reason="", now=NOW)
        with pytest.raises(ConfirmationNeeded, match="could not be tried"):
            send_now(unseen, ledger, ISSUE, now=NOW)
        at_once = send_now(unseen, ledger, ISSUE, yes=True, now=NOW)
        assert "untried" in ledger.mailings.get(at_once.mailing.id).accepted
