"""What a look at the public pages is worth, beside what they answer."""

from __future__ import annotations

from collections.abc import Iterator

from composer.check.doctor.addresses import address_record
from composer.check.doctor.certificates import SOON_DAYS
from composer.check.doctor.codes import see
from composer.check.doctor.sight import PagesSight
from composer.check.measures import SiteMeasure
from composer.check.site_words import site_words
from composer.model.newsletter import Site
from composer.model.observation import Observation
from composer.words import Words


def judge_pages(site: Site, host: str, measure: SiteMeasure | None, sight: PagesSight) -> list[Observation]:
    """Everything that is to be said of ``[site] public_url``; ``measure`` is None where the pages are not to be asked."""
    if measure is None:
        saw = Words(
            fr="Les pages publiques ne sont pas demandées ([site] self_check = false).",
            en="The public pages are not asked ([site] self_check = false).",
        )
        return [see("pages-unasked", saw), *_around(host, sight)]
    saw, mend = site_words(measure, site)
    if measure.seen == "alive":
        return [see("pages-ok", saw), *_around(host, sight)]
    name = "pages-unasked" if measure.seen == "unasked" else "pages-dead"
    return [see(name, saw, mend=mend), *_around(host, sight)]


def _around(host: str, sight: PagesSight) -> Iterator[Observation]:
    days = sight.certificate.days_left if sight.certificate else None
    if days is not None and days < SOON_DAYS:
        saw = Words(fr=f"Le certificat de {host} vaut encore {days} jours.", en=f"The certificate of {host} is good for {days} more days.")
        yield see("pages-certificate-soon", saw)
    for address in sight.dead:
        saw = Words(
            fr=f"{host} mène aussi à {address}, qui ne répond pas.", en=f"{host} leads to {address} as well, which does not answer."
        )
        yield see("pages-address-dead", saw, removes=(address_record(f"{host}.".rstrip("."), address),))
    if sight.hsts is False:
        yield see("pages-hsts")
    if sight.from_http == "elsewhere":
        yield see("pages-http")
