"""The labels of an issue's raw text: «Et aussi», sponsor, further reading, credits, in all the ways people type them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from composer.compose.emoji import split_emoji
from composer.model.newsletter import Labels

LabelKind = Literal["also", "also_heading", "lead", "sponsor", "end", "more", "credits", "sources", "faq"]
MAX_LABEL = 60  # characters of a label that fills its line
_MAX_NAME_WORDS, _MAX_NAME = 8, 60
_SMALL_WORD = 3  # letters: «du», «et», «les»

_DASH = "[-–—−‒―\u2010\u2011]"
_THIS = r"(?: (?:de la semaine|du jour|du mois|de ce num[ée]ro|de l['’][ée]dition|of the week|of the day))?"
_SPONSOR = re.compile(
    rf"(?:(?:un |le |a |the )?(?:message|mot|word|communication)s? (?:de |du |d['’]|from )?)?(?:notre |nos |le |les |l['’]|du |our |the |today['’]s )?"
    rf"(?:partenaires?|sponsors?|annonceurs?|partners?|advertisers?|publicit[ée]s?|pub|annonces?|advertisement|advertorial|ad|"
    rf"publi-?r[ée]dactionnel|publi-?reportage|infomercial|"
    rf"(?:contenu|article|message|post|espace|offre|lien|contenus|offres|rubrique)s? (?:partenaire|sponsor|sponsoris[ée]e?|publicitaire|commercial)s?|"
    rf"sponsoris[ée]e?|sponsored(?: content| post| message| by)?|paid (?:content|post|partnership)|promoted|promotion partenaire){_THIS}",
    re.IGNORECASE,
)
_SPONSOR_ENDS = re.compile(
    rf"(?:ici )?(?:la )?(?:fin|end)\b(?: (?:de|du|des|d['’]|of))?\s?(?:(?:la|le|les|l['’]|ce|cette|notre|cet|the|this|our)\s?)?"
    rf"(?:{_SPONSOR.pattern}|partenariat|parrainage|(?:encart|bloc|insertion|s[ée]quence|communiqu[ée])(?: (?:partenaire|sponsoris[ée]e?|publicitaire|commercial)e?)?)"
    rf"(?: (?:de|avec|par|with|by|from) \S.{{0,40}})?",
    re.IGNORECASE,
)
_SPONSOR_CLOSED = re.compile(r"\W*[\[<({]\s*/\s*(?P<word>[^\[\]<>(){}/]+?)\s*[\]>)}]\W*|/\s*(?P<bare>\w[\w -]*)")
_SPONSOR_NAMED = re.compile(
    r"(?:(?:ce num[ée]ro|cette (?:[ée]dition|newsletter|lettre|infolettre)|this (?:issue|newsletter)) (?:vous )?(?:est|is) )?"
    r"(?:(?:contenu |article |num[ée]ro |[ée]dition )?(?:sponsoris[ée]e?|propos[ée]e?|pr[ée]sent[ée]e?|offerte?|parrain[ée]e?) par|"
    r"en partenariat (?:avec|commercial avec)|avec le soutien de|"
    r"(?:sponsored|presented|brought to you|powered) by|in partnership with|un message de|a message from|un mot de)\s+(?P<name>\S.*)",
    re.IGNORECASE,
)
_SPONSOR_COLON = re.compile(
    rf"\[?(?P<word>partenaires?|sponsors?|sponsoris[ée]e?|annonceurs?|publicit[ée]s?|pub|annonces?|partners?|sponsored|contenu (?:partenaire|sponsoris[ée])|"
    rf"publi-?r[ée]dactionnel|advertisement)\s*(?:\]|:|\s{_DASH}\s|\|)\s*(?P<rest>\S.*)",
    re.IGNORECASE,
)
_AMBIGUOUS = re.compile(r"\W*(?:publicit|pub\b|annonce)", re.IGNORECASE)
_MORE = re.compile(
    r"(?:pour )?aller plus loin|pour en savoir (?:plus|davantage)|pour approfondir|(?:[àa] )?(?:re)?lire (?:aussi|[ée]galement|ailleurs)|[àa] (?:re)?lire|"
    r"(?:[àa] )?voir (?:aussi|[ée]galement)|further reading|(?:to )?(?:go|going|dig|digging) (?:further|deeper)|read (?:also|more)|also read|see also|"
    r"related(?: articles| reading| stories)?|more on this|"
    r"(?:sur le|dans le) m[êe]me (?:sujet|th[èe]me)|(?:nos |les )?(?:autres )?articles (?:li[ée]s|similaires|connexes|associ[ée]s)|on the same (?:subject|topic)",
    re.IGNORECASE,
)
_RELATED = re.compile(r"m[êe]me|li[ée]s|similaires|connexes|associ|related|same|(?:re)?lire|voir|read|see|more on", re.IGNORECASE)
_ALSO = re.compile(
    rf"(?:et aussi|aussi|[ée]galement|et [ée]galement|au sommaire|au menu|(?:and )?also)"
    rf"(?: (?:dans ce num[ée]ro|dans cette [ée]dition|cette semaine|au sommaire|aujourd['’]hui|in this issue|this week|today))?"
    rf"\s*(?P<sep>:|\s{_DASH}(?=\s)|$)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE_ISSUE = re.compile(r"\W*(?:au sommaire|au menu)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:[àa] )?la une(?: (?:de la semaine|du jour|du mois|cette semaine))?|le gros titre|(?:notre |le )?(?:grand )?dossier de la semaine|"
    r"l['’](?:article|enqu[êe]te|histoire|info|actualit[ée]|actu) (?:[àa] la une|principale?|de la semaine|du jour|du mois)|"
    r"(?:le |notre )?sujet (?:principal|[àa] la une|de la semaine|du jour|du mois)|la grande histoire|(?:notre |the )?(?:lead|top|cover) story",
    re.IGNORECASE,
)
_KIND_OF_PICTURE = r"(?:photos?|images?|illustrations?|photographies?|photographiques?|visuels?|iconographiques?)"
_CREDITS = re.compile(
    rf"(?P<word>cr[ée]dits? (?:des )?{_KIND_OF_PICTURE}(?:(?: et |/| & ){_KIND_OF_PICTURE})?|(?:photo|image|picture|illustration)s? credits?|"
    rf"credits?(?: for)? (?:photos?|images?|pictures?)|copyright {_KIND_OF_PICTURE}|cr[ée]dits?|credits?)"
    rf"\s*(?P<sep>:|\s{_DASH}(?=\s)|$)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SOURCES = re.compile(r"(?:les |nos )?(?:sources?|r[ée]f[ée]rences|bibliographie|references|notes et r[ée]f[ée]rences)", re.IGNORECASE)
_FAQ = re.compile(
    r"(?:la )?(?:faq|f\.a\.q\.?|foire aux questions|questions (?:fr[ée]quentes|r[ée]ponses)|vos questions|frequently asked questions)",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_MARKS = "*_#>([ "  # what may stand before a label that brings its text


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A line that is a label, with what stands on the line after it."""

    kind: LabelKind
    rest: str = ""  # teasers, credits, the advertiser
    headline: str = ""  # a sponsor's headline that stands on the label's own line
    bare: bool = False  # «Et aussi» without a colon: a label only above a list or a headline
    whole: bool = False  # «Au sommaire»: of all stories, not only of the secondary ones
    related: bool = False  # «Sur le même sujet» and the like, as articles close: no sign of an issue
    doubtful: bool = False  # the word may as well open a headline


