"""Pictures: a file, a description, a credit."""

from __future__ import annotations

from collections.abc import Iterator

from composer.check.measures import Measures, PictureMeasure
from composer.check.places import column, key_line
from composer.check.rules import finding
from composer.model.body import Picture
from composer.model.findings import Finding
from composer.model.issue import Issue, Story
from composer.model.newsletter import Newsletter
from composer.text.names import fold_credit
from composer.text.passages import passages
from composer.words import Words

LEAST_WIDTH_PX = 600  # the column of the mail; sponsors' logos may be smaller


def check_pictures(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all families
    """Every picture that is mailed."""
    given = set()
    for passage in passages(issue):
        if passage.picture:
            given.add(fold_credit(passage.picture.credit))
            yield from _picture(passage.picture, passage.story, passage.path, measures)
    line = key_line(measures.sources, issue.path, "credits")
    for credit in issue.credits:
        twice = fold_credit(credit) in given
        yield finding(
            "credits-twice" if twice else "credits-unassigned",
            path=issue.path,
            line=line,
            col=column(measures.sources, issue.path, line, credit),
            message=_twice(credit) if twice else _unassigned(credit),
        )


def _unassigned(credit: str) -> Words:
    return Words(fr=f"Le crédit «\u00a0{credit}\u00a0» n’appartient à aucune image.", en=f"The credit “{credit}” belongs to no picture.")


def _twice(credit: str) -> Words:
    return Words(
        fr=f"Le crédit «\u00a0{credit}\u00a0» est déjà donné à une image.", en=f"The credit “{credit}” is given to a picture already."
    )


def _picture(picture: Picture, story: Story | None, path: str, measures: Measures) -> Iterator[Finding]:
    if not picture.file:
        yield finding(
            "picture-missing",
            path=path,
            line=picture.line,
            message=Words(fr="Une image reste à fournir.", en="A picture is still to be supplied."),
        )
    elif (measure := measures.pictures.get(picture.file)) is not None:
        yield from _file(picture, measure, story, path, measures)
    col = column(measures.sources, path, picture.line, picture.file)
    named = picture.file or "?"
    if not picture.alt.strip():
        message = Words(fr=f"L’image «\u00a0{named}\u00a0» n’est pas décrite.", en=f"The picture “{named}” is not described.")
        yield finding("picture-without-alt", path=path, line=picture.line, col=col, message=message)
    if not picture.credit.strip() and (story is None or story.kind != "sponsor"):
        message = Words(fr=f"L’image «\u00a0{named}\u00a0» n’a pas de crédit.", en=f"The picture “{named}” has no credit.")
        yield finding("picture-without-credit", path=path, line=picture.line, col=col, message=message)


def _file(picture: Picture, measure: PictureMeasure, story: Story | None, path: str, measures: Measures) -> Iterator[Finding]:
    col = column(measures.sources, path, picture.line, picture.file)
    file = picture.file
    if measure.problem == "missing":
        message = Words(fr=f"Le fichier «\u00a0{file}\u00a0» manque.", en=f"The file “{file}” is missing.")
        yield finding("picture-missing", path=path, line=picture.line, col=col, message=message)
    elif measure.problem:
        outside = measure.problem == "outside"
        message = Words(
            fr=f"L’image «\u00a0{file}\u00a0» {'est hors du dossier du numéro' if outside else 'ne peut pas être lue'}.",
            en=f"The picture “{file}” {'is outside the folder of the issue' if outside else 'cannot be read'}.",
        )
        yield finding("picture-unreadable", path=path, line=picture.line, col=col, message=message)
    elif 0 < measure.width < LEAST_WIDTH_PX and (story is None or story.kind != "sponsor"):
        message = Words(
            fr=f"«\u00a0{file}\u00a0» n’a que {measure.width}\u00a0pixels de large.", en=f"“{file}” is only {measure.width} pixels wide."
        )
        yield finding("picture-small", path=path, line=picture.line, col=col, message=message)
