"""The record that a domain should publish: what it says now, without what breaks it, with what is missing."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from composer.check.doctor.sight import Domain
from composer.check.doctor.spf_macro import Sending
from composer.check.doctor.spf_record import ASKING, VERSION, mended_terms, read_spf
from composer.check.doctor.spf_walk import MOST_LOOKUPS, Fault, Survey, Walker
from composer.model.lookup import Ask
from composer.model.observation import Record

LONGEST = 450  # bytes of one record: with name and header it then fits into 512 (RFC 7208 §3.4)
_SPREAD = 25  # terms of one further record
_DEAD = (Fault.ABSENT, Fault.LOOP, Fault.SEVERAL, Fault.VOID, Fault.POINTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What to publish."""

    text: str
    records: tuple[Record, ...]  # the first is the domain's own
    dropped: tuple[str, ...]  # terms of today that are left out or spelled out


def mend_spf(domain: Domain, texts: Sequence[str], ask: Ask) -> Mended:
    """One record from all ``texts``, which may be faulty or none: reads well, keeps the limits, lets ``domain.addresses`` send."""
    words = list(dict.fromkeys(word for text in texts for word in mended_terms(text)))
    end = _end(words)
    terms = [word for word in words if _name(word) not in {"all", "ptr", "redirect", "exp"}]
    terms, end = _without_bad_redirect(domain, terms, end, ask)
    terms = _without_dead(domain, terms, end, ask)
    terms = _with_senders(domain, terms, end, ask)
    terms = _within_limit(domain, terms, end, ask) or _guessed(domain, ask)
    records = _records(domain, _collapsed(terms) if len(_text(terms, end)) > LONGEST else terms, end)
    return Mended(text=records[0].value, records=records, dropped=tuple(word for word in words if word not in {*terms, end}))


def _end(words: Sequence[str]) -> str:
    """The strictest end that anybody wrote; ~all where nobody said who may not."""
    redirect = next((word for word in words if _name(word) == "redirect"), "")
    for end in ("-all", "~all"):
        if end in words:
            return end
    return redirect if redirect and not any(_name(word) == "all" for word in words) else "~all"


def _name(word: str) -> str:
    record = read_spf(f"{VERSION} {word}")
    return record.terms[0].name if record.terms else ""


def _text(terms: Sequence[str], end: str) -> str:
    return " ".join([VERSION, *terms, end])


def _survey(domain: Domain, terms: Sequence[str], end: str, ask: Ask) -> Survey:
    return Walker(ask, _sending(domain)).survey(domain.name, read_spf(_text(terms, end)))


def _sending(domain: Domain) -> Sending | None:
    return Sending(address=domain.addresses[0], sender=domain.sender) if domain.addresses else None


def _guessed(domain: Domain, ask: Ask) -> list[str]:
    """Where nobody says what mail leaves from: the relays, else the domain's own hosts."""
    known = [f"a:{relay}" for relay in domain.relays if any(ask(relay, kind).values for kind in ("A", "AAAA"))]
    return known or [name for name, kind in (("a", "A"), ("mx", "MX")) if ask(domain.name, kind).values] or ["mx"]


def _without_bad_redirect(domain: Domain, terms: list[str], end: str, ask: Ask) -> tuple[list[str], str]:
    """A redirect that fails or costs too much becomes an include, which can be spelled out."""
    if not end.startswith("redirect="):
        return terms, end
    survey = _survey(domain, terms, end, ask)
    bad = any(trouble.top == end for trouble in survey.of(*_DEAD, Fault.WRONG)) or survey.lookups > MOST_LOOKUPS
    return ([*terms, f"include:{end.partition('=')[2]}"], "~all") if bad else (terms, end)


def _without_dead(domain: Domain, terms: Sequence[str], end: str, ask: Ask) -> list[str]:
    """Terms that lead nowhere go; those that lead through something broken are spelled out."""
    survey = _survey(domain, terms, end, ask)
    direct = {trouble.top for trouble in survey.of(*_DEAD) if trouble.term.text == trouble.top and trouble.domain == domain.name}
    within = {trouble.top for trouble in survey.of(*_DEAD, Fault.WRONG)} - direct
    kept: list[str] = []
    for term in terms:
        if term in within:
            kept += survey.networks.get(term, [])
        elif term not in direct:
            kept.append(term)
    return list(dict.fromkeys(kept))


