"""Readers' pages as readers reach them: what proves that a site is ours, and whether it answers."""

from __future__ import annotations

import hashlib
import re
import secrets

from composer.check.measures import SiteMeasure
from composer.errors import HebdoError
from composer.model.edition import Edition
from composer.model.newsletter import Newsletter
from composer.outside.pages import GREETING, OwnPages, ask_own_pages
from composer.outside.patience import waited
from composer.workspace import Workspace, read_stored_picture
from composer.workspace.keys import has_mail_key, site_proof

WHOLE_TIME_S = 20.0
_NONCE = re.compile(r"[0-9a-f]{32}")


def public_pages_answer(workspace: Workspace, edition: Edition | None = None) -> SiteMeasure | None:
    """What answers at ``[site] public_url``: page, one picture of ``edition`` and the one click; at most 20 seconds, never raises for the world.

    None where nothing is to be asked: no address, or ``[site] self_check = false``. Loopback and private addresses are asked in a
    rehearsal alone. A picture is asked for once it is stored, so that readers can have it (``save_pictures``).
    """
    site = workspace.newsletter.site
    if not site.public_url or not site.self_check:
        return None
    own = _own_pages(workspace, edition)
    try:
        return waited(lambda: ask_own_pages(own, allow_private=site.rehearsal), name="own-pages", seconds=WHOLE_TIME_S)
    except TimeoutError:
        return SiteMeasure(seen="late", url=site.public_url)


def prove_site(workspace: Workspace, nonce: str) -> str:
    """What our identity page says to ``nonce``. Raises FolderError."""
    return f"{_greeting(workspace.newsletter)} {site_proof(workspace, nonce)}"


def is_nonce(text: str) -> bool:
    """Whether ``text`` is a question that the identity page answers."""
    return bool(_NONCE.fullmatch(text))


def _greeting(newsletter: Newsletter) -> str:
    return f"{GREETING} {hashlib.sha256(newsletter.list_id.encode()).hexdigest()[:16]}"


def _own_pages(workspace: Workspace, edition: Edition | None) -> OwnPages:
    nonce = secrets.token_hex(16)
    stored = [picture.name for picture in edition.pictures if _is_stored(workspace, picture.name)] if edition else []
    # A copy of the folder that never sent has no key of its own: to it, any Hebdo of this newsletter is ours.
    proof = prove_site(workspace, nonce) if has_mail_key(workspace) or workspace.ledger_path.exists() else ""
    return OwnPages(
        public_url=workspace.newsletter.site.public_url,
        nonce=nonce,
        proof=proof,
        greeting=_greeting(workspace.newsletter),
        picture=min(stored, default=""),
    )


def _is_stored(workspace: Workspace, name: str) -> bool:
    try:
        return read_stored_picture(workspace, name) is not None
    except HebdoError:
        return False
