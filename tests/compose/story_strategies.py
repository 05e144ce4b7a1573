"""Stories, issues and their blocks for property tests, in the form that reading a file gives them."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from hypothesis import strategies as st

from composer.model.body import (
    Calls,
    CodeBlock,
    FurtherReading,
    Heading,
    LinkLine,
    ListBlock,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Span,
    Table,
    plain,
)
from composer.model.issue import Issue, Story
from composer.text.inline import merge_spans

WORDS = (
    "Exemplia", "une société", "C#", "3 < 5", "1.", "2)", "#", "##", "- tiret", "+ plus", "* étoile", "_soulignés_", "a_b_c", "`code`", "[crochets]",
    "(parenthèses)", "![image](x)", "<b>gras</b>", "<!-- web only -->", "-->", "&amp;", "&nbsp", "R&D", "\\", "\\*", "~~", "~", "---", "===", "|", "a|b",
    "> cité", "```", "«\u00a0oui\u00a0»", "l’été", "“ ”", '"', "'", "10:30", "%prenom%", "Crédit : X", "Photo : Y", "😀", "👩‍🚀", "عربي", "é\u0301",
    "https://example.org/a_b", "Pour aller", "–", "—", "fin.", "\u202f!", "no", "null", "::", "TODO", "=", "{", "}", "@", "$",
)  # fmt: skip
URLS = (
    "",
    "https://example.org/a",
    "https://example.org/?a=1&b=2",
    "https://fr.example.org/L’été_(2)",
    "mailto:a@example.org",
    "https://e.org/a b",
    "#x",
)


def strip_places(value: Any) -> Any:
    """The value with all lines and paths as if it came from nowhere."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = {}
        for field in dataclasses.fields(value):
            if field.name in {"line", "headline_line", "subject_line"}:
                kept[field.name] = 0
            elif field.name == "path":
                kept[field.name] = ""
            else:
                kept[field.name] = strip_places(getattr(value, field.name))
        return type(value)(**kept)
    if isinstance(value, tuple):
        return tuple(strip_places(item) for item in value)
    return value


def phrases(*, most: int = 5) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), min_size=1, max_size=most).map(" ".join)


@st.composite
def spans(draw: st.DrawFn, *, links: bool = True, breaks: bool = False, first_bold: bool = True) -> tuple[Span, ...]:
    parts = []
    for here in range(draw(st.integers(1, 4))):
        text = draw(phrases(most=3))
        if here:
            text = f" {text}"
        if breaks and draw(st.integers(0, 5)) == 0:
            text += "\n" + draw(phrases(most=2))
        style = draw(st.sampled_from(["", "", "", "strong", "emphasis", "strike", "code", "link"]))
        if here == 0 and not first_bold and style == "strong":
            style = ""
        if style == "link":
            style = "link" if links else ""
        if style == "link":
            parts.append(Span(text=text, link=draw(st.sampled_from(URLS))))
        elif style == "code":
            parts.append(Span(text=text.replace("\n", " "), code=True))
        elif style:
            parts.append(Span(text=text, **{style: True}))
        else:
            parts.append(Span(text=text))
    return merge_spans(parts)


def paragraphs() -> st.SearchStrategy[Paragraph]:
    plain_one = spans(breaks=True, first_bold=False).filter(_no_picture).map(lambda s: Paragraph(spans=s))
    head = (
        phrases(most=3)
        .filter(lambda text: text.strip() == text and not text.endswith(("–", "—", "-")))
        .map(lambda text: (Span(text=text),))
    )
    run_in = st.tuples(head, spans(first_bold=False).filter(lambda s: not _opens_with_dash(s) and not s[0].text[:1].isspace())).map(
        lambda pair: Paragraph(run_in=pair[0], spans=pair[1])
    )
    return st.one_of(plain_one, run_in)


def _no_picture(found: tuple[Span, ...]) -> bool:
    return bool(plain(found).strip())


def _opens_with_dash(found: tuple[Span, ...]) -> bool:
    return plain(found).lstrip()[:1] in {"–", "—", "-"}


def headings() -> st.SearchStrategy[Heading]:
    return st.builds(
        Heading, spans=spans(links=False).filter(lambda s: not plain(s).casefold().startswith("pour aller")), level=st.integers(2, 6)
    )


def pictures() -> st.SearchStrategy[Picture]:
    return st.builds(
        Picture,
        file=st.sampled_from(["", "images/une.jpg", "images/é a.jpg", "images/100%.png", "a(b).gif", "https://e.org/x%20y.png"]),
        alt=st.one_of(st.just(""), phrases(most=3)),
        caption=st.one_of(st.just(()), spans(breaks=True)),
        credit=st.one_of(st.just(""), phrases(most=2)),
        link=st.sampled_from(["", "https://sponsor.example/", "https://sponsor.example/a b"]),
    )


