"""Rates, back-off, relays and hours through the real sender and real connections: nobody lost, nobody twice, nobody behind a slow domain."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta

import pytest

from composer.deliver.rates import parse_rate
from composer.deliver.relays import Relays
from composer.engine.attempts import Limits
from composer.model.mailing import MailingState
from composer.model.newsletter import TransportSettings
from composer.model.pace import PaceSettings, Relay
from composer.transports import make_transport


def transport_to(*servers, **more):
    """The way out over one server, or over relays a, b, c …"""
    settings = TransportSettings(kind="smtp", host="127.0.0.1", port=servers[0].port, timeout_s=5.0, **more)
    return make_transport(settings, root=None)


def relays_to(*servers, **more):
    """Relays over as many servers, named a, b, c …, and the transport that knows them."""
    relays = tuple(
        Relay(name="abc"[n], host="127.0.0.1", port=server.port, connections=2, **{key: value[n] for key, value in more.items()})
        for n, server in enumerate(servers)
    )
    settings = TransportSettings(kind="smtp", relays=relays, timeout_s=5.0)
    return make_transport(settings, root=None), Limits(relays=Relays(relays, now_s=time.monotonic()))


def once_each(*servers) -> Counter[str]:
    """How often each address was taken, by all servers together."""
    return Counter(address for server in servers for address, _ in server.taken)


@pytest.fixture
def start(make_sender):
    """Gives a function that starts a sender, and gives it with how to end it and its way out."""

    def begin(transport, **more):
        sender = make_sender(transport, **more)
        task = asyncio.ensure_future(sender.run())

        async def end() -> None:
            sender.stop()
            await task
            await transport.aclose()

        return sender, end

    return begin


def ended(ledger, mailing_id) -> bool:
    return ledger.mailings.get(mailing_id).state is MailingState.FINISHED


def seconds_of(server, domain: str = "") -> list[float]:
    return sorted(at for address, at in server.taken if address.endswith(domain))


def keeps(rate: float, burst: int, seconds: list[float]) -> bool:
    """In any span at most rate × span and the burst, with what the wire adds to a span."""
    return all(j - i + 1 <= rate * (seconds[j] - seconds[i] + 0.1) + burst for i in range(len(seconds)) for j in range(i, len(seconds)))


# -- rates ------------------------------------------------------------------------------------------------------------------------------


async def test_a_rate_of_all_holds_over_all_lanes(launch, relay, start, until, counts, ledger):
    server, mailing_id = await relay(), launch(60)
    limits = Limits(rate=parse_rate("40/s"))
    began = time.monotonic()
    _, end = start(transport_to(server), limits=limits)
    await until(lambda: ended(ledger, mailing_id))
    await end()
    assert counts(mailing_id) == {"submitted": 60}
    assert keeps(40, 40, seconds_of(server))
    assert time.monotonic() - began > 0.4


async def test_a_domain_with_a_rate_keeps_nobody_else_waiting(launch_to, relay, start, until, counts, ledger):
    slow, others = [f"s{n}@wanadoo.fr" for n in range(200)], [f"o{n}@exemple.org" for n in range(200)]
    server, mailing_id = await relay(), launch_to([*slow, *others])
    limits = Limits(pace=PaceSettings(domains=(("orange.fr", parse_rate("5/s")),)))
    (_, end), began = start(transport_to(server), limits=limits), time.monotonic()
    await until(lambda: server.domains()["exemple.org"] == 200)
    assert server.domains()["wanadoo.fr"] <= 5 * (time.monotonic() - began) + 5
    await until(lambda: server.domains()["wanadoo.fr"] >= 12)
    assert keeps(5, 5, seconds_of(server, "wanadoo.fr"))
    await end()
    assert counts(mailing_id) == {"submitted": len(server.taken), "pending": 400 - len(server.taken)}
    assert set(once_each(server).values()) == {1}
    assert len(
        ledger.claim(mailing_id, worker="next", limit=400, lease_s=60, now=ledger.mailings.get(mailing_id).launched_at + timedelta(days=1))
    ) == 400 - len(server.taken)


async def test_a_mailing_at_its_rate_lets_another_one_pass(launch_to, relay, start, until, counts):
    server = await relay()
    first = launch_to([f"a{n}@exemple.org" for n in range(60)])
    second = launch_to([], issue_id="n2")
    _, end = start(transport_to(server), limits=Limits(pace=PaceSettings(mailing=parse_rate("10/s"))))
    await until(lambda: len(server.taken) >= 40)
    done = [counts(mailing_id).get("submitted", 0) for mailing_id in (first, second)]
    assert min(done) >= 10
    assert keeps(20, 20, seconds_of(server))
    await end()


async def test_without_limits_nothing_is_asked_and_the_next_envelope_goes_ahead(launch, recorder, make_sender, finish, counts, monkeypatch):
    mailing_id, sender = launch(200), make_sender(recorder())
    monkeypatch.setattr("composer.deliver.pace.Pace.next_at", pytest.fail)
    monkeypatch.setattr("composer.deliver.pace.Pace.domain_at", pytest.fail)
    monkeypatch.setattr("composer.deliver.pace.Pace.took", pytest.fail)
    monkeypatch.setattr("composer.deliver.pace.Pace.ended", pytest.fail)
    await finish(sender, mailing_id)
    assert counts(mailing_id) == {"submitted": 200}


# -- domains that say «later» -----------------------------------------------------------------------------------------------------------


async def test_a_domain_that_says_later_is_closed_and_the_others_go_on(launch_to, relay, start, until, counts, ledger):
    later, others = [f"l{n}@hotmail.com" for n in range(300)], [f"o{n}@exemple.org" for n in range(300)]
    server, mailing_id = (
        await relay(rcpt=lambda address: "451 4.7.0 later" if "hotmail" in address else "250 ok"),
        launch_to([*later, *others]),
    )
    (sender, end), began = start(transport_to(server)), time.monotonic()
    await until(lambda: counts(mailing_id).get("submitted") == 300)
    assert time.monotonic() - began < 15
    await until(lambda: sender.is_idle)
    tried = Counter(address for address, _ in server.asked if "hotmail" in address)
    assert set(tried.values()) == {1}
    assert len(tried) < 30  # a few strikes at four lanes, at two, at one
    assert counts(mailing_id) == {"submitted": 300, "deferred": len(tried), "pending": 300 - len(tried)}
    await end()
    launched_at = ledger.mailings.get(mailing_id).launched_at
    at_once = ledger.claim(mailing_id, worker="x", limit=999, lease_s=1, now=launched_at)
    assert len(at_once) < 100  # those met before it was closed
    assert len(ledger.claim(mailing_id, worker="x", limit=999, lease_s=1, now=launched_at + timedelta(hours=10))) == 300


async def test_a_domain_that_recovers_gets_all_of_its_messages(launch_to, relay, start, until, counts, fast):
    server, mailing_id = await relay(rcpt=lambda _: "451 4.7.0 later"), launch_to([f"l{n}@hotmail.com" for n in range(80)])
    world = fast(300.0)
    sender, end = start(transport_to(server), clock=world.clock, steady=world.steady)
    await until(lambda: sender.is_idle and counts(mailing_id).get("deferred"))
    server.rcpt = lambda _: "250 ok"
    await until(lambda: counts(mailing_id) == {"submitted": 80}, within_s=40)
    assert set(once_each(server).values()) == {1}
    await end()


async def test_what_a_domain_asks_for_is_honoured(launch_to, relay, start, until, counts, ledger):
    server, mailing_id = await relay(rcpt=lambda _: "451 4.7.0 try again in 2 hours"), launch_to([f"l{n}@hotmail.com" for n in range(40)])
    sender, end = start(transport_to(server))
    await until(lambda: len(server.asked) >= 3 and sender.is_idle)
    launched_at = ledger.mailings.get(mailing_id).launched_at
    await end()
    assert counts(mailing_id).keys() == {"deferred", "pending"}
    assert ledger.planning.first_due(mailing_id) >= launched_at + timedelta(minutes=119)


# -- relays -----------------------------------------------------------------------------------------------------------------------------


async def test_relays_take_their_shares(launch, relay, start, until, counts, ledger):
    heavy, light, mailing_id = await relay(), await relay(), launch(200)
    transport, limits = relays_to(heavy, light, weight=(3, 1))
    _, end = start(transport, limits=limits)
    await until(lambda: ended(ledger, mailing_id))
    await end()
    assert counts(mailing_id) == {"submitted": 200}
    assert abs(len(heavy.taken) - 150) <= 4
    assert set(once_each(heavy, light).values()) == {1}
    assert max(heavy.most_open, light.most_open) <= 2
    outcome, _ = ledger.deliveries.last_outcome(mailing_id)
    assert outcome.reply.startswith(("a: 2.0.0", "b: 2.0.0", "a: ", "b: "))


@pytest.mark.parametrize(
    "broken",
    [
        {"greeting": "421 4.3.2 closing"},
        {"greeting": "554 5.7.1 we know you"},
        {"mail": "451 4.3.0 not now"},
        {"mail": "550 5.7.1 sender"},
        {},
    ],
    ids=["421 at connect", "554 at connect", "451 at MAIL", "550 at MAIL", "nobody there"],
)
async def test_one_relay_that_fails_is_nobody_s_fault(launch, relay, start, until, counts, ledger, broken):
    bad, good, mailing_id = await relay(**broken), await relay(), launch(80)
    if not broken:
        bad.stop()
    transport, limits = relays_to(bad, good)
    _, end = start(transport, limits=limits)
    await until(lambda: ended(ledger, mailing_id))
    await end()
    assert counts(mailing_id) == {"submitted": 80}
    assert (len(bad.taken), len(good.taken)) == (0, 80)
    assert len(bad.asked) <= 4
    assert ledger.suppressions.keys() == frozenset()


async def test_a_relay_that_comes_back_gets_its_share_again(launch, relay, start, until, counts, fast):
    bad, good, mailing_id, news = await relay(mail="451 4.3.0 not now"), await relay(slow_s=0.01), launch(600), []
    transport, limits = relays_to(bad, good)
    world = fast(300.0)
    _, end = start(transport, limits=limits, steady=world.steady, relay_news=lambda relay, outcome: news.append((relay.name, outcome)))
    await until(lambda: news)
    bad.mail = "250 ok"
    await until(lambda: counts(mailing_id) == {"submitted": 600}, within_s=40)
    assert len(bad.taken) > 20
    assert set(once_each(bad, good).values()) == {1}
    assert [(name, outcome is None) for name, outcome in news] == [("a", False), ("a", True)]
    await end()


async def test_all_relays_down_the_mailing_waits_and_says_so(launch, relay, start, until, counts, fast):
    one, two, mailing_id = await relay(mail="451 4.3.0 not now"), await relay(mail="451 4.3.0 not now"), launch(50)
    transport, limits = relays_to(one, two)
    world = fast(50.0)
    sender, end = start(transport, limits=limits, clock=world.clock, steady=world.steady)
    await until(lambda: sender.is_waiting and sender.is_idle)
    assert sender.trouble[1].endswith("not now")
    assert counts(mailing_id) == {"pending": 50}
    one.mail = "250 ok"
    await until(lambda: counts(mailing_id) == {"submitted": 50}, within_s=40)
    assert not sender.is_waiting
    await end()


async def test_when_all_relays_refuse_the_mailing_is_held_and_a_resume_asks_them_again(launch, relay, start, until, counts, ledger):
    one, two, mailing_id = await relay(mail="550 5.7.1 sender"), await relay(greeting="554 5.7.1 we know you"), launch(50)
    transport, limits = relays_to(one, two)
    sender, end = start(transport, limits=limits)
    await until(lambda: ledger.mailings.get(mailing_id).state is MailingState.HELD)
    await until(lambda: sender.is_idle)
    assert counts(mailing_id) == {"pending": 50}
    one.mail = "250 ok"
    ledger.mailings.resume(mailing_id)
    await until(lambda: counts(mailing_id) == {"submitted": 50})
    await end()


async def test_relays_with_rates_keep_them_and_lease_no_more_than_they_take(launch, relay, start, make_sender, until, counts):
    one, two, mailing_id = await relay(), await relay(), launch(100)
    transport, limits = relays_to(one, two, rate=(parse_rate("10/s"), parse_rate("20/min")))
    _, end = start(transport, limits=limits)
    await until(lambda: len(one.taken) >= 15)
    assert keeps(10, 10, seconds_of(one))
    assert len(two.taken) <= 2
    await end()
    assert counts(mailing_id)["submitted"] == len(one.taken) + len(two.taken)
    slow = Relays([Relay(name="a", host="a", rate=parse_rate("6/min"))], now_s=0.0)
    assert make_sender(transport, limits=Limits(relays=slow))._supply._batch == 6


# -- hours and brakes -------------------------------------------------------------------------------------------------------------------


async def test_outside_of_sending_hours_nothing_leaves(launch, recorder, start, until, counts):
    opening = None
    transport, mailing_id = recorder(), launch(300)

    def opens_at(moment):
        return moment if opening is None else max(moment, opening)

    world = {"ahead": timedelta()}

    def clock():
        from datetime import UTC, datetime

        return datetime.now(UTC) + world["ahead"]

    sender, end = start(transport, limits=Limits(opens_at=opens_at), clock=clock)
    await until(lambda: len(transport.accepted) >= 20)
    opening = clock() + timedelta(hours=9)
    world["ahead"] = timedelta(minutes=2)  # the next minute is looked at
    at_close = len(transport.accepted)
    await until(lambda: sender.is_idle)
    assert len(transport.accepted) - at_close <= 8
    assert counts(mailing_id) == {"submitted": len(transport.accepted), "pending": 300 - len(transport.accepted)}
    world["ahead"] = timedelta(hours=10)
    await until(lambda: counts(mailing_id) == {"submitted": 300})
    await end()


@pytest.mark.parametrize("brake", ["stop", "pause", "hold"])
async def test_a_brake_is_exact_with_limits_relays_and_a_closed_domain(launch_to, relay, start, until, counts, ledger, brake):
    from datetime import UTC, datetime

    emails = [f"r{n}@{('hotmail.com', 'orange.fr', 'exemple.org', 'exemple.com')[n % 4]}" for n in range(800)]
    one, two = [await relay(rcpt=lambda address: "451 4.7.0 later" if "hotmail" in address else "250 ok") for _ in range(2)]
    mailing_id = launch_to(emails)
    transport, limits = relays_to(one, two)
    pace = PaceSettings(mailing=parse_rate("400/s"), domains=(("orange.fr", parse_rate("20/s")),))
    sender, end = start(transport, limits=Limits(pace=pace, relays=limits.relays))
    await until(lambda: len(one.taken) + len(two.taken) >= 100)
    if brake == "stop":
        ledger.mailings.stop(mailing_id, reason="", now=datetime.now(UTC))
    elif brake == "pause":
        ledger.mailings.pause(mailing_id, reason="")
    else:
        ledger.mailings.hold(mailing_id, code="x", reason="x")
    at_brake = len(one.taken) + len(two.taken)
    await until(lambda: sender.is_idle)
    left = len(one.taken) + len(two.taken)
    assert left - at_brake <= 4
    after = counts(mailing_id)
    assert after["submitted"] == left
    assert sum(after.values()) == 800
    if brake == "pause":
        one.rcpt = two.rcpt = lambda _: "250 ok"
        ledger.mailings.resume(mailing_id)
        await until(lambda: counts(mailing_id).get("submitted", 0) >= 400 + 50, within_s=30)
    await end()
    assert set(once_each(one, two).values()) == {1}
    assert counts(mailing_id)["submitted"] == len(one.taken) + len(two.taken)
