"""Do our own pages answer to readers? Asked as readers' mail programs ask: no redirect is followed, and a certificate must hold.

In: the public address, and the answer that only this Hebdo can give. Out: what was seen. Three requests at most, all of them harmless: the
page that proves whose site this is, one picture, and the one click (RFC 8058) with a token that takes nobody off the list.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urljoin

from composer.check.measures import SiteMeasure, SiteSeen
from composer.outside.dns import Resolver, system_servers
from composer.outside.fetching import Fetched, NoAnswer, fetch
from composer.text.addresses import PROOF_TOKEN, identity_url, picture_url, unsubscribe_url

AGENT = "Mozilla/5.0 (compatible; Hebdo-own-pages/0.1)"
GREETING = "hebdo-1"  # what our identity page begins with
ONE_CLICK = b"List-Unsubscribe=One-Click"
_MOST_IDENTITY_BYTES = 4096
_MOST_PICTURE_BYTES = 30_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPages:
    """What to ask for, and what to expect."""

    public_url: str
    nonce: str  # new each time, so that no cache can answer
    greeting: str  # what every Hebdo of this newsletter says first
    proof: str = ""  # what ours alone says, whole; "": any Hebdo of this newsletter will do
    picture: str = ""  # ``<sha256>.jpg`` of one that is served already; "": none


def ask_own_pages(own: OwnPages, *, allow_private: bool = False) -> SiteMeasure:
    """What answers at ``own.public_url``; never raises for what the world does. ``allow_private`` also asks this machine and its network."""
    at = identity_url(own.public_url, own.nonce)
    seen = _ask(own, at, allow_private=allow_private)
    if seen is None and own.picture:
        at = picture_url(own.public_url, own.picture)
        seen = _ask_picture(own, at, allow_private=allow_private)
    if seen is None:
        at = unsubscribe_url(own.public_url, PROOF_TOKEN)
        seen = _ask_one_click(at, allow_private=allow_private)
    return seen or SiteMeasure(seen="alive", url=own.public_url, picture=bool(own.picture))


def _ask(own: OwnPages, url: str, *, allow_private: bool) -> SiteMeasure | None:
    """What is wrong with the page that says who we are; None when it is ours."""
    try:
        answer = fetch(url, allow_private=allow_private, limit_bytes=_MOST_IDENTITY_BYTES, agent=AGENT)
    except NoAnswer as nobody:
        return SiteMeasure(seen=_seen(nobody), url=own.public_url, detail=nobody.detail)
    if (moved := _redirect(answer, url)) is not None:
        return moved
    said = answer.body.decode("utf-8", "replace").strip()
    if answer.status == 200 and (said == own.proof if own.proof else said.startswith(f"{own.greeting} ")):
        return None
    if answer.status == 421:
        return SiteMeasure(seen="wrong-host", url=own.public_url)
    if said.startswith(f"{GREETING} "):
        return SiteMeasure(seen="other-hebdo", url=own.public_url)
    # Somebody else's 404, or their home page for every address: both are another site.
    other = answer.status < 500
    return SiteMeasure(seen="other-site" if other else "status", url=own.public_url, detail=str(answer.status))


def _ask_picture(own: OwnPages, url: str, *, allow_private: bool) -> SiteMeasure | None:
    """What is wrong with a picture; None when its bytes are those of its name."""
    try:
        answer = fetch(url, allow_private=allow_private, limit_bytes=_MOST_PICTURE_BYTES, agent=AGENT)
    except NoAnswer as nobody:
        return SiteMeasure(seen="picture", url=url, detail=_seen(nobody))
    if (moved := _redirect(answer, url)) is not None:
        return moved
    whole = hashlib.sha256(answer.body).hexdigest() == own.picture.partition(".")[0]
    return None if answer.status == 200 and whole else SiteMeasure(seen="picture", url=url, detail=str(answer.status))


def _ask_one_click(url: str, *, allow_private: bool) -> SiteMeasure | None:
    """What is wrong with leaving by one click; None when the POST arrives as mail programs send it."""
    try:
        answer = fetch(
            url, "POST", body=ONE_CLICK, content_type="application/x-www-form-urlencoded", allow_private=allow_private, agent=AGENT
        )
    except NoAnswer as nobody:
        return SiteMeasure(seen="one-click", url=url, detail=_seen(nobody))
    return None if answer.status == 200 else SiteMeasure(seen="one-click", url=url, detail=str(answer.status))


def _redirect(answer: Fetched, url: str) -> SiteMeasure | None:
    """RFC 8058 §3.1 lets no mail program follow one when a reader leaves: the address in the mail must be the last one."""
    place = answer.headers.get("location", "")
    if answer.status not in {301, 302, 303, 307, 308} or not place:
        return None
    place = urljoin(url, place)
    falls = place.lower().startswith("http:") and url.lower().startswith("https:")
    return SiteMeasure(seen="to-http" if falls else "moved", url=url, detail=place[:200])


def _seen(nobody: NoAnswer) -> SiteSeen:
    """What a missing answer says of the site, or only of the network here."""
    match nobody.why:
        case "no-network":
            return "unasked"
        case "no-name" | "malformed":
            return "no-name" if names_are_there() else "unasked"
        case why:
            return why


def names_are_there(*, resolver: Resolver | None = None) -> bool:
    """Whether the name servers of this machine know the world: the root at least, which every one of them does."""
    return bool((resolver or Resolver(system_servers()))(".", "NS").values)
