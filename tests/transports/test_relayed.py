"""Several relays: each message over its own, a proof over the first that lets it pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composer.model.mailing import Stage
from composer.model.newsletter import TransportSettings
from composer.model.pace import Relay
from composer.transports import RelayedTransport, make_transport


def talking(name: str, heard: list[str], *, greeting: str = "220 ici"):
    """What a server does: it takes everything, and notes its name for each connection and each message."""

    async def talk(reader, writer):
        def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")

        heard.append(f"{name} connected")
        say(greeting)
        while word := (await reader.readline()).decode()[:4].upper().strip():
            if word == "DATA":
                say("354 oui")
                await reader.readuntil(b"\r\n.\r\n")
                heard.append(f"{name} took")
            say("250-ici\r\n250 PIPELINING" if word == "EHLO" else "221 bye" if word == "QUIT" else "250 ok")

    return talk


@pytest.fixture
def two(smtp_server):
    """Gives a context: a transport over relays a (light) and b (heavy), and what they heard."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def both(**greetings):
        heard: list[str] = []
        async with smtp_server(talking("a", heard)) as first, smtp_server(talking("b", heard, **greetings)) as second:
            relays = (Relay(name="a", host="127.0.0.1", port=first), Relay(name="b", host="127.0.0.1", port=second, weight=3))
            transport = make_transport(TransportSettings(kind="smtp", relays=relays, timeout_s=5.0), root=None)
            assert isinstance(transport, RelayedTransport)
            yield transport, heard
            await transport.aclose()

    return both


async def test_a_message_goes_over_its_relay_and_says_so(two, message):
    async with two() as (transport, heard):
        lane, other = transport.lane(), transport.lane()
        over = [replace(message, relay=name, delivery_id=number) for number, name in enumerate("aabb")]
        outcomes = [await lane.submit(one, then) for one, then in zip(over, [*over[1:], None], strict=True)]
        outcomes.append(await other.submit(replace(message, relay="a")))
    assert [(outcome.stage, outcome.reply[:3]) for outcome in outcomes] == [(Stage.DONE, f"{name}: ") for name in "aabba"]
    assert heard == ["a connected", "a took", "a took", "b connected", "b took", "b took", "a took"]


async def test_a_proof_takes_the_heaviest_relay_that_lets_it_pass(two, message):
    async with two() as (transport, heard):
        assert (await transport.submit(message)).reply.startswith("b: ")
    async with two(greeting="554 no") as (transport, heard):
        assert (await transport.submit(message)).reply.startswith("a: ")
    assert heard == ["b connected", "a connected", "a took"]
