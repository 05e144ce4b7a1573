"""Where readers reach us: public address, reply address, the domain that mail comes from.

Errors where mail would really leave: with ``[transport] kind = "folder"`` they are advice, in a rehearsal things to check.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from composer.check.measures import DomainMeasure, Measures, ReplyMeasure, SiteMeasure
from composer.check.rules import finding
from composer.check.site_words import site_words
from composer.model.findings import Finding, Level
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.text.networks import is_example_name, is_public, is_public_name, read_address
from composer.words import Words

CONFIG_PATH = "newsletter.toml"

_GAP = r"[._+-]*"
_NOBODY = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(
        word.replace(" ", _GAP)
        for word in (
            "no reply",
            "no response",
            "no reponse",
            "no repondre",
            "non reply",
            "do not reply",
            "dont reply",
            "never reply",
            "ne pas repondre",
            "ne repond(?:re|ez) pas",
            "ne repond(?:re|ez)",
            "pas de reponse",
            "sans reponse",
            "no responder",
            "keine antwort",
            "unmonitored",
            "dev null",
            "mailer daemon",
        )
    )
    + r")(?![a-z])"
)


def check_reach(_issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """What newsletter.toml says of the ways to us, and what answered there."""
    problems = list(_public_url(newsletter))
    yield from problems
    if not problems:
        yield from _site(newsletter, measures.site)
    yield from _reply_to(newsletter, measures.reply)
    yield from _domain(newsletter, measures.domain)


def level_of(newsletter: Newsletter) -> Level:
    """How grave a way that does not work is: an error once mail leaves for readers."""
    if newsletter.transport.kind == "folder":
        return "advice"
    return "warning" if newsletter.site.rehearsal else "error"


# The public address --------------------------------------------------------------------------------------------------------------


def _public_url(newsletter: Newsletter) -> Iterator[Finding]:
    problem = url_problem(newsletter.site.public_url, rehearsal=newsletter.site.rehearsal)
    if problem:
        level: Level = "advice" if newsletter.transport.kind == "folder" else "error"
        yield finding("public-url", path=CONFIG_PATH, message=problem, level=level)
    elif not newsletter.site.rehearsal and newsletter.transport.kind != "folder":
        yield from _port(newsletter.site.public_url)


def url_problem(url: str, *, rehearsal: bool) -> Words | None:
    """Why ``url`` cannot be the public address, by its letters alone; None when it can. A rehearsal may use http and this machine."""
    if not url:
        return Words(
            fr="Il n’y a pas d’adresse publique : ni images, ni page web, ni désinscription.",
            en="There is no public address: no pictures, no web view, no unsubscribe page.",
        )
    parts = _split(url)
    if parts is None:
        return Words(fr=f"L’adresse publique « {url} » n’en est pas une.", en=f"The public address “{url}” is none.")
    if "@" in parts.netloc:
        # Never shown whole: what stands before the @ may be a password.
        return Words(
            fr=f"L’adresse publique de {parts.hostname} contient un nom ou un mot de passe, que tous les lecteurs liraient.",
            en=f"The public address of {parts.hostname} holds a name or a password, which every reader would see.",
        )
    return None if rehearsal else _unreachable(parts, url)


def _unreachable(parts: SplitResult, url: str) -> Words | None:
    host = parts.hostname or ""
    if parts.scheme != "https":
        return Words(fr=f"L’adresse publique « {url} » n’est pas en https.", en=f"The public address “{url}” is not https.")
    if is_example_name(host):
        return Words(
            fr=f"L’adresse publique « {url} » porte un nom d’exemple, qui n’existe pas sur internet.",
            en=f"The public address “{url}” bears a name of examples, which does not exist on the internet.",
        )
    if not (is_public(host) if read_address(host) else is_public_name(host)):
        return Words(
            fr=f"L’adresse publique « {url} » ne mène qu’à cette machine ou à son réseau.",
            en=f"The public address “{url}” leads to this machine or its network only.",
        )
    return None


def _split(url: str) -> SplitResult | None:
    """``url`` in its parts; None for what is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    fit = parts.scheme in {"http", "https"} and parts.hostname and port != 0 and not re.search(r"[\s\\]", url)
    return parts if fit else None


