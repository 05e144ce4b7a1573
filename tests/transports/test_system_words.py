"""What the system says of a connection, in words that a person reads."""

from __future__ import annotations

import errno
import socket

import pytest

from composer.model.mailing import Stage
from composer.model.newsletter import TransportSettings
from composer.transports.sayings import system_words
from composer.transports.smtp import SmtpTransport


@pytest.mark.parametrize(
    ("error", "french", "english"),
    [
        (ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 25)"), "connexion refusée", "connection refused"),
        (OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 99] x"), "connexion refusée", "connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "nom inconnu", "unknown name"),
        (TimeoutError(errno.ETIMEDOUT, "Connection timed out"), "délai dépassé", "timed out"),
        (OSError("odd"), "odd", "odd"),
    ],
)
def test_the_system_is_put_in_words(error, french, english):
    assert (system_words(error).fr, system_words(error).en) == (french, english)


@pytest.mark.parametrize(("language", "said"), [("fr", "connexion refusée"), ("en", "connection refused")])
async def test_a_relay_that_is_down_is_said_in_the_desks_language(message, language, said):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        way = SmtpTransport(TransportSettings(kind="smtp", host="127.0.0.1", port=port, security="none"), language=language)
        outcome = await way.submit(message)
    assert outcome.stage is Stage.CONNECT
    assert outcome.reply.endswith(said)
    assert "Errno" not in outcome.reply
