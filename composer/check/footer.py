"""The foot of the finished mail: how one leaves, who sends, where the legal notice is; read by everybody, in HTML and in text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from selectolax.lexbor import LexborNode

from composer.check.measures import EditionMeasure
from composer.check.rules import finding
from composer.check.seen.flow import bare, flow_of_text
from composer.check.seen.sight import Pane, Sight
from composer.model.findings import Finding
from composer.model.newsletter import Newsletter
from composer.text.addresses import legal_url
from composer.words import Words

_Places = Callable[[Pane], Sequence[Sequence[LexborNode]]]


def check_footer(newsletter: Newsletter, edition: EditionMeasure, sight: Sight) -> Iterator[Finding]:
    """What every mail must say below its stories, and say so that it can be read."""
    token = f"{edition.field_prefix}-unsubscribe-url-"
    yield from _seen("unsubscribe-missing", _LEAVE, sight, lambda pane: _links(pane, lambda address: token in address))
    if token not in edition.text:
        yield _absent_in_text("unsubscribe-missing", _LEAVE)
    legal = legal_url(newsletter.site.public_url)
    if legal:
        yield from _seen("legal-link-missing", _LEGAL, sight, lambda pane: _links(pane, lambda address: address.startswith(legal)))
        if legal not in edition.text:
            yield _absent_in_text("legal-link-missing", _LEGAL)
    name = newsletter.publisher.name if bare(newsletter.publisher.name) else newsletter.name
    if bare(name):
        told = Words(fr=f"Le nom «\u00a0{name}\u00a0»", en=f"The name “{name}”")
        yield from _seen("sender-unnamed", told, sight, lambda pane: pane.nodes(pane.flow.find(name)))
        if not any(flow_of_text(edition.text, edition.field_prefix).find(name)):
            yield _absent_in_text("sender-unnamed", told)


def _links(pane: Pane, leads: Callable[[str], bool]) -> list[list[LexborNode]]:
    """The words of every link that leads there."""
    found = [node for node in pane.page.tree.css("a[href]") if leads(node.attributes.get("href") or "")]
    return [words for node in found if (words := _words_in(node))]


def _words_in(node: LexborNode) -> list[LexborNode]:
    texts = [part for part in node.traverse(include_text=True) if part.is_text_node and bare(part.text_content or "")]
    return [part.parent for part in texts if part.parent is not None]


def _seen(rule: str, what: Words, sight: Sight, places: _Places) -> Iterator[Finding]:
    faults = [fault for fault in sight.faults(places) if not fault.turned]
    if not faults:
        return
    if all(fault.absent for fault in faults):
        yield finding(rule, message=Words(fr=f"{what.fr} est absent de la maquette.", en=f"{what.en} is absent from the edition."))
        return
    first = next(fault for fault in faults if not fault.absent)
    yield finding(
        rule,
        message=Words(
            fr=f"{what.fr} ne se lit pas\u00a0: {first.why.fr} ({first.view.name.fr}).",
            en=f"{what.en} cannot be read: {first.why.en} ({first.view.name.en}).",
        ),
    )


def _absent_in_text(rule: str, what: Words) -> Finding:
    return finding(rule, message=Words(fr=f"{what.fr} est absent du texte brut.", en=f"{what.en} is absent from the plain text."))


_LEAVE = Words(fr="Le lien de désinscription", en="The unsubscribe link")
_LEGAL = Words(fr="Le lien vers les mentions légales", en="The link to the legal notice")
