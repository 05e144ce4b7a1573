"""Mail clients by the names that editors know, and the data that says what each of them can do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from composer.words import Words

# Each family with the clients of the data that belong to it. What readers of a French newsletter use comes first.
FAMILIES: Mapping[str, tuple[Words, tuple[str, ...]]] = {
    "gmail": (Words(fr="Gmail", en="Gmail"), ("gmail/desktop-webmail", "gmail/ios", "gmail/android", "gmail/mobile-webmail")),
    "outlook-windows": (Words(fr="Outlook (Windows)", en="Outlook (Windows)"), ("outlook/windows",)),
    "outlook": (
        Words(fr="Outlook.com et le nouvel Outlook", en="Outlook.com and the new Outlook"),
        ("outlook/outlook-com", "outlook/macos", "outlook/ios", "outlook/android"),
    ),
    "apple-mail": (Words(fr="Apple Mail", en="Apple Mail"), ("apple-mail/macos", "apple-mail/ios")),
    "orange": (Words(fr="Orange", en="Orange"), ("orange/desktop-webmail", "orange/ios", "orange/android")),
    "laposte": (Words(fr="laposte.net", en="laposte.net"), ("laposte/desktop-webmail",)),
    "sfr": (Words(fr="SFR", en="SFR"), ("sfr/desktop-webmail", "sfr/ios", "sfr/android")),
    "free": (Words(fr="Free", en="Free"), ("free-fr/desktop-webmail",)),
    "yahoo": (Words(fr="Yahoo", en="Yahoo"), ("yahoo/desktop-webmail", "yahoo/ios", "yahoo/android")),
    "aol": (Words(fr="AOL", en="AOL"), ("aol/desktop-webmail", "aol/ios", "aol/android")),
    "samsung": (Words(fr="Samsung", en="Samsung"), ("samsung-email/android",)),
    "thunderbird": (Words(fr="Thunderbird", en="Thunderbird"), ("thunderbird/macos", "thunderbird/windows")),
    "gmx": (
        Words(fr="GMX et WEB.DE", en="GMX and WEB.DE"),
        ("gmx/desktop-webmail", "gmx/ios", "gmx/android", "web-de/desktop-webmail", "web-de/ios", "web-de/android"),
    ),
}
_PLATFORMS: Mapping[str, Words] = {
    "desktop-webmail": Words(fr="web", en="web"),
    "mobile-webmail": Words(fr="web mobile", en="mobile web"),
    "ios": Words(fr="iOS", en="iOS"),
    "android": Words(fr="Android", en="Android"),
    "macos": Words(fr="Mac", en="Mac"),
    "windows": Words(fr="Windows", en="Windows"),
    "outlook-com": Words(fr="web", en="web"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature of the data."""

    title: str  # as CSS or HTML writes it: ``border-radius``
    verdicts: Mapping[str, str] = field(default_factory=dict)  # by client: y, a (partly), n, - (not tested)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientData:
    """caniemail's data as shipped."""

    day: date  # of its commit
    features: Mapping[str, Feature]  # by name: ``css-border-radius``

    def unsupported(self, name: str) -> tuple[Words, ...]:
        """Who does not know a feature: a whole family by its name, parts of one with their platforms."""
        return self._who(name, "n")

    def partial(self, name: str) -> tuple[Words, ...]:
        """Who knows a feature in part."""
        return self._who(name, "a")

    def _who(self, name: str, verdict: str) -> tuple[Words, ...]:
        verdicts = self.features[name].verdicts if name in self.features else {}
        return tuple(said for family, clients in FAMILIES.values() if (said := _named(family, clients, verdicts, verdict)))


def _named(family: Words, clients: tuple[str, ...], verdicts: Mapping[str, str], verdict: str) -> Words | None:
    tested = [client for client in clients if verdicts.get(client, "-") != "-"]
    met = [client for client in tested if verdicts[client] == verdict]
    if not met:
        return None
    if len(met) == len(tested):
        return family
    platforms = list(dict.fromkeys(client.rpartition("/")[2] for client in met))
    fr, en = (", ".join(dict.fromkeys(word)) for word in zip(*((_PLATFORMS[one].fr, _PLATFORMS[one].en) for one in platforms), strict=True))
    return Words(fr=f"{family.fr} ({fr})", en=f"{family.en} ({en})")


@lru_cache(maxsize=2)
def read_client_data(text: str) -> ClientData:
    """The values of ``caniemail.json``."""
    said = json.loads(text)
    clients = said["clients"]
    features = {
        name: Feature(title=one["title"], verdicts=dict(zip(clients, one["verdicts"], strict=True)))
        for name, one in said["features"].items()
    }
    return ClientData(day=date.fromisoformat(said["date"]), features=features)
