"""SPF as a receiver reads it (RFC 7208 §4.6, §5): what a record says of an address, and what its whole tree costs."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from composer.check.doctor.spf_macro import Sending, UnknownMacroError, expand, has_macro
from composer.check.doctor.spf_record import ASKING, SpfRecord, Term, Wrong, is_spf, network_of, read_spf
from composer.model.lookup import Answer, Ask
from composer.text.networks import is_address

MOST_LOOKUPS = 10  # §4.6.4
MOST_VOIDS = 2
_END = 60  # lookups after which a tree is not followed any further: it is hopeless
_DEPTH = 12
_MOST_NAMES = 10  # of one mx

Verdict = Literal["pass", "fail", "softfail", "neutral", "none", "permerror", "temperror", "unknown"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SIGNS: dict[str, Verdict] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class Fault(StrEnum):
    """What a walk stumbles over."""

    VOID = "void"
    ABSENT = "absent"  # an include or redirect that leads to no record
    SEVERAL = "several"  # … to more than one
    LOOP = "loop"
    POINTER = "pointer"
    WRONG = "wrong"  # a term that cannot be read
    UNKNOWN = "unknown"  # a macro that cannot be filled in from here
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One fault, with its place."""

    fault: Fault
    domain: str  # whose record holds the term
    term: Term
    top: str  # the term of the record itself that leads there
    target: str = ""  # the name that was asked


