"""What a server is asked to report (RFC 3461), and that lines stay as long as they may be."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from composer.model.mailing import Stage
from composer.model.newsletter import TransportSettings
from composer.transports import SmtpTransport


class Listener:
    """Takes everything; keeps the lines before the content."""

    def __init__(self, *offers: str) -> None:
        self.offers = offers
        self.lines: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        while line := (await reader.readline()).decode():
            self.lines.append(line.rstrip("\r\n"))
            if line.startswith("EHLO"):
                writer.write("".join(f"250-{offer}\r\n" for offer in ("relay", *self.offers)).encode() + b"250 HELP\r\n")
            elif line.startswith("DATA"):
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 2.0.0 kept\r\n")
            else:
                writer.write(b"250 ok\r\n")

    def said(self, verb: str) -> list[str]:
        return [line for line in self.lines if line.startswith(verb)]


async def submit(listener: Listener, smtp_server, *messages, **more):
    async with smtp_server(listener) as port:
        transport = SmtpTransport(TransportSettings(kind="smtp", host="127.0.0.1", port=port, timeout_s=2.0, **more))
        outcomes = [await transport.submit(message) for message in messages]
        await transport.aclose()
    return outcomes


@pytest.mark.parametrize("pipelining", [("PIPELINING",), ()])
async def test_where_it_is_offered_bounces_are_asked_for_with_headers_and_the_delivery_s_name(smtp_server, message, pipelining):
    listener = Listener("DSN", *pipelining)
    odd = replace(message, envelope_to="b+ici=x@exemple.org", message_id="a=1+b@exemple.fr")
    assert {one.stage for one in await submit(listener, smtp_server, message, odd)} == {Stage.DONE}
    assert listener.said("MAIL") == [
        "MAIL FROM:<a@exemple.fr> RET=HDRS ENVID=1@exemple.fr",
        "MAIL FROM:<a@exemple.fr> RET=HDRS ENVID=a+3D1+2Bb@exemple.fr",
    ]
    assert listener.said("RCPT") == [
        "RCPT TO:<b@exemple.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b@exemple.org",
        "RCPT TO:<b+ici=x@exemple.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b+2Bici+3Dx@exemple.org",
    ]


@pytest.mark.parametrize(("offers", "more"), [((), {}), (("DSN",), {"dsn": False})], ids=["not offered", "not wanted"])
async def test_nothing_is_asked_where_it_is_not_offered_or_not_wanted(smtp_server, message, offers, more):
    listener = Listener(*offers)
    await submit(listener, smtp_server, message, **more)
    assert (listener.said("MAIL"), listener.said("RCPT")) == (["MAIL FROM:<a@exemple.fr>"], ["RCPT TO:<b@exemple.org>"])


async def test_names_that_are_too_long_or_accented_are_left_out_and_lines_stay_within_bounds(smtp_server, message):
    listener = Listener("DSN", "SMTPUTF8", "8BITMIME", "SIZE 0")
    long = replace(message, message_id="+" * 40 + "@exemple.fr", envelope_to="=" * 180 + "@exemple.org")
    accented = replace(message, envelope_to="é@exemple.org")
    await submit(listener, smtp_server, long, accented)
    assert ["ENVID" in line for line in listener.said("MAIL")] == [False, True]
    assert ["ORCPT" in line for line in listener.said("RCPT")] == [False, False]
    assert all("NOTIFY=FAILURE,DELAY" in line for line in listener.said("RCPT"))
    assert max(map(len, listener.lines)) < 512


async def test_an_accent_before_the_sender_s_at_asks_for_smtputf8(smtp_server, message):
    listener = Listener("SMTPUTF8", "8BITMIME")
    (outcome,) = await submit(listener, smtp_server, replace(message, envelope_from="zoé@exemple.fr"))
    assert (outcome.stage, listener.said("MAIL")) == (Stage.DONE, ["MAIL FROM:<zoé@exemple.fr> SMTPUTF8"])


async def test_without_smtputf8_it_holds_the_mailing_and_is_the_sender_s_matter(smtp_server, message):
    listener = Listener()
    (outcome,) = await submit(listener, smtp_server, replace(message, envelope_from="zoé@exemple.fr"))
    assert (outcome.stage, outcome.code, listener.said("MAIL")) == (Stage.MAIL, 553, [])
    assert "[sender]" in outcome.reply
