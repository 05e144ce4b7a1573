"""The reverse names of the addresses that mail leaves from (RFC 1912 §2.1), and whether they lead back."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from composer.check.doctor.addresses import address_record, is_reachable, kind_of, looks_generic
from composer.check.doctor.codes import see
from composer.check.doctor.mx import HOSTS
from composer.check.doctor.organisation import organisation_of
from composer.check.doctor.sight import Domain
from composer.check.doctor.spf_walk import read_mx
from composer.check.doctor.standing import standing
from composer.check.doctor.unanswered import level_of, why
from composer.model.lookup import Answer, Ask
from composer.model.observation import Observation, Record, Seen
from composer.text.networks import is_address
from composer.text.shown import shown_name
from composer.words import Words


def judge_reverse(domain: Domain, ask: Ask) -> list[Observation]:
    """The reverse name of each address, and whether it leads back; a provider's addresses are the provider's matter."""
    return [one for address in domain.own_addresses for one in _judge_address(domain, address, ask)]


def _judge_address(domain: Domain, address: str, ask: Ask) -> list[Observation]:
    if not is_reachable(address):
        if not domain.addresses_told:
            return []
        return [
            see(
                "ptr-private",
                Words(
                    fr=f"[sender] outgoing nomme {address}, privée ou locale.", en=f"[sender] outgoing names {address}, private or local."
                ),
            )
        ]
    pointer = ipaddress.ip_address(address).reverse_pointer
    answer = ask(pointer, "PTR")
    if not answer.is_sure:
        return [_unanswered(answer, address)]
    names = [value.rstrip(".").lower() for value in answer.values]
    own = _own_name(domain, address, ask)
    if not names:
        saw = Words(fr=f"{address} n’a pas de nom inverse.", en=f"{address} has no reverse name.")
        return [see("ptr-absent", saw, level=_level(domain), records=_both(pointer, own, address, ask))]
    return list(_judge_names(domain, address, answer, names, ask))


def _unanswered(answer: Answer, name: str) -> Observation:
    said = why(answer)
    return see("ptr-unanswered", Words(fr=f"{name} : {said.fr}.", en=f"{name}: {said.en}."), level=level_of(answer))


def _judge_names(domain: Domain, address: str, answer: Answer, names: Sequence[str], ask: Ask) -> Iterator[Observation]:
    pointer, own = answer.name, _own_name(domain, address, ask)
    confirmed = [name for name in names if _leads_to(name, address, ask)]
    best = confirmed[0] if confirmed else names[0]
    if not confirmed and all(not ask(name, kind_of(address)).is_sure for name in names):
        yield _unanswered(ask(best, kind_of(address)), shown_name(best))
    elif not confirmed:
        saw = Words(
            fr=f"{address} s’appelle {shown_name(best)}, qui ne ramène pas à {address}.",
            en=f"{address} is called {shown_name(best)}, which does not lead back to {address}.",
        )
        ours = organisation_of(best) == domain.organisation and not ask(best, "CNAME").values
        records = (address_record(best, address),) if ours else _both(pointer, own, address, ask)
        yield see("ptr-unconfirmed", saw, level=_level(domain), records=records, removes=() if ours else standing(answer))
    elif looks_generic(best, address):
        saw = Words(
            fr=f"{address} s’appelle {shown_name(best)}, un nom de série.",
            en=f"{address} is called {shown_name(best)}, a name off the shelf.",
        )
        yield see("ptr-generic", saw, records=_both(pointer, own, address, ask), removes=standing(answer))
    else:
        yield see(
            "ptr-ok",
            Words(fr=f"{address} s’appelle {shown_name(best)}, et retour.", en=f"{address} is called {shown_name(best)}, and back."),
        )
    if len(names) > 1 and confirmed:
        keep = f"{best}."
        saw = Words(fr=f"{address} a {len(names)} noms inverses.", en=f"{address} has {len(names)} reverse names.")
        yield see("ptr-several", saw, removes=standing(answer, [value for value in answer.values if value.lower() != keep]))


def _level(domain: Domain) -> Seen:
    """The relay's own address need not be the one that mail leaves from."""
    return "error" if domain.addresses_told else "warning"


def _leads_to(name: str, address: str, ask: Ask) -> bool:
    wanted = ipaddress.ip_address(address)
    return any(is_address(value) and ipaddress.ip_address(value) == wanted for value in ask(name, kind_of(address)).values)


def _own_name(domain: Domain, address: str, ask: Ask) -> str:
    """A name of ours for the address: one that leads there already, else mail.domain."""
    known = [*domain.relays, *(target for _, target in read_mx(ask(domain.name, "MX"))), *(f"{label}.{domain.name}" for label in HOSTS)]
    usable = [name for name in known if name and "." in name and not is_address(name) and not looks_generic(name, address)]
    return next((name for name in usable if _leads_to(name, address, ask)), f"mail.{domain.name}")


def _both(pointer: str, name: str, address: str, ask: Ask) -> tuple[Record, ...]:
    """The reverse name, and the way back where it is missing."""
    record = Record(name=f"{pointer}.", type="PTR", value=f"{name}.")
    return (record,) if _leads_to(name, address, ask) else (record, address_record(name, address))
