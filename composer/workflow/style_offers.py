"""A paste that is written throughout in another style than the house's: what rendering will change, in plain words, and how to keep it."""

from __future__ import annotations

from dataclasses import replace

from composer.compose.importing import Imported
from composer.model.newsletter import Typography
from composer.text.counting import texts_of
from composer.text.style import measure_style
from composer.words import Words

_CHANGES = {
    ("straight", "guillemets"): Words(fr='les "guillemets droits" deviendront « … »', en='"straight quotation marks" will become « … »'),
    ("straight", "english"): Words(fr='les "guillemets droits" deviendront “…”', en='"straight quotation marks" will become “…”'),
    ("quotes", "guillemets"): Words(fr="les “guillemets anglais” deviendront « … »", en="“curly quotation marks” will become « … »"),
    ("quotes", "english"): Words(fr="les « guillemets » deviendront “…”", en="« guillemets » will become “…”"),
    ("colon", "space"): Words(
        fr="« mot: » deviendra « mot : », avec une espace devant les deux-points",
        en="“word:” will become “word :”, with a space before the colon",
    ),
    ("colon", "tight"): Words(
        fr="« mot : » deviendra « mot: », sans espace devant les deux-points",
        en="“word :” will become “word:”, without a space before the colon",
    ),
    ("high", "space"): Words(
        fr="« mot! » deviendra « mot ! », avec une espace devant ; ! et ?", en="“word!” will become “word !”, with a space before ; ! and ?"
    ),
}


def offer_keep(style: Typography, found: Imported) -> Imported:
    """``found`` with what rendering will change in it, and the key that keeps it; nothing is changed here."""
    texts = [text for story in found.stories for text in (story.headline_text, *texts_of(story.blocks))]
    keys = measure_style("\n".join(texts)).disagreements(style)
    offers = tuple(_offer(key, _CHANGES[key, getattr(style, key)]) for key in keys if (key, getattr(style, key)) in _CHANGES)
    return replace(found, warnings=(*found.warnings, *offers))


def _offer(key: str, change: Words) -> Words:
    return Words(
        fr=f'au rendu, {change.fr} ; pour garder ce qui est écrit : `{key} = "keep"` sous [typography] dans newsletter.toml',
        en=f'when rendering, {change.en}; to keep what is written: `{key} = "keep"` under [typography] in newsletter.toml',
    )