@dataclass(slots=True, kw_only=True)
class Survey:
    """What walking through a whole tree showed; ``networks``, ``costs`` and ``fixed`` are by the record's own terms."""

    lookups: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # whose records were read
    networks: dict[str, list[str]] = field(default_factory=dict)  # what a term lets in, as ip4 and ip6 terms
    costs: dict[str, int] = field(default_factory=dict)  # its lookups
    fixed: dict[str, bool] = field(default_factory=dict)  # whether ``networks`` is all that it lets in

    def of(self, *faults: Fault) -> list[Trouble]:
        """The troubles of these kinds, in the order of the walk."""
        return [trouble for trouble in self.troubles if trouble.fault in faults]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a walk stands."""

    domain: str
    path: tuple[str, ...]  # the records it is inside of
    top: str


class Walker:
    """Reads one domain's tree through ``ask``."""

    def __init__(self, ask: Ask, sending: Sending | None) -> None:
        self._ask = ask
        self._sending = sending

    # -- the whole tree -------------------------------------------------------------------------------------------------------------------

    def survey(self, domain: str, record: SpfRecord) -> Survey:
        """What every branch costs and where it ends, whether or not a receiver would come that far."""
        seen = Survey(names={domain})
        for term in looked_at(record):
            before = seen.lookups
            seen.networks[term.text], seen.fixed[term.text] = [], True
            self._look(seen, _Place(domain=domain, path=(domain,), top=term.text), term)
            seen.costs[term.text] = seen.lookups - before
        return seen

    def _look(self, seen: Survey, place: _Place, term: Term) -> None:
        if term.wrong:
            self._note(seen, Fault.WRONG, place, term)
        elif term.name in {"ip4", "ip6"}:
            seen.networks[place.top].append(f"{term.name}:{term.spec}")
        if term.wrong or term.name not in ASKING or seen.lookups >= _END:
            return
        seen.lookups += 1
        target = self._target(term, place.domain)
        if term.name in {"ptr", "exists"} or has_macro(term.spec):
            seen.fixed[place.top] = False
        if term.name == "ptr":
            self._note(seen, Fault.POINTER, place, term)
        elif target is None:
            self._note(seen, Fault.UNKNOWN, place, term)
        elif term.name in {"include", "redirect"}:
            self._enter(seen, place, term, target)
        else:
            self._hosts(seen, place, term, target)

    @staticmethod
    def _note(seen: Survey, fault: Fault, place: _Place, term: Term, target: str = "") -> None:
        seen.troubles.append(Trouble(fault=fault, domain=place.domain, term=term, top=place.top, target=target))

    def _enter(self, seen: Survey, place: _Place, term: Term, target: str) -> None:
        if target in place.path or len(place.path) > _DEPTH:
            self._note(seen, Fault.LOOP, place, term, target)
            return
        answer = self._ask(target, "TXT")
        texts = [text for text in answer.values if is_spf(text)]
        if answer.is_sure and len(texts) == 1:
            seen.names.add(target)
            for inner in looked_at(read_spf(texts[0])):
                self._look_inside(seen, _Place(domain=target, path=(*place.path, target), top=place.top), inner)
            return
        if not answer.is_sure:
            seen.fixed[place.top] = False
        self._note(seen, _no_record(answer, texts), place, term, target)
        if answer.is_void:
            self._note(seen, Fault.VOID, place, term, target)

    def _look_inside(self, seen: Survey, place: _Place, inner: Term) -> None:
        if inner.name == "all" and not inner.wrong:
            seen.fixed[place.top] = seen.fixed[place.top] and inner.sign != "+"  # a +all lets in what no list of networks can name
            return
        if inner.sign != "+":  # an exception from what follows: a list of networks cannot say it
            seen.fixed[place.top] = False
        self._look(seen, place, inner)

    def _hosts(self, seen: Survey, place: _Place, term: Term, target: str) -> None:
        """What a, mx and exists find; a name without an answer is void once, whichever kind of address was asked (§4.6.4)."""
        asked: list[Answer] = []
        names = [target]
        if term.name == "mx":
            asked.append(self._ask(target, "MX"))
            names = [name for _, name in read_mx(asked[0])]
        kinds = ("A",) if term.name == "exists" else ("A", "AAAA")
        asked += [self._ask(name, kind) for name in names[:_MOST_NAMES] for kind in kinds]
        found = [value for answer in asked if answer.kind != "MX" for value in answer.values]
        if unsure := next((answer for answer in asked if not answer.is_sure), None):
            seen.fixed[place.top] = False
            self._note(seen, Fault.UNANSWERED, place, term, unsure.name)
        elif not found:
            self._note(seen, Fault.VOID, place, term, target)
        if term.name != "exists":
            seen.networks[place.top] += [_as_term(value, term) for value in found if is_address(value)]

    # -- one address ----------------------------------------------------------------------------------------------------------------------

    def verdict(self, domain: str, record: SpfRecord) -> Verdict:
        """What a receiver makes of the sending, limits apart: those are the survey's matter."""
        return self._check(domain, record, (domain,), [0])

    def _check(self, domain: str, record: SpfRecord, path: tuple[str, ...], steps: list[int]) -> Verdict:
        if any(term.wrong for term in record.terms):
            return "permerror"
        for term in looked_at(record):
            steps[0] += term.name in ASKING
            if steps[0] > _END or len(path) > _DEPTH:
                return "permerror"
            if term.is_modifier:
                return self._redirected(domain, term, path, steps) if term.name == "redirect" else "neutral"
            matched = self._matches(domain, term, path, steps)
            if isinstance(matched, str):
                return matched
            if matched:
                return _SIGNS[term.sign]
        return "neutral"

    def _redirected(self, domain: str, term: Term, path: tuple[str, ...], steps: list[int]) -> Verdict:
        verdict = self._inner(domain, term, path, steps)
        return "permerror" if verdict == "none" else verdict

    def _inner(self, domain: str, term: Term, path: tuple[str, ...], steps: list[int]) -> Verdict:
        target = self._target(term, domain)
        if target is None:
            return "unknown"
        if target in path:
            return "permerror"
        answer = self._ask(target, "TXT")
        texts = [text for text in answer.values if is_spf(text)]
        if not answer.is_sure:
            return "temperror"
        if len(texts) != 1:
            return "permerror" if texts else "none"
        return self._check(target, read_spf(texts[0]), (*path, target), steps)

    def _matches(self, domain: str, term: Term, path: tuple[str, ...], steps: list[int]) -> bool | Verdict:
        assert self._sending is not None  # noqa: S101 - asked only for a sending
        address = ipaddress.ip_address(self._sending.address)
        if term.name == "all":
            return True
        if term.name in {"ip4", "ip6"}:
            network = network_of(term)
            return network is not None and address in network
        if term.name == "ptr":
            return self._points(domain, term, address)
        if term.name == "include":
            verdict = self._inner(domain, term, path, steps)
            if verdict == "none":
                return "permerror"
            return verdict if verdict in {"permerror", "temperror", "unknown"} else verdict == "pass"
        return self._has(domain, term, address)

    def _has(self, domain: str, term: Term, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool | Verdict:
        """a, mx and exists."""
        target = self._target(term, domain)
        if target is None:
            return "unknown"
        if term.name == "exists":
            answer = self._ask(target, "A")
            return bool(answer.values) if answer.is_sure else "temperror"
        names = [target]
        if term.name == "mx":
            answer = self._ask(target, "MX")
            if not answer.is_sure:
                return "temperror"
            names = [name for _, name in read_mx(answer)]
        kind, prefix = ("A", term.four) if address.version == 4 else ("AAAA", term.six)
        answers = [self._ask(name, kind) for name in names[:_MOST_NAMES]]
        hosts = [value for one in answers for value in one.values if is_address(value)]
        if any(address in ipaddress.ip_network(f"{host}/{prefix}", strict=False) for host in hosts):
            return True
        return False if all(one.is_sure for one in answers) else "temperror"

    def _points(self, domain: str, term: Term, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        """§5.5: a reverse name under the target that leads back to the address."""
        target = self._target(term, domain)
        names = [name.rstrip(".").lower() for name in self._ask(address.reverse_pointer, "PTR").values[:_MOST_NAMES]]
        own = [name for name in names if target and (name == target or name.endswith(f".{target}"))]
        kind = "A" if address.version == 4 else "AAAA"
        return any(str(address) in self._ask(name, kind).values for name in own)

    def _target(self, term: Term, domain: str) -> str | None:
        """The name that a term asks for; None when a macro of it cannot be filled in."""
        spec = term.spec or domain
        if not has_macro(spec):
            return spec.rstrip(".").lower()
        if self._sending is None:
            return None
        try:
            return expand(spec, domain, self._sending).lower()
        except UnknownMacroError:
            return None


def read_mx(answer: Answer) -> list[tuple[int, str]]:
    """Preference and name of each MX, in the order in which they are tried."""
    pairs = [value.split(" ", 1) for value in answer.values]
    return sorted((int(number), name.rstrip(".").lower()) for number, name in pairs if number.isdigit())


def looked_at(record: SpfRecord) -> Iterator[Term]:
    """The terms that count: up to ``all``, and ``redirect`` last, where there is no ``all`` (§6.1)."""
    for term in record.terms:
        if not term.is_modifier or term.wrong is not Wrong.NOTHING:
            yield term
        if term.name == "all" and not term.wrong:
            return
    if record.redirect:
        yield record.redirect


def _no_record(answer: Answer, texts: list[str]) -> Fault:
    if not answer.is_sure:
        return Fault.UNANSWERED
    return Fault.SEVERAL if texts else Fault.ABSENT


def _as_term(address: str, term: Term) -> str:
    host = ipaddress.ip_address(address)
    prefix = term.four if host.version == 4 else term.six
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    return f"ip{host.version}:{address if prefix == host.max_prefixlen else network}"