def read_label(text: str, labels: Labels, *, before_body: bool, heading: bool = False) -> Label | None:
    """The label that ``text`` is, or None.

    ``before_body``: a much longer line follows, as after a headline. ``heading``: its author made it a heading.
    """
    if len(text) > 400 and not _CREDITS.match(_undecorated(text)) and not _ALSO.match(_undecorated(text)):
        return None
    # A label that ends in a full stop is the last word of a sentence.
    core = _EDGES.sub("", text) if len(text) <= 200 and not text.rstrip().endswith((".", ",", ";")) else ""
    if core and len(core) <= MAX_LABEL:
        whole = Label(kind="end") if _ends_sponsor(text, core, labels) else _whole_line(core, labels)
        if whole:
            return whole
    return (
        _also(text, labels)
        or _credits(text, labels, before_body=before_body)
        or _sponsor(text, before_body=before_body, heading=heading)
        or _more_inline(text)
    )


def _whole_line(core: str, labels: Labels) -> Label | None:
    if _SPONSOR.fullmatch(core) or _same(core, labels.sponsor):
        return Label(kind="sponsor")
    if _MORE.fullmatch(core) or _same(core, labels.more):
        return Label(kind="more", related=not _same(core, labels.more) and bool(_RELATED.search(core)))
    if _SOURCES.fullmatch(core):
        return Label(kind="sources")
    if _LEAD.fullmatch(core):
        return Label(kind="lead")
    if _FAQ.fullmatch(core):
        return Label(kind="faq")
    return None


def _ends_sponsor(text: str, core: str, labels: Labels) -> bool:
    """«Fin de la publicité», «— fin de l’annonce —», «[/PARTENAIRE]»."""
    closed = _SPONSOR_CLOSED.fullmatch(text.strip())
    word = (closed["word"] or closed["bare"]) if closed else re.sub(r"^fin (?:de |du |d['’])?|^end of ", "", core, flags=re.IGNORECASE)
    if closed:
        return bool(_SPONSOR.fullmatch(word)) or _same(word, labels.sponsor)
    return bool(_SPONSOR_ENDS.fullmatch(core)) or (word != core and _same(word, labels.sponsor))


