"""An import typed again with what was confirmed, `--sponsor-ends 34`: it replaces the issue that it made, as long as nobody touched it."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from composer.errors import Conflict, HebdoError
from composer.words import Words
from composer.workspace.files import write_atomic
from composer.workspace.folder import Workspace

_MAX_RECORD_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The issue that the same document made before."""

    issue_id: str
    files: Mapping[str, str]  # path in the workspace -> SHA-256 of what was written


def remember(workspace: Workspace, content: bytes, issue_id: str, paths: Iterable[str]) -> None:
    """Keeps which files ``content`` became, in ``var/imports``; where that cannot be written, the import is done all the same."""
    target = _record(workspace, content)
    with contextlib.suppress(OSError, HebdoError):
        files = {path: _digest(workspace.path_of(path).read_bytes()) for path in paths}
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, json.dumps({"issue": issue_id, "files": files}).encode(), shown=f"var/imports/{target.name}")


def find_earlier(workspace: Workspace, content: bytes) -> Earlier | None:
    """The issue that this document made, while its folder is there; raises Conflict when somebody wrote in it since."""
    earlier = _read(_record(workspace, content))
    if earlier is None or not (workspace.issues_path / earlier.issue_id).is_dir():
        return None
    touched = _touched(workspace, earlier)
    if touched:
        raise _refusal(earlier.issue_id, touched)
    return earlier


def _record(workspace: Workspace, content: bytes) -> Path:
    return workspace.var_path / "imports" / f"{_digest(content)}.json"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(record: Path) -> Earlier | None:
    """What was kept; None for nothing, and for what is no such record: then the import is one more issue."""
    try:
        if not record.is_file() or record.stat().st_size > _MAX_RECORD_BYTES:
            return None
        kept = json.loads(record.read_bytes())
        issue_id, files = str(kept["issue"]), {str(path): str(digest) for path, digest in kept["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    is_ours = (
        issue_id and "/" not in issue_id and not issue_id.startswith(".") and all(path.startswith(f"issues/{issue_id}/") for path in files)
    )
    return Earlier(issue_id=issue_id, files=files) if is_ours else None


def _touched(workspace: Workspace, earlier: Earlier) -> str:
    """The path of a file that was changed, added or removed since; "" when all is as it was written."""
    for path, digest in earlier.files.items():
        try:
            target = workspace.path_of(path)
        except HebdoError:
            return path
        if not target.is_file() or _digest(target.read_bytes()) != digest:
            return path
    folder = workspace.issues_path / earlier.issue_id
    there = (path.relative_to(workspace.root).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return next((path for path in there if path not in earlier.files), "")


def _refusal(issue_id: str, touched: str) -> Conflict:
    return Conflict(
        Words(
            fr=f"Ce texte est déjà le numéro {issue_id}, où {touched.rpartition('/')[2]} a changé depuis l’import : il n’est pas remplacé.",
            en=f"This text is the issue {issue_id} already, in which {touched.rpartition('/')[2]} changed since the import: it is not replaced.",
        ),
        where=touched,
        hint=Words(
            fr=f"Corrigez dans issues/{issue_id} : déplacez les lignes, et retirez « border: unsure » ; ou supprimez ce dossier et importez de nouveau.",
            en=f"Mend it in issues/{issue_id}: move the lines, and take “border: unsure” out; or delete that folder and import again.",
        ),
    )
