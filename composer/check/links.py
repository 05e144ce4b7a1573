"""Links: with an address, a living one, one that deserves trust."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit

from composer.check.measures import Measures
from composer.check.places import column
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.text.escape import safe_url
from composer.text.passages import PlacedLink, links_of
from composer.words import Words, counted

_SHORTENERS = frozenset(
    [
        "bit.ly",
        "tinyurl.com",
        "t.co",
        "goo.gl",
        "ow.ly",
        "buff.ly",
        "is.gd",
        "v.gd",
        "t.ly",
        "rb.gy",
        "cutt.ly",
        "lnkd.in",
        "fb.me",
        "dlvr.it",
        "trib.al",
        "urlz.fr",
        "shorturl.at",
        "tiny.cc",
        "rebrand.ly",
        "s.id",
        "bl.ink",
        "lc.cx",
        "frama.link",
        "huit.re",
        "urlr.me",
        "amzn.to",
        "adf.ly",
        "bc.vc",
        "soo.gd",
        "tr.im",
        "u.to",
        "x.gd",
    ]
)
_STAGING = re.compile(
    r"(?:^|[.-])(?:staging|stage|preprod|pre-prod|recette|dev|test|uat|sandbox|localhost|local|internal|intranet)(?=[.-]|\d*\.|$)"
    r"|\.(?:local|test|internal|lan|localhost)$|^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.|^\[?::1\]?$|ngrok|\.vercel\.app$|\.netlify\.app$",
    re.IGNORECASE,
)
_EMPTY_WORDS = frozenset(
    {"ici", "cliquez ici", "cliquer ici", "là", "lien", "ce lien", "voir", "here", "click here", "link", "this link", "this"}
)


def check_links(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """All links of the issue; those for the web page only need an address no sooner than that page."""
    seen: dict[str, PlacedLink] = {}
    for link in links_of(issue, web_only=False):
        if not link.url.strip():
            yield _without_address(link, measures)
            continue
        yield from _address(link, newsletter, measures)
        yield from _answer(link, measures)
        yield from _words(link, measures)
        first = seen.setdefault(_same(link.url), link)
        if first is not link and "picture" not in {first.kind, link.kind}:
            yield _twice(link, first, measures)
    yield from _unasked(seen.values(), newsletter, measures)


def _unasked(links: Iterable[PlacedLink], newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """Links that nobody could try; those of staging hosts are never tried."""
    hosts = {link.url: (urlsplit(link.url).hostname or "").lower() for link in links if link.url in measures.links and safe_url(link.url)}
    states = [measures.links[url].state for url, host in hosts.items() if not _is_staging(host, newsletter)]
    unasked = states.count("unchecked")
    if unasked == len(states) > 0:
        yield finding("links-unasked")
    elif unasked:
        few = counted(unasked, ("lien non essayé", "liens non essayés"), ("link not tried", "links not tried"))
        yield finding("links-unasked", message=Words(fr=f"{few.fr} : le temps a manqué.", en=f"{few.en}: time ran out."))


def _at(name: str, link: PlacedLink, measures: Measures, message: Words, *, fixable: bool | None = None) -> Finding:
    col = column(measures.sources, link.path, link.line, link.url) or column(measures.sources, link.path, link.line, link.words)
    return finding(name, path=link.path, line=link.line, col=col, message=message, fixable=fixable)


def _without_address(link: PlacedLink, measures: Measures) -> Finding:
    words = _short(link.words)
    message = Words(fr=f"Le lien «\u00a0{words}\u00a0» n’a pas d’adresse.", en=f"The link “{words}” has no address.")
    return _at("link-without-address", link, measures, message)


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:59].rstrip() + "…"


def _same(url: str) -> str:
    """Two addresses that lead to the same place, whatever their final slash and the case of their host."""
    parts = urlsplit(url) if not re.search(r"[\[\]]", url) else None
    if parts is None or parts.scheme not in {"http", "https"}:
        return url
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}#{parts.fragment}"


def _address(link: PlacedLink, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    url = link.url.strip()
    if url.lower().startswith("www."):
        yield _at(
            "link-without-scheme",
            link,
            measures,
            Words(fr=f"L’adresse «\u00a0{url}\u00a0» n’a pas de https://", en=f"The address “{url}” has no https://"),
        )
        return
    if safe_url(url) is None:
        yield _at(
            "link-unsafe",
            link,
            measures,
            Words(fr=f"«\u00a0{_short(url)}\u00a0» ne peut pas servir d’adresse.", en=f"“{_short(url)}” cannot be an address."),
        )
        return
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host.removeprefix("www.") in _SHORTENERS:
        yield _at(
            "link-shortener", link, measures, Words(fr=f"«\u00a0{host}\u00a0» est un raccourcisseur.", en=f"“{host}” is a shortener.")
        )
    if host and _is_staging(host, newsletter):
        yield _at(
            "link-staging",
            link,
            measures,
            Words(fr=f"«\u00a0{host}\u00a0» a l’air d’un site de travail.", en=f"“{host}” looks like a staging host."),
        )
    elif parts.scheme.lower() == "http":
        yield _at(
            "link-http",
            link,
            measures,
            Words(fr=f"«\u00a0{_short(url)}\u00a0» n’est pas chiffré.", en=f"“{_short(url)}” is not encrypted."),
        )
    if link.story and link.story.kind == "sponsor" and parts.scheme.lower() in {"http", "https"} and not _has_utm(parts.query):
        yield _at(
            "sponsor-utm",
            link,
            measures,
            Words(fr=f"«\u00a0{_short(url)}\u00a0» n’a pas de balises UTM.", en=f"“{_short(url)}” has no UTM tags."),
        )


def _is_staging(host: str, newsletter: Newsletter) -> bool:
    own = (urlsplit(newsletter.site.public_url).hostname or "").lower() if newsletter.site.public_url else ""
    return bool(_STAGING.search(host)) and not (newsletter.site.rehearsal and host == own)


def _has_utm(query: str) -> bool:
    return any(name.lower().startswith("utm_") for name, _ in parse_qsl(query, keep_blank_values=True))


def _answer(link: PlacedLink, measures: Measures) -> Iterator[Finding]:
    answer = measures.links.get(link.url)
    if answer is None or answer.state in {"alive", "unchecked"}:
        return
    said = f" ({answer.status})" if answer.status else ""
    if answer.state == "dead":
        yield _at(
            "link-dead",
            link,
            measures,
            Words(fr=f"«\u00a0{_short(link.url)}\u00a0» n’existe plus{said}.", en=f"“{_short(link.url)}” is gone{said}."),
        )
    else:
        yield _at(
            "link-unreachable",
            link,
            measures,
            Words(fr=f"«\u00a0{_short(link.url)}\u00a0» ne répond pas{said}.", en=f"“{_short(link.url)}” does not answer{said}."),
        )


def _words(link: PlacedLink, measures: Measures) -> Iterator[Finding]:
    bare = link.words.strip().strip(".!:…»« \u00a0").casefold()
    if not link.words.strip():
        yield _at(
            "link-without-words",
            link,
            measures,
            Words(
                fr=f"Le lien vers «\u00a0{_short(link.url)}\u00a0» n’a pas de mots.", en=f"The link to “{_short(link.url)}” has no words."
            ),
        )
    elif bare in _EMPTY_WORDS:
        yield _at(
            "link-words",
            link,
            measures,
            Words(fr=f"«\u00a0{link.words}\u00a0» ne dit pas où mène le lien.", en=f"“{link.words}” does not say where the link leads."),
        )


def _twice(link: PlacedLink, first: PlacedLink, measures: Measures) -> Finding:
    place = f"{first.path.rpartition('/')[2]}:{first.line}"
    message = Words(
        fr=f"«\u00a0{_short(link.url)}\u00a0» figure déjà dans {place}.",
        en=f"“{_short(link.url)}” already stands in {place}.",
    )
    return _at("link-twice", link, measures, message)
