"""Lines of one article, as a web page or a word processor gives them → Story.

What the mail does not carry (questions for the web page, «Sources», what was pasted around pictures and related articles) stays
below ``<!-- web only -->``, in its order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from composer.compose.importing.body import further_reading, is_prose, list_block, list_length, paragraph
from composer.compose.importing.labels import Label, read_label
from composer.compose.importing.opening import Parts, open_article
from composer.compose.importing.shapes import MAX_HEADLINE, could_be_headline, describes_picture, is_body, run_in
from composer.compose.importing.values import HeadingStyle, Imported, Notes, RawLine
from composer.model.body import FurtherReading, Heading, LinkLine, Paragraph, Picture, Span, Spans
from composer.model.issue import Border, Kind, Story
from composer.model.newsletter import Labels

_MIN_QUESTIONS = 2
_MAX_ANSWER = 3  # paragraphs under one question; more is a chapter of the article


def read_article(lines: Sequence[RawLine], labels: Labels, *, headings: HeadingStyle, forced: frozenset[int], notes: Notes) -> Imported:
    """The story that ``lines`` are. ``forced``: indexes of lines that somebody said are its headline."""
    parts = Parts()
    kind: Kind = "story"
    marks = [_label(lines, here, labels) for here in range(len(lines))]
    start = 0
    if marks and marks[0] and marks[0].kind == "sponsor":
        kind, start = "sponsor", 1
    border = _tell_sponsors(lines, marks, start, notes)
    start = open_article(lines, start, parts, forced, sponsor=kind == "sponsor")
    _Reader(lines, marks, labels=labels, headings=headings, notes=notes, parts=parts).read(start)
    if not parts.headline:
        notes.warn(fr="l’article n’a pas de titre", en="the story has no headline")
    story = Story(
        id="",
        kind=kind,
        headline=parts.headline,
        author=parts.author,
        advertiser=marks[0].rest if kind == "sponsor" and marks[0] else "",
        border=border,
        blocks=tuple(parts.blocks),
        web_only=tuple(parts.web_only),
        headline_line=parts.headline_line,
    )
    return Imported(
        story=story,
        unclassified=tuple(sorted(notes.unclassified)),
        guesses=tuple(sorted(notes.guesses, key=lambda guess: guess.line)),
        warnings=tuple(notes.warnings),
    )


def _label(lines: Sequence[RawLine], here: int, labels: Labels) -> Label | None:
    line = lines[here]
    if line.web or line.form in {"item", "block"}:
        return None
    after = lines[here + 1] if here + 1 < len(lines) else None
    label = read_label(line.text, labels, before_body=after is not None and is_body(after.text))
    return label if label and label.kind not in {"also", "lead", "credits"} else None


def _tell_sponsors(lines: Sequence[RawLine], marks: Sequence[Label | None], start: int, notes: Notes) -> Border:
    """An article that holds a sponsor's label is not printed before somebody has looked."""
    inside = [line for line, mark in zip(lines[start:], marks[start:], strict=True) if mark and mark.kind == "sponsor"]
    for line in inside:
        notes.guess(
            line.number,
            fr="une annonce semble commencer ici, dans l’article : importez ce texte comme numéro (--as issue) ou séparez-les",
            en="a sponsor seems to begin here, inside the story: import this text as an issue (--as issue) or part them",
        )
    return "unsure" if inside else "sure"


