"""What Grammalecte, where it is installed, says of French texts: asked in a process of its own, within bounds, without any network.

In: texts, one line each. Out: remarks by text. The program gets a file of our own naming and nothing of the text on its command line; it has
so much time and may say so much; what it says is believed only in the form that is expected.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from composer.check.measures import Remark
from composer.outside.programs import run_program
from composer.text.shown import one_line

PROGRAM = "grammalecte-cli"
TIMEOUT_S = 30.0
MOST_CHARS = 150_000  # of one run; a full issue has 30,000
MOST_CHARS_OF_TEXT = 8_000  # its time grows with the square
MOST_ANSWER_BYTES = 16_000_000
MOST_WORDS = 40  # whose suggestions are asked: each takes some 30 ms
KEPT_TEXTS = 4_000

# What the house typography settles when rendering, or what is a matter of house style: apostrophes, no-break spaces, quotation marks,
# spaces, units, grouping of digits, inclusive writing, subscripts of formulas.
_OFF = ("apos", "nbsp", "typo", "esp", "tab", "unit", "num", "eepi", "liga", "chim", "html", "latex", "md")

State = Literal["read", "missing", "late", "failed"]
_READ: OrderedDict[str, tuple[Remark, ...]] = OrderedDict()
_SUGGESTED: OrderedDict[str, tuple[str, ...]] = OrderedDict()
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of asking."""

    state: State
    remarks: Mapping[str, tuple[Remark, ...]] = field(default_factory=dict)  # by text


def is_installed() -> bool:
    """Whether the program is there to be asked."""
    return shutil.which(PROGRAM) is not None


def known_remarks(texts: Iterable[str]) -> dict[str, tuple[Remark, ...]]:
    """The remarks on those texts that were read before in this process."""
    with _LOCK:
        return {text: _READ[text] for text in texts if text in _READ}


def known_suggestions(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The suggestions for those words that were asked before in this process."""
    with _LOCK:
        return {word: _SUGGESTED[word] for word in words if word in _SUGGESTED}


def is_unread(texts: Iterable[str]) -> bool:
    """Whether one of ``texts`` would have to be read; what is too long for the program never is."""
    with _LOCK:
        return any(text not in _READ for text in texts if len(text) <= MOST_CHARS_OF_TEXT)


def read_texts(texts: Sequence[str], *, timeout_s: float = TIMEOUT_S) -> Reading:
    """The remarks on ``texts``, one run for all that were not read before. Never raises for what the program does."""
    unread = _within_bounds(dict.fromkeys(text for text in texts if is_unread([text])))
    if unread:
        state, answer = _ask(unread, timeout_s=timeout_s)
        if state != "read":
            return Reading(state=state)
        found = _remarks(answer, unread)
        if found is None:
            return Reading(state="failed")
        _keep(_READ, found)
    return Reading(state="read", remarks=known_remarks(texts))


def suggest(words: Sequence[str], *, timeout_s: float = TIMEOUT_S) -> dict[str, tuple[str, ...]]:
    """What may be meant by words that the program does not know, where it answers in time."""
    asked = [word for word in dict.fromkeys(words) if word.strip()][:MOST_WORDS]
    unasked = [word for word in asked if word not in known_suggestions([word])]
    if unasked:
        state, answer = _ask(unasked, timeout_s=timeout_s, options=("--with_spell_sugg",))
        found = _remarks(answer, unasked) if state == "read" else None
        if found is not None:
            _keep(_SUGGESTED, {word: _first_suggestions(found.get(word, ())) for word in unasked})
    return known_suggestions(asked)


def _first_suggestions(remarks: Iterable[Remark]) -> tuple[str, ...]:
    return next((remark.suggestions for remark in remarks if remark.kind == "spelling"), ())


def _keep(kept: OrderedDict[str, Any], found: Mapping[str, Any]) -> None:
    with _LOCK:
        kept.update(found)
        while len(kept) > KEPT_TEXTS:
            kept.popitem(last=False)


def _within_bounds(texts: Iterable[str]) -> list[str]:
    """As many texts as one run takes."""
    totals = accumulate(map(len, (kept := list(texts))))
    return [text for text, total in zip(kept, totals, strict=True) if total <= MOST_CHARS]


# The program -----------------------------------------------------------------------------------------------------------------------


def _ask(texts: Sequence[str], *, timeout_s: float, options: Sequence[str] = ()) -> tuple[State, bytes]:
    program = shutil.which(PROGRAM)
    if program is None:
        return "missing", b""
    with tempfile.TemporaryDirectory(prefix="hebdo-grammar-") as folder:
        file = Path(folder) / "texts.txt"
        file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8", errors="replace", newline="\n")
        command = [program, "--file", str(file), "--json", *options, "--opt_off", *_OFF]
        said = run_program(command, folder=Path(folder), variables=_environment(), timeout_s=timeout_s, most_bytes=MOST_ANSWER_BYTES)
    if said.state == "late":
        return "late", b""
    return ("read", said.content) if said.state == "said" and said.code == 0 else ("failed", b"")


def _environment() -> dict[str, str]:
    """What it needs to run and to write UTF-8; none of our own variables, which hold secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}


# Its answer ------------------------------------------------------------------------------------------------------------------------


def _remarks(answer: bytes, texts: Sequence[str]) -> dict[str, tuple[Remark, ...]] | None:
    """Remarks by text; None: this is not the answer that was asked for."""
    try:
        paragraphs = json.loads(answer)["data"]
        told = {int(one["iParagraph"]): one for one in paragraphs}
        return {text: tuple(_of_paragraph(told[number], text)) for number, text in enumerate(texts, start=1)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _of_paragraph(said: Mapping[str, Any], text: str) -> list[Remark]:
    found = [_remark(one, "grammar", one["sMessage"]) for one in said["lGrammarErrors"]]
    found += [_remark(one, "spelling", "") for one in said["lSpellingErrors"]]
    inside = [one for one in found if 0 <= one.start < one.end <= len(text)]
    return sorted(inside, key=lambda one: (one.start, one.end, one.kind))


def _remark(said: Mapping[str, Any], kind: Literal["grammar", "spelling"], says: object) -> Remark:
    suggestions = said.get("aSuggestions") or []
    return Remark(
        start=int(said["nStart"]),
        end=int(said["nEnd"]),
        kind=kind,
        says=one_line(str(says), 300),
        suggestions=tuple(one_line(str(one), 60) for one in list(suggestions)[:8]),
    )
