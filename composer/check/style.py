"""Typography that disagrees with itself, quotations left open, headings out of order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from composer.check.measures import Measures
from composer.check.places import column, source_lines
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.text.passages import Passage, passages
from composer.text.quotes import pair_quotes
from composer.text.style import StyleMeasure, measure_style
from composer.words import Words, times

_NOT_PROSE = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_STRAY = re.compile(r"[\u00a0\u202f\t]|(?<! )(?: | {3,})$|\ufeff")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_DOUBLE_SPACE = re.compile(r"(?<=\S) {2,}(?=\S)")


def check_style(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """What readers see as carelessness."""
    written = [(passage, _prose(passage)) for passage in passages(issue)]
    yield from _mixed([(passage, measure_style(text)) for passage, text in written], newsletter)
    yield from _open_quotes(written, measures)
    yield from _headings(issue)
    yield from _sources(measures)


def _prose(passage: Passage) -> str:
    text = "".join("x" * len(span.text) if span.code else span.text for span in passage.spans)
    return _NOT_PROSE.sub(lambda found: "x" * len(found[0]), text)


def measure_issue(issue: Issue) -> StyleMeasure:
    """What the passages of an issue do together."""
    return sum((measure_style(_prose(passage)) for passage in passages(issue)), start=StyleMeasure())


# A dimension: its name in French and English, and its habits with the sign that shows each.
_Habits = Sequence[tuple[Words, Callable[[StyleMeasure], int]]]
_DIMENSIONS: tuple[tuple[Words, _Habits], ...] = (
    (
        Words(fr="le deux-points", en="the colon"),
        ((Words(fr="précédé d’une espace", en="spaced"), lambda m: m.colon_spaced), (Words(fr="collé", en="tight"), lambda m: m.colon_tight)),
    ),
    (
        Words(fr="; ! ?", en="; ! ?"),
        ((Words(fr="précédés d’une espace", en="spaced"), lambda m: m.high_spaced), (Words(fr="collés", en="tight"), lambda m: m.high_tight)),
    ),
    (
        Words(fr="les guillemets", en="quotation marks"),
        (
            (Words(fr="« »", en="« »"), lambda m: m.guillemets),
            (Words(fr="“ ”", en="“ ”"), lambda m: m.curly),
            (Words(fr='" "', en='" "'), lambda m: m.straight),
        ),
    ),
    (
        Words(fr="l’apostrophe", en="the apostrophe"),
        ((Words(fr="courbe", en="curly"), lambda m: m.curly_apostrophes), (Words(fr="droite", en="straight"), lambda m: m.straight_apostrophes)),
    ),
)  # fmt: skip


def _mixed(measured: Sequence[tuple[Passage, StyleMeasure]], newsletter: Newsletter) -> Iterator[Finding]:
    total = sum((measure for _, measure in measured), start=StyleMeasure())
    for name, habits in _DIMENSIONS:
        used = [(count(total), words, count) for words, count in habits if count(total)]
        if len(used) < 2:
            continue
        house = _house_habit(name, newsletter)
        # What the newsletter wants is the usage, however often the other one is typed.
        often = next((habit for habit in used if habit[1].en == house), None) or max(used, key=lambda habit: habit[0])
        rare = min((habit for habit in used if habit is not often), key=lambda habit: habit[0])
        place = next(passage for passage, measure in measured if rare[2](measure))
        quotes = name.en.startswith("quotation")
        yield finding(
            "mixed-typography",
            path=place.path,
            line=place.line,
            message=Words(
                fr=f"Typographie mêlée pour {name.fr}\u00a0: {rare[1].fr} ici ({times(rare[0]).fr}), {often[1].fr} ailleurs ({times(often[0]).fr}).",
                en=f"Mixed typography for {name.en}: {rare[1].en} here ({times(rare[0]).en}), {often[1].en} elsewhere ({times(often[0]).en}).",
            ),
            hint=_ONE_KIND if quotes else _house_hint(name, often[1]) if house else None,
            fixable=not quotes,
            # Readers never see it: rendering makes every apostrophe curly, and the other signs as [typography] says.
            level="advice" if house or name.en.endswith("apostrophe") or (quotes and _rendered_alike(used, newsletter)) else None,
        )


def _house_habit(name: Words, newsletter: Newsletter) -> str:
    """The habit that [typography] asks for; "" where it keeps what was typed."""
    style = newsletter.typography
    asked = {"the colon": style.colon, "; ! ?": style.high}.get(name.en, "keep")
    return {"space": "spaced", "tight": "tight"}.get(asked, "")


def _house_hint(name: Words, habit: Words) -> Words:
    key = "colon" if name.en == "the colon" else "high"
    return Words(
        fr=f"L’usage de la lettre : {habit.fr} ({key} sous [typography]). Le rendu s’en charge ; `hebdo check {{issue}} --fix` corrige aussi les fichiers.",
        en=f"The newsletter’s usage: {habit.en} ({key} under [typography]). Rendering sees to it; `hebdo check {{issue}} --fix` mends the files too.",
    )


_ONE_KIND = Words(
    fr="Choisissez un usage pour les guillemets ; [typography] dans newsletter.toml dit ce que le rendu en fait.",
    en="Choose one kind of quotation marks; [typography] in newsletter.toml says what rendering makes of them.",
)


def _rendered_alike(used: Sequence[tuple[int, Words, object]], newsletter: Newsletter) -> bool:
    """Whether readers see one kind of quotation marks all the same."""
    style = newsletter.typography
    straight = style.quotes if "keep" not in {style.straight, style.quotes} else style.straight
    drawn = {"« »": style.quotes, "“ ”": style.quotes, '" "': straight}
    seen = {{"guillemets": "« »", "english": "“ ”"}.get(drawn[words.fr], words.fr) for _, words, _ in used}
    return len(seen) == 1


def _open_quotes(written: Sequence[tuple[Passage, str]], measures: Measures) -> Iterator[Finding]:
    """Signs without partner; a quotation may run over several paragraphs of one story."""
    waiting: list[tuple[Passage, str]] = []
    for passage, text in written:
        for place in pair_quotes(text)[1]:
            sign = text[place]
            if sign == '"' and text[place - 1 : place].isdigit():
                continue  # inches
            opens = {"»": "«", "”": "“", '"': '"'}.get(sign)
            partner = next(
                (at for at in reversed(range(len(waiting))) if waiting[at][1] == opens and waiting[at][0].story is passage.story), None
            )
            if partner is not None and waiting[partner][0] is not passage:
                del waiting[partner]
            else:
                waiting.append((passage, sign))
    for passage, sign in waiting:
        message = Words(fr=f"Le guillemet {sign} n’a pas de partenaire.", en=f"The quotation mark {sign} has no partner.")
        yield finding(
            "quote-open",
            path=passage.path,
            line=passage.line,
            col=column(measures.sources, passage.path, passage.line, sign),
            message=message,
        )


def _headings(issue: Issue) -> Iterator[Finding]:
    level, story = 1, None
    for passage in passages(issue):
        if passage.story is not story:
            level, story = 1, passage.story
        if passage.kind != "heading" or passage.quoted:
            continue
        if passage.level == 1:
            yield finding("second-headline", path=passage.path, line=passage.line, col=1)
        elif passage.level > level + 1:
            message = Words(
                fr=f"Cet intertitre est de niveau {passage.level} après un niveau {level}.",
                en=f"This sub-heading is of level {passage.level} after level {level}.",
            )
            yield finding("heading-order", path=passage.path, line=passage.line, col=1, message=message)
        level = max(passage.level, 2)


def _sources(measures: Measures) -> Iterator[Finding]:
    """One finding a file and rule: where it begins."""
    for path, text in measures.sources.items():
        lines = _without_code(source_lines(measures.sources, path))
        if stray := _first(lines, _STRAY):
            yield finding("untidy-source", path=path, line=stray[0], col=stray[1])
        elif "\r\n" in text and re.search(r"(?<!\r)\n", text):
            yield finding("untidy-source", path=path, line=1)
        if double := _first(["" if line.startswith(("|", "    ")) else line for line in lines], _DOUBLE_SPACE):
            yield finding("double-space", path=path, line=double[0], col=double[1])


def _first(lines: Sequence[str], pattern: re.Pattern[str]) -> tuple[int, int] | None:
    """Line and column of the first match."""
    return next(((number, found.start() + 1) for number, line in enumerate(lines, start=1) if (found := pattern.search(line))), None)


def _without_code(lines: Sequence[str]) -> list[str]:
    """The lines with code blotted out, places kept."""
    fence = ""
    kept = []
    for line in lines:
        mark = _FENCE.match(line)
        kept.append("" if fence or mark else _CODE.sub(lambda found: "x" * len(found[0]), line))
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
    return kept
