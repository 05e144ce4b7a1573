"""Drawings: the pictures and text boxes in them, and what is neither, told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from composer.compose.importing.word.package import Relation
from composer.compose.importing.word.values import CLOSE, OPEN, Shown, Told, quoted
from composer.compose.importing.word.xml import every, local, q

_FOREIGN = {
    "chart": ("un graphique", "a chart"),
    "diagram": ("un diagramme SmartArt", "a SmartArt diagram"),
    "ink": ("un dessin à l’encre", "an ink drawing"),
}
# Word writes these under a description that it made up itself.
_MADE_UP = re.compile(
    r"\s*(?:Description générée automatiquement|Description automatically generated|Le contenu généré par l[’']IA peut être incorrect\.?"
    r"|AI-generated content may be incorrect\.?)[^\n]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a drawing shows."""

    marks: tuple[str, ...] = ()  # one for each picture: its place in ``Graphics.shown``, carried past mammoth
    boxes: tuple[Element, ...] = ()  # what text boxes hold


class Graphics:
    """Reads the drawings of a document in their order."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self.shown: list[Shown] = []

    def read(self, drawing: Element, relations: Mapping[str, Relation]) -> Found:
        """The pictures and boxes of a drawing, whichever of Word's two ways of writing it holds them."""
        if local(drawing) == "AlternateContent":
            for branch in (*drawing.findall(q("mc:Choice")), *drawing.findall(q("mc:Fallback"))):
                found = self._read(branch, relations)
                if found.marks or found.boxes:
                    return found
            self._tell_foreign(drawing)
            return Found()
        found = self._read(drawing, relations)
        if not found.marks and not found.boxes:
            self._tell_foreign(drawing)
        return found

    def _read(self, drawing: Element, relations: Mapping[str, Relation]) -> Found:
        boxes = tuple(_boxes(drawing))
        shown = list(self._pictures(drawing, relations))
        marks = []
        for one in shown:
            marks.append(f"{OPEN}i{len(self.shown)}{CLOSE}")
            self.shown.append(one)
        return Found(marks=tuple(marks), boxes=boxes)

    def _pictures(self, drawing: Element, relations: Mapping[str, Relation]) -> Iterator[Shown]:
        for frame in _frames(drawing):
            alt, link = _described(frame, relations)
            for one in _outside_boxes(frame):
                reference = _reference(one)
                if reference:
                    yield self._shown(
                        reference, relations, alt=alt or one.get("{urn:schemas-microsoft-com:office:office}title", ""), link=link
                    )
            self._tell_crop(frame, alt)

    def _shown(self, reference: str, relations: Mapping[str, Relation], *, alt: str, link: str) -> Shown:
        relation = relations.get(reference)
        alt = " ".join(_MADE_UP.sub("", alt).split())
        if relation is None or relation.outside:
            where = quoted(relation.target) if relation else "?"
            self._told.say(
                fr=f"image liée, absente du document, et non téléchargée : {where}",
                en=f"picture linked, not in the document, and not fetched: {where}",
            )
            return Shown(part="", alt=alt, link=link)
        return Shown(part=relation.target, alt=alt, link=link)

    def _tell_crop(self, frame: Element, alt: str) -> None:
        for crop in every(frame, "a:srcRect"):
            if any(crop.get(side, "0") not in {"0", ""} for side in ("l", "t", "r", "b")):
                said = f" ({quoted(alt)})" if alt else ""
                self._told.say(
                    fr=f"image recadrée dans Word{said} : l’original entier est repris, recadrez le fichier",
                    en=f"picture cropped in Word{said}: the whole original is taken over, crop the file",
                )

    def _tell_foreign(self, drawing: Element) -> None:
        marks = " ".join(one.tag + " " + one.get("uri", "") for one in drawing.iter())
        fr, en = next((words for sign, words in _FOREIGN.items() if f"/{sign}" in marks), ("", ""))
        if not fr and any(local(one) == "OLEObject" for one in drawing.iter()):
            fr, en = "un objet d’un autre programme", "an object of another program"
        if fr:
            self._told.say(fr=f"{fr} laissé de côté : fournissez-en une image", en=f"{en} left out: supply a picture of it")


def _frames(drawing: Element) -> list[Element]:
    """Each drawing by itself, with its own description."""
    framed = [one for one in drawing.iter() if one.tag in {q("wp:inline"), q("wp:anchor")}]
    return framed or [drawing]


def _described(frame: Element, relations: Mapping[str, Relation]) -> tuple[str, str]:
    """The description of a drawing and where it leads."""
    for one in (*every(frame, "wp:docPr"), *every(frame, "pic:cNvPr"), *every(frame, "v:shape")):
        alt = one.get("descr") or one.get("alt") or ""
        click = next(every(one, "a:hlinkClick"), None)
        relation = relations.get(click.get(q("r:id"), "")) if click is not None else None
        if alt or relation:
            return alt, relation.target if relation and relation.outside else ""
    return "", ""


def _reference(one: Element) -> str:
    if one.tag == q("a:blip"):
        return one.get(q("r:embed")) or one.get(q("r:link")) or ""
    return one.get(q("r:id"), "") if one.tag == q("v:imagedata") else ""


def _boxes(drawing: Element) -> Iterator[Element]:
    """The outermost contents of text boxes."""
    for one in drawing:
        if one.tag == q("w:txbxContent"):
            yield one
        else:
            yield from _boxes(one)


def _outside_boxes(frame: Element) -> Iterator[Element]:
    """All elements, those in text boxes apart: they are read with the box."""
    for one in frame:
        if one.tag != q("w:txbxContent"):
            yield one
            yield from _outside_boxes(one)
