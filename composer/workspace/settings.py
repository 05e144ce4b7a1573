"""Settings that a type alone cannot judge: zones, times, weekdays, addresses."""

from __future__ import annotations

import difflib
import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale, UnknownLocaleError

from composer.errors import ConfigurationError
from composer.text.hosts import is_selector
from composer.words import Words
from composer.workspace.pace_settings import NESTED, check_hours, check_local, check_rate, check_slice, check_warm_up
from composer.workspace.setting_addresses import (
    check_address,
    check_alert,
    check_desk,
    check_hosts,
    check_networks,
    check_plain_url,
    check_port,
    check_url,
)

Where = Callable[[str, str], str]
Values = dict[str, Any]

_DAYS = {
    **dict(zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), range(1, 8), strict=True)),
    **dict(zip(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"), range(1, 8), strict=True)),
}
_TIME = re.compile(r"\A([01]?[0-9]|2[0-3])[:hH]([0-5][0-9])?\Z")
_LIST_ID = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,200}\Z")
_NBSP = {"u+00a0": "\u00a0", "u+202f": "\u202f", "\u00a0": "\u00a0", "\u202f": "\u202f"}


def check_section(section: str, values: Mapping[str, Any], where: Where) -> Values:
    """``values`` of one section, normalised; raises ConfigurationError with the place that ``where(section, key)`` gives."""
    checked = dict(values)
    for key, value in values.items():
        _refuse_controls(section, key, value, where)
        nested, rule = NESTED.get((section, key)), _RULES.get((section, key))
        if nested:
            checked[key] = nested(value, where)
        elif rule and (value != "" or (section, key) in _NEVER_EMPTY):
            checked[key] = rule(value, where(section, key))
    return checked


def nearest(name: str, known: Sequence[str]) -> str:
    """The known word that resembles ``name`` most; "" when none does."""
    close = difflib.get_close_matches(name, known, n=1)
    return close[0] if close else ""


def allowed_words(model: type, key: str) -> str:
    """The words that a setting takes, for a sentence."""
    hint = get_type_hints(model).get(key)
    words = [word for arg in get_args(hint) for word in (get_args(arg) or (arg,)) if isinstance(word, str)]
    return ", ".join(words)


def _refuse_controls(section: str, key: str, value: object, where: Where) -> None:
    # A line end in a name or address would write a header of its own (RFC 5322 §2.2).
    texts = value if isinstance(value, list) else [value]
    for text in texts:
        if (
            isinstance(text, str)
            and any(ord(char) < 0x20 or ord(char) == 0x7F for char in text)
            and (section, key) != ("publisher", "address")
        ):
            raise ConfigurationError(
                Words(fr=f"[{section}] {key} contient un caractère de contrôle.", en=f"[{section}] {key} holds a control character."),
                where=where(section, key),
                hint=Words(fr="Écrivez-le sur une seule ligne.", en="Write it on a single line."),
            )


