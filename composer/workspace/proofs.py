"""Editions as they were proofed, kept under ``var/proofs``: what a proof's «Lire en ligne» opens, and what a later edit is compared with.

The name of a file is what opens its page: 128 bits that nobody guesses (composer.workspace.keys.proof_page). Pictures lie in ``var/i``.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from composer.errors import HebdoError
from composer.model.edition import Edition, EditionPicture
from composer.workspace.files import read_bytes, write_atomic
from composer.workspace.folder import Workspace
from composer.workspace.keys import proof_page
from composer.workspace.pictures import save_pictures

MAX_STORED_BYTES = 8_000_000  # of the file; an edition has some 20 KB here
_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_TEXTS = ("issue_id", "subject", "preheader", "html", "text", "field_prefix", "digest", "theme", "lang")


def save_proofed(workspace: Workspace, edition: Edition) -> str:
    """Keep ``edition`` and its pictures; gives what opens its page. Raises FolderError."""
    save_pictures(workspace, edition)
    name = proof_page(workspace, edition.issue_id, edition.digest)
    path = _path(workspace, name)
    if not path.exists():
        write_atomic(path, gzip.compress(_written(edition), mtime=0), shown=workspace.shown(path))
    return name


def load_proofed(workspace: Workspace, issue_id: str, digest: str) -> Edition | None:
    """The edition as it was proofed, its pictures by name alone; None when it is not kept."""
    return load_proof_page(workspace, issue_id, proof_page(workspace, issue_id, digest))


def load_proof_page(workspace: Workspace, issue_id: str, name: str) -> Edition | None:
    """The edition of ``issue_id`` that ``name`` opens; None for any other name, and for a file that cannot be read."""
    if not _NAME.fullmatch(name):
        return None
    path = _path(workspace, name)
    try:
        edition = _read(gzip.decompress(read_bytes(path, shown=workspace.shown(path), limit=MAX_STORED_BYTES)))
    except (HebdoError, OSError, EOFError, ValueError, KeyError, TypeError):
        return None
    return edition if edition.issue_id == issue_id else None


def _path(workspace: Workspace, name: str) -> Path:
    return workspace.var_path / "proofs" / f"{name}.json.gz"


def _written(edition: Edition) -> bytes:
    pictures = [[picture.name, picture.source, picture.width, picture.height] for picture in edition.pictures]
    kept = {name: getattr(edition, name) for name in _TEXTS} | {"number": edition.number, "pictures": pictures}
    return json.dumps(kept, ensure_ascii=False).encode()


def _read(content: bytes) -> Edition:
    kept = json.loads(content)
    pictures = tuple(
        EditionPicture(name=name, source=source, content=b"", width=width, height=height)
        for name, source, width, height in kept.pop("pictures")
    )
    return Edition(**kept, pictures=pictures)