def tables() -> st.SearchStrategy[Table]:
    cell = st.one_of(st.just(()), spans(links=True))
    return st.integers(1, 3).flatmap(
        lambda columns: st.builds(
            Table,
            header=st.tuples(*[cell] * columns),
            rows=st.lists(st.tuples(*[cell] * columns), max_size=3).map(tuple),
            alignments=st.tuples(*[st.sampled_from(["left", "center", "right", None])] * columns),
        )
    )


def code() -> st.SearchStrategy[CodeBlock]:
    return st.lists(st.sampled_from(["x = 1", "", "```", "    y", "# z", "---", "~~~"]), max_size=4).map(
        lambda lines: CodeBlock(text="\n".join(lines))
    )


def _inner(deeper: st.SearchStrategy[Any] | None) -> st.SearchStrategy[tuple[Any, ...]]:
    simple = st.one_of(paragraphs(), headings(), code(), st.just(Rule()), pictures(), tables())
    one = simple if deeper is None else st.one_of(simple, deeper)
    return st.lists(one, min_size=1, max_size=3).map(tuple)


def containers(depth: int = 2) -> st.SearchStrategy[Any]:
    inside = _inner(containers(depth - 1) if depth else None)
    lists = st.builds(
        ListBlock,
        items=st.lists(st.builds(ListItem, blocks=st.one_of(inside, st.just(()))), min_size=1, max_size=3).map(tuple),
        ordered=st.booleans(),
        start=st.integers(0, 120),
    ).map(lambda found: found if found.ordered else dataclasses.replace(found, start=1))
    return st.one_of(lists, st.builds(Quote, blocks=inside))


def link_lines(*, emoji: bool) -> st.SearchStrategy[LinkLine]:
    words = spans(links=False, first_bold=True).filter(lambda s: plain(s)[:1].isalnum())
    signs = st.sampled_from(["", "📘", "💬", "👉🏽", "👩‍🚀", "🇫🇷"]) if emoji else st.just("")
    return st.builds(LinkLine, spans=words, url=st.sampled_from(URLS), emoji=signs)


def further() -> st.SearchStrategy[FurtherReading]:
    label = st.sampled_from(["Pour aller plus loin", "POUR ALLER PLUS LOIN :", "Pour aller plus loin\u00a0:"])
    return st.builds(
        FurtherReading,
        links=st.lists(link_lines(emoji=False), min_size=1, max_size=3).map(tuple),
        label=label.map(lambda text: (Span(text=text),)),
    )


def _joined(blocks: list[Any]) -> tuple[Any, ...]:
    """Calls beside calls are one block, as reading makes them."""
    out: list[Any] = []
    for block in blocks:
        if isinstance(block, Calls) and out and isinstance(out[-1], Calls):
            out[-1] = Calls(links=out[-1].links + block.links)
        else:
            out.append(block)
    return tuple(out)


def blocks(kind: str) -> st.SearchStrategy[tuple[Any, ...]]:
    simple = [paragraphs(), headings(), code(), st.just(Rule()), pictures(), tables(), further()]
    if kind == "sponsor":
        simple.append(st.lists(link_lines(emoji=True), min_size=1, max_size=3).map(lambda links: Calls(links=tuple(links))))
    else:
        simple.append(containers())
    return st.lists(st.one_of(*simple), max_size=6).map(_joined)


TEXTS = st.one_of(st.just(""), phrases().map(str.strip), st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    kind = draw(st.sampled_from(["lead", "story", "sponsor"]))
    image = draw(st.one_of(st.none(), pictures()))
    if image:
        image = dataclasses.replace(image, credit=draw(TEXTS), alt=draw(TEXTS))
    return Story(
        id="x",
        kind=kind,
        headline=draw(st.one_of(st.just(()), spans())),
        author=draw(TEXTS),
        status=draw(st.sampled_from(["todo", "draft", "review", "ready"])),
        teaser=draw(TEXTS),
        advertiser=draw(TEXTS),
        border=draw(st.sampled_from(["sure", "unsure"])),
        booking=draw(TEXTS),
        image=image,
        blocks=draw(blocks(kind)),
        web_only=draw(blocks(kind)),
    )


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    ids = draw(st.lists(st.sampled_from(["une", "partenaire", "no", "12", "a-b", "é t é", "2026-01-01", "1e5"]), unique=True))
    return Issue(
        id="2026-11-26-x",
        number=draw(st.one_of(st.none(), st.integers(0, 99_999))),
        date=draw(st.one_of(st.none(), st.dates(date(2000, 1, 1)))),
        subject=draw(st.one_of(st.just(""), phrases().map(str.strip))),
        preheader=draw(TEXTS),
        introduction=draw(blocks("story")),
        stories=tuple(Story(id=id_) for id_ in ids),
        credits=tuple(text for text in draw(st.lists(TEXTS, max_size=3)) if text),
    )
