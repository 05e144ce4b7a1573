"""A sealed edition carries its addresses with it: one sealed for a rehearsal must not reach real readers."""

from __future__ import annotations

from urllib.parse import urlsplit

from composer.model.edition import Edition
from composer.model.newsletter import Newsletter
from composer.text.addresses import legal_url
from composer.words import Words


def sealed_elsewhere(newsletter: Newsletter, sealed: Edition) -> Words | None:
    """Why ``sealed`` leads readers to another place than [site] public_url; None when it does not, or when nothing leaves this machine."""
    site = newsletter.site
    if site.rehearsal or newsletter.transport.kind == "folder" or not site.public_url:
        return None
    # Every edition names its legal notice, or the checks refuse it.
    legal, words = legal_url(site.public_url), sealed.html + sealed.text
    if legal in words or urlsplit(legal).path.rpartition("/")[2] not in words:
        return None
    return Words(
        fr=f"Scellé pour une autre adresse publique que {site.public_url} : ses liens et ses images mèneraient ailleurs.",
        en=f"Sealed for another public address than {site.public_url}: its links and pictures would lead elsewhere.",
    )