def _with_senders(domain: Domain, terms: Sequence[str], end: str, ask: Ask) -> list[str]:
    """What is needed for our own mail to pass, in front, so that nothing before it says no."""
    wanted = list(terms)
    names = _survey(domain, terms, end, ask).names
    missing = () if domain.addresses_told else domain.providers
    wanted[:0] = [f"include:{include}" for _, include in missing if include not in names]
    for address in reversed(domain.own_addresses):
        record = read_spf(_text(wanted, end))
        if Walker(ask, Sending(address=address, sender=domain.sender)).verdict(domain.name, record) != "pass":
            wanted.insert(0, _term_of(domain, address))
    return list(dict.fromkeys(wanted))


def _term_of(domain: Domain, address: str) -> str:
    """The address, or the network that it was given in."""
    host = ipaddress.ip_address(address)
    networks = [ipaddress.ip_network(written, strict=False) for written in domain.networks]
    whole = next((network for network in networks if host.version == network.version and host in network), None)
    return f"ip{host.version}:{whole or address}"


def _within_limit(domain: Domain, terms: Sequence[str], end: str, ask: Ask) -> list[str]:
    """While it costs too much: spell out the term that saves most for its length, own hosts first."""
    wanted = list(terms)
    survey = _survey(domain, wanted, end, ask)
    if survey.lookups > 3 * MOST_LOOKUPS:  # nobody's set-up, and endless to spell out
        return [term for term in wanted if _name(term) not in ASKING]
    while survey.lookups > MOST_LOOKUPS:
        known = [term for term in wanted if survey.fixed.get(term) and survey.costs.get(term) and _name(term) in {"a", "mx", "include"}]
        if not known:
            break
        cheapest = min(known, key=lambda term: len(survey.networks[term]) / survey.costs[term])
        place = wanted.index(cheapest)
        wanted[place : place + 1] = survey.networks[cheapest]
        wanted = list(dict.fromkeys(wanted))
        survey = _survey(domain, wanted, end, ask)
    return wanted


def _collapsed(terms: Sequence[str]) -> list[str]:
    """Networks that lie side by side as one."""
    plain = [term for term in terms if term.startswith(("ip4:", "ip6:"))]
    networks = [ipaddress.ip_network(term[4:], strict=False) for term in plain]
    four = ipaddress.collapse_addresses(one for one in networks if isinstance(one, ipaddress.IPv4Network))
    six = ipaddress.collapse_addresses(one for one in networks if isinstance(one, ipaddress.IPv6Network))
    written = [*(f"ip4:{_short(one)}" for one in four), *(f"ip6:{_short(one)}" for one in six)]
    return [*written, *(term for term in terms if term not in plain)]


def _short(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def _records(domain: Domain, terms: Sequence[str], end: str) -> tuple[Record, ...]:
    """One record, or as many as it takes, the first including the others."""
    text = _text(terms, end)
    if len(text) <= LONGEST:
        return (_record(domain.name, text),)
    plain = [term for term in terms if term.startswith(("ip4:", "ip6:"))]
    others = [term for term in terms if term not in plain]
    pieces = _parted(plain)
    names = [f"_spf{number}.{domain.name}" for number in range(1, len(pieces) + 1)]
    head = _record(domain.name, _text([*others, *(f"include:{name}" for name in names)], end))
    return (head, *(_record(name, _text(piece, "~all")) for name, piece in zip(names, pieces, strict=True)))


def _parted(terms: Sequence[str]) -> list[list[str]]:
    pieces: list[list[str]] = []
    for term in terms:
        if not pieces or len(pieces[-1]) >= _SPREAD or len(_text([*pieces[-1], term], "~all")) > LONGEST:
            pieces.append([])
        pieces[-1].append(term)
    return pieces


def _record(name: str, text: str) -> Record:
    return Record(name=f"{name}.", type="TXT", value=text)
