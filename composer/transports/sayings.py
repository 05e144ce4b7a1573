"""What a way out says in its own words, where the server said nothing."""

from __future__ import annotations

import errno
import re
import socket
import ssl

from composer.text.system import words_of_number
from composer.words import Words

BROKEN_OFF = Words(fr="interrompu", en="broken off")
NOT_CONNECTED = Words(fr="pas de connexion", en="not connected")
CLOSED = Words(fr="le serveur a fermé la connexion", en="the server closed the connection")
ENDLESS_LINE = Words(fr="le serveur envoie une ligne sans fin", en="the server sent a line without end")
NO_SMTP = Words(fr="ce serveur ne parle pas SMTP", en="the server does not speak SMTP")
CHANGED_MIND = Words(fr="le serveur s’est contredit dans une même réponse", en="the server changed its mind inside one reply")
TALKS_ON = Words(fr="le serveur n’arrête pas de parler", en="the server does not stop talking")
SPOKE_EARLY = Words(fr="le serveur a parlé avant le début de TLS", en="the server spoke before TLS began")
ENDED_IN_TLS = Words(fr="la connexion s’est fermée au début de TLS", en="the connection ended while TLS began")
NO_STARTTLS = Words(
    fr="le serveur ne propose pas STARTTLS ; voyez security sous [transport]", en="the server offers no STARTTLS; see [transport] security"
)
NO_AUTH = Words(
    fr="le serveur ne propose aucune identification que Hebdo connaisse (PLAIN, LOGIN)",
    en="the server offers no AUTH that Hebdo knows (PLAIN, LOGIN)",
)
CLEAR_PASSWORD = Words(
    fr='Hebdo n’envoie pas de mot de passe en clair ; mettez security = "starttls" ou "tls" sous [transport]',
    en="Hebdo sends no password in the clear; set [transport] security to starttls or tls",
)  # fmt: skip
NO_ADDRESS = Words(fr="ce n’est pas une adresse", en="not an address")
ACCENTS = Words(fr="le serveur ne prend pas d’adresses accentuées (SMTPUTF8)", en="the server takes no accented addresses (SMTPUTF8)")


def no_reply(timeout_s: float) -> Words:
    """Nothing came in time."""
    return Words(fr=f"pas de réponse en {timeout_s:g}\u00a0s", en=f"no reply within {timeout_s:g} s")


def took_no_more(timeout_s: float) -> Words:
    """Our bytes did not leave in time."""
    return Words(fr=f"le serveur n’a plus rien pris pendant {timeout_s:g}\u00a0s", en=f"the server took no more data for {timeout_s:g} s")


def lost(error: BaseException) -> Words:
    """The connection broke, as the system says."""
    why = system_words(error)
    return Words(fr=f"connexion perdue : {why.fr}", en=f"connection lost: {why.en}")


def no_place(place: str, error: BaseException) -> Words:
    """Host and port cannot be ones."""
    return Words(fr=f"{place} n’est pas une adresse : {error}", en=f"{place} is not an address: {error}")


def no_answer(place: str, timeout_s: float) -> Words:
    """Nobody opened at this place in time."""
    return Words(fr=f"{place} n’a pas répondu en {timeout_s:g}\u00a0s", en=f"{place} did not answer within {timeout_s:g} s")


def too_large(limit: str, size: int) -> Words:
    """Bytes that the server takes, and those of the message."""
    return Words(fr=f"le serveur prend {limit} octets, ce message en a {size}", en=f"the server takes {limit} bytes, this is {size}")


_FORBIDDEN = Words(fr="connexion interdite par cette machine", en="connection forbidden by this machine")
_UNKNOWN_NAME = Words(fr="nom inconnu", en="unknown name")
_NO_NAMES = Words(fr="le service des noms ne répond pas", en="the name service does not answer")


def system_words(error: BaseException) -> Words:
    """What the system says of a connection, in words; its own where there are none of ours."""
    if isinstance(error, socket.gaierror):
        return _NO_NAMES if error.errno == socket.EAI_AGAIN else _UNKNOWN_NAME
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return Words(fr=f"certificat refusé ({why})", en=f"certificate refused ({why})")
    if isinstance(error, ssl.SSLError):  # its numbers are those of TLS
        plain = str(error)
        return Words(fr=plain, en=plain)
    # Where a name has several addresses, asyncio gives one text for all that failed.
    listed = re.search(r"\[Errno (\d{1,5})\]", str(error))
    number = getattr(error, "errno", None) or (int(listed[1]) if listed else 0)
    if number in {errno.EACCES, errno.EPERM}:
        return _FORBIDDEN
    if number:
        return words_of_number(number)
    plain = str(error) or type(error).__name__
    return Words(fr=plain, en=plain)
