"""What readers see where a feature is not known, and what to do about it: by groups, the first that names a feature has it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from composer.model.findings import Level
from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What follows for readers, and the mend."""

    level: Level
    follows: Words  # goes on after «;»
    mend: Words


_LAYOUT = Consequence(
    level="warning",
    follows=Words(fr="ce qui était côte à côte s’y suit, ou se chevauche", en="what stood side by side follows there, or overlaps"),
    mend=Words(
        fr="Faites la mise en page avec des tableaux : mj-section et mj-column, largeur et padding sur les cellules.",
        en="Lay out with tables: mj-section and mj-column, width and padding on the cells.",
    ),
)
_VALUE = Consequence(
    level="warning",
    follows=Words(fr="la ligne y est ignorée, comme si elle n’était pas écrite", en="the line is ignored there, as if it were not written"),
    mend=Words(
        fr="Écrivez avant elle la même propriété avec une valeur simple : des px, un #rrggbb.",
        en="Write the same property before it with a plain value: px, #rrggbb.",
    ),
)
_ORNAMENT = Consequence(
    level="advice",
    follows=Words(fr="l’ornement n’y paraît pas, aucun mot ne se perd", en="the ornament is absent there, no word is lost"),
    mend=Words(
        fr="Gardez-le si la lettre est lisible sans lui : regardez-la dans l’aperçu.",
        en="Keep it if the letter reads well without it: look at it in the preview.",
    ),
)
_GROUND = Consequence(
    level="warning",
    follows=Words(
        fr="l’image de fond n’y paraît pas, le texte reste sur la couleur",
        en="the background picture is absent there, the text stays on the colour",
    ),
    mend=Words(
        fr="Donnez aussi une background-color sur laquelle le texte se lit.",
        en="Also give a background-color on which the text can be read.",
    ),
)
_FONT = Consequence(
    level="advice",
    follows=Words(fr="la police suivante de la liste y est prise", en="the next font of the list is taken there"),
    mend=Words(
        fr="Nommez derrière elle une police que tous ont : Georgia, Arial, serif, sans-serif.",
        en="Name a font behind it that everybody has: Georgia, Arial, serif, sans-serif.",
    ),
)
_MOVING = Consequence(
    level="warning",
    follows=Words(fr="cela n’y marche pas, ou y disparaît", en="it does not work there, or vanishes"),
    mend=Words(
        fr="Mettez à la place une image ou des mots avec un lien vers une page qui le fait.",
        en="Put a picture or words in its place, linked to a page that does it.",
    ),
)
_PICTURE = Consequence(
    level="warning",
    follows=Words(fr="l’image n’y paraît pas", en="the picture is absent there"),
    mend=Words(fr="Donnez-la en JPEG ou PNG, par un mj-image.", en="Give it as JPEG or PNG, by an mj-image."),
)
_RULES = Consequence(
    level="warning",
    follows=Words(fr="les règles écrites ainsi n’y sont pas suivies", en="rules written so are not followed there"),
    mend=Words(
        fr="Écrivez dans inline.css, avec un nom de classe, ce qui doit tenir partout : il va dans les attributs style.",
        en="Write what must hold everywhere into inline.css, under a class: it goes into style attributes.",
    ),
)
_FLOW = Consequence(
    level="advice",
    follows=Words(fr="les lignes s’y coupent ou s’y espacent autrement", en="lines break or are spaced in another way there"),
    mend=Words(
        fr="Vérifiez qu’aucun mot ne dépasse ni ne se cache sans elle, à 375 pixels.",
        en="Make sure that no word sticks out or hides without it, at 375 pixels.",
    ),
)
_CODE = Consequence(
    level="advice",
    follows=Words(
        fr="le code y garde ses mots, mais perd sa police ou ses retours à la ligne",
        en="the code keeps its words there, but loses its face or its breaks",
    ),
    mend=Words(
        fr="Gardez les lignes de code sous 60 signes, ou montrez le code en image.",
        en="Keep lines of code under 60 characters, or show the code as a picture.",
    ),
)
_GIF = Consequence(
    level="advice",
    follows=Words(fr="seule la première image de l’animation y paraît", en="only the first frame of the animation is shown there"),
    mend=Words(fr="Faites que la première image dise l’essentiel.", en="Let the first frame say the main thing."),
)
_HEARING = Consequence(
    level="advice",
    follows=Words(fr="ceux qui écoutent la lettre n’y ont pas ce repère", en="those who listen to the letter miss this mark there"),
    mend=Words(fr="Que les mots et les titres suffisent sans lui.", en="Let words and headings do without it."),
)

_GROUPS: tuple[tuple[str, Consequence], ...] = (
    (r"image-gif", _GIF),
    (r"html-(?:code|pre)", _CODE),
    (r"image-.*|html-(?:picture|srcset|svg|image-maps)|css-object-.*", _PICTURE),
    (r"css-background(?:-image)?|html-background", _GROUND),
    (
        (r"html-(?:audio|video|form|input-.*|button-.*|select|textarea|dialog|popover|meter|progress|object|marquee|required|base|anchor-links)"
        r"|css-(?:inert-attribute|pseudo-class-(?:checked|target|default)|resize)"),
        _MOVING,
    ),
    (r"css-(?:unit-.*|function-.*|variables|modern-color|rgba?|intrinsic-size|.*-gradient)", _VALUE),
    (
        (r"css-(?:display(?:-flex|-grid)?|flex-.*|justify-content|align-items|gap|grid-template|position|left-right-top-bottom|inset|float|clear"
        r"|column-.*|z-index|transform|aspect-ratio|box-sizing|(?:min-|max-)?(?:width|height|inline-size|block-size)|block-inline-size"
        r"|(?:margin|padding).*|table-layout|shape-.*|writing-mode|direction)|html-(?:width|height|align|valign|dir)"),
        _LAYOUT,
    ),
    (r"css-at-font-face|css-font(?!-size$).*|css-sytem-ui", _FONT),
    (r"css-pseudo-class-(?:hover|active|focus.*|visited|link)|css-(?:at-keyframes|at-media-hover)", _ORNAMENT),
    (r"css-(?:at-.*|selector-.*|pseudo-.*|nesting|important|comments|color-scheme)|html-(?:style|link|meta-color-scheme|doctype)", _RULES),
    (
        (r"css-(?:white-space.*|word-.*|overflow.*|hyph.*|text-(?:overflow|wrap|indent|justify|align.*|orientation)|letter-spacing|line-height"
        r"|tab-size|orphans|widows|font-size|vertical-align)|html-wbr"),
        _FLOW,
    ),
    (r"html-(?:aria-.*|role|lang|abbr|acronym|semantics|hidden|ruby|rt|rp|dfn|address)", _HEARING),
)  # fmt: skip
# Where a feature is known in part, this is the part that matters; of the others, what is lacking is not what a newsletter uses.
TOLD_IN_PART = frozenset({"image-gif"})


def consequence_of(name: str) -> Consequence:
    """What follows where the feature ``name`` is not known."""
    return next((found for pattern, found in _GROUPS if re.fullmatch(pattern, name)), _ORNAMENT)