def _port(url: str) -> Iterator[Finding]:
    port = urlsplit(url).port
    if port not in {None, 443}:
        message = Words(
            fr=f"L’adresse publique est sur le port {port}, que bien des réseaux d’entreprise ferment.",
            en=f"The public address is on port {port}, which many company networks close.",
        )
        hint = Words(
            fr="Mettez un serveur mandataire devant, sur le port 443 : docs/reverse-proxy.md",
            en="Put a reverse proxy in front, on port 443: docs/reverse-proxy.md",
        )
        yield finding("public-url", path=CONFIG_PATH, message=message, hint=hint, level="warning")


def _site(newsletter: Newsletter, site: SiteMeasure | None) -> Iterator[Finding]:
    if not newsletter.site.self_check and newsletter.transport.kind != "folder" and not newsletter.site.rehearsal:
        said = Words(
            fr="L’adresse publique n’est pas essayée d’ici : [site] self_check = false.",
            en="The public address is not tried from here: [site] self_check = false.",
        )
        yield finding("public-url-unasked", path=CONFIG_PATH, message=said)
    if site is None or site.seen == "alive":
        return
    if site.seen == "unasked":
        yield finding("public-url-unasked", path=CONFIG_PATH, level=_unasked(newsletter))
        return
    said, mend = site_words(site, newsletter.site)
    rule = "public-url" if site.seen == "private" else "public-url-dead"
    yield finding(rule, path=CONFIG_PATH, message=said, hint=mend, level=level_of(newsletter))


def _unasked(newsletter: Newsletter) -> Level:
    """How grave it is that the network was not there to ask: never an error."""
    return "advice" if level_of(newsletter) == "advice" else "warning"


# The reply address ---------------------------------------------------------------------------------------------------------------


def _reply_to(newsletter: Newsletter, reply: ReplyMeasure | None) -> Iterator[Finding]:
    address = newsletter.sender.reply_to
    if "@" not in address:
        return  # ``no-reply-to`` says so
    level = level_of(newsletter)
    if is_nobody(address):
        said = Words(
            fr=f"Personne ne lit « {address} » : un lecteur qui répond parle dans le vide.",
            en=f"Nobody reads “{address}”: a reader who answers talks to the wall.",
        )
        yield finding("reply-to", path=CONFIG_PATH, message=said, level=level)
    if reply is None or reply.seen == "takes-mail":
        return
    if reply.seen == "unasked":
        return  # the network is missing, which ``sender-unasked`` or ``public-url-unasked`` tell
    yield finding("reply-to", path=CONFIG_PATH, message=_no_mail(reply), level=level)


def _no_mail(reply: ReplyMeasure) -> Words:
    domain = reply.domain
    match reply.seen:
        case "no-name":
            return Words(fr=f"Le domaine des réponses, {domain}, n’existe pas.", en=f"The domain of the answers, {domain}, does not exist.")
        case "null-mx":
            return Words(
                fr=f"Le domaine des réponses, {domain}, déclare ne recevoir aucun courriel (MX nul, RFC 7505).",
                en=f"The domain of the answers, {domain}, declares that it takes no mail (null MX, RFC 7505).",
            )
        case _:
            return Words(
                fr=f"Le domaine des réponses, {domain}, ne reçoit pas de courriel : ni MX, ni adresse.",
                en=f"The domain of the answers, {domain}, takes no mail: neither MX nor address.",
            )


def is_nobody(address: str) -> bool:
    """Whether an address says of itself that nobody reads it: noreply, no-reply, ne-pas-repondre, and their cousins."""
    plain = "".join(char for char in unicodedata.normalize("NFD", address.lower()) if not unicodedata.combining(char))
    return bool(_NOBODY.search(plain.replace("@", " @ ").replace("'", "").replace("’", "")))


# The domain that mail comes from -----------------------------------------------------------------------------------------------------


def _domain(newsletter: Newsletter, domain: DomainMeasure | None) -> Iterator[Finding]:
    if domain is None:
        return
    for problem in domain.problems:
        yield finding("sender-domain", path=CONFIG_PATH, message=problem, level=level_of(newsletter))
    if domain.unasked and not domain.problems:
        yield finding("sender-unasked", path=CONFIG_PATH, level=_unasked(newsletter))
