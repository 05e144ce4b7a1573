"""newsletter.toml and the environment → Newsletter.

Every key can also be given as ``HEBDO_<SECTION>__<KEY>``; the environment wins. Secrets come from there, or from
``var/secrets.toml`` that only its owner can read, never from ``newsletter.toml``. Unknown keys are told, not refused.
"""

from __future__ import annotations

import json
import re
import stat
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from composer.errors import ConfigurationError, HebdoError
from composer.model.findings import Finding
from composer.model.newsletter import Newsletter
from composer.words import Words
from composer.workspace import settings
from composer.workspace.config_parts import SECRETS, SECTIONS, Source, Table, build_newsletter, keys_of
from composer.workspace.files import read_bytes, read_text
from composer.workspace.pace_settings import relay_variable

CONFIG_NAME = "newsletter.toml"
SECRETS_NAME = "var/secrets.toml"
PREFIX = "HEBDO_"

PROGRAMS = frozenset({("transport", "token_command")})  # run on this machine: not for everybody who may write to newsletter.toml
RELAY_PASSWORD = "password_"  # noqa: S105 - the name of a variable: HEBDO_TRANSPORT__PASSWORD_<NAME>

LISTS = frozenset(
    {
        ("desk", "require"),
        ("desk", "proof_to"),
        ("desk", "alert"),
        ("site", "hosts"),
        ("site", "trusted_proxies"),
        ("sender", "dkim_selectors"),
        ("sender", "dkim_sign"),
        ("sender", "outgoing"),
    }
)

_SECTION_LINE = re.compile(r"\A\s*\[\[?\s*\"?([\w-]+)\"?\s*(?:\.\s*\"?([\w-]+)\"?\s*)?\]")
_KEY_LINE = re.compile(r"\A\s*(?:\"([\w.-]+)\"|([\w-]+))\s*(?:\.\s*\"?([\w-]+)\"?\s*)?=")
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_newsletter(root: Path, environ: Mapping[str, str]) -> tuple[Newsletter, tuple[Finding, ...]]:
    """The newsletter of the workspace at ``root``, and what its configuration says that nobody reads.

    Raises ConfigurationError with file and line, or with the name of the variable.
    """
    text = read_text(root / CONFIG_NAME, shown=CONFIG_NAME, error=ConfigurationError)
    table = _parse(text, CONFIG_NAME)
    lines = _key_lines(text)
    _refuse_secrets(table, lines)
    secrets = _read_secrets(root)
    from_environ, names, strangers = _read_environ(environ)
    source = Source(shown=CONFIG_NAME, lines=lines, environ=names)
    unknown = tuple(_unknown(section, key, lines) for section, key in _unknown_keys(table)) + strangers
    merged = {section: {**table.get(section, {}), **secrets.get(section, {}), **from_environ.get(section, {})} for section in SECTIONS}
    return build_newsletter(merged, source), unknown


def read_usable(root: Path) -> Newsletter:
    """Of settings with a fault, the sections without one, the usual values for the others; without secrets and environment. Never raises."""
    table: Table = {}
    with suppress(HebdoError):
        table = _parse(read_text(root / CONFIG_NAME, shown=CONFIG_NAME, error=ConfigurationError), CONFIG_NAME)
    source = Source(shown=CONFIG_NAME, lines={}, environ={})
    usable: Table = {name: {} for name in SECTIONS} | {"newsletter": {"name": root.name or "Hebdo"}}
    for name in SECTIONS:
        tried = usable | {name: table.get(name, usable[name])}
        with suppress(HebdoError):
            build_newsletter(tried, source)
            usable = tried
    return build_newsletter(usable, source)


def place_of_setting(root: Path, section: str, key: str, environ: Mapping[str, str]) -> str:
    """``newsletter.toml:12``, or the variable of the environment: where a setting that turned out wrong is to be mended."""
    lines = _key_lines(read_text(root / CONFIG_NAME, shown=CONFIG_NAME, error=ConfigurationError))
    _, names, _ = _read_environ(environ)
    return Source(shown=CONFIG_NAME, lines=lines, environ=names).where(section, key)


