"""A server that ends the conversation, or spoils it, right behind an answer: an outcome on either event loop, never an exception."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest

from composer.model.mailing import Stage
from composer.model.newsletter import TransportSettings
from composer.transports.smtp import SmtpTransport

GROUPED = b"250-x\r\n250 PIPELINING\r\n"
PLAIN = b"250 x\r\n"


def ending(behind: bytes, offers: bytes, tail: bytes, close: str):
    async def serve(reader, writer):
        writer.write(b"220 x\r\n")
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            writer.write(
                (offers if verb == b"EHLO" else b"354 go\r\n" if verb == b"DATA" else b"250 ok\r\n") + (tail if verb == behind else b"")
            )
            if verb != behind:
                continue
            await writer.drain()
            if close == "reset":
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if close:
                return
            await reader.read()

    return serve


@pytest.mark.parametrize("behind", [b"EHLO", b"MAIL", b"RCPT", b"DATA"])
@pytest.mark.parametrize("offers", [GROUPED, PLAIN], ids=["grouped", "in steps"])
@pytest.mark.parametrize(("tail", "close"), [(b"", "end"), (b"", "reset"), (b"421 4.3.2 bye\r\n", "end"), (b"junk\r\n", "")])
async def test_what_ends_behind_an_answer_is_an_outcome(smtp_server, message, behind, offers, tail, close):
    async with smtp_server(ending(behind, offers, tail, close)) as port:
        transport = SmtpTransport(TransportSettings(kind="smtp", host="127.0.0.1", port=port, timeout_s=1.0))
        async with asyncio.timeout(8):
            outcome = await transport.submit(message)
            await transport.aclose()
    assert outcome.stage not in {Stage.DONE, Stage.DOT}
    assert outcome.code in {0, 421}
    if behind != b"DATA":
        assert outcome.stage is not Stage.AFTER_DOT


async def test_a_connection_that_is_gone_before_the_content_took_nothing_of_it(smtp_server, message, monkeypatch):
    def gone(_descriptor, _parts):
        raise ConnectionResetError(104, "reset")

    monkeypatch.setattr("composer.transports.connection.os.writev", gone)
    async with smtp_server(ending(b"QUIT", PLAIN, b"", "")) as port:
        outcome = await SmtpTransport(TransportSettings(kind="smtp", host="127.0.0.1", port=port, timeout_s=1.0)).submit(message)
    assert (outcome.stage, outcome.code) == (Stage.DATA, 0)


async def test_a_refusal_with_words_behind_it_stays_the_refusal(smtp_server, message):
    async def serve(reader, writer):
        writer.write(b"220 x\r\n")
        while line := await reader.readline():
            writer.write({b"EHLO": PLAIN, b"RCPT": b"550 5.1.1 gone\r\njunk\r\n"}.get(line[:4], b"250 ok\r\n"))

    async with smtp_server(serve) as port:
        outcome = await SmtpTransport(TransportSettings(kind="smtp", host="127.0.0.1", port=port, timeout_s=1.0)).submit(message)
    assert (outcome.stage, outcome.code) == (Stage.RCPT, 550)
