"""Where mail comes back to (MX, RFC 5321 §5.1): bounces to the sender’s domain, answers to that of Reply-To."""

from __future__ import annotations

import re
from collections.abc import Iterator

from composer.check.doctor.addresses import address_record, is_reachable
from composer.check.doctor.codes import see
from composer.check.doctor.organisation import organisation_of
from composer.check.doctor.sight import Domain
from composer.check.doctor.spf_walk import read_mx
from composer.check.doctor.standing import standing
from composer.check.doctor.unanswered import level_of, why
from composer.model.lookup import Answer, Ask
from composer.model.observation import Observation, Record
from composer.text.networks import is_address
from composer.text.shown import shown_name
from composer.words import Words

_MOST = 10
# RFC 6761, RFC 6762, RFC 8375: names that the world does not have.
_LOCAL = re.compile(r"(?:^|\.)(?:localhost|localdomain|local|lan|internal|home\.arpa)$")
HOSTS = ("mail", "mx", "mx1", "smtp", "imap")  # names that people give to the machine that takes their mail


def judge_mx(domain: Domain, ask: Ask) -> list[Observation]:
    """MX of the domains that bounces and replies come back to."""
    names = dict.fromkeys([domain.name, domain.reply_to.rpartition("@")[2].lower() or domain.name])
    return [one for name in names if ask(domain.name, "MX").is_sure or name != domain.name for one in _judge_one(domain, name, ask)]


def _judge_one(domain: Domain, name: str, ask: Ask) -> list[Observation]:
    answer = ask(name, "MX")
    own = shown_name(name)
    if not answer.is_sure:
        return [_unanswered(answer, own)]
    if not answer.values:
        return [_without_mx(domain, name, ask)]
    targets = read_mx(answer)
    if all(target == "" for _, target in targets):
        saw = Words(fr=f"{own} refuse tout courrier (MX « . »).", en=f"{own} refuses all mail (MX “.”).")
        return [see("mx-null", saw, records=_proposed(domain, name, ask), removes=standing(answer))]
    seen = [one for preference, target in targets[:_MOST] for one in _target(domain, name, answer, (preference, target), ask)]
    good = [target for _, target in targets if _has_mail_address(target, ask)]
    if good:  # mail arrives by another way: what is wrong with one of several is not the end
        seen = [
            see(
                one.code,
                one.saw,
                mend=one.mend,
                level="warning" if one.level == "error" else one.level,
                records=_published(one),
                removes=one.removes,
            )
            for one in seen
        ]
    if any(one.level in {"error", "warning"} for one in seen):
        return seen
    listed = ", ".join(shown_name(target) for target in good[:3])
    return [*seen, see("mx-ok", Words(fr=f"Le courrier pour {own} arrive à {listed}.", en=f"Mail for {own} arrives at {listed}."))]


def _unanswered(answer: Answer, name: str) -> Observation:
    said = why(answer)
    return see("mx-unanswered", Words(fr=f"MX ({name}) : {said.fr}.", en=f"MX ({name}): {said.en}."), level=level_of(answer))


def _published(one: Observation) -> tuple[Record, ...]:
    return (one.record, *one.also) if one.record else ()


def _without_mx(domain: Domain, name: str, ask: Ask) -> Observation:
    own = shown_name(name)
    addresses = [value for kind in ("A", "AAAA") for value in ask(name, kind).values]
    if any(map(is_reachable, addresses)):
        saw = Words(fr=f"{own} n’a pas de MX ; le courrier va à {addresses[0]}.", en=f"{own} has no MX; mail goes to {addresses[0]}.")
        return see("mx-implicit", saw, records=(_mx(name, name),))
    saw = Words(fr=f"{own} n’a ni MX ni adresse : rien n’y arrive.", en=f"{own} has neither MX nor address: nothing arrives there.")
    return see("mx-absent", saw, records=_proposed(domain, name, ask))


