"""The sender's domain as a whole, and the host of the public pages: whether their names lead anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from composer.check.doctor.addresses import address_record, is_reachable
from composer.check.doctor.codes import see
from composer.check.doctor.sight import Domain
from composer.check.doctor.standing import standing
from composer.check.doctor.unanswered import level_of, why
from composer.model.lookup import Answer, Ask, Found
from composer.model.observation import Observation, Record
from composer.text.networks import is_address
from composer.text.shown import shown, shown_name
from composer.words import Words

_PROBE = "hebdo-doctor-no-such-name"  # what answers under it, answers under any name


def judge_domain(domain: Domain, ask: Ask) -> list[Observation]:
    """Whether the domain is there and is itself; the other judges say nothing where it is not."""
    own = shown_name(domain.name)
    answers = [ask(domain.name, kind) for kind in ("TXT", "MX", "A")]
    first = next((answer for answer in answers if not answer.is_sure), answers[0])
    if first.found is Found.UNASKED:
        return [see("dns-silent")]
    if first.found is Found.SILENT or (first.found is Found.FAILED and first.said != "CNAME"):
        name = "domain-silent" if first.found is Found.SILENT else "domain-dnssec" if first.bogus else "domain-failing"
        said = why(first)
        return [see(name, Words(fr=f"{own} ({first.kind}) : {said.fr}.", en=f"{own} ({first.kind}): {said.en}."))]
    if alias := _alias(domain, answers[0], ask):
        return [alias]
    if all(answer.found is Found.NO_NAME for answer in answers):
        return [see("domain-absent", Words(fr=f"{own} n’existe pas (NXDOMAIN).", en=f"{own} does not exist (NXDOMAIN)."))]
    return [*_wildcard(domain, ask), see("domain-ok", Words(fr=f"{own} répond.", en=f"{own} answers."))]


def _alias(domain: Domain, answer: Answer, ask: Ask) -> Observation | None:
    """RFC 1034 §3.6.2: nothing may stand beside a CNAME, so that a domain with one has no MX or SPF of its own."""
    targets = ask(domain.name, "CNAME")
    if not targets.values:
        return None
    target = targets.values[0].rstrip(".")
    own, there = shown_name(domain.name), shown_name(target)
    places = tuple(
        Record(name=f"{domain.name}.", type=kind, value=value)
        for kind in ("A", "AAAA", "MX", "TXT")
        for value in ask(target, kind).values[:20]
    )
    saw = Words(fr=f"{own} est un CNAME vers {there}.", en=f"{own} is a CNAME to {there}.")
    if answer.found in {Found.NO_NAME, Found.FAILED}:
        saw = Words(fr=f"{own} est un CNAME vers {there}, qui n’existe pas.", en=f"{own} is a CNAME to {there}, which does not exist.")
    return see("domain-alias", saw, records=places, removes=standing(targets))


def _wildcard(domain: Domain, ask: Ask) -> Iterator[Observation]:
    for base in (domain.name, f"_domainkey.{domain.name}"):
        for kind in ("CNAME", "TXT"):
            answer = ask(f"{_PROBE}.{base}", kind)
            if answer.values and not answer.aliases:
                removes = tuple(
                    Record(name=f"*.{base}.", type=kind, value=record.value, strings=record.strings) for record in standing(answer)
                )
                listed = f"*.{shown_name(base)} {kind} « {shown(answer.values[0], 60)} »"
                yield see("domain-wildcard", Words(fr=f"Joker : {listed}.", en=f"Wildcard: {listed}."), removes=removes)
                break


def judge_host(host: str, own_addresses: tuple[str, ...], ask: Ask) -> list[Observation]:
    """The host of ``[site] public_url``; ``own_addresses`` are public ones of this machine, for the mend."""
    if not host:
        return [see("host-none")]
    if is_address(host):
        return [
            see("host-ok" if is_reachable(host) else "host-private", Words(fr=f"Pages publiques : {host}.", en=f"Public pages: {host}."))
        ]
    answers = [ask(host, kind) for kind in ("A", "AAAA")]
    shown_host = shown_name(host)
    failed = next((answer for answer in answers if not answer.is_sure), None)
    addresses = [value for answer in answers for value in answer.values]
    if failed and not addresses:
        return [_failed(failed, shown_host)]
    if not addresses:
        return [_no_address(host, answers[0], own_addresses, ask)]
    near = [address for address in addresses if not is_reachable(address)]
    if near:
        saw = Words(fr=f"{shown_host} mène à {', '.join(near[:4])}.", en=f"{shown_host} leads to {', '.join(near[:4])}.")
        removes = tuple(record for answer in answers for record in standing(answer, near))
        rest = [address for address in addresses if address not in near]
        return [see("host-private", saw, records=() if rest else _addresses(host, own_addresses), removes=removes)]
    saw = Words(fr=f"{shown_host} mène à {', '.join(addresses[:4])}.", en=f"{shown_host} leads to {', '.join(addresses[:4])}.")
    return [*_authorities(host, ask), see("host-ok", saw)]


def _failed(answer: Answer, host: str) -> Observation:
    said, level = why(answer), level_of(answer)
    name = "host-failing" if level == "error" else "host-unanswered"
    return see(name, Words(fr=f"{host} : {said.fr}.", en=f"{host}: {said.en}."), level=level)


def _no_address(host: str, answer: Answer, own_addresses: tuple[str, ...], ask: Ask) -> Observation:
    kind = "NXDOMAIN" if answer.found is Found.NO_NAME else "A, AAAA"
    saw = Words(fr=f"{shown_name(host)} n’a pas d’adresse ({kind}).", en=f"{shown_name(host)} has no address ({kind}).")
    removes: tuple[Record, ...] = ()
    if answer.aliases:
        end = shown_name(answer.aliases[-1])
        saw = Words(
            fr=f"{shown_name(host)} est un CNAME vers {end}, sans adresse.", en=f"{shown_name(host)} is a CNAME to {end}, without address."
        )
        removes = standing(ask(host, "CNAME"))
    return see("host-absent", saw, records=_addresses(host, own_addresses), removes=removes)


def _addresses(host: str, own_addresses: tuple[str, ...]) -> tuple[Record, ...]:
    return tuple(address_record(host, address) for address in own_addresses[:2])


def _authorities(host: str, ask: Ask) -> Iterator[Observation]:
    """RFC 8659 §3: the nearest CAA on the way up counts; ``issue ";"`` allows nobody."""
    labels = host.split(".")
    for name in (".".join(labels[start:]) for start in range(len(labels) - 1)):
        answer = ask(name, "CAA")
        if not answer.is_sure:
            return
        if not answer.values:
            continue
        issuers = [
            value.split(" ", 2)[2].strip('"').partition(";")[0].strip() for value in answer.values if value.split(" ")[1:2] == ["issue"]
        ]
        if issuers and not any(issuers):
            place = answer.aliases[-1] if answer.aliases else name
            removes = tuple(record for record in standing(answer) if record.value.split(" ")[1:2] == ["issue"])
            saw = Words(
                fr=f"CAA ({shown_name(name)}) : aucune autorité n’est permise.", en=f"CAA ({shown_name(name)}): no authority is allowed."
            )
            yield see(
                "caa-closed", saw, records=(Record(name=f"{place}.", type="CAA", value='0 issue "letsencrypt.org"'),), removes=removes
            )
        return
