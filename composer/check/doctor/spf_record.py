"""The grammar of SPF (RFC 7208 §4.5, §4.6, §12): one record's text → its terms."""

from __future__ import annotations

import difflib
import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

VERSION = "v=spf1"
MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})  # each costs one of ten lookups (§4.6.4)
_TERM = re.compile(r"(?P<sign>[+?~-]?)(?P<name>[A-Za-z][A-Za-z0-9._-]*)(?P<rest>[:/=].*)?", re.DOTALL)
_MACRO = r"%(?:\{[slodipvhcrtSLODIPVHCRT]\d*[rR]?[.+,/_=-]*\}|%|_|-)"
_LITERAL = r"[!-$&-~]"
_SPEC = re.compile(rf"(?:{_LITERAL}|{_MACRO})+")
_TOP = re.compile(r"(?:[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*|[A-Za-z0-9]+-[A-Za-z0-9-]*[A-Za-z0-9])\.?\Z")
_CIDR = re.compile(r"(?P<spec>.*?)(?:/(?P<four>0|[1-9]\d?))?(?://(?P<six>0|[1-9]\d{0,2}))?", re.DOTALL)
_WORDS = {"ipv4": "ip4", "ipv6": "ip6", "ip": "ip4", "includes": "include", "incl": "include", "ip-4": "ip4", "ip-6": "ip6"}


class Wrong(StrEnum):
    """What can be wrong with one term."""

    NOTHING = ""
    SYNTAX = "syntax"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word of a record."""

    text: str  # as written
    sign: str = "+"  # + pass, - fail, ~ softfail, ? neutral
    name: str = ""  # lower case; a modifier's too
    spec: str = ""  # domain, address or network; macros unexpanded
    four: int = 32  # prefix lengths of a and mx
    six: int = 128
    is_modifier: bool = False
    wrong: Wrong = Wrong.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecord:
    """A record."""

    text: str
    terms: tuple[Term, ...]

    @property
    def all_(self) -> Term | None:
        """The first ``all``; what follows it is never looked at (§5.1)."""
        return next((term for term in self.terms if term.name == "all" and not term.wrong), None)

    @property
    def redirect(self) -> Term | None:
        """The ``redirect``, which counts only without ``all`` (§6.1)."""
        return next((term for term in self.terms if term.name == "redirect" and term.is_modifier and not term.wrong), None)


def is_spf(text: str) -> bool:
    """Whether a TXT record is taken for SPF: the version alone or before a blank, in any case (§4.5)."""
    return text.lower() == VERSION or text.lower().startswith(VERSION + " ")


def looks_like_spf(text: str) -> bool:
    """Whether somebody meant SPF, though no receiver takes it for that."""
    return not is_spf(text) and re.match(r"[\"'“”«»\s]*v\s*=?\s*[\"']?spf\s*(?:1|(?!\d))", text[:60], re.IGNORECASE) is not None


def read_spf(text: str) -> SpfRecord:
    """The terms of ``text``, which begins with the version; terms that are none are kept and marked."""
    terms = [_read_term(word) for word in text[len(VERSION) :].split(" ") if word]
    seen: set[str] = set()
    for place, term in enumerate(terms):
        if term.is_modifier and term.name in {"redirect", "exp"}:
            if term.name in seen:  # §6: each at most once
                terms[place] = Term(text=term.text, name=term.name, wrong=Wrong.SYNTAX)
            seen.add(term.name)
    return SpfRecord(text=text, terms=tuple(terms))


def _read_term(word: str) -> Term:
    found = _TERM.fullmatch(word)
    if not found or not word.isascii():
        return Term(text=word, wrong=Wrong.SYNTAX)
    name, rest = found["name"].lower(), found["rest"] or ""
    if rest.startswith("=") and not found["sign"]:
        return _read_modifier(word, name, rest[1:])
    if name not in MECHANISMS:
        return Term(text=word, name=name, wrong=Wrong.UNKNOWN)
    return _read_mechanism(word, found["sign"] or "+", name, rest)


def _read_modifier(word: str, name: str, value: str) -> Term:
    """§6: unknown modifiers are ignored, those of the RFC need a domain."""
    broken = not _SPEC.fullmatch(value) if name in {"redirect", "exp"} or value else False
    if name in MECHANISMS:  # «ip4=…»: by the grammar a modifier that nobody knows, by what was meant a mechanism that does nothing
        return Term(text=word, name=name, spec=value, wrong=Wrong.SYNTAX)
    return Term(text=word, name=name, spec=value, is_modifier=True, wrong=Wrong.SYNTAX if broken else Wrong.NOTHING)


def _read_mechanism(word: str, sign: str, name: str, rest: str) -> Term:
    spec, four, six = rest[1:], 32, 128
    if name == "all":
        good = not rest
    elif name in {"ip4", "ip6"}:
        good = rest[:1] == ":" and _network(name, spec) is not None
    elif name in {"include", "exists"}:
        good = rest[:1] == ":" and _is_domain(spec)
    elif name == "ptr":
        good = not rest or (rest[0] == ":" and _is_domain(spec))
    else:
        found = _CIDR.fullmatch(rest)
        own = found["spec"] if found else "?"
        four, six = (int(found["four"] or 32), int(found["six"] or 128)) if found else (32, 128)
        good = four <= 32 and six <= 128 and (not own or (own[0] == ":" and _is_domain(own[1:])))
        spec = own[1:]
    if not good:
        return Term(text=word, sign=sign, name=name, wrong=Wrong.SYNTAX)
    return Term(text=word, sign=sign, name=name, spec=spec, four=four, six=six)


def _network(name: str, text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        if "%" in text or re.search(r"/0\d", text):
            return None
        return ipaddress.IPv4Network(text, strict=False) if name == "ip4" else ipaddress.IPv6Network(text, strict=False)
    except ValueError:
        return None


def network_of(term: Term) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The network of an ip4 or ip6 term."""
    return _network(term.name, term.spec)