def _parse(text: str, shown: str) -> Table:
    try:
        parsed = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise _malformed(text, str(error), shown) from error
    except RecursionError as error:
        deepest = max(enumerate(text.split("\n"), start=1), key=lambda numbered: numbered[1].count("["))[0]
        raise _malformed(text, f"(at line {deepest}, column 1)", shown) from error
    for name, value in parsed.items():
        if name in SECTIONS and not isinstance(value, dict):
            raise ConfigurationError(
                Words(fr=f"[{name}] doit être une section.", en=f"[{name}] must be a section."),
                where=shown,
                hint=Words(fr=f"Écrivez [{name}] sur une ligne à part.", en=f"Write [{name}] on a line of its own."),
            )
    return {name: value if isinstance(value, dict) else {"": value} for name, value in parsed.items()}


def _malformed(text: str, said: str, shown: str) -> ConfigurationError:
    place = _TOML_PLACE.search(said)
    line = int(place[1]) if place else text.count("\n") + 1
    typed = (text.splitlines() or [""])[min(line, text.count("\n") + 1) - 1 :][:1]
    culprit = typed[0].strip() if typed else ""
    key, equals, value = culprit.partition("#")[0].partition("=")
    if equals and value.strip() and value.strip()[0] not in "\"'[{" and not culprit.startswith("#"):
        mend = f'{key.strip()} = "{value.strip()}"'
        hint = Words(fr=f"Mettez le texte entre guillemets droits : `{mend}`", en=f"Put the text between straight quotes: `{mend}`")
    else:
        hint = Words(fr='Une ligne s’écrit : `clé = "valeur"`', en='A line is written: `key = "value"`')
    return ConfigurationError(
        Words(fr="Ce fichier ne se lit pas comme du TOML.", en="This file cannot be read as TOML."), where=f"{shown}:{line}", hint=hint
    )


def _key_lines(text: str) -> dict[tuple[str, str], int]:
    """The line of each section and key, as far as they are written the usual way."""
    found: dict[tuple[str, str], int] = {}
    section = ""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if header := _SECTION_LINE.match(line):
            section = f"{header[1]}.{header[2]}" if header[2] else header[1]
            if header[2]:
                found.setdefault((header[1], header[2]), number)
            if line.lstrip().startswith("[["):  # the first one is «transport.relays#0»
                section += f"#{sum(name.startswith(f'{section}#') and not key for name, key in found)}"
            found.setdefault((section, ""), number)
        elif key := _KEY_LINE.match(line):
            name = key[1] or key[2]
            place = (name, key[3]) if key[3] and not section else (section or name, name if section else "")
            found.setdefault(place, number)
    return found


def _refuse_secrets(table: Table, lines: Mapping[tuple[str, str], int]) -> None:
    for section, key in SECRETS:
        if (section, key) == ("transport", "passwords"):
            _refuse_relay_passwords(table, lines)
        elif table.get(section, {}).get(key):
            _refuse_secret(_misplaced(section, key), f"{PREFIX}{section.upper()}__{key.upper()}", lines.get((section, key), 0))


def _refuse_secret(words: Words, variable: str, line: int) -> NoReturn:
    raise ConfigurationError(
        words,
        where=f"{CONFIG_NAME}:{line}" if line else CONFIG_NAME,
        hint=Words(
            fr=f"Retirez la ligne et donnez-le par l’environnement : `export {variable}=…`",
            en=f"Take the line out and give it by the environment: `export {variable}=…`",
        ),
    )


def _refuse_relay_passwords(table: Table, lines: Mapping[tuple[str, str], int]) -> None:
    relays = table.get("transport", {}).get("relays")
    for number, relay in enumerate(relays if isinstance(relays, list) else ()):
        if isinstance(relay, dict) and relay.get("password"):
            _refuse_secret(
                _PASSWORD,
                f"{PREFIX}TRANSPORT__PASSWORD_{relay_variable(str(relay.get('name') or relay.get('host')))}",
                lines.get((f"transport.relays#{number}", "password"), 0),
            )
    if table.get("transport", {}).get("passwords"):
        _refuse_secret(_PASSWORD, f"{PREFIX}TRANSPORT__PASSWORD_…", lines.get(("transport", "passwords"), 0))


