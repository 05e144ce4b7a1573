"""A look at the mail server: connected, greeted, encrypted, logged in, the sender named, and goodbye. Nothing is sent."""

from __future__ import annotations

import asyncio
import socket
import ssl
from datetime import UTC, datetime

from composer.check.doctor.certificates import days_left, refusal_of
from composer.check.doctor.sight import Certificate, RelaySight
from composer.model.newsletter import TransportSettings
from composer.transports import sayings
from composer.transports.connection import SmtpConnection
from composer.transports.replies import ConversationError, RefusedError
from composer.words import Words

WHOLE_TIME_S = 10.0


def look_at_relay(settings: TransportSettings, *, sender: str = "", tls: ssl.SSLContext | None = None) -> RelaySight:
    """What the server of ``settings`` does with us, within ten seconds; never raises for what it does."""
    return asyncio.run(_look(settings, sender, tls or ssl.create_default_context()))


async def _look(settings: TransportSettings, sender: str, tls: ssl.SSLContext) -> RelaySight:
    connection = SmtpConnection(settings, tls)
    try:
        async with asyncio.timeout(WHOLE_TIME_S):
            await connection.open()
            reply = await connection.ask_sender(sender) if sender else None
            seen = _ready(connection, sender_code=reply.code if reply else 0, sender_said=reply.words if reply else "")
            await connection.quit()
            return seen
    except RefusedError as refusal:
        return _stopped(connection, refusal.words, code=refusal.reply.code)
    except ConversationError as error:
        return _stopped(connection, error.words)
    except TimeoutError:
        return _stopped(connection, sayings.no_answer(f"{settings.host}:{settings.port}", WHOLE_TIME_S))
    except OSError as error:
        unknown = isinstance(error, socket.gaierror)
        return _stopped(connection, sayings.system_words(error), name_known=not unknown, certificate=_refused(error))
    finally:
        connection.close()
        await asyncio.sleep(0)  # lets the event loop take the closed socket down


def _ready(connection: SmtpConnection, *, sender_code: int, sender_said: str) -> RelaySight:
    encryption = connection.encryption
    return RelaySight(
        step="ready",
        greeting=connection.greeting,
        offers=connection.offers,
        tls=(encryption.version() or "") if encryption else "",
        certificate=Certificate(days_left=days_left(encryption.getpeercert(), datetime.now(UTC))) if encryption else None,
        sender_code=sender_code,
        sender_said=sender_said,
    )


def _stopped(
    connection: SmtpConnection, trouble: Words, *, code: int = 0, name_known: bool = True, certificate: Certificate | None = None
) -> RelaySight:
    return RelaySight(
        step="tls" if certificate else connection.step,
        trouble=trouble,
        name_known=name_known,
        code=code,
        greeting=connection.greeting,
        offers=connection.offers,
        certificate=certificate,
    )


def _refused(error: OSError) -> Certificate | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return refusal_of(error.verify_code, error.verify_message)
    return Certificate(refused="other", said=str(error.reason or error)[:100]) if isinstance(error, ssl.SSLError) else None
