"""Mail clients that do not know what an issue, or a theme of one's own, uses; told in words, by data that is shipped with its date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from composer.check.measures import Measures, SupportMeasure
from composer.check.rules import finding
from composer.check.support.clients import ClientData
from composer.check.support.consequences import TOLD_IN_PART, consequence_of
from composer.check.support.detectors import used_features
from composer.check.support.facts import read_facts
from composer.check.support.naming import line_of, name_of
from composer.model.body import Block, CodeBlock, ListBlock, Picture, Quote, Rule, Table
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.text.passages import passages
from composer.words import Words

OLD_DAYS = 548  # eighteen months: clients change, and so does the data
_NAMED = 5  # clients in one sentence


def check_client_support(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:  # noqa: ARG001 - a family's signature
    """What some clients will not show as it is meant."""
    support = measures.support
    if support is None or measures.edition is None:
        return
    used = used_features(read_facts(measures.edition.html))
    for name in sorted(used - support.ordinary):
        path, line = _place(name, issue)
        yield from _told(name, support.clients, path=path, line=line)
    for name in sorted(support.of_theme):
        path, line = _place_in_theme(name, support.theme_files)
        yield from _told(name, support.clients, path=path, line=line)
    if (support.today - support.clients.day).days > OLD_DAYS:
        yield finding("client-data-old", message=_age(support))


def _told(name: str, clients: ClientData, *, path: str, line: int) -> Iterator[Finding]:
    """One finding for a feature that somebody does not know."""
    who = clients.unsupported(name)
    part = clients.partial(name) if name in TOLD_IN_PART else ()
    if not who and not part:
        return
    found = consequence_of(name)
    title = name_of(name)
    fr, en = _list((*who, *part))
    yield finding(
        "client-support",
        path=path,
        line=line,
        level=found.level,
        message=Words(
            fr=f"{fr} : « {title} » n’y est pas pris en charge ; {found.follows.fr}."
            if who
            else f"{fr} : « {title} » ; {found.follows.fr}.",
            en=f"{en}: “{title}” is not supported; {found.follows.en}." if who else f"{en}: “{title}”; {found.follows.en}.",
        ),
        hint=found.mend,
    )


def _list(who: Sequence[Words]) -> tuple[str, str]:
    """Names on one line; of many, the first ones and how many more."""
    named = list(who[:_NAMED])
    more = len(who) - len(named)
    fr, en = ", ".join(one.fr for one in named), ", ".join(one.en for one in named)
    if more:
        return f"{fr} et {more} autre{'s' if more > 1 else ''}", f"{en} and {more} other{'s' if more > 1 else ''}"
    return fr, en


def _age(support: SupportMeasure) -> Words:
    day = support.clients.day
    return Words(
        fr=f"Ce que Hebdo sait des messageries date du {day:%d.%m.%Y} : il est temps de le renouveler.",
        en=f"What Hebdo knows of mail clients is of {day:%Y-%m-%d}: it is time to renew it.",
    )


# Places ------------------------------------------------------------------------------------------------------------------------------


def _place(name: str, issue: Issue) -> tuple[str, int]:
    """Where an issue's files hold what brings the feature; the issue as a whole where that is not plain."""
    if name in {"html-code", "html-pre", "css-white-space"}:
        found = _block(issue, CodeBlock) or next(
            ((one.path, one.line) for one in passages(issue) if any(span.code for span in one.spans)), None
        )
    elif name.startswith("image-"):
        found = _picture(issue, name.removeprefix("image-"))
    else:
        kinds: dict[str, type[Block]] = {"html-lists": ListBlock, "html-blockquote": Quote, "html-hr": Rule, "html-table": Table}
        found = _block(issue, kinds[name]) if name in kinds else None
    return found or (issue.path, 0)


def _block(issue: Issue, kind: type[Block]) -> tuple[str, int] | None:
    return next(((story.path, block.line) for story in issue.stories for block in story.blocks if isinstance(block, kind)), None)


def _picture(issue: Issue, ending: str) -> tuple[str, int] | None:
    for story in issue.stories:
        for picture in (story.image, *story.blocks):
            if isinstance(picture, Picture) and picture.file.lower().endswith(f".{ending}"):
                return story.path, picture.line
    return None


def _place_in_theme(name: str, files: Mapping[str, str]) -> tuple[str, int]:
    """The first line of the theme's own files that writes the feature."""
    places = ((path, line_of(name, text)) for path, text in files.items())
    return next(((path, line) for path, line in places if line), (next(iter(files), "templates"), 0))