def check_zone(value: object, where: str) -> str:
    """A name of the IANA time zone database; raises ConfigurationError with the nearest name."""
    name = str(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        zones = sorted(available_timezones())
        cities = {zone.rpartition("/")[2].lower(): zone for zone in zones}
        near = cities.get(name.lower().replace(" ", "_")) or nearest(name, zones) or "Europe/Paris"
        raise ConfigurationError(
            Words(fr=f"Le fuseau « {name[:60]} » n’existe pas.", en=f"There is no time zone “{name[:60]}”."),
            where=where,
            hint=Words(fr=f"Écrivez par exemple « {near} ».", en=f"Write for instance “{near}”."),
        ) from error
    return name


def _check_locale(value: object, where: str) -> str:
    try:
        Locale.parse(str(value), sep="-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise ConfigurationError(
            Words(fr=f"La langue « {str(value)[:40]} » n’est pas connue.", en=f"The language “{str(value)[:40]}” is not known."),
            where=where,
            hint=Words(fr="Écrivez par exemple « fr-FR » ou « en-GB ».", en="Write for instance “fr-FR” or “en-GB”."),
        ) from error
    return str(value)


def _check_time(value: object, where: str) -> str:
    found = _TIME.match(str(value).replace("\u00a0", "").replace(" ", ""))
    if not found and hasattr(value, "strftime"):  # TOML has times of its own: 07:00:00
        return str(value.strftime("%H:%M"))
    if not found:
        raise ConfigurationError(
            Words(fr=f"« {str(value)[:40]} » n’est pas une heure.", en=f"“{str(value)[:40]}” is not a time."),
            where=where,
            hint=Words(fr='Écrivez `time = "07:00"`', en='Write `time = "07:00"`'),
        )
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _check_weekday(value: object, where: str) -> int | None:
    text = str(value).strip().lower()
    if text in _DAYS:
        return _DAYS[text]
    if text in {"1", "2", "3", "4", "5", "6", "7"} and not isinstance(value, bool):
        return int(text)
    raise ConfigurationError(
        Words(fr=f"« {text[:40]} » n’est pas un jour de la semaine.", en=f"“{text[:40]}” is not a day of the week."),
        where=where,
        hint=Words(fr="Écrivez 1 (lundi) à 7 (dimanche), ou « jeudi ».", en="Write 1 (Monday) to 7 (Sunday), or “thursday”."),
    )


def _selectors(key: str, fits: Callable[[str], object]) -> Callable[[object, str], object]:
    def check(value: object, where: str) -> object:
        for given in map(str, value if isinstance(value, list) else [value]):
            if not fits(given):
                raise ConfigurationError(
                    Words(fr=f"« {given[:60]} » n’est pas un sélecteur DKIM.", en=f"“{given[:60]}” is not a DKIM selector."),
                    where=where,
                    hint=Words(fr=f'Écrivez par exemple `{key} = ["hebdo1"]`', en=f'Write for instance `{key} = ["hebdo1"]`'),
                )
        return value

    return check


def _check_theme(value: object, _where: str) -> str:
    """Which themes there are is for the workspace to say (``themes.load_theme``), when one is needed."""
    return str(value)


def _check_list_id(value: object, where: str) -> str:
    bare = str(value).strip().removeprefix("<").removesuffix(">")
    if _LIST_ID.match(bare):
        return bare
    raise ConfigurationError(
        Words(fr=f"« {bare[:60]} » n’est pas un identifiant de liste.", en=f"“{bare[:60]}” is not a list id."),
        where=where,
        hint=Words(fr='Écrivez `list_id = "lettre.exemple.fr"`', en='Write `list_id = "letter.example.org"`'),
    )


def _check_nbsp(value: object, where: str) -> str:
    char = _NBSP.get(str(value).lower())
    if char:
        return char
    raise ConfigurationError(
        Words(fr="Cette espace n’est pas insécable.", en="This is not a no-break space."),
        where=where,
        hint=Words(fr='Écrivez `nbsp = "U+00A0"` ou `nbsp = "U+202F"`', en='Write `nbsp = "U+00A0"` or `nbsp = "U+202F"`'),
    )


def _check_command(value: object, where: str) -> object:
    """A program and its arguments, as a list or as typed in a shell; no shell ever sees it."""
    try:
        words = json.loads(value) if isinstance(value, str) and value.lstrip().startswith("[") else value
        words = shlex.split(words) if isinstance(words, str) else words
    except ValueError:
        words = []
    if isinstance(words, list) and words and words[0] and all(isinstance(word, str) for word in words):
        return words
    raise ConfigurationError(
        Words(fr="Ce n’est pas une commande.", en="This is not a command."),
        where=where,
        hint=Words(
            fr='Écrivez le programme et ses arguments : `token_command = ["/usr/local/bin/jeton", "lettre@exemple.fr"]`',
            en='Write the program and its arguments: `token_command = ["/usr/local/bin/token", "letter@example.org"]`',
        ),
    )


def _at_least(least: float, unit: str = "") -> Callable[[object, str], object]:
    def check(value: object, where: str) -> object:
        try:
            number = float(str(value))
        except ValueError:
            number = least - 1
        if number < least or isinstance(value, bool) or number != number or number > 1e9:  # noqa: PLR0124 - NaN
            raise ConfigurationError(
                Words(
                    fr=f"« {str(value)[:20]} » : un nombre d’au moins {least:g} est attendu.",
                    en=f"“{str(value)[:20]}”: a number of at least {least:g} is expected.",
                ),
                where=where,
                hint=_mended_number(str(value), least, unit),
            )
        return value

    return check


def _mended_number(text: str, least: float, unit: str) -> Words:
    found = re.fullmatch(rf"\s*([0-9]{{1,9}})\s*(?:{unit})\.?\s*", text, re.IGNORECASE) if unit else None  # «30 min»
    is_right = found is not None and float(found[1]) >= least
    fr = f"Écrivez le nombre seul\u00a0: {found[1]}\u00a0; ou retirez" if found and is_right else "Retirez"
    en = f"Write the number alone: {found[1]}; or take" if found and is_right else "Take"
    return Words(fr=f"{fr} la ligne pour la valeur d’usage.", en=f"{en} the line out for the usual value.")


_MINUTES, _SECONDS = "min|minutes?", "s|secs?|secondes?|seconds?"  # as they are typed behind a number
_NEVER_EMPTY = {
    *(("newsletter", "time_zone"), ("newsletter", "locale")),  # without them no hour and no page can be right
    *(
        ("transport", "rate"),
        ("pace", "mailing"),
        ("schedule", "hours"),
        ("schedule", "first_slice"),
        ("schedule", "zone_field"),
        ("pace", "warm_up"),
    ),
}
_RULES: dict[tuple[str, str], Callable[[Any, str], Any]] = {
    ("newsletter", "time_zone"): check_zone,
    ("newsletter", "locale"): _check_locale,
    ("newsletter", "theme"): _check_theme,
    ("newsletter", "list_id"): _check_list_id,
    ("typography", "locale"): _check_locale,
    ("typography", "nbsp"): _check_nbsp,
    ("sender", "address"): check_address,
    ("sender", "reply_to"): check_address,
    ("sender", "dkim_selectors"): _selectors("dkim_selectors", _LIST_ID.match),
    ("sender", "dkim_sign"): _selectors("dkim_sign", is_selector),  # names of files as well: never a path
    ("sender", "outgoing"): check_networks,
    ("site", "public_url"): check_url,
    ("site", "hosts"): check_hosts,
    ("site", "trusted_proxies"): check_networks,
    ("desk", "alert"): check_alert,
    ("desk", "proof_to"): check_desk,
    ("desk", "alert_webhook"): check_plain_url,
    ("desk", "heartbeat_url"): check_plain_url,
    ("transport", "port"): check_port,
    ("transport", "token_command"): _check_command,
    ("transport", "connections"): _at_least(1),
    ("transport", "messages_per_connection"): _at_least(1),
    ("transport", "timeout_s"): _at_least(1, _SECONDS),
    ("schedule", "weekday"): _check_weekday,
    ("schedule", "time"): _check_time,
    ("schedule", "max_delay_min"): _at_least(1, _MINUTES),
    ("schedule", "audience_drift"): _at_least(0),
    ("schedule", "hold_s"): _at_least(0, _SECONDS),
    ("log", "attempts_days"): _at_least(1),
    ("log", "attempts_mb"): _at_least(1),
    ("schedule", "jitter_min"): _at_least(0, _MINUTES),
    ("schedule", "first_pause_min"): _at_least(0, _MINUTES),
    ("schedule", "hours"): check_hours,
    ("schedule", "first_slice"): check_slice,
    ("schedule", "zone_field"): check_local,
    ("transport", "rate"): check_rate,
    ("pace", "mailing"): check_rate,
    ("pace", "warm_up"): check_warm_up,
}
