"""What name servers say of the newsletter: the sender's domain, where mail comes back to, the host of its pages."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import replace

from composer.check.doctor import announced, dkim, dmarc, mx, names, reverse, spf
from composer.check.doctor.addresses import is_reachable
from composer.check.doctor.codes import see
from composer.check.doctor.dkim_own import judge_files
from composer.check.doctor.organisation import organisation_of
from composer.check.doctor.providers import provider_of
from composer.check.doctor.sight import Domain, OwnKey
from composer.deliver.relays import relays_of
from composer.errors import MergeError
from composer.message.headers import check_address
from composer.model.newsletter import Newsletter
from composer.model.observation import Observation
from composer.outside.dns import Resolver
from composer.outside.machine import own_addresses
from composer.text.hosts import url_host
from composer.text.networks import is_address
from composer.words import Words
from composer.workflow.signing import ShownKey, show_keys
from composer.workspace import Workspace

_MOST_ADDRESSES = 16  # of [sender] outgoing; of a network its ends and its middle
# A network that is cut off denies every name; the root is known to every name server of the internet.
_CUT_OFF = Words(
    fr="Pas de réseau, ou pas de serveur de noms qui réponde : le domaine n’est pas examiné.",
    en="No network, or no name server that answers: the domain is not examined.",
)
_LOCAL = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})


def examine_dns(workspace: Workspace, resolver: Resolver, *, chosen: bool, strict: bool = False) -> list[Observation]:
    """Every question that the newsletter's settings raise, asked at once, and what the answers are worth.

    ``chosen``: somebody named the servers, and theirs need know nothing but the newsletter's own zone.
    """
    newsletter = workspace.newsletter
    host = url_host(newsletter.site.public_url).strip("[]")
    domain = _with_own_keys(workspace, domain_of(newsletter, resolver))
    if domain is None and not host:
        return [see("domain-none"), *([] if newsletter.site.rehearsal else [see("host-none")])]
    resolver.ask_all([(".", "NS"), *_questions(domain, host)])
    if resolver.is_silent or (not chosen and not resolver(".", "NS").values):
        return [
            _silent(resolver, strict=strict) if resolver.is_silent else see("dns-silent", _CUT_OFF),
            *(judge_files(domain) if domain else ()),
        ]
    seen = _of_domain(domain, resolver) if domain else [see("domain-none")]
    if newsletter.site.rehearsal:  # its pages need not be found by anybody
        return seen
    return [*seen, *names.judge_host(host, tuple(filter(is_reachable, own_addresses())) or _given(newsletter), resolver)]


def _of_domain(domain: Domain, resolver: Resolver) -> list[Observation]:
    judges = (names.judge_domain, spf.judge_spf, dkim.judge_dkim, dmarc.judge_dmarc, mx.judge_mx, reverse.judge_reverse)
    return [one for judge in (*judges, announced.judge_announcements) for one in judge(domain, resolver)]


def domain_of(newsletter: Newsletter, resolver: Resolver) -> Domain | None:
    """The sender's domain and what is known of how its mail leaves; None without a sender."""
    sender = newsletter.sender
    if "@" not in sender.address:
        return None
    try:
        address = check_address(sender.address, "From")
        reply_to = check_address(sender.reply_to, "Reply-To") if "@" in sender.reply_to else ""
    except MergeError:
        return None
    name = address.rpartition("@")[2].lower().rstrip(".")
    relays, given = _relays_of(newsletter), _given(newsletter)
    found = {} if given else _addresses_by_relay(relays, resolver)
    providers = {relay: known for relay in relays if (known := provider_of(relay))}
    return Domain(
        name=name,
        organisation=organisation_of(name),
        sender=address,
        reply_to=reply_to,
        selectors=tuple(dict.fromkeys((*sender.dkim_selectors, *sender.dkim_sign))),
        addresses=given or _all_of(found.values()),
        providers_addresses=_all_of(found[relay] for relay in providers if relay in found),
        networks=tuple(one for one in sender.outgoing if "/" in one),
        addresses_told=bool(given),
        relays=relays,
        providers=tuple(dict.fromkeys(providers.values())),
        alerts=newsletter.desk.alert,
    )


