"""Hebdo's own DKIM keys: read for signing, made, shown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from composer.errors import HebdoError, UsageError
from composer.message.dkim import Signer, make_signer
from composer.message.dkim_keys import Kind, SigningKey, make_signing_key, read_signing_key
from composer.message.headers import check_address
from composer.message.letterhead import no_sender
from composer.model.newsletter import Newsletter
from composer.model.observation import Record
from composer.text.hosts import is_selector
from composer.words import Words
from composer.workflow.telling import said
from composer.workspace import Workspace
from composer.workspace.dkim_files import kept_selectors, key_path, read_key_file, write_key_file

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownKey:
    """The public half of a key of ours, or why the file is none."""

    selector: str
    file: str  # relative to the workspace
    signs: bool  # [sender] dkim_sign names it
    key: SigningKey | None
    record: Record | None
    trouble: HebdoError | None = None

    def to_json(self) -> dict[str, Any]:
        """For programs; nothing of the private half."""
        return {
            "selector": self.selector,
            "file": self.file,
            "signs": self.signs,
            "kind": self.key.kind if self.key else None,
            "bits": self.key.bits if self.key else None,
            "weak": self.key.is_weak if self.key else None,
            "record": self.record.to_json() if self.record else None,
            "trouble": self.trouble.message.en if self.trouble else None,
        }


def signer_of(workspace: Workspace) -> Signer | None:
    """Who signs what leaves; None where [sender] dkim_sign is empty. Raises ConfigurationError and FolderError for a key that cannot sign."""
    selectors = tuple(dict.fromkeys(workspace.newsletter.sender.dkim_sign))
    if not selectors:
        return None
    return make_signer([_read(workspace, selector) for selector in selectors], signing_domain(workspace.newsletter))


def require_signer(workspace: Workspace) -> None:
    """Reads every key once, before anything is to leave, and logs the weak ones; raises as ``signer_of``."""
    signer = signer_of(workspace)
    for key in signer.keys if signer else ():
        if key.is_weak:
            _log.warning("%s", said(workspace, weak_words(key)))


def signing_domain(newsletter: Newsletter) -> str:
    """The domain of the sender's address, in ASCII; raises ConfigurationError without one, MergeError for one that is no address."""
    if "@" not in newsletter.sender.address:
        raise no_sender()
    return check_address(newsletter.sender.address, "From").rpartition("@")[2].lower().rstrip(".")


def make_key(workspace: Workspace, *, selector: str, kind: Kind, now: datetime) -> ShownKey:
    """A new key on disk, under ``selector`` or the month's; raises UsageError for no selector, Conflict for one that has a key."""
    domain = signing_domain(workspace.newsletter)
    name = selector or _of_month(workspace.newsletter, kind, now)
    if not is_selector(name):
        raise UsageError(
            Words(fr=f"« {name[:60]} » n’est pas un sélecteur DKIM.", en=f"“{name[:60]}” is not a DKIM selector."),
            where="--selector",
            hint=Words(
                fr="Des lettres sans accent, des chiffres, des traits d’union : `hebdo dkim keygen --selector hebdo-2`",
                en="Letters without accents, figures, hyphens: `hebdo dkim keygen --selector hebdo-2`",
            ),
        )
    key, pem = make_signing_key(kind, name)
    write_key_file(workspace, name, pem)
    return _shown(workspace, key, domain)


def show_keys(workspace: Workspace) -> tuple[ShownKey, ...]:
    """Every key that signs or has a file; raises ConfigurationError without a sender."""
    domain = signing_domain(workspace.newsletter)
    selectors = dict.fromkeys((*workspace.newsletter.sender.dkim_sign, *kept_selectors(workspace)))
    return tuple(_look(workspace, selector, domain) for selector in selectors)


def settings_line(workspace: Workspace, more: Sequence[str] = ()) -> str:
    """The line of newsletter.toml with the keys that sign already, and ``more``."""
    selectors = dict.fromkeys((*workspace.newsletter.sender.dkim_sign, *more))
    return "dkim_sign = [" + ", ".join(f'"{selector}"' for selector in selectors) + "]"


def weak_words(key: SigningKey) -> Words:
    """That some receivers mind the size of ``key``."""
    return Words(
        fr=f"la clé DKIM {key.selector} n’a que {key.bits} bits, il en faut 2048 : `hebdo dkim keygen` en fait une",
        en=f"the DKIM key {key.selector} has only {key.bits} bits, 2048 are wanted: `hebdo dkim keygen` makes one",
    )


def _read(workspace: Workspace, selector: str) -> SigningKey:
    shown = workspace.shown(key_path(workspace, selector))
    return read_signing_key(read_key_file(workspace, selector), selector, where=shown)


def _look(workspace: Workspace, selector: str, domain: str) -> ShownKey:
    try:
        return _shown(workspace, _read(workspace, selector), domain)
    except HebdoError as error:
        shown = workspace.shown(key_path(workspace, selector))
        signs = selector in workspace.newsletter.sender.dkim_sign
        return ShownKey(selector=selector, file=shown, signs=signs, key=None, record=None, trouble=error)


def _shown(workspace: Workspace, key: SigningKey, domain: str) -> ShownKey:
    return ShownKey(
        selector=key.selector,
        file=workspace.shown(key_path(workspace, key.selector)),
        signs=key.selector in workspace.newsletter.sender.dkim_sign,
        key=key,
        record=key.record(domain),
    )


def _of_month(newsletter: Newsletter, kind: Kind, now: datetime) -> str:
    """``hebdo-202611``, ``hebdo-202611-ed``: by its name a key tells its age."""
    month = f"hebdo-{now.astimezone(ZoneInfo(newsletter.time_zone)):%Y%m}"
    return month if kind == "rsa" else f"{month}-ed"