class _Reader:
    """Walks the lines of an article once."""

    def __init__(
        self,
        lines: Sequence[RawLine],
        marks: Sequence[Label | None],
        *,
        labels: Labels,
        headings: HeadingStyle,
        notes: Notes,
        parts: Parts,
    ) -> None:
        self._lines, self._marks, self._labels, self._headings = lines, marks, labels, headings
        self._notes, self._parts = notes, parts
        self._explicit = any(line.form == "heading" for line in lines[1:])
        # Blank lines tell paragraphs apart only where some lines stand together; else each line counts by itself.
        self._grouped = any(line.gap for line in lines[1:]) and any(not line.gap for line in lines[1:])
        self._asked: dict[int, int] = {}
        self._levels = sorted({line.level for line in lines[1:] if line.form == "heading"})

    def read(self, here: int) -> None:
        """Reads from ``here`` to the end."""
        questions = self._asked = self._questions(here)
        while here < len(self._lines):
            here = self._question(here, questions) if here in questions else self._step(here)

    def _step(self, here: int) -> int:
        """Reads what begins at ``here``; the index after it."""
        line, mark = self._lines[here], self._marks[here]
        items = list_length(self._lines, here)
        if mark and mark.kind == "more":
            return self._related(here, mark)
        if line.web or self._is_for_the_web(here, mark):
            self._keep_out(line)
        elif line.block is not None:
            self._parts.blocks.append(line.block)
        elif items:
            self._parts.blocks.append(list_block(self._lines[here : here + items]))
            return here + items
        elif self._is_picture(here):
            return self._picture(here)
        elif self._is_heading(here):
            return self._heading(here)
        else:
            self._plain(line)
        return here + 1

    def _plain(self, line: RawLine) -> None:
        self._parts.blocks.append(paragraph(line))
        if not is_prose(line):
            self._notes.leave(line)

    def _is_for_the_web(self, here: int, mark: Label | None) -> bool:
        """«Sources» with nothing under it, and the label over the questions."""
        if mark and mark.kind == "sources" and self._is_empty_section(here):
            words = self._lines[here].text
            self._notes.warn(
                fr=f"« {words} » n’annonce rien : gardé hors du courriel", en=f"nothing stands under “{words}”: kept out of the mail"
            )
            return True
        return bool(mark and mark.kind == "faq" and here + 1 in self._asked)

    def _web(self, line: RawLine) -> None:
        self._parts.web_only.append(line.block or Paragraph(spans=line.as_paragraph, line=line.number))

    def _keep_out(self, line: RawLine) -> None:
        """A line below the mark ``<!-- web only -->`` of the source keeps its form."""
        if line.web and line.form == "heading":
            self._parts.web_only.append(Heading(spans=line.spans, level=max(2, line.level), line=line.number))
        elif line.form == "item":
            self._parts.web_only.append(list_block([line]))
        else:
            self._web(line)

    # Headings ----------------------------------------------------------------------------------------------------------------------

    def _is_heading(self, here: int) -> bool:
        line = self._lines[here]
        if line.form == "heading":
            return True
        if self._explicit or not self._is_short(here):
            return False
        after = here + 1
        if after >= len(self._lines) or (self._marks[after] and self._marks[after] is not None):
            return False
        return self._carries_text(after) or (self._is_short(after) and after + 1 < len(self._lines) and self._carries_text(after + 1))

    def _is_short(self, here: int) -> bool:
        """A lone short line, no sentence: it stands between blank lines, or where there are none, before a longer one."""
        line = self._lines[here]
        if line.form != "text" or not could_be_headline(line.text) or len(line.text) > MAX_HEADLINE:
            return False
        return not self._grouped or (self._begins_group(here) and self._ends_group(here))

    def _begins_group(self, here: int) -> bool:
        return here == 0 or self._lines[here].gap

    def _ends_group(self, here: int) -> bool:
        return here + 1 >= len(self._lines) or self._lines[here + 1].gap

    def _carries_text(self, here: int) -> bool:
        line = self._lines[here]
        return line.form in {"item", "block"} or bool(run_in(line.text)) or is_prose(line)

    def _heading(self, here: int) -> int:
        line = self._lines[here]
        spans = tuple(replace(span, strong=False) for span in line.spans)
        after = here + 1
        if self._headings == "runin" and after < len(self._lines) and self._takes_run_in(after):
            body = self._lines[after]
            self._parts.blocks.append(Paragraph(run_in=spans, spans=body.as_paragraph, line=line.number))
            return after + 1
        level = min(2 + self._levels.index(line.level), 6) if line.form == "heading" and line.level in self._levels else 2
        self._parts.blocks.append(Heading(spans=spans, level=level, line=line.number))
        return after

    def _takes_run_in(self, here: int) -> bool:
        line = self._lines[here]
        return (
            line.form == "text"
            and not self._marks[here]
            and not self._is_heading(here)
            and not paragraph(line).run_in
            and not self._is_picture(here)
        )

    # Questions ---------------------------------------------------------------------------------------------------------------------

    def _questions(self, start: int) -> dict[int, int]:
        """Indexes of questions with those after their answers, where two or more follow each other."""
        pairs: dict[int, int] = {}
        here = start
        while here < len(self._lines):
            run, here = self._question_run(here)
            if len(run) >= _MIN_QUESTIONS and not self._is_interview(start, run):
                pairs.update(run)
        return pairs

    def _question_run(self, here: int) -> tuple[dict[int, int], int]:
        run: dict[int, int] = {}
        while here < len(self._lines) and self._asks(here):
            end = self._answer_end(here + 1)
            if end == here + 1 or end - here - 1 > _MAX_ANSWER:
                return run, max(end, here + 1)
            run[here] = end
            here = end
        return run, here if run else here + 1

    def _asks(self, here: int) -> bool:
        line = self._lines[here]
        if line.form not in {"text", "heading"} or line.web or self._marks[here] or len(line.text) > 200:
            return False
        lone = not self._grouped or self._begins_group(here)
        return lone and line.text.rstrip(' »”"').endswith(("?", "؟", "？"))

    def _answer_end(self, here: int) -> int:
        start = here
        while here < len(self._lines) and not self._marks[here] and not self._asks(here) and not self._is_heading(here):
            if here - start > _MAX_ANSWER + 12:
                break
            here += 1
        return here

    def _is_interview(self, start: int, run: dict[int, int]) -> bool:
        """The whole article is questions: then they are its headings, for nothing else would be left to mail."""
        first, last = min(run), max(run.values())
        if first - start > 4:
            return False
        before = sum(line.form != "heading" for line in self._lines[start:first])
        after = sum(not mark for mark in self._marks[last:]) if last < len(self._lines) else 0
        related = any(mark and mark.kind == "more" for mark in self._marks[last:])
        whole = before <= 1 and (related or after == 0) and len(run) > _MIN_QUESTIONS
        if whole:
            self._notes.guess(
                self._lines[first].number,
                fr="tout l’article est fait de questions : lues comme des intertitres, non comme une FAQ",
                en="the whole story is questions: read as headings, not as a FAQ",
            )
        return whole

    def _question(self, here: int, questions: dict[int, int]) -> int:
        line, end = self._lines[here], questions[here]
        spans = tuple(replace(span, strong=False) for span in line.spans)
        self._parts.web_only.append(Heading(spans=spans, level=2, line=line.number))
        at = here + 1
        while at < end:
            items = list_length(self._lines, at)
            if items:
                self._parts.web_only.append(list_block(self._lines[at : at + items]))
            else:
                self._web(self._lines[at])
            at += max(items, 1)
        if here == min(questions):
            self._notes.warn(
                fr=f"{len(questions)} questions gardées dans le fichier sous `<!-- web only -->`, hors du courriel",
                en=f"{len(questions)} questions kept in the file below `<!-- web only -->`, out of the mail",
            )
        return end

    def _is_empty_section(self, here: int) -> bool:
        after = here + 1
        return after >= len(self._lines) or bool(self._marks[after]) or self._is_heading(after) or self._asks(after)

    # Pictures ----------------------------------------------------------------------------------------------------------------------

    def _is_picture(self, here: int) -> bool:
        """A line that describes a picture; where lines stand together, its caption is beside it."""
        line = self._lines[here]
        if line.form != "text" or not describes_picture(line.text):
            return False
        if self._grouped:
            return self._begins_group(here)
        return here + 1 < len(self._lines)

    def _picture(self, here: int) -> int:
        line, after = self._lines[here], here + 1
        caption: Spans = ()
        if after < len(self._lines) and self._captions(after):
            caption = self._lines[after].as_paragraph
            after += 1
        self._parts.blocks.append(Picture(file="", alt=line.text, caption=caption, line=line.number))
        self._notes.warn(fr="image à fournir", en="picture to be supplied", line=line.number)
        return after

    def _captions(self, here: int) -> bool:
        line = self._lines[here]
        if line.form != "text" or self._marks[here] or len(line.text) > 400:
            return False
        return not line.gap if self._grouped else len(line.text) <= 300 and not self._is_heading(here)

    # Further reading ---------------------------------------------------------------------------------------------------------------

    def _related(self, here: int, mark: Label) -> int:
        end = next((after for after in range(here + 1, len(self._lines)) if self._marks[after]), len(self._lines))
        group = self._lines[here:end]
        teasers = [
            at
            for at in range(2, len(group))
            if group[at].form == "text" and len(group[at].text) > MAX_HEADLINE and len(group[at - 1].text) <= MAX_HEADLINE
        ]
        if not mark.related or mark.rest or not teasers or (len(group) > 1 and group[1].form == "item"):
            block, length = further_reading(group, 0, self._labels.more, self._notes, inline=mark.rest)
            if not block.links:
                self._parts.blocks.append(paragraph(self._lines[here]))
                self._notes.leave(self._lines[here])
                return here + 1
            self._parts.blocks.append(block)
            return here + length
        titles = {at - 1 for at in teasers}
        links = [LinkLine(spans=_unlinked(group[at].spans), url=_address(group[at].spans), line=group[at].number) for at in sorted(titles)]
        self._parts.blocks.append(FurtherReading(links=tuple(links), label=(Span(text=self._labels.more),), line=group[0].number))
        for at in range(1, len(group)):
            if at not in titles:
                self._web(group[at])
        return end


def _unlinked(spans: Spans) -> Spans:
    return tuple(replace(span, link=None, strong=False) for span in spans)


def _address(spans: Spans) -> str:
    return next((span.link for span in spans if span.link), "")