def _is_domain(text: str) -> bool:
    """§7.1: macros and printable signs, the end a macro or a top-level label."""
    if not _SPEC.fullmatch(text):
        return False
    if re.search(rf"{_MACRO}\Z", text):
        return True
    return "." in text.rstrip(".") and _TOP.search(text.rstrip(".").rpartition(".")[2]) is not None and not re.search(r"[:/\s]", text)


def mended_terms(text: str) -> list[str]:
    """The words of a record that somebody wrote carelessly, those that make no sense left out."""
    bare = re.sub(r"[\"'“”«»\\]+", " ", text)
    bare = re.sub(r"^\s*v\s*=?\s*spf\s*1?", " ", bare, flags=re.IGNORECASE)
    bare = re.sub(r"[,;]", " ", bare)
    bare = re.sub(r"(?<=[:=])\s+(?=\S)|\s+(?=:)", "", bare)  # «include: _spf.exemple.fr»
    words = [word for start in bare.split() for word in [_mended(start)] if word]
    return list(dict.fromkeys(words))


def _mended(word: str) -> str:
    """``word`` as it was meant; "" when nobody can tell."""
    term = _read_term(word)
    if not term.wrong:
        return _plain(term)
    found = re.fullmatch(r"([+?~-]?)([A-Za-z][A-Za-z0-9-]*)[:=]?(.*)", word.rstrip("."), re.DOTALL)
    if not found or (not found[3] and "." in word.rstrip(".")):
        return _bare(word)
    sign, name, rest = found[1], found[2].lower(), found[3].strip()
    if name.rstrip("-") == "all" and not sign:
        return f"{word[-1] if word[-1] in '-~?' else ''}all"  # «all-»
    name = _WORDS.get(name) or next(iter(difflib.get_close_matches(name, [*MECHANISMS, "redirect"], n=1, cutoff=0.7)), "")
    if name in {"ip4", "ip6", "a"} and (network := _any_network(rest)):
        return f"{sign}ip{network.version}:{_network_text(network)}"
    joined = f"{sign}{name}{'=' if name == 'redirect' else ':'}{rest}" if rest else f"{sign}{name}"
    return joined if name and not _read_term(joined).wrong else ""


def _bare(word: str) -> str:
    """An address that stands alone was meant as one."""
    network = _any_network(word.lstrip("+"))
    return f"ip{network.version}:{_network_text(network)}" if network else ""


def _any_network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _network_text(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def _plain(term: Term) -> str:
    """The term in its usual spelling: the name in lower case, no needless plus."""
    text = term.text.removeprefix("+") if not term.is_modifier else term.text
    lead = len(text) - len(text.lstrip("?~-"))
    return text[:lead] + text[lead : lead + len(term.name)].lower() + text[lead + len(term.name) :]
