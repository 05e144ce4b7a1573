"""A picture from a browser: into the issue's ``images/``, and into the front matter of its story."""

from __future__ import annotations

from composer.compose.editing import set_front
from composer.errors import UsageError
from composer.text.names import slugify
from composer.words import Words
from composer.workspace import Workspace, digest_of, load_story, read_source, write_source
from composer.workspace.files import inside, write_atomic
from composer.workspace.pictures import MAX_PICTURE_BYTES

# By what is in them: a name proves nothing, and an SVG can hold scripts.
KINDS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"GIF87a": "gif", b"GIF89a": "gif"}


def give_picture(workspace: Workspace, story_path: str, *, name: str, content: bytes, alt: str, credit: str) -> str:
    """Keeps the picture and makes it that of the story at ``story_path``; its file, relative to the issue's folder.

    Raises UsageError for what is no JPEG, PNG or GIF, FolderError where nothing can be written.
    """
    ending = _kind(name, content)
    folder = story_path.rpartition("/")[0]
    file = _free_file(workspace, folder, slugify(name.rpartition(".")[0], max_length=40) or "photo", ending, content)
    write_atomic(inside(workspace.path_of(folder), file), content, shown=f"{folder}/{file}")
    before = read_source(workspace, story_path)
    known = load_story(workspace, story_path).image
    image = {"file": file, "alt": _line(alt), "credit": _line(credit)} | ({"link": known.link} if known and known.link else {})
    write_source(workspace, story_path, set_front(before, "image", image, path=story_path), if_digest=digest_of(before))
    return file


def _kind(name: str, content: bytes) -> str:
    kind = next((ending for start, ending in KINDS.items() if content.startswith(start)), None)
    if kind is None or len(content) > MAX_PICTURE_BYTES:
        raise UsageError(
            Words(
                fr="Cette image n’est ni un JPEG, ni un PNG, ni un GIF de moins de 25\u00a0Mo.",
                en="This picture is no JPEG, PNG or GIF under 25 MB.",
            ),
            where=name[:120] or None,
            hint=Words(fr="Exportez-la en JPEG, puis recommencez.", en="Export it as JPEG, then try again."),
        )
    return kind


def _free_file(workspace: Workspace, folder: str, stem: str, ending: str, content: bytes) -> str:
    """A name that no other picture has; the same picture twice keeps its name."""
    count = 1
    while True:
        file = f"images/{stem}{'' if count == 1 else f'-{count}'}.{ending}"
        path = inside(workspace.path_of(folder), file)
        if not path.exists() or (path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content):
            return file
        count += 1


def _line(text: str) -> str:
    return " ".join(text.split())
