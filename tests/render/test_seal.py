"""What readers do not see does not break a seal; what they see does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from composer.workflow.previewing import render_issue
from composer.workspace import open_workspace

PROJECT = Path(__file__).resolve().parents[2]
ISSUE = "2026-11-26-moulin"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copy(PROJECT / "newsletter.toml", tmp_path)
    shutil.copytree(PROJECT / "issues", tmp_path / "issues")
    return tmp_path


def digest(root: Path) -> str:
    return render_issue(open_workspace(root, environ={}), ISSUE).digest


def in_stories(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        for file in (root / "issues" / ISSUE).glob("*.md"):
            before = file.read_bytes()
            file.write_bytes(change(before))

    return edit


def in_settings(*pairs: tuple[str, str]) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        file = root / "newsletter.toml"
        text = file.read_text(encoding="utf-8")
        for before, after in pairs:
            assert before in text
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")

    return edit


def rename_a_picture(root: Path) -> None:
    folder = root / "issues" / ISSUE
    picture = next(path for path in sorted((folder / "images").iterdir()) if any(path.name in md.read_text() for md in folder.glob("*.md")))
    for file in folder.glob("*.md"):
        file.write_text(file.read_text(encoding="utf-8").replace(picture.name, f"autre-nom{picture.suffix}"), encoding="utf-8")
    picture.rename(picture.with_name(f"autre-nom{picture.suffix}"))


def rename_a_story(root: Path) -> None:
    folder = root / "issues" / ISSUE
    (folder / "criee.md").rename(folder / "la-criee.md")
    issue = folder / "issue.md"
    issue.write_text(issue.read_text(encoding="utf-8").replace("criee", "la-criee"), encoding="utf-8")


def keys_the_other_way_round(content: bytes) -> bytes:
    _, front, body = content.split(b"---\n", 2)
    entries = re.split(rb"(?m)^(?=\S)", front)
    return b"---\n" + b"".join(reversed(entries)) + b"---\n" + body


def rewrap(content: bytes) -> bytes:
    """One word of each paragraph goes on the next line."""
    return re.sub(rb"(?m)^(\w[^\n]{40,60}) (?=\w)", rb"\1\n", content)


UNSEEN = {
    "CRLF": in_stories(lambda content: content.replace(b"\n", b"\r\n")),
    "a byte order mark": in_stories(lambda content: b"\xef\xbb\xbf" + content),
    "blank lines at the end": in_stories(lambda content: content + b"\n\n\n"),
    "blank lines between paragraphs": in_stories(lambda content: content.replace(b"\n\n", b"\n\n\n\n")),
    "a blank at the end of each line": in_stories(lambda content: re.sub(rb"(?m)(?<=\S)$", b" ", content)),
    "a tab at the end of each line": in_stories(lambda content: re.sub(rb"(?m)(?<=\S)$", b"\t", content)),
    "two blanks between words": in_stories(lambda content: content.replace(b" de ", b"  de \t")),
    "two blanks at a mark": in_stories(lambda content: content.replace(b" **", b"  **").replace(b"** ", b"**  ")),
    "lines wrapped elsewhere": in_stories(rewrap),
    "keys in another order": in_stories(keys_the_other_way_round),
    "a comment in the front matter": in_stories(lambda content: content.replace(b"---\n", b"---\n# relu par Camille\n", 1)),
    "a story that is a draft again": in_stories(lambda content: content.replace(b"status: ready", b"status: draft")),
    "a picture under another name": rename_a_picture,
    "a story under another name": rename_a_story,
    "another slot": in_settings(('"jeudi"', '"lundi"'), ('time = "07:00"', 'time = "08:30"')),
    "a comment and other keys of the desk": in_settings(
        ("[desk]", '# à relire\n[desk]\nalert = ["a@exemple.fr"]\nalert_webhook = "https://exemple.fr/x"')
    ),
    "another way out": in_settings(('folder = "var/outbox"', 'folder = "var/ailleurs"')),
}
SEEN = {
    "a word": in_stories(lambda content: content.replace(b"moulin", b"Moulin", 1)),
    "a new paragraph": in_stories(lambda content: content + b"\nEncore un mot.\n"),
    "two paragraphs that become one": in_stories(lambda content: content.replace(b"\n\n", b"\n")),
    "a label": in_settings(('"PARTENAIRE"', '"PUBLICITÉ"')),
    "the name of the newsletter": in_settings(('[newsletter]\nname = "Demi-sel"', '[newsletter]\nname = "Sel"')),
    "the theme": in_settings(('theme = "classique"', 'theme = "moderne"')),
    "the public address": in_settings(("https://demi-sel.example.org", "https://autre.example.org")),
}


@pytest.mark.parametrize("edit", UNSEEN.values(), ids=UNSEEN)
def test_what_readers_do_not_see_does_not_break_the_seal(root: Path, edit: Callable[[Path], None]) -> None:
    before = digest(root)
    edit(root)
    assert digest(root) == before


@pytest.mark.parametrize("edit", SEEN.values(), ids=SEEN)
def test_what_readers_see_breaks_it(root: Path, edit: Callable[[Path], None]) -> None:
    before = digest(root)
    edit(root)
    assert digest(root) != before


def test_a_picture_of_other_bytes_breaks_it(root: Path) -> None:
    before = digest(root)
    pictures = sorted((root / "issues" / ISSUE / "images").glob("*.jpg"))
    from PIL import Image

    for path in pictures:
        with Image.open(path) as picture:
            size = picture.size
        Image.new("RGB", size, "navy").save(path)
    assert digest(root) != before


def test_no_words_can_be_taken_for_a_merge_field(root: Path) -> None:
    """The tokens' prefix comes from the whole, which would have to hold itself."""
    edition = render_issue(open_workspace(root, environ={}), ISSUE)
    story = root / "issues" / ISSUE / "une.md"
    token = next(word for word in re.findall(r"hf[0-9a-f]{16}[\w-]*-z", edition.text))
    story.write_text(story.read_text(encoding="utf-8") + f"\n{token[:6]}**{token[6:]}** et {token}\n", encoding="utf-8")
    again = render_issue(open_workspace(root, environ={}), ISSUE)
    assert again.field_prefix != edition.field_prefix
    assert token in again.text
