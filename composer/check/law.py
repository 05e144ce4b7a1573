"""What the law wants of the publisher, as far as newsletter.toml can tell; the reading we took stands in docs/law.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from composer.check.measures import Measures
from composer.check.rules import finding
from composer.model.findings import Finding, Level
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter, Publisher
from composer.text.saying import visible_letters
from composer.words import Words

_PATH = "newsletter.toml"
# Forms that a register of companies knows, and those of them that have a capital.
_REGISTERED = re.compile(
    r"\b(?:s\.?a\.?r\.?l|s\.?a\.?s\.?u?|s\.?a|eurl|sci|snc|scop|scic|scs|sca|sel(?:arl|as)|eirl?|soci[ée]t[ée]|(?:micro|auto)-?\s?entrepr\w+)\b",
    re.IGNORECASE,
)
_WITH_CAPITAL = re.compile(r"\b(?:s\.?a\.?r\.?l|s\.?a\.?s\.?u?|s\.?a|eurl|sca|sel(?:arl|as))\b", re.IGNORECASE)


def check_law(issue: Issue, newsletter: Newsletter, _measures: Measures) -> Iterator[Finding]:
    """What must be said of who publishes (LCEN art. 1-1, before 2024 art. 6 III; GDPR art. 13)."""
    publisher = newsletter.publisher
    if not any(map(_says, (publisher.name, publisher.address, publisher.director, publisher.host))):
        yield finding("no-postal-address", path=_PATH)
    elif is_anonymous(publisher):
        yield from _anonymous(issue, newsletter)
    else:
        yield from _named(newsletter)


def is_anonymous(publisher: Publisher) -> bool:
    """Whether only the host is named, as the LCEN allows to those who publish without making it their trade."""
    own = (publisher.name, publisher.legal_form, publisher.address, publisher.director, publisher.registration)
    return _says(publisher.host) and not any(map(_says, own))


def is_legal_person(publisher: Publisher) -> bool:
    """A company or an association, not a person under their own name."""
    return _says(publisher.legal_form) and not re.search(r"entrepr(?:eneu|ise ind)|particulier|\bei\b", publisher.legal_form, re.IGNORECASE)


def _says(value: str) -> bool:
    return bool(visible_letters(value))


def _anonymous(issue: Issue, newsletter: Newsletter) -> Iterator[Finding]:
    if any(story.kind == "sponsor" for story in issue.stories):
        yield finding(
            "legal-notice",
            path=_PATH,
            level=_level(newsletter),
            message=Words(
                fr="Qui vend une place à un annonceur ne publie plus « à titre non professionnel » : il faut se nommer.",
                en="Whoever sells a place to a sponsor no longer publishes as a private person: the publisher must be named.",
            ),
        )
    if not _contact(newsletter):
        yield _lacking(newsletter, [_CONTACT])
    yield finding("publisher-anonymous", path=_PATH)
    yield from _host_details(newsletter.publisher)


def _named(newsletter: Newsletter) -> Iterator[Finding]:
    publisher = newsletter.publisher
    lacking = [
        words for words, value in ((_NAME, publisher.name), (_ADDRESS, publisher.address), (_HOST, publisher.host)) if not _says(value)
    ]
    if is_legal_person(publisher) and not _says(publisher.director):
        lacking.append(_DIRECTOR)
    if not _contact(newsletter):
        lacking.append(_CONTACT)
    if lacking:
        yield _lacking(newsletter, lacking)
    if newsletter.locale.lower().startswith("fr"):
        yield from _details(publisher)


def _lacking(newsletter: Newsletter, lacking: list[Words]) -> Finding:
    return finding(
        "legal-notice",
        path=_PATH,
        level=_level(newsletter),
        message=Words(
            fr=f"Il manque aux mentions légales : {', '.join(words.fr for words in lacking)}.",
            en=f"The legal notice lacks {', '.join(words.en for words in lacking)}.",
        ),
    )


def _level(newsletter: Newsletter) -> Level:
    """In a rehearsal nobody reads it; and the LCEN is French law: of others it is asked as good manners."""
    return "error" if newsletter.locale.lower().startswith("fr") and not newsletter.site.rehearsal else "warning"


def _details(publisher: Publisher) -> Iterator[Finding]:
    form = f"{publisher.legal_form} {publisher.registration}"
    if not re.search(r"\d{2}", publisher.phone):
        yield _detail("le numéro de téléphone de l’éditeur (phone)", "the publisher’s telephone number (phone)")
    if _REGISTERED.search(publisher.legal_form) and not re.search(r"\d{3}", publisher.registration):
        yield _detail("le numéro d’immatriculation au RCS ou au RNE (registration)", "the number in the company register (registration)")
    if _WITH_CAPITAL.search(publisher.legal_form) and "capital" not in form.lower():
        yield _detail("le capital social, dans legal_form : « SAS au capital de… »", "the capital, in legal_form: “SAS au capital de…”")
    yield from _host_details(publisher)


def _host_details(publisher: Publisher) -> Iterator[Finding]:
    if _says(publisher.host) and not re.search(r"\d", publisher.host):
        yield _detail("l’adresse et le téléphone de l’hébergeur (host)", "the address and telephone of the host (host)")


def _detail(french: str, english: str) -> Finding:
    message = Words(fr=f"La loi demande aussi {french}.", en=f"The law also asks for {english}.")
    return finding("legal-details", path=_PATH, message=message)


def _contact(newsletter: Newsletter) -> bool:
    return _says(newsletter.publisher.contact) or _says(newsletter.sender.reply_to)


_NAME = Words(fr="le nom de l’éditeur (name)", en="the publisher’s name (name)")
_ADDRESS = Words(fr="son adresse (address)", en="an address (address)")
_HOST = Words(fr="l’hébergeur des pages (host)", en="the host of the pages (host)")
_DIRECTOR = Words(fr="la direction de la publication (director)", en="the director of publication (director)")
_CONTACT = Words(fr="une adresse où écrire (contact)", en="an address to write to (contact)")
