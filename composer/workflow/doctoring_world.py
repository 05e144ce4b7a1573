"""The mail server and the public pages, looked at as Hebdo will reach them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import urlsplit

from composer.check.doctor.codes import see
from composer.check.doctor.pages import judge_pages
from composer.check.doctor.relay import judge_relay
from composer.check.doctor.sight import PagesSight
from composer.check.measures import SiteMeasure
from composer.deliver.relays import relays_of, settings_of
from composer.errors import HebdoError, MergeError
from composer.message.headers import check_address
from composer.model.newsletter import Newsletter, Site
from composer.model.observation import Observation, Part
from composer.model.pace import Relay
from composer.outside.page_probe import look_at_pages
from composer.outside.patience import waited
from composer.text.shown import shown
from composer.text.system import words_of
from composer.transports.probe import look_at_relay
from composer.words import Words
from composer.workflow.public_pages import public_pages_answer
from composer.workspace import Workspace

PATIENCE_S = 12.0
T = TypeVar("T")


@dataclass(slots=True)
class Seen:
    """What one part saw, and who told the time on the way."""

    observations: list[Observation] = field(default_factory=list)
    dates: list[tuple[str, str]] = field(default_factory=list)  # (who, their date as they write it)


def unlooked(part: Part, error: Exception) -> Observation:
    """Said in place of what would have been seen."""
    said = _said(error)
    saw = Words(fr=f"Pas pu regarder : {said.fr}", en=f"Could not look: {said.en}")
    seen = replace(see("unlooked", saw), part=part)
    # A message that was handed over to be read is all there is to look at: unread, it is not well.
    return replace(seen, level="error") if part == "proof" else seen


def _said(error: Exception) -> Words:
    match error:
        case HebdoError():
            return error.message
        case RecursionError() | MemoryError():
            return Words(fr="c’est trop grand ou trop imbriqué pour être lu", en="it is too large or too deeply nested to be read")
        case OSError():
            return words_of(error)
        case _:
            text = shown(str(error) or type(error).__name__, 160)
            return Words(fr=text, en=text)


def examine_relay(workspace: Workspace) -> Seen:
    """Each mail server: connected, encrypted, logged in, the sender named; nothing is sent."""
    settings = workspace.newsletter.transport
    if settings.kind == "folder":
        return Seen([see("relay-folder")])
    relays, sender = relays_of(settings), _sender(workspace.newsletter)
    with ThreadPoolExecutor(max_workers=len(relays)) as pool:  # a silent one takes nearly all the time that there is
        sights = list(pool.map(lambda relay: look_at_relay(settings_of(settings, relay), sender=sender), relays))
    seen = Seen()
    for relay, sight in zip(relays, sights, strict=True):
        judged = judge_relay(settings_of(settings, relay), sight)
        seen.observations += [_named(one, relay) for one in judged] if len(relays) > 1 else judged
        seen.dates += [(relay.host, sight.greeting)] if sight.greeting else []
    return seen


def _named(one: Observation, relay: Relay) -> Observation:
    saw = Words(fr=f"Relais « {relay.name} » – {one.saw.fr}", en=f"Relay “{relay.name}” – {one.saw.en}")
    return replace(one, saw=saw)


def _sender(newsletter: Newsletter) -> str:
    try:
        return check_address(newsletter.sender.address, "From") if newsletter.sender.address else ""
    except MergeError:
        return ""


def examine_pages(workspace: Workspace) -> Seen:
    """The public pages: whether they are ours, and how they are reached."""
    site = workspace.newsletter.site
    if not site.public_url:
        return Seen([see("pages-none")])
    if not site.public_url.lower().startswith("https:") and not site.rehearsal:
        return Seen([see("pages-in-clear")])
    host = urlsplit(site.public_url).hostname or ""
    with ThreadPoolExecutor(max_workers=2) as pool:
        asked = pool.submit(_in_time, lambda: public_pages_answer(workspace), SiteMeasure(seen="late", url=site.public_url))
        looked = pool.submit(_in_time, lambda: _look_around(site), PagesSight())
        measure, sight = asked.result(), looked.result()
    return Seen(judge_pages(site, host, measure, sight), [(host, sight.date)] if sight.date and not site.rehearsal else [])


def _look_around(site: Site) -> PagesSight:
    return look_at_pages(site.public_url, allow_private=site.rehearsal) if site.self_check else PagesSight()


def _in_time(work: Callable[[], T], otherwise: T) -> T:
    try:
        return waited(work, name="doctor-pages", seconds=PATIENCE_S)
    except TimeoutError:
        return otherwise
