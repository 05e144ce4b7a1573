"""What a look at the mail server is worth."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from composer.check.doctor.certificates import SOON_DAYS
from composer.check.doctor.codes import see
from composer.check.doctor.sight import Certificate, RelaySight
from composer.model.newsletter import TransportSettings
from composer.model.observation import Observation
from composer.text.networks import is_address
from composer.text.shown import shown
from composer.words import Words

USUAL_BYTES = 1_000_000  # a newsletter with its text part is under 200 KB; a server that takes less than this was set for something else
_SILENCE = re.compile(r"\b(?:did not answer|no reply) within\b")  # as ``transports.sayings`` puts it
_NO_TLS = (530, 538)  # RFC 3207, RFC 4954: our own no before a password, too


def judge_relay(settings: TransportSettings, sight: RelaySight) -> list[Observation]:
    """Everything that is to be said of the server; the first thing that stopped us is the last that can be known."""
    place = f"{settings.host}:{settings.port}"
    if sight.step != "ready":
        return [_stopped(settings, sight, place)]
    seen = [*_ready(settings, sight, place)]
    if not any(one.level in {"error", "warning"} for one in seen):
        seen.append(_fine(settings, sight, place))
    return seen


def _fine(settings: TransportSettings, sight: RelaySight, place: str) -> Observation:
    parts_fr, parts_en = [f"{place} : « {shown(sight.greeting, 60)} »"], [f"{place}: “{shown(sight.greeting, 60)}”"]
    if sight.tls:
        days = sight.certificate.days_left if sight.certificate else None
        parts_fr.append(sight.tls + (f", certificat valable {days} jours" if days is not None else ""))
        parts_en.append(sight.tls + (f", certificate good for {days} days" if days is not None else ""))
    if settings.username or settings.auth == "xoauth2":
        parts_fr.append("identification acceptée")
        parts_en.append("login accepted")
    return see("relay-ok", Words(fr=" ; ".join(parts_fr) + ".", en="; ".join(parts_en) + "."))


# -- it did not come to an end ------------------------------------------------------------------------------------------------------------


def _stopped(settings: TransportSettings, sight: RelaySight, place: str) -> Observation:
    why = sight.trouble or Words(fr="?", en="?")
    fr, en = shown(why.fr), shown(why.en)
    saw = Words(fr=f"{fr}." if place in fr else f"{place} : {fr}.", en=f"{en}." if place in en else f"{place}: {en}.")
    if sight.certificate and sight.certificate.refused:
        return _refused_certificate(settings, sight.certificate, place)
    name = _code_of(sight, by_token=settings.auth == "xoauth2")
    return see(name, saw, command=_show_certificate(settings) if name == "relay-tls" else "")


def _code_of(sight: RelaySight, *, by_token: bool) -> str:
    if sight.step == "connect":
        if sight.code:  # our own refusal to send a password in the clear
            return "relay-clear-password"
        return "relay-unreachable" if sight.name_known else "relay-name-unknown"
    if sight.step == "tls":
        return "relay-no-starttls" if sight.code in _NO_TLS and "STARTTLS" not in sight.offers else "relay-tls"
    if sight.step == "login":
        known = {"XOAUTH2", "OAUTHBEARER"} if by_token else {"PLAIN", "LOGIN"}
        missing = sight.code == 504 and not set(sight.offers.get("AUTH", "").split()) & known
        return "relay-auth-missing" if missing else "relay-auth-refused"
    if sight.code:
        return "relay-refuses"
    return "relay-silent" if sight.trouble and _SILENCE.search(sight.trouble.en) else "relay-not-smtp"


def _refused_certificate(settings: TransportSettings, certificate: Certificate, place: str) -> Observation:
    names = {"expired": "relay-certificate-expired", "name": "relay-certificate-name", "weak": "relay-certificate-weak"}
    name = names.get(certificate.refused, "relay-tls" if certificate.refused == "other" else "relay-certificate-unknown")
    said = shown(certificate.said, 120)
    saw = Words(fr=f"{place} : TLS refusé ({said}).", en=f"{place}: TLS refused ({said}).")
    return see(name, saw, command=_show_certificate(settings))


def _show_certificate(settings: TransportSettings) -> str:
    """Shows what the server presents."""
    start = "-starttls smtp " if settings.security != "tls" else ""
    server = "" if is_address(settings.host) else f"-servername {shlex.quote(settings.host)} "
    place = shlex.quote(f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}")
    return f"openssl s_client {start}{server}-connect {place} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName"


# -- it did -------------------------------------------------------------------------------------------------------------------------------


def _ready(settings: TransportSettings, sight: RelaySight, place: str) -> Iterator[Observation]:
    if not sight.tls and not _is_near(settings.host):
        yield see("relay-in-clear", Words(fr=f"{place} : sans chiffrement.", en=f"{place}: without encryption."))
    days = sight.certificate.days_left if sight.certificate else None
    if days is not None and days < SOON_DAYS:
        saw = Words(fr=f"{place} : certificat valable encore {days} jours.", en=f"{place}: certificate good for {days} more days.")
        yield see("relay-certificate-soon", saw, command=_show_certificate(settings))
    if sight.sender_code >= 400:
        said = f"{sight.sender_code} {shown(sight.sender_said, 120)}"
        yield see("relay-sender-refused", Words(fr=f"{place} refuse l’expéditeur : {said}", en=f"{place} refuses the sender: {said}"))
    limit = sight.offers.get("SIZE", "")
    if limit.isdigit() and 0 < int(limit[:20]) < USUAL_BYTES:
        yield see(
            "relay-size",
            Words(fr=f"{place} prend {limit[:20]} octets au plus (SIZE).", en=f"{place} takes {limit[:20]} bytes at most (SIZE)."),
        )
    if "PIPELINING" not in sight.offers:
        yield see("relay-slow")


def _is_near(host: str) -> bool:
    return host.lower() in {"localhost", "::1"} or (is_address(host) and host.startswith("127."))
