"""Settings of how fast and when: rates, relays, hours, slices, warm-up. What cannot be is refused with its place and a mend."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any

from composer.deliver.families import FAMILIES, family_of
from composer.deliver.hours import parse_hours
from composer.deliver.rates import parse_rate
from composer.deliver.slices import parse_slice
from composer.errors import ConfigurationError
from composer.model.pace import FirstSlice, Hours, Rate, Relay
from composer.words import Words

Where = Callable[[str, str], str]

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


def relay_variable(name: str) -> str:
    """A relay's name as the end of a variable: «smtp.ovh.net» is ``SMTP_OVH_NET``."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def check_rate(value: object, where: str) -> Rate:
    """«20/s», «600/min», «5000/h»."""
    try:
        return parse_rate(str(value))
    except ValueError as error:
        raise ConfigurationError(
            Words(fr=f"« {_shown(value)} » n’est pas un débit.", en=f"“{_shown(value)}” is not a rate."),
            where=where,
            hint=Words(fr='Écrivez par exemple "20/s", "600/min" ou "5000/h".', en='Write for instance "20/s", "600/min" or "5000/h".'),
        ) from error


def check_hours(value: object, where: str) -> Hours:
    """«07:00-21:00»."""
    try:
        return parse_hours(str(value))
    except ValueError as error:
        raise ConfigurationError(
            Words(fr=f"« {_shown(value)} » n’est pas une plage d’heures.", en=f"“{_shown(value)}” is not a span of hours."),
            where=where,
            hint=Words(fr='Écrivez `hours = "07:00-21:00"`', en='Write `hours = "07:00-21:00"`'),
        ) from error


def check_slice(value: object, where: str) -> FirstSlice:
    """«1%», 200, or a list of addresses."""
    written = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    try:
        if isinstance(value, bool):
            raise ValueError(written)  # noqa: TRY301, TRY004 - said as what it is: no slice
        return parse_slice(written)
    except ValueError as error:
        raise ConfigurationError(
            Words(fr=f"« {_shown(written)} » n’est pas un premier lot.", en=f"“{_shown(written)}” is not a first slice."),
            where=where,
            hint=Words(
                fr='Écrivez par exemple "1%", 200 ou ["camille@exemple.fr"].', en='Write for instance "1%", 200 or ["camille@example.org"].'
            ),
        ) from error


def check_warm_up(value: object, where: str) -> tuple[int, ...]:
    """[200, 400, 800]: messages a day, none fewer than the day before."""
    given = value if isinstance(value, list) else str(value).strip(" []").split(",")
    ceilings = [int(str(one)) if str(one).strip().isdecimal() and not isinstance(one, bool) else 0 for one in given]
    if 0 < len(ceilings) <= 60 and min(ceilings) > 0 and ceilings == sorted(ceilings):
        return tuple(ceilings)
    raise ConfigurationError(
        Words(
            fr=f"« {_shown(value)} » n’est pas une montée en charge : un plafond par jour est attendu, jamais en baisse.",
            en=f"“{_shown(value)}” is not a warm-up: a ceiling for each day is expected, never a lower one.",
        ),
        where=where,
        hint=Words(
            fr="Écrivez `warm_up = [200, 400, 800, 1600]` et `warm_up_from = 2026-11-27`",
            en="Write `warm_up = [200, 400, 800, 1600]` and `warm_up_from = 2026-11-27`",
        ),
    )


def check_local(value: object, where: str) -> str:
    """The name of a subscribers' field."""
    text = str(value).strip()
    if text and len(text) <= 100 and not isinstance(value, bool):
        return text
    raise ConfigurationError(
        Words(fr="Ce n’est pas le nom d’une colonne des abonnés.", en="This is not the name of a subscribers’ column."),
        where=where,
        hint=Words(fr='Écrivez `zone_field = "fuseau"`', en='Write `zone_field = "fuseau"`'),
    )


# Tables within sections ---------------------------------------------------------------------------------------------------------