def _also(text: str, labels: Labels) -> Label | None:
    found = _ALSO.match(_undecorated(text))
    if found and not (found["rest"] or found["sep"]):
        # «également» alone may be the last word of a paragraph that was wrapped.
        is_heading = " " in text.strip() and _undecorated(text)[:1].isupper()
        return Label(kind="also", bare=True) if is_heading else None
    if found:
        return Label(kind="also", rest=found["rest"].strip(), whole=bool(_WHOLE_ISSUE.match(text)))
    rest = _after_configured(text, labels.also)
    return Label(kind="also", rest=rest) if rest is not None else None


def _credits(text: str, labels: Labels, *, before_body: bool) -> Label | None:
    found = _CREDITS.match(_undecorated(text))
    if found and (found["sep"] or not found["rest"]):
        bare = re.fullmatch(r"cr[ée]dits?|credits?", found["word"], re.IGNORECASE)
        # «Crédit : la banque relève ses taux» is a headline when text follows.
        if not (bare and (before_body or not found["sep"])):
            return Label(kind="credits", rest=found["rest"].strip())
    rest = _after_configured(text, labels.credits)
    return Label(kind="credits", rest=rest) if rest is not None else None


def _sponsor(text: str, *, before_body: bool, heading: bool) -> Label | None:
    if len(text) > 200:
        return None
    bare = text.strip("[]()*_—–-. \t")
    named = _SPONSOR_NAMED.fullmatch(bare)
    if named and _is_name(named["name"], any_case=True):
        return Label(kind="sponsor", rest=named["name"].strip(" :"))
    found = _SPONSOR_COLON.match(text.strip("()*_ \t"))
    if not found:
        return None
    rest = found["rest"].strip("[]()*_ ")
    bracketed = text.lstrip("*_ ").startswith("[")
    if before_body and _AMBIGUOUS.match(found["word"]) and not bracketed:
        return None
    proper = _is_proper_name(rest)
    if _is_name(rest) and (proper or heading or not before_body):
        unsure = before_body and not proper and not bracketed
        return Label(kind="sponsor", rest=rest, doubtful=unsure or bool(_AMBIGUOUS.match(found["word"])))
    return Label(kind="sponsor", headline=rest, doubtful=not bracketed)


def _more_inline(text: str) -> Label | None:
    """«À lire aussi : un titre»."""
    head, colon, rest = text.partition(":")
    if colon and rest.strip() and len(head) <= MAX_LABEL and _MORE.fullmatch(head.strip(" \u00a0*_")):
        return Label(kind="more", rest=rest.strip(), related=bool(_RELATED.search(head)))
    return None


def opens_like_sponsor(text: str) -> bool:
    """Whether a headline begins with a sponsor's word, «Publicité : …»: worth a second look."""
    return len(text) <= 200 and bool(_SPONSOR_COLON.match(text.strip("()*_ \t")))


def fold(text: str) -> str:
    """For comparing: no accents, no case, one kind of apostrophe and blank."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().replace("’", "'").split())


def split_dashes(text: str) -> tuple[str, ...]:
    """The parts between spaced dashes (or bullets, or bars); dashes inside words stay."""
    return tuple(part.strip() for part in re.split(rf"\s+(?:{_DASH}+|[•·|])\s+", text.strip()) if part.strip())


def _undecorated(text: str) -> str:
    """«📸 Crédits photo : …» without the marks and the emoji that it opens with."""
    return split_emoji(text.lstrip(_MARKS))[1].lstrip(_MARKS)


def _same(core: str, configured: str) -> bool:
    wanted = _folded(configured)
    return bool(wanted) and abs(len(core) - len(wanted)) < 12 and fold(core) == wanted


@lru_cache(maxsize=64)
def _folded(configured: str) -> str:
    return fold(_EDGES.sub("", configured))


def _after_configured(text: str, configured: str) -> str | None:
    """What follows a label that newsletter.toml spells in its own way."""
    head, colon, rest = text.partition(":")
    if colon and len(head) <= MAX_LABEL and _same(_EDGES.sub("", head), configured):
        return rest.strip()
    return None


def _is_proper_name(text: str) -> bool:
    """«Les Cafés du Port», «EDF»: every word but the small ones has a capital."""
    words = [word for word in re.split(r"[\s’'-]+", text) if len(word) > _SMALL_WORD]
    return _is_name(text) and text[:1].isupper() and all(not word[:1].islower() for word in words)


def _is_name(text: str, *, any_case: bool = False) -> bool:
    words = text.split()
    named = (
        len(text) <= _MAX_NAME and 0 < len(words) <= _MAX_NAME_WORDS and not text.rstrip('»”" ').endswith((".", "!", "?", "…", ";", ","))
    )
    return named and (any_case or text.lstrip('«“" ')[:1].isupper() or text[:1].isdigit() or "." in text)