def _with_own_keys(workspace: Workspace, domain: Domain | None) -> Domain | None:
    return replace(domain, own_keys=tuple(_own_key(one) for one in show_keys(workspace))) if domain else None


def _own_key(one: ShownKey) -> OwnKey:
    trouble = one.trouble
    return OwnKey(
        selector=one.selector,
        signs=one.signs,
        record=one.record,
        trouble=trouble.message if trouble else None,
        mend=trouble.hint if trouble else None,
    )


def _given(newsletter: Newsletter) -> tuple[str, ...]:
    """The addresses of ``[sender] outgoing``; of a network a few that stand for it."""
    found: list[str] = []
    for written in newsletter.sender.outgoing:
        network = ipaddress.ip_network(written, strict=False)
        size = network.num_addresses
        places = range(size) if size <= 4 else (0 if size > 2**20 else 1, size // 2, size - 2)
        found += [str(network[place]) for place in places]
    return tuple(dict.fromkeys(found))[:_MOST_ADDRESSES]


def _relays_of(newsletter: Newsletter) -> tuple[str, ...]:
    """The names of the relays, as name servers know them; () where mail goes to a folder."""
    if newsletter.transport.kind != "smtp":
        return ()
    return tuple(dict.fromkeys(relay.host.rstrip(".").lower() for relay in relays_of(newsletter.transport)))


def _addresses_by_relay(relays: Sequence[str], resolver: Resolver) -> dict[str, tuple[str, ...]]:
    if len(relays) > 1:
        resolver.ask_all([(relay, kind) for relay in relays if relay not in _LOCAL and not is_address(relay) for kind in ("A", "AAAA")])
    return {relay: _addresses_of(relay, resolver) for relay in relays}


def _all_of(addresses: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for several in addresses for one in several))


def _addresses_of(relay: str, resolver: Resolver) -> tuple[str, ...]:
    """A relay's addresses, which its mail leaves from where it is a machine of one's own; this machine's where the relay is on it."""
    if relay in _LOCAL or (is_address(relay) and ipaddress.ip_address(relay).is_loopback):
        return tuple(filter(is_reachable, own_addresses()))
    found = (relay,) if is_address(relay) else tuple(value for kind in ("A", "AAAA") for value in resolver(relay, kind).values)
    return tuple(filter(is_reachable, found))[:_MOST_ADDRESSES]


def _questions(domain: Domain | None, host: str) -> Iterable[tuple[str, str]]:
    asked = [(host, kind) for kind in ("A", "AAAA", "CAA")] if host and not is_address(host) else []
    if domain is None:
        return asked
    names_asked = dict.fromkeys([domain.name, domain.reply_to.rpartition("@")[2].lower() or domain.name])
    asked += [(name, kind) for name in names_asked for kind in ("TXT", "MX", "A", "AAAA", "CNAME")]
    asked += [*dkim.questions(domain), *dmarc.questions(domain), *announced.questions(domain)]
    return [*asked, *((ipaddress.ip_address(address).reverse_pointer, "PTR") for address in domain.addresses)]


def _silent(resolver: Resolver, *, strict: bool) -> Observation:
    if not resolver.servers:
        return see(
            "dns-silent",
            Words(fr="Cette machine ne connaît aucun serveur de noms : pas demandé.", en="This machine knows no name server: not asked."),
        )
    listed = ", ".join(f"{server.address}:{server.port}" for server in resolver.servers[:3])
    saw = Words(fr=f"Aucune réponse de {listed} : pas demandé.", en=f"No answer from {listed}: not asked.")
    return see("dns-silent", saw, level="error" if strict else "unknown")
