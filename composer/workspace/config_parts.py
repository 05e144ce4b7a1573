"""From the tables of newsletter.toml to a Newsletter: each section checked and made, errors with the place they were typed at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from composer.errors import ConfigurationError
from composer.model.newsletter import (
    Checking,
    Desk,
    Labels,
    Log,
    Newsletter,
    Publisher,
    Schedule,
    Sender,
    Site,
    TransportSettings,
    Typography,
)
from composer.model.pace import PaceSettings
from composer.text.hosts import mail_domain
from composer.text.names import slugify
from composer.words import Words
from composer.workspace import settings
from composer.workspace.pace_settings import complete

SECTIONS: dict[str, type] = {
    "newsletter": Newsletter,
    "typography": Typography,
    "labels": Labels,
    "sender": Sender,
    "site": Site,
    "transport": TransportSettings,
    "schedule": Schedule,
    "desk": Desk,
    "check": Checking,
    "log": Log,
    "pace": PaceSettings,
    "publisher": Publisher,
}
SECRETS = frozenset(
    {
        ("transport", "password"),
        ("transport", "passwords"),
        ("transport", "token"),
        ("transport", "token_command"),
        ("desk", "webhook_secret"),
    }
)
_MEANT = {  # what many programs call «SSL» is one of the two
    ("transport", "security"): Words(
        fr=" (tls : chiffré d’emblée, port 465 ; starttls : port 587)", en=" (tls: encrypted from the start, port 465; starttls: port 587)"
    )
}
Table = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value came from, so that errors can name it."""

    shown: str  # the file's name
    lines: Mapping[tuple[str, str], int]
    environ: Mapping[tuple[str, str], str]  # (section, key) → name of the variable

    def where(self, section: str, key: str) -> str:
        """``newsletter.toml:12``, or the variable of the environment."""
        if (section, key) in self.environ:
            return self.environ[section, key]
        line = self.lines.get((section, key)) or self.lines.get((section, ""))
        return f"{self.shown}:{line}" if line else self.shown


def keys_of(section: str) -> tuple[str, ...]:
    """The keys that a section knows; () for one that nobody reads."""
    if section not in SECTIONS:
        return ()
    names = tuple(field.name for field in fields(SECTIONS[section]))
    return tuple(name for name in names if name not in SECTIONS) if section == "newsletter" else names


def build_newsletter(table: Table, source: Source) -> Newsletter:
    """The newsletter of ``table``, which has every section; raises ConfigurationError with the place of the first fault."""
    parts = {name: _section(name, table[name], source) for name in SECTIONS if name != "newsletter"}
    own = {key: value for key, value in table["newsletter"].items() if key in keys_of("newsletter")}
    if not str(own.get("name", "")).strip():
        raise ConfigurationError(
            Words(fr="La lettre n’a pas de nom.", en="The newsletter has no name."),
            where=source.where("newsletter", "name"),
            hint=Words(fr='Sous [newsletter], écrivez `name = "Ma lettre"`', en='Under [newsletter], write `name = "My letter"`'),
        )
    own.setdefault("list_id", "")
    checked = settings.check_section("newsletter", own, source.where)
    newsletter: Newsletter = _validate(Newsletter, "newsletter", {**checked, **parts}, source)
    return newsletter if newsletter.list_id else _with_list_id(newsletter)


def _section(name: str, given: dict[str, Any], source: Source) -> object:
    known = {key: value for key, value in given.items() if key in keys_of(name)}
    checked = complete(name, settings.check_section(name, known, source.where), source.where)
    return _validate(SECTIONS[name], name, checked, source)


def _validate(model: type, section: str, values: Mapping[str, Any], source: Source) -> Any:
    try:
        return TypeAdapter(model).validate_python(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        raise ConfigurationError(
            _said(section, key, first),
            where=source.where(section, key),
            hint=_hint(model, section, key, first),
        ) from error


def _hint(model: type, section: str, key: str, error: ErrorDetails) -> Words:
    if error["type"] == "literal_error":
        return _allowed(model, section, key)
    if error["type"] == "tuple_type" and isinstance(error["input"], str) and (section, key) not in SECRETS:
        entries = [entry.strip() for entry in error["input"][:200].split(",") if entry.strip()]
        listed = f"{key} = {json.dumps(entries, ensure_ascii=False)}"
        return Words(fr=f"Écrivez une liste\u00a0: `{listed}`", en=f"Write a list: `{listed}`")
    return Words(fr=f"Les réglages de [{section}] : docs/issue-format.md.", en=f"The settings of [{section}]: docs/issue-format.md.")


def _said(section: str, key: str, error: ErrorDetails) -> Words:
    shown = str(error["input"])[:60]
    if (section, key) in SECRETS:
        shown = "…"
    return Words(fr=f"[{section}] {key} ne peut pas valoir « {shown} ».", en=f"[{section}] {key} cannot be “{shown}”.")


def _allowed(model: type, section: str, key: str) -> Words:
    expected, meant = settings.allowed_words(model, key), _MEANT.get((section, key), Words(fr="", en=""))
    return Words(fr=f"Écrivez l’un de ces mots : {expected}{meant.fr}", en=f"Write one of these words: {expected}{meant.en}")


def _with_list_id(newsletter: Newsletter) -> Newsletter:
    """RFC 2919 §3: a list id in a domain of the sender's; made from the name when none is given."""
    domain = mail_domain(newsletter.sender.address) or "localhost"
    return replace(newsletter, list_id=f"{slugify(newsletter.name) or 'lettre'}.{domain}")
