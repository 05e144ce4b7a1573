"""Whether a phrase of a mail can be read in every client: some place of it, in each view, with a size and a contrast to read it by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborNode

from composer.check.seen.flow import Flow, Stretch, flow_of_html
from composer.check.seen.looks import Look, Looks
from composer.check.seen.page import Page
from composer.check.seen.views import MAIL_VIEWS, View
from composer.words import Words

LEAST_PX = 12.0
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3; for large letters as well: here nobody shall have to look twice
LEAST_TURNED = 3.0  # in colours that nobody chose: inverted, grey


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why words cannot be read, and where."""

    why: Words
    view: View
    turned: bool = False  # only in colours that the mail did not choose
    absent: bool = False  # they are nowhere where they would have to be


class Sight:
    """One mail in all its views; each is parsed when it is first asked for."""

    def __init__(self, html: str, field_prefix: str, views: Sequence[View] = MAIL_VIEWS) -> None:
        self._html, self._field_prefix, self._views = html, field_prefix, views

    @cached_property
    def panes(self) -> tuple[Pane, ...]:
        """A pane for each view."""
        pages: dict[tuple[bool, bool], tuple[Page, Flow]] = {}
        made = []
        for view in self._views:
            key = (view.outlook_web, view.word)
            if key not in pages:
                page = Page(self._html, outlook_web=view.outlook_web, word=view.word)
                pages[key] = (page, flow_of_html(page.tree, self._field_prefix))
            page, flow = pages[key]
            made.append(Pane(page=page, flow=flow, looks=Looks(page, view), view=view))
        return tuple(made)

    def faults(self, places: Callable[[Pane], Iterable[Sequence[LexborNode]]]) -> Iterator[Fault]:
        """For each view in which none of the ``places`` can be read, why the best of them cannot."""
        for pane in self.panes:
            found = [pane.judge(nodes) for nodes in places(pane)]
            faults = [fault for fault in found if fault]
            if len(faults) == len(found):
                yield max(faults, key=lambda fault: fault.turned, default=_absent(pane.view))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pane:
    """A mail in one view."""

    page: Page
    flow: Flow
    looks: Looks
    view: View

    def judge(self, nodes: Sequence[LexborNode]) -> Fault | None:
        """Why words in ``nodes`` cannot be read; None when they can."""
        looks = [self.looks.of(node) for node in nodes]
        for reason in (_hidden, _small, _faint, _turned):
            if why := next((said for look in looks if (said := reason(look))), None):
                return Fault(why=why, view=self.view, turned=reason is _turned)
        return None

    def nodes(self, stretches: Iterable[Stretch]) -> list[list[LexborNode]]:
        """The elements of each stretch."""
        return [self.flow.nodes(stretch) for stretch in stretches]


def _absent(view: View) -> Fault:
    return Fault(why=Words(fr="absent", en="absent"), view=view, absent=True)


def _hidden(look: Look) -> Words | None:
    said = look.hidden or look.garbled
    return Words(fr=f"`{said}`", en=f"`{said}`") if said else None


def _small(look: Look) -> Words | None:
    size = look.seen_px
    if size >= LEAST_PX - 0.01:
        return None
    return Words(fr=f"{size:.3g} px, il en faut {LEAST_PX:g}".replace(".", ","), en=f"{size:.3g} px, it takes {LEAST_PX:g}")


def _faint(look: Look) -> Words | None:
    ratio = look.least_contrast
    return None if ratio >= LEAST_CONTRAST else _ratio(look, ratio, LEAST_CONTRAST)


def _turned(look: Look) -> Words | None:
    grey, inverted = look.least_grey_contrast, look.least_inverted_contrast
    ratio, how = min((grey, _GREY), (inverted, _INVERTED), key=lambda pair: pair[0])
    if ratio >= LEAST_TURNED:
        return None
    told = _ratio(look, ratio, LEAST_TURNED)
    return Words(fr=f"{told.fr} {how.fr}", en=f"{told.en} {how.en}")


_GREY = Words(fr="en niveaux de gris", en="in shades of grey")
_INVERTED = Words(fr="une fois les couleurs inversées", en="once its colours are inverted")


def _ratio(look: Look, ratio: float, least: float) -> Words:
    ink, ground = look.fill or look.ink, min(look.grounds, key=lambda colour: colour.code, default=None)
    if ink is None or ground is None:
        return Words(fr="sa couleur ou son fond ne se calculent pas", en="its colour or its ground cannot be reckoned")
    shown = ink.faded(look.opacity).over(ground).code
    figure, wanted = f"{ratio:.1f}", f"{least:g}"
    return Words(
        fr=f"{shown} sur {ground.code}, {figure.replace('.', ',')}\u00a0: 1, il faut {wanted.replace('.', ',')}",
        en=f"{shown} on {ground.code}, {figure}:1, it takes {wanted}",
    )