def _target(domain: Domain, name: str, answer: Answer, pair: tuple[int, str], ask: Ask) -> Iterator[Observation]:
    """What is wrong with one MX."""
    preference, target = pair
    own, there = shown_name(name), shown_name(target)
    removes = standing(answer, [value for value in answer.values if value.lower() == f"{preference} {target}."])
    if re.fullmatch(r"[0-9.]+", target):
        saw = Words(fr=f"MX ({own}) : {there} est une adresse IP.", en=f"The MX of {own} is an IP address: {there}.")
        yield see("mx-number", saw, records=_for_number(name, preference, target), removes=removes)
        return
    if _LOCAL.search(target):
        saw = Words(
            fr=f"MX ({own}) : {there} n’est un nom que sur la machine même.",
            en=f"MX ({own}): {there} is a name on the machine itself only.",
        )
        yield see("mx-private", saw, records=_instead(domain, name, target, ask), removes=removes)
        return
    address = ask(target, "A")
    if aliases := ask(target, "CNAME").values:
        end = address.aliases[-1] if address.aliases else aliases[0].rstrip(".").lower()
        saw = Words(
            fr=f"MX ({own}) : {there} est un CNAME vers {shown_name(end)}.",
            en=f"The MX of {own}, {there}, is a CNAME to {shown_name(end)}.",
        )
        if _has_mail_address(end, ask):
            yield see("mx-alias", saw, records=(_mx(name, end, preference),), removes=removes)
            return
    found = [value for one in (address, ask(target, "AAAA")) for value in one.values]
    if not found and not (address.is_sure and ask(target, "AAAA").is_sure):
        yield _unanswered(address, there)
    elif not found:
        saw = Words(fr=f"MX ({own}) : {there} n’a pas d’adresse.", en=f"The MX of {own}, {there}, has no address.")
        yield see("mx-no-address", saw, records=_instead(domain, name, target, ask), removes=removes)
    elif not any(map(is_reachable, found)):
        saw = Words(fr=f"MX ({own}) : {there} mène à {found[0]}.", en=f"The MX of {own}, {there}, leads to {found[0]}.")
        yield see("mx-private", saw, records=_instead(domain, name, target, ask), removes=removes)


def _has_mail_address(target: str, ask: Ask) -> bool:
    if re.fullmatch(r"[0-9.]*", target) or _LOCAL.search(target):
        return False
    return any(is_reachable(value) for kind in ("A", "AAAA") for value in ask(target, kind).values)


def _mx(name: str, target: str, preference: int = 10) -> Record:
    return Record(name=f"{name}.", type="MX", value=f"{preference} {target}.")


def _for_number(name: str, preference: int, number: str) -> tuple[Record, ...]:
    """A name for the address that was meant."""
    mail = f"mail.{name}"
    known = is_address(number) and is_reachable(number)
    return (_mx(name, mail, preference), address_record(mail, number)) if known else (_mx(name, mail, preference),)


def _instead(domain: Domain, name: str, target: str, ask: Ask) -> tuple[Record, ...]:
    """Nothing where another MX of the domain works: then the dead one merely goes."""
    others = [other for _, other in read_mx(ask(name, "MX")) if other != target]
    return () if any(_has_mail_address(other, ask) for other in others) else _proposed(domain, name, ask)


def _proposed(domain: Domain, name: str, ask: Ask) -> tuple[Record, ...]:
    """An MX that works: of the parent, of the other domain, of a host that is named so; else a host at our own address."""
    parents = [name.partition(".")[2], organisation_of(name), domain.name, domain.reply_to.rpartition("@")[2].lower()]
    for parent in dict.fromkeys(one for one in parents if one and one != name and organisation_of(one) == organisation_of(name)):
        for preference, target in read_mx(ask(parent, "MX")):
            if _has_mail_address(target, ask):
                return (_mx(name, target, preference),)
    for base in dict.fromkeys([name, organisation_of(name)]):
        for host in (*(f"{label}.{base}" for label in HOSTS), base):
            if _has_mail_address(host, ask) and not ask(host, "CNAME").values:
                return (_mx(name, host),)
    mail = f"mail.{name}"
    address = next((one for one in domain.addresses if is_reachable(one)), "")
    return (_mx(name, mail), address_record(mail, address)) if address else ()