def _misplaced(section: str, key: str) -> Words:
    if (section, key) in PROGRAMS:
        return Words(
            fr="Une commande que cette machine lance n’a rien à faire dans ce fichier.",
            en="A command that this machine runs does not belong in this file.",
        )
    return _PASSWORD


_PASSWORD = Words(fr="Un mot de passe n’a rien à faire dans ce fichier.", en="A password does not belong in this file.")


def _read_secrets(root: Path) -> Table:
    """Secrets of ``var/secrets.toml``; {} when there is none."""
    path = root / SECRETS_NAME
    if not path.is_file():
        return {}
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigurationError(
            Words(fr="D’autres peuvent lire ce fichier de secrets.", en="Others can read this file of secrets."),
            where=SECRETS_NAME,
            hint=Words(fr=f"Fermez-le : `chmod 600 {SECRETS_NAME}`", en=f"Close it: `chmod 600 {SECRETS_NAME}`"),
        )
    read_bytes(path, shown=SECRETS_NAME, limit=64_000)
    table = _parse(read_text(path, shown=SECRETS_NAME, error=ConfigurationError), SECRETS_NAME)
    return {section: {key: value for key, value in keys.items() if (section, key) in SECRETS} for section, keys in table.items()}


def _read_environ(environ: Mapping[str, str]) -> tuple[Table, dict[tuple[str, str], str], tuple[Finding, ...]]:
    table: Table = {}
    names: dict[tuple[str, str], str] = {}
    strangers: list[Finding] = []
    for name, value in sorted(environ.items()):
        section, double, key = name.removeprefix(PREFIX).lower().partition("__")
        if not name.startswith(PREFIX) or not double:
            continue
        if section == "transport" and key.startswith(RELAY_PASSWORD) and len(key) > len(RELAY_PASSWORD):
            table.setdefault(section, {}).setdefault("passwords", {})[key.removeprefix(RELAY_PASSWORD)] = value
        elif key in keys_of(section):
            table.setdefault(section, {})[key] = _from_text(section, key, value)
            names[section, key] = name
        else:
            strangers.append(_unknown_variable(name))
    return table, names, tuple(strangers)


def _from_text(section: str, key: str, value: str) -> object:
    """A variable's text as the value that TOML would give; lists are JSON or separated by commas."""
    if (section, key) not in LISTS:
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return [item.strip() for item in value.split(",") if item.strip()]


def _unknown_keys(table: Table) -> list[tuple[str, str]]:
    unknown = [(section, "") for section in table if section not in SECTIONS]
    unknown += [(section, key) for section, keys in table.items() if section in SECTIONS for key in keys if key not in keys_of(section)]
    return unknown


def _unknown(section: str, key: str, lines: Mapping[tuple[str, str], int]) -> Finding:
    name = f"[{section}] {key}".strip()
    known = settings.nearest(key, keys_of(section)) if key else settings.nearest(section, tuple(SECTIONS))
    return Finding(
        rule="unknown-setting",
        level="warning",
        message=Words(fr=f"Personne ne lit le réglage {name}.", en=f"Nobody reads the setting {name}."),
        path=CONFIG_NAME,
        line=lines.get((section, key)) or lines.get((section, "")) or 0,
        hint=Words(fr=f"Vouliez-vous dire « {known} » ?", en=f"Did you mean “{known}”?")
        if known
        else Words(fr="Retirez-le, ou corrigez son nom.", en="Take it out, or correct its name."),
    )


def _unknown_variable(name: str) -> Finding:
    return Finding(
        rule="unknown-setting",
        level="warning",
        message=Words(fr=f"Personne ne lit la variable {name}.", en=f"Nobody reads the variable {name}."),
        hint=Words(fr=f"Corrigez son nom ou retirez-la : `unset {name}`", en=f"Correct its name or take it out: `unset {name}`"),
    )


# Values ------------------------------------------------------------------------------------------------------------------------
