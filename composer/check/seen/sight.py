"""Whether a phrase of a mail can be read in every client: some place of it, in each view, with a size and a contrast to read it by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations

from selectolax.lexbor import LexborNode

from composer.check.seen.flow import Flow, Stretch, flow_of_html
from composer.check.seen.looks import Look, Looks
from composer.check.seen.page import Page
from composer.check.seen.surety import MOST_DOUBTS, Surety
from composer.check.seen.views import MAIL_VIEWS, View, more_views
from composer.words import Words

LEAST_PX, MOST_PX = 12.0, 48.0
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3; for large letters as well: here nobody shall have to look twice
LEAST_TURNED = 3.0  # in colours that nobody chose: inverted, grey


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why words cannot be read, and where."""

    why: Words
    view: View
    turned: bool = False  # only in colours that the mail did not choose
    absent: bool = False  # they are nowhere where they would have to be
    unsure: bool = False  # nothing hides them as far as is understood, and not all is


class Sight:
    """One mail in all its views; each is parsed when it is first asked for."""

    def __init__(self, html: str, field_prefix: str, views: Sequence[View] = MAIL_VIEWS) -> None:
        self._html, self._field_prefix, self._views = html, field_prefix, views

    @cached_property
    def panes(self) -> tuple[Pane, ...]:
        """A pane for each view, and for each further width from which the page's own rules make another."""
        shown: dict[tuple[bool, bool], Pane] = {}
        made = []
        for view in self._views:
            key = (view.outlook_web, view.word)
            if key not in shown:
                shown[key] = self._open(view)
            made.append(replace(shown[key], view=view))
        first = next((pane for pane in made if not pane.view.word and not pane.view.outlook_web), None)
        return (*made, *(replace(first, view=view) for view in more_views(first.page.conditions, self._views))) if first else tuple(made)

    def _open(self, view: View) -> Pane:
        page = Page(self._html, outlook_web=view.outlook_web, word=view.word)
        return Pane(page=page, flow=flow_of_html(page.tree, self._field_prefix), view=view, surety=Surety(page))

    def faults(self, places: Callable[[Pane], Iterable[Sequence[LexborNode]]], *, surely: bool = False) -> Iterator[Fault]:
        """For each view in which none of the ``places`` can be read, why the best of them cannot; ``surely``: or where that is not certain."""
        for pane in self.panes:
            found = [pane.judge(nodes, surely=surely) for nodes in places(pane)]
            faults = [fault for fault in found if fault]
            if len(faults) == len(found):
                yield max(faults, key=lambda fault: (fault.unsure, fault.turned), default=_absent(pane.view))

    def find_odd_beside(self) -> str:
        """What may cover words that ``faults`` was asked about, wherever it stands; "" where nothing may."""
        asked = {id(pane.page): pane.surety for pane in self.panes if not (pane.view.word or pane.view.outlook_web)}
        return next((odd for surety in asked.values() if (odd := surety.find_odd_beside())), "")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pane:
    """A mail in one view."""

    page: Page
    flow: Flow
    view: View
    surety: Surety
    looks: dict[tuple[View, frozenset[str] | None], Looks] = field(default_factory=dict)

    def judge(self, nodes: Sequence[LexborNode], *, surely: bool = False) -> Fault | None:
        """Why words in ``nodes`` cannot be read; None when they can, or, ``surely``, when they can whatever a client makes of the mail."""
        doubts = self._doubts(nodes) if surely else []
        if len(doubts) > MOST_DOUBTS:
            return self._unsure(doubts[0])
        if not surely:
            return self._judge(nodes, None)
        held = (frozenset(some) for count in range(len(doubts) + 1) for some in combinations(doubts, count))
        return next((fault for granted in held if (fault := self._judge(nodes, granted))), None) or self._doubtful(nodes)

    def _doubts(self, nodes: Sequence[LexborNode]) -> list[str]:
        grounds = self.surety.grounds(nodes) if self.view.sheets else []
        return list(dict.fromkeys(doubt for ground in grounds for doubt in ground.doubts))

    def _judge(self, nodes: Sequence[LexborNode], granted: frozenset[str] | None) -> Fault | None:
        looks = self._looks(nodes, granted)
        for reason in (_hidden, _small, _faint, _turned):
            if why := next((said for look in looks if (said := reason(look))), None):
                return Fault(why=why, view=_where(self.view, granted), turned=reason is _turned)
        return None

    def _doubtful(self, nodes: Sequence[LexborNode]) -> Fault | None:
        looks = self._looks(nodes, frozenset())
        odd = self.surety.find_odd_around(nodes)
        odd = odd or next((font for look in looks if (font := self.surety.find_odd_font(look.inherited.get("font-family", "")))), "")
        huge = next((f"font-size: {look.seen_px:g}px" for look in looks if look.seen_px > MOST_PX), "")
        return self._unsure(odd or huge) if odd or huge else None

    def _looks(self, nodes: Sequence[LexborNode], granted: frozenset[str] | None) -> list[Look]:
        # Where no rule is in doubt the mail looks the same whether doubts are granted or not, and is reckoned once.
        if not granted and not self.page.is_doubtful:
            granted = None
        key = (self.view, granted)
        if key not in self.looks:
            self.looks[key] = Looks(self.page, self.view, granted)
        return [self.looks[key].of(node) for node in nodes]

    def _unsure(self, odd: str) -> Fault:
        return Fault(why=Words(fr=f"`{odd}`", en=f"`{odd}`"), view=self.view, unsure=True)

    def nodes(self, stretches: Iterable[Stretch]) -> list[list[LexborNode]]:
        """The elements of each stretch."""
        return [self.flow.nodes(stretch) for stretch in stretches]


def _where(view: View, granted: frozenset[str] | None) -> View:
    """The view, and the condition under which it was looked at."""
    if not granted:
        return view
    shown = ", ".join(f"`{one}`" for one in sorted(granted))
    return replace(view, name=Words(fr=f"{view.name.fr}, là où {shown} s’applique", en=f"{view.name.en}, where {shown} applies"))


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
