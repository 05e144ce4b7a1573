"""A monitor reads figures on the desk's listener, with a token that opens nothing else; readers' pages know nothing of it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from composer.deliver.choose import AudienceRule
from composer.engine.attempts import Way
from composer.errors import LedgerError
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, Outcome, Stage
from composer.web.preview import PreviewServer, preview_app
from composer.web.readers import readers_app
from composer.words import Words
from composer.workflow.metrics import Meter
from composer.workflow.sending_room import Standing, Work, utc_now
from composer.workspace import Workspace
from composer.workspace.keys import metrics_token

from .conftest import KEY, served

Found = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Engine:
    silent_s = 0.4
    is_sender = True
    standing = Standing(
        way=Way(silent_s=12.5),
        trouble="refusé",
        failure=LedgerError(Words(fr="plein", en="full")),
        work=Work(
            attempts=(("done", "2xx", 7), ("rcpt", "5xx", 2)),
            rate=12.5,
            connections=4,
            allowed=2,
            open=1,
            ledger_failures=3,
            unlogged=5,
        ),
    )


@pytest.fixture
def meter(workspace: Workspace, ledger: Ledger) -> Meter:
    made = Meter(workspace, ledger)
    made.engine = Engine()
    return made


@pytest.fixture
def site(workspace: Workspace, ledger: Ledger, meter: Meter) -> Iterator[httpx.Client]:
    app = preview_app(workspace, ledger, key=KEY, meter=meter)
    with served(app, PreviewServer(app)) as address, httpx.Client(base_url=address) as client:
        yield client


def ask(site: httpx.Client, workspace: Workspace, **headers: str) -> httpx.Response:
    return site.get("/metrics", headers={"authorization": f"Bearer {metrics_token(workspace)}", **headers})


def read(text: str) -> Found:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: Found, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def test_without_its_token_nobody_reads_them_not_even_with_the_desks_key(site: httpx.Client, workspace: Workspace) -> None:
    for answer in (
        site.get("/metrics"),
        site.get("/metrics", params={"jeton": KEY}),
        site.get("/metrics", headers={"authorization": f"Bearer {KEY}"}),
        site.get("/metrics", headers={"authorization": f"Basic {metrics_token(workspace)}"}),
    ):
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert ask(site, workspace).status_code == 200


def test_the_token_opens_nothing_else(site: httpx.Client, workspace: Workspace) -> None:
    token = metrics_token(workspace)
    assert site.get("/", headers={"authorization": f"Bearer {token}"}).status_code == 403
    assert site.get("/", params={"jeton": token}).status_code == 403


def test_a_foreign_name_and_a_foreign_method_are_refused(site: httpx.Client, workspace: Workspace) -> None:
    assert ask(site, workspace, host="rebound.example").status_code == 421
    around = {"authorization": f"Bearer {metrics_token(workspace)}", "origin": str(site.base_url).rstrip("/")}
    assert site.post("/metrics", headers=around).status_code == 405


def test_readers_pages_and_a_preview_have_none(workspace: Workspace, ledger: Ledger) -> None:
    around = {"authorization": f"Bearer {metrics_token(workspace)}"}
    with served(readers_app(workspace, ledger)) as readers:
        assert httpx.get(f"{readers}/metrics", headers=around).status_code == 404
    app = preview_app(workspace, ledger, key=KEY)
    with served(app, PreviewServer(app)) as preview:
        assert httpx.get(f"{preview}/metrics", headers=around).status_code == 403


def test_the_engine_is_measured(site: httpx.Client, workspace: Workspace) -> None:
    found = read(ask(site, workspace).text)
    assert value(found, "hebdo_attempts_total", stage="done", code="2xx") == 7
    assert value(found, "hebdo_attempts_total", stage="rcpt", code="5xx") == 2
    assert value(found, "hebdo_submitted_messages_per_second") == 12.5
    assert [value(found, "hebdo_connections", state=state) for state in ("configured", "allowed", "open")] == [4, 2, 1]
    assert value(found, "hebdo_way_out_waiting") == 1
    assert value(found, "hebdo_way_out_silent_seconds") == 12.5
    assert value(found, "hebdo_clock_beat_age_seconds") == 0.4
    assert value(found, "hebdo_ledger_write_failures_total") == 3
    assert value(found, "hebdo_ledger_writable") == 0
    assert value(found, "hebdo_ledger_readable") == 1
    assert value(found, "hebdo_attempts_unlogged_total") == 5
    assert value(found, "hebdo_sender_active") == 1


def test_deliveries_are_counted_by_mailing_and_state_and_add_up(site: httpx.Client, workspace: Workspace, ledger: Ledger) -> None:
    from composer.ledger.subscribers import NewSubscriber

    now = utc_now()
    people = [NewSubscriber(email=f"r{n}@exemple.org", email_key=f"r{n}@exemple.org") for n in range(9)]
    ledger.subscribers.add_all(people, now=now)
    mailing = ledger.mailings.add(issue_id='n"1\\', digest="d" * 64, due_at=now, now=now)
    assert mailing
    launched = ledger.mailings.launch(mailing.id, rule=AudienceRule(issue_id="n1"), worker="w", message_domain="x.fr", now=now)
    assert launched
    assert launched.audience
    ledger.mailings.receipted(mailing.id, now=now)
    for one in ledger.claim(mailing.id, worker="w", limit=3, lease_s=60, now=now):
        ledger.mark_submitting(one.delivery_id, worker="w", now=now)
        done = Outcome(stage=Stage.DONE, code=250)
        ledger.record(one.delivery_id, done, DeliveryState.SUBMITTED, retry_at=None, suppress=False, now=now)
    ledger.notices.add(mailing_id=mailing.id, kind="launched", words="lancé", now=now)
    found = read(ask(site, workspace).text)
    which = {"mailing": str(mailing.id), "issue": 'n"1\\'}
    states = {state: value(found, "hebdo_deliveries", state=state.value, **which) for state in DeliveryState}
    assert states[DeliveryState.SUBMITTED] == 3
    assert sum(states.values()) == value(found, "hebdo_audience", **which) == launched.audience
    assert value(found, "hebdo_queue_remaining") == launched.audience - 3
    assert value(found, "hebdo_mailings", state="running") == 1


def test_a_ledger_that_cannot_be_read_takes_only_its_own_figures_away(
    meter: Meter, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise LedgerError(Words(fr="abîmé", en="spoilt"))

    monkeypatch.setattr(ledger.mailings, "in_states", fail)
    found = {family.name: family.samples[0].value for family in meter.families() if family.samples}
    assert found["hebdo_ledger_readable"] == 0
    assert found["hebdo_sender_active"] == 1
    assert "hebdo_deliveries" not in found


def test_both_forms_are_spoken_and_no_name_breaks_the_conventions(site: httpx.Client, workspace: Workspace) -> None:
    modern = ask(site, workspace, accept="application/openmetrics-text; version=1.0.0")
    assert modern.headers["content-type"].startswith("application/openmetrics-text")
    assert modern.text.endswith("# EOF\n")
    plain = ask(site, workspace)
    assert plain.headers["content-type"].startswith("text/plain")
    assert plain.headers["cache-control"] == "no-store"
    for family in text_string_to_metric_families(plain.text):
        assert family.name.startswith("hebdo_")
        assert family.documentation
        assert (family.type == "counter") == all(sample.name.endswith("_total") for sample in family.samples) or not family.samples


def test_no_address_stands_in_them(site: httpx.Client, workspace: Workspace) -> None:
    assert "@" not in ask(site, workspace).text