def check_domains(value: object, where: Where) -> tuple[tuple[str, Rate], ...]:
    """``[pace.domains]``: "orange.fr" = "10/min". One rate holds for a whole family of domains."""
    given = _pairs(value) if isinstance(value, str) else value
    if not isinstance(given, Mapping):
        raise ConfigurationError(
            Words(fr="[pace.domains] doit être une section.", en="[pace.domains] must be a section."),
            where=where("pace", "domains"),
            hint=Words(
                fr='Écrivez [pace.domains], puis `"orange.fr" = "10/min"`', en='Write [pace.domains], then `"orange.fr" = "10/min"`'
            ),
        )
    rates: dict[str, tuple[str, Rate]] = {}
    for name, rate in given.items():
        place = _place(where, "pace.domains", str(name), ("pace", "domains"))
        domain = _domain(str(name), place)
        twin = rates.get(family_of(domain))
        if twin is not None:
            raise _one_family(twin[0], domain, place)
        rates[family_of(domain)] = (domain, check_rate(rate, place))
    return tuple(rates.values())


def check_relays(value: object, where: Where) -> tuple[Relay, ...]:
    """``[[transport.relays]]``: each with a host, and a name that no other one has."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise ConfigurationError(
            Words(fr="Chaque relais est une section à part.", en="Each relay is a section of its own."),
            where=where("transport", "relays"),
            hint=Words(
                fr='Écrivez [[transport.relays]], puis `host = "smtp.exemple.fr"`',
                en='Write [[transport.relays]], then `host = "smtp.example.org"`',
            ),
        )
    relays: list[Relay] = []
    for number, one in enumerate(value):
        relay = _relay(dict(one), partial(_relay_place, where, number))
        if any(relay_variable(relay.name) == relay_variable(other.name) for other in relays):
            raise ConfigurationError(
                Words(fr=f"Deux relais s’appellent « {relay.name} ».", en=f"Two relays are called “{relay.name}”."),
                where=_relay_place(where, number, "name"),
                hint=Words(fr='Donnez à chacun son nom : `name = "secours"`', en='Give each its name: `name = "backup"`'),
            )
        relays.append(relay)
    return tuple(relays)


def check_passwords(value: object, where: Where) -> tuple[tuple[str, str], ...]:
    """Passwords of relays by name, from the environment or var/secrets.toml."""
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for one in value.values()):
        raise ConfigurationError(
            Words(fr="Les mots de passe des relais se donnent par nom.", en="Passwords of relays are given by name."),
            where=where("transport", "passwords"),
            hint=Words(fr='Écrivez [transport.passwords], puis `ovh = "…"`', en='Write [transport.passwords], then `ovh = "…"`'),
        )
    return tuple((relay_variable(str(name)), secret) for name, secret in value.items())


NESTED: Mapping[tuple[str, str], Callable[[Any, Where], object]] = {
    ("pace", "domains"): check_domains,
    ("transport", "relays"): check_relays,
    ("transport", "passwords"): check_passwords,
}


def complete(section: str, values: dict[str, Any], where: Where) -> dict[str, Any]:
    """``values`` of a section, with what one key says of another: passwords of relays, the first day of a warm-up."""
    if section == "transport" and values.get("relays"):
        known = dict(values.get("passwords", ()))
        relays = [replace(relay, password=known.get(relay_variable(relay.name), "")) for relay in values["relays"]]
        return {**values, "relays": tuple(relays)}
    if section == "pace" and values.get("warm_up") and not values.get("warm_up_from"):
        raise ConfigurationError(
            Words(fr="La montée en charge n’a pas de premier jour.", en="The warm-up has no first day."),
            where=where("pace", "warm_up"),
            hint=Words(fr="Écrivez `warm_up_from = 2026-11-27`", en="Write `warm_up_from = 2026-11-27`"),
        )
    return values


def _relay(given: dict[str, Any], where: Callable[[str], str]) -> Relay:
    known = tuple(field.name for field in fields(Relay) if field.name != "password")
    for key in given:
        if key not in known:
            near = next(iter(difflib.get_close_matches(key, known, n=1)), "host")
            raise ConfigurationError(
                Words(fr=f"Un relais n’a pas de réglage « {_shown(key)} ».", en=f"A relay has no setting “{_shown(key)}”."),
                where=where(key),
                hint=Words(fr=f"Vouliez-vous dire « {near} » ?", en=f"Did you mean “{near}”?"),
            )
    values: dict[str, Any] = {key: _RELAY[key](value, where(key)) for key, value in given.items()}
    if "host" not in values:
        raise ConfigurationError(
            Words(fr="Ce relais n’a pas d’adresse.", en="This relay has no address."),
            where=where(""),
            hint=Words(fr='Écrivez `host = "smtp.exemple.fr"`', en='Write `host = "smtp.example.org"`'),
        )
    return Relay(**{"name": values["host"], **values})


def _text(pattern: re.Pattern[str], said: Words, mend: Words) -> Callable[[object, str], str]:
    def check(value: object, where: str) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        raise ConfigurationError(
            Words(fr=f"« {_shown(value)} » {said.fr}", en=f"“{_shown(value)}” {said.en}"),
            where=where,
            hint=mend,
        )

    return check


def _whole(least: int, most: int, mend: Words) -> Callable[[object, str], int]:
    def check(value: object, where: str) -> int:
        text = str(value).strip()
        if text.isascii() and text.isdigit() and least <= int(text) <= most and not isinstance(value, bool):
            return int(text)
        raise ConfigurationError(
            Words(
                fr=f"« {_shown(value)} » : un nombre de {least} à {most} est attendu.",
                en=f"“{_shown(value)}”: a number from {least} to {most} is expected.",
            ),
            where=where,
            hint=mend,
        )

    return check


_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[?[0-9a-fA-F:.]{2,45}\]?")
_SECURITY = re.compile(r"none|starttls|tls")
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
_RELAY: Mapping[str, Callable[[Any, str], object]] = {
    "name": _text(
        _NAME,
        Words(
            fr="n’est pas le nom d’un relais : des lettres, des chiffres, des tirets.", en="is no name of a relay: letters, digits, dashes."
        ),
        Words(fr='Écrivez par exemple `name = "secours"`', en='Write for instance `name = "backup"`'),
    ),
    "host": _text(
        _HOST,
        Words(fr="n’est pas l’adresse d’un serveur.", en="is not the address of a server."),
        Words(fr='Écrivez `host = "smtp.exemple.fr"`', en='Write `host = "smtp.example.org"`'),
    ),
    "security": _text(
        _SECURITY,
        Words(fr="n’est pas une sécurité.", en="is no security."),
        Words(fr="Écrivez l’un de ces mots : none, starttls, tls", en="Write one of these words: none, starttls, tls"),
    ),
    "username": _text(
        _PRINTABLE,
        Words(fr="n’est pas un nom d’utilisateur.", en="is not a user name."),
        Words(fr='Écrivez `username = "lettre"`', en='Write `username = "letter"`'),
    ),
    "port": _whole(1, 65535, Words(fr="Écrivez `port = 587`", en="Write `port = 587`")),
    "connections": _whole(1, 1000, Words(fr="Écrivez `connections = 4`", en="Write `connections = 4`")),
    "weight": _whole(1, 1000, Words(fr="Écrivez `weight = 1`", en="Write `weight = 1`")),
    "rate": check_rate,
}


def _domain(name: str, place: str) -> str:
    domain = name.strip().lower().removeprefix("@")
    if _DOMAIN.fullmatch(domain):
        return domain
    raise ConfigurationError(
        Words(fr=f"« {_shown(name)} » n’est pas un domaine.", en=f"“{_shown(name)}” is not a domain."),
        where=place,
        hint=Words(
            fr='Écrivez par exemple `"orange.fr" = "10/min"`, avec les guillemets',
            en='Write for instance `"orange.fr" = "10/min"`, with the quotes',
        ),
    )


def _one_family(first: str, second: str, place: str) -> ConfigurationError:
    family = ", ".join(FAMILIES.get(family_of(first), (first,)))
    return ConfigurationError(
        Words(
            fr=f"{first} et {second} vont aux mêmes serveurs : un seul débit vaut pour tous ({family}).",
            en=f"{first} and {second} go to the same servers: one rate holds for all of them ({family}).",
        ),
        where=place,
        hint=Words(fr=f"Retirez la ligne de {second}.", en=f"Take the line of {second} out."),
    )


def _pairs(text: str) -> object:
    """A variable's text: JSON, or «orange.fr=10/min, sfr.fr=5/min»."""
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            return None
    pairs = [one.partition("=") for one in text.split(",") if one.strip()]
    return {name.strip(): rate.strip() for name, _, rate in pairs}


def _place(where: Where, section: str, key: str, parent: tuple[str, str]) -> str:
    """Where a nested setting stands, as far as that is known; else where its section does."""
    place = where(section, key)
    return place if ":" in place else where(*parent)


def _relay_place(where: Where, number: int, key: str) -> str:
    return _place(where, f"transport.relays#{number}", key, ("transport", "relays"))


def _shown(value: object) -> str:
    return str(value)[:60]
