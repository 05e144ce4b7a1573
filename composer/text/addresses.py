"""Where readers' pages stand under ``[site] public_url``: one place, so that mails, pages and checks name the same addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from composer.text.hosts import mail_domain

_PLAIN_TOKEN = re.compile(r"[A-Za-z0-9_-]+").fullmatch  # as ours are: nothing to quote, and nearly nothing to look at
PROOF_TOKEN = "epreuve"  # noqa: S105 - opens no door: the page it leads to says that a proof unsubscribes nobody


def unsubscribe_url(public_url: str, token: str) -> str:
    """Where one reader leaves the list: GET shows a button, POST acts (RFC 8058)."""
    return f"{public_url}/u/{_quoted(token)}" if public_url else ""


def preferences_url(public_url: str, token: str) -> str:
    """Where one reader changes what they get; until there is a choice, the page where they leave."""
    return unsubscribe_url(public_url, token)


def web_url(public_url: str, issue_id: str, proof: str = "") -> str:
    """The web view of an issue: no name, no token of a reader. With ``proof`` that of an edition that has not left, for who was sent it."""
    page = f"{public_url}/n/{quote(issue_id, safe='')}" if public_url else ""
    return f"{page}/{proof}" if page and proof else page


def picture_url(public_url: str, name: str) -> str:
    """Where a picture of an edition is loaded from; kept for ever."""
    return f"{public_url}/i/{name}"


def archive_url(public_url: str) -> str:
    """The issues so far (RFC 2369 List-Archive)."""
    return f"{public_url}/" if public_url else ""


def legal_url(public_url: str) -> str:
    """The legal notice."""
    return f"{public_url}/mentions-legales" if public_url else ""


def privacy_url(public_url: str) -> str:
    """What is kept of a reader, and their rights."""
    return f"{public_url}/confidentialite" if public_url else ""


def identity_url(public_url: str, nonce: str) -> str:
    """Where the readers' pages say which Hebdo they are; asked by the desk, linked from nowhere."""
    return f"{public_url}/hebdo/{nonce}" if public_url else ""


def mailto_unsubscribe(address: str, token: str) -> str:
    """A mailto address that asks to leave; its subject carries the token."""
    return f"mailto:{_mailbox(address)}?subject=unsubscribe%20{_quoted(token)}"


def _quoted(token: str) -> str:
    return token if _PLAIN_TOKEN(token) else quote(token, safe="")


@lru_cache(maxsize=16)
def _mailbox(address: str) -> str:
    return quote(f"{address.rpartition('@')[0]}@{mail_domain(address)}" if "@" in address else address, safe="@+")
