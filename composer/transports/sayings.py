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
CLEAR_TOKEN = Words(
    fr='Hebdo n’envoie pas de jeton en clair ; mettez security = "starttls" ou "tls" sous [transport]',
    en="Hebdo sends no token in the clear; set [transport] security to starttls or tls",
)
NO_TOKEN_AUTH = Words(
    fr="le serveur ne prend pas de jeton (XOAUTH2, OAUTHBEARER) ; voyez auth sous [transport]",
    en="the server takes no token (XOAUTH2, OAUTHBEARER); see [transport] auth",
)
NO_USER = Words(
    fr='auth = "xoauth2" veut un username sous [transport] : l’adresse du compte',
    en='auth = "xoauth2" wants a username under [transport]: the address of the account',
)
NO_TOKEN = Words(
    fr="le jeton d’accès manque : HEBDO_TRANSPORT__TOKEN, ou token ou token_command dans var/secrets.toml sous [transport]",
    en="the access token is missing: HEBDO_TRANSPORT__TOKEN, or token or token_command in var/secrets.toml under [transport]",
)
NOT_A_TOKEN = Words(
    fr="token_command n’a pas écrit un jeton (une seule ligne, sans espace)", en="token_command did not print a token (one line, no blanks)"
)
ACCENTED_SENDER = Words(
    fr="le serveur ne prend pas l’accent de l’adresse d’expédition, avant le @ (SMTPUTF8) ; voyez address sous [sender]",
    en="the server does not take the accent in the sender’s address, before the @ (SMTPUTF8); see [sender] address",
)
ACCENTS = Words(fr="le serveur ne prend pas d’adresses accentuées (SMTPUTF8)", en="the server takes no accented addresses (SMTPUTF8)")


def no_reply(timeout_s: float) -> Words:
    """Nothing came in time."""
    return Words(fr=f"pas de réponse en {timeout_s:g}\u00a0s", en=f"no reply within {timeout_s:g} s")


def out_of_turn(said: str) -> Words:
    """The server spoke before it was asked."""
    quoted_fr, quoted_en = (f" : «\u00a0{said}\u00a0»", f": “{said}”") if said else ("", "")
    return Words(fr=f"le serveur parle hors de son tour{quoted_fr}", en=f"the server speaks out of turn{quoted_en}")


def no_handshake(timeout_s: float) -> Words:
    """TLS was not agreed on in time."""
    return Words(
        fr=f"le chiffrement (TLS) ne s’est pas établi en {timeout_s:g}\u00a0s",
        en=f"encryption (TLS) was not established within {timeout_s:g} s",
    )


def token_refused(told: str, reply: str, *, by_command: bool) -> Words:
    """The server's no to a token, with what it said in its challenge, and where another one comes from."""
    said = " – ".join(filter(None, (told, reply)))
    if by_command:
        return Words(
            fr=f"jeton refusé, même fraîchement demandé : {said} ; voyez token_command et les droits du compte",
            en=f"token refused, even a fresh one: {said}; see token_command and the rights of the account",
        )
    return Words(
        fr=f"jeton refusé (échu ?) : {said} ; donnez-en un autre par HEBDO_TRANSPORT__TOKEN, ou un token_command qui les renouvelle",
        en=f"token refused (expired?): {said}; give another one by HEBDO_TRANSPORT__TOKEN, or a token_command that renews them",
    )


def command_missing(program: str) -> Words:
    """``token_command`` cannot be started."""
    return Words(fr=f"token_command ne se lance pas : {program}", en=f"token_command cannot be started: {program}")


def command_late(program: str, limit_s: float) -> Words:
    """``token_command`` did not end."""
    return Words(
        fr=f"token_command n’a pas fini en {limit_s:g}\u00a0s : {program}", en=f"token_command did not end within {limit_s:g} s: {program}"
    )


def command_failed(program: str, code: int) -> Words:
    """``token_command`` says that it failed."""
    return Words(fr=f"token_command a échoué (code {code}) : {program}", en=f"token_command failed (code {code}): {program}")


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


# OpenSSL's numbers (X509_V_ERR_*), as people understand them.
_CERTIFICATES = {
    9: Words(fr="il ne vaut pas encore", en="it is not valid yet"),
    10: Words(fr="il a expiré", en="it has expired"),
    18: Words(fr="il est autosigné", en="it is self-signed"),
    19: Words(fr="personne ici ne connaît son émetteur, autosigné", en="nobody here knows its issuer, self-signed"),
    20: Words(fr="personne ici ne connaît son émetteur", en="nobody here knows its issuer"),
    21: Words(fr="personne ici ne connaît son émetteur", en="nobody here knows its issuer"),
    62: Words(fr="il est celui d’un autre nom", en="it is another name’s"),
    64: Words(fr="il est celui d’une autre adresse", en="it is another address’s"),
}
_FORBIDDEN = Words(fr="connexion interdite par cette machine", en="connection forbidden by this machine")
_UNKNOWN_NAME = Words(fr="nom inconnu", en="unknown name")
_NO_NAMES = Words(fr="le service des noms ne répond pas", en="the name service does not answer")


def system_words(error: BaseException) -> Words:
    """What the system says of a connection, in words; its own where there are none of ours."""
    if isinstance(error, socket.gaierror):
        return _NO_NAMES if error.errno == socket.EAI_AGAIN else _UNKNOWN_NAME
    if isinstance(error, ssl.SSLCertVerificationError):
        plain = error.verify_message
        why = _CERTIFICATES.get(error.verify_code, Words(fr=plain, en=plain))
        return Words(fr=f"certificat refusé : {why.fr} ({plain})", en=f"certificate refused: {why.en} ({plain})")
    if isinstance(error, ssl.SSLError):  # its numbers are those of TLS
        plain = str(error.reason or error)
        return Words(fr=f"le chiffrement (TLS) ne s’établit pas ({plain})", en=f"encryption (TLS) cannot be established ({plain})")
    # Where a name has several addresses, asyncio gives one text for all that failed.
    listed = re.search(r"\[Errno (\d{1,5})\]", str(error))
    number = getattr(error, "errno", None) or (int(listed[1]) if listed else 0)
    if not number and isinstance(error, ConnectionResetError):  # in a TLS handshake it has no number
        number = errno.ECONNRESET
    if number in {errno.EACCES, errno.EPERM}:
        return _FORBIDDEN
    if number:
        return words_of_number(number)
    plain = str(error) or type(error).__name__
    return Words(fr=plain, en=plain)
