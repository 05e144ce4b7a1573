"""What was seen at the public address, in words, with the mend: for the checks, the doctor and the alerts alike."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from composer.check.measures import SiteMeasure, SiteSeen
from composer.model.newsletter import Site
from composer.words import Words

_SEEN: Mapping[SiteSeen, Words] = {
    "alive": Words(fr="{url} répond, et c’est bien cette lettre.", en="{url} answers, and it is this newsletter."),
    "unasked": Words(fr="{url} n’a pas pu être essayée : pas de réseau ici.", en="{url} could not be tried: there is no network here."),
    "private": Words(
        fr="Le nom {host} mène à {detail}, une adresse que les lecteurs ne peuvent pas atteindre.",
        en="The name {host} leads to {detail}, an address that readers cannot reach.",
    ),
    "no-name": Words(fr="Le nom {host} n’existe pas dans le DNS.", en="The name {host} does not exist in the DNS."),
    "refused": Words(fr="{host} refuse la connexion ({detail}).", en="{host} refuses the connection ({detail})."),
    "late": Words(fr="{host} ne répond pas à temps.", en="{host} does not answer in time."),
    "expired": Words(fr="Le certificat de {host} n’est plus valable.", en="The certificate of {host} is out of date."),
    "other-name": Words(
        fr="Le certificat que présente {host} est celui d’un autre nom.", en="The certificate of {host} is another name’s."
    ),
    "untrusted": Words(
        fr="Aucun lecteur ne fera confiance au certificat de {host} : son émetteur est inconnu.",
        en="No reader will trust the certificate of {host}: nobody knows who issued it.",
    ),
    "broken": Words(fr="{host} coupe la connexion sans répondre.", en="{host} cuts the connection without an answer."),
    "to-http": Words(fr="{url} renvoie vers http, en clair : {detail}", en="{url} redirects to http, in the clear: {detail}"),
    "moved": Words(fr="{url} renvoie ailleurs : {detail}", en="{url} redirects elsewhere: {detail}"),
    "wrong-host": Words(fr="Hebdo répond à {url}, mais sous un autre nom (421).", en="Hebdo answers at {url}, but to another name (421)."),
    "status": Words(fr="{url} répond par une panne ({detail}).", en="{url} answers with a failure ({detail})."),
    "other-site": Words(fr="Un autre site répond à {url} ({detail}).", en="Another site answers at {url} ({detail})."),
    "other-hebdo": Words(
        fr="Un autre Hebdo répond à {url} : il ne connaît ni ces abonnés ni leurs désinscriptions.",
        en="Another Hebdo answers at {url}: it knows neither these subscribers nor how they leave.",
    ),
    "picture": Words(
        fr="Une image du numéro ne se charge pas ({detail}) : {url}", en="A picture of the issue does not load ({detail}): {url}"
    ),
    "one-click": Words(
        fr="La désinscription en un clic n’arrive pas ({detail}) : POST {url}",
        en="Leaving with one click does not get through ({detail}): POST {url}",
    ),
}

_PROXY = Words(fr="Voyez docs/reverse-proxy.md, puis `hebdo doctor`.", en="See docs/reverse-proxy.md, then `hebdo doctor`.")
_ROUTER = Words(
    fr=" Si la page s’ouvre pourtant d’un téléphone hors du Wi-Fi, votre box ne revient pas sur elle-même : [site] self_check = false",
    en=" If it opens on a phone outside of your network all the same, your router does not lead back to itself: [site] self_check = false",
)


def _then(first: Words, *others: Words) -> Words:
    return Words(fr=first.fr + "".join(one.fr for one in others), en=first.en + "".join(one.en for one in others))


_RUNNING = _then(Words(fr="Regardez si `hebdo serve` tourne. ", en="See whether `hebdo serve` is running. "), _PROXY)
_MENDS: Mapping[SiteSeen, Words] = {
    "alive": Words(fr="Rien à faire.", en="Nothing to do."),
    "unasked": Words(fr="Recommencez avec le réseau.", en="Try again with a network."),
    "private": _then(Words(fr="Publiez l’adresse publique dans le DNS.", en="Publish the public address in the DNS."), _ROUTER),
    "no-name": Words(
        fr="Publiez {host} dans le DNS (A ou AAAA), ou corrigez [site] public_url.",
        en="Publish {host} in the DNS (A or AAAA), or correct [site] public_url.",
    ),
    "refused": _then(_RUNNING, _ROUTER),
    "late": _then(_RUNNING, _ROUTER),
    "expired": Words(
        fr="Renouvelez-le : Caddy le fait de lui-même, certbot par `certbot renew`.",
        en="Renew it: Caddy does so by itself, certbot with `certbot renew`.",
    ),
    "other-name": _then(_PROXY, _ROUTER),
    "untrusted": _then(_PROXY, _ROUTER),
    "broken": _then(_RUNNING, _ROUTER),
    "to-http": _then(Words(fr="Servez ces pages en https, sans renvoi. ", en="Serve these pages by https, without redirect. "), _PROXY),
    "moved": Words(
        fr="Écrivez dans [site] public_url l’adresse où l’on arrive : le clic de désinscription ne suit pas les renvois (RFC 8058).",
        en="Write the address one arrives at into [site] public_url: the click that leaves follows no redirect (RFC 8058).",
    ),
    "wrong-host": Words(
        fr="Faites transmettre Host par le serveur mandataire (nginx : proxy_set_header Host $host;), ou ajoutez le nom à [site] hosts.",
        en="Have the reverse proxy pass Host on (nginx: proxy_set_header Host $host;), or add the name to [site] hosts.",
    ),
    "status": _RUNNING,
    "other-site": _then(_RUNNING, _ROUTER),
    "other-hebdo": Words(
        fr="Lancez `hebdo serve` dans le dossier d’où part la lettre, et lui seul derrière cette adresse.",
        en="Run `hebdo serve` in the folder that the newsletter is sent from, and it alone behind this address.",
    ),
    "picture": _then(
        Words(
            fr="Faites passer {path}/i/ jusqu’à Hebdo, sans conversion d’images. ",
            en="Let {path}/i/ through to Hebdo, pictures unconverted. ",
        ),
        _PROXY,
    ),
    "one-click": _then(
        Words(
            fr="Laissez passer POST sous {path}/u/, sans cookie ni défi. ",
            en="Let POST through under {path}/u/, without cookie or challenge. ",
        ),
        _PROXY,
    ),
}
_NOBODY = Words(fr="pas de réponse", en="no answer")


def site_words(site: SiteMeasure, settings: Site) -> tuple[Words, Words]:
    """What was seen at the public address, and how to mend it."""
    if settings.rehearsal and site.seen in {"refused", "late", "no-name"}:
        return (
            Words(fr=f"Personne ne répond à {site.url}.", en=f"Nobody answers at {site.url}."),
            Words(
                fr="Lancez `hebdo serve` : il sert les pages de la répétition.", en="Start `hebdo serve`: it serves the rehearsal’s pages."
            ),
        )
    return _filled(_SEEN[site.seen], site), _filled(_MENDS[site.seen], site)


def _filled(words: Words, site: SiteMeasure) -> Words:
    parts = urlsplit(site.url)
    # A page of ours is /lettre/i/…, /lettre/u/…; the pages’ own path is what stands before.
    path = parts.path.rpartition("/")[0].rpartition("/")[0]
    nobody = site.detail in _SEEN
    filled = {"url": site.url, "host": parts.hostname or site.url, "path": path}
    return Words(
        fr=words.fr.format(**filled, detail=_NOBODY.fr if nobody else site.detail),
        en=words.en.format(**filled, detail=_NOBODY.en if nobody else site.detail),
    )
