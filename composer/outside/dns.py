"""Questions to name servers: a chosen one and no other, or those of the system; bounded in time, whoever answers.

In: a name and a type. Out: an ``Answer``, never an exception. Each question is asked once, over UDP and, where the answer is
cut, over TCP; CNAMEs are followed here, since a server that is asked directly follows none out of its own zone.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.resolver

from composer.model.lookup import Answer, Found
from composer.text.networks import is_address

PORT = 53
TIMEOUT_S = 1.5  # of one try
WHOLE_TIME_S = 9.0  # of all questions of one resolver
TRIES = 2
CONCURRENCY = 24
_MOST_ALIASES = 8
_PAYLOAD = 1232  # bytes; https://dnsflagday.net/2020
_MOST_VALUES = 200  # of one answer; more is an attack or a mistake
_MOST_TEXT = 8192  # characters of one value


@dataclass(frozen=True, slots=True)
class Server:
    """Where questions go."""

    address: str  # IP
    port: int = PORT


class _NoAnswer(Exception):
    """Nobody answered one try; ``sent`` says whether the question left at all."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__()
        self.sent = sent


class Resolver:
    """A door to name servers for one run; safe to use from several threads. Answers are kept."""

    def __init__(self, servers: Sequence[Server], *, timeout_s: float = TIMEOUT_S, whole_time_s: float = WHOLE_TIME_S) -> None:
        self.servers = tuple(servers)
        self._timeout_s = timeout_s
        self._whole_time_s = whole_time_s
        self._until: float | None = None
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Future[Answer]] = {}
        self._heard = False  # any server has answered anything
        self._lost = 0  # tries without an answer

    @property
    def is_silent(self) -> bool:
        """Whether questions were asked, or could not be, and no server has answered any."""
        return not self._heard and (self._lost > 0 or not self.servers)

    def __call__(self, name: str, kind: str) -> Answer:
        """What the servers say; see ``composer.model.lookup.Ask``."""
        name = name.rstrip(".").lower()
        with self._lock:
            if self._until is None:
                self._until = time.monotonic() + self._whole_time_s
            mine = (name, kind) not in self._known
            future = self._known.setdefault((name, kind), Future())
        if mine:
            answer = Answer(name=name, kind=kind, found=Found.UNASKED)
            try:
                answer = self._follow(name, kind)
            finally:
                future.set_result(answer)
        return future.result()

    def ask_all(self, questions: Iterable[tuple[str, str]]) -> None:
        """Ask many at once, so that later calls find their answers ready."""
        with ThreadPoolExecutor(max_workers=CONCURRENCY, thread_name_prefix="dns") as pool:
            for _ in pool.map(lambda one: self(*one), questions):
                pass

    # -- one question ---------------------------------------------------------------------------------------------------------------------

    def _follow(self, name: str, kind: str) -> Answer:
        """The answer at the end of the CNAMEs."""
        aliases: list[str] = []
        current = name
        while True:
            answer, found = self._look(current, kind)
            aliases += found
            looped = len(set(aliases)) < len(aliases) or name in aliases
            if looped or len(aliases) > _MOST_ALIASES:
                return Answer(name=name, kind=kind, found=Found.FAILED, aliases=tuple(aliases[:_MOST_ALIASES]), said="CNAME")
            if answer is not None:
                return replace(answer, name=name, aliases=tuple(aliases))
            current = aliases[-1]

    def _look(self, name: str, kind: str) -> tuple[Answer | None, list[str]]:
        """What one response says, and the aliases it names; None when the last of these is to be asked next."""
        try:
            question = dns.name.from_text(name)
            wanted = dns.rdatatype.from_text(kind)
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return Answer(name=name, kind=kind, found=Found.NO_NAME, said="name"), []
        try:
            response = self._exchange(question, wanted)
        except _NoAnswer as lost:
            return Answer(name=name, kind=kind, found=Found.SILENT if lost.sent else Found.UNASKED), []
        code = response.rcode()
        if code not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
            bogus = code == dns.rcode.SERVFAIL and self._is_bogus(question, wanted)
            return Answer(name=name, kind=kind, found=Found.FAILED, said=dns.rcode.to_text(code), bogus=bogus), []
        answer, aliases = _read(response, question, wanted)
        if response.flags & dns.flags.TC and answer is not None and answer.found is not Found.VALUES:
            return Answer(name=name, kind=kind, found=Found.FAILED, said="TCP"), aliases
        return answer, aliases

    def _exchange(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, *, flags: int = 0) -> dns.message.Message:
        """The first response of any server; raises _NoAnswer."""
        sent = False
        unready: dns.message.Message | None = None
        for server in [server for _ in range(TRIES) for server in self.servers]:
            try:
                response = self._ask(server, name, kind, flags)
            except _NoAnswer as lost:
                sent = sent or lost.sent
                continue
            self._heard = True
            if response.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
                return response
            unready = response
            if len(self.servers) == 1:
                break
        if unready is None:
            raise _NoAnswer(sent=sent)
        return unready

    def _ask(self, server: Server, name: dns.name.Name, kind: dns.rdatatype.RdataType, flags: int) -> dns.message.Message:
        """One try; a server that does not know EDNS is asked again without (RFC 6891 §7)."""
        for edns in (0, -1):
            query = dns.message.make_query(name, kind, use_edns=edns, payload=_PAYLOAD)
            query.flags |= flags
            response = self._talk(server, query)
            if response.rcode() not in {dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS}:
                break
        return response

    def _talk(self, server: Server, query: dns.message.Message) -> dns.message.Message:
        left_s = (self._until or 0) - time.monotonic()
        # Who never answered twice over is not waited for by every question.
        given_up = not self._heard and self._lost >= 2 * TRIES * max(1, len(self.servers))
        if left_s <= 0 or given_up:
            raise _NoAnswer(sent=False)
        try:
            return self._over_both(server, query, min(self._timeout_s, left_s))
        except dns.exception.Timeout:
            self._lost += 1
            raise _NoAnswer(sent=True) from None
        except (OSError, EOFError):
            # Refused on this machine, no route: the question did not get anywhere.
            self._lost += 1
            raise _NoAnswer(sent=False) from None
        except (dns.exception.DNSException, ValueError):
            response = dns.message.make_response(query)
            response.set_rcode(dns.rcode.SERVFAIL)  # an answer that nobody can read is one that says nothing
            return response

    @staticmethod
    def _over_both(server: Server, query: dns.message.Message, timeout_s: float) -> dns.message.Message:
        """UDP; TCP where the answer came cut. Where nobody answers there, what came is given back as it is, still marked as cut."""
        where, port = server.address, server.port
        try:
            return dns.query.udp(query, where, timeout_s, port, ignore_unexpected=True, ignore_errors=True, raise_on_truncation=True)
        except dns.message.Truncated as cut:
            try:
                return dns.query.tcp(query, where, timeout_s, port)
            except (OSError, EOFError, dns.exception.DNSException):
                response: dns.message.Message = cut.kwargs["message"]
                return response

    def _is_bogus(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> bool:
        """Whether the same question without DNSSEC's validation has an answer (RFC 4035 §3.2.2)."""
        with contextlib.suppress(_NoAnswer):
            return self._exchange(name, kind, flags=dns.flags.CD).rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}
        return False


def _read(response: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> tuple[Answer | None, list[str]]:
    asked, aliases = name, list[str]()
    for _ in range(_MOST_ALIASES + 1):
        records = [one for group in response.answer if group.name == asked and group.rdtype == kind for one in group]
        if records:
            return _values(_shown(name), dns.rdatatype.to_text(kind), records[:_MOST_VALUES]), aliases
        onward = next((group for group in response.answer if group.name == asked and group.rdtype == dns.rdatatype.CNAME), None)
        if onward is None or not len(onward):
            break
        asked = onward[0].target
        aliases.append(_shown(asked))
    if response.rcode() == dns.rcode.NXDOMAIN:
        return Answer(name=_shown(name), kind=dns.rdatatype.to_text(kind), found=Found.NO_NAME), aliases
    if aliases:
        return None, aliases
    return Answer(name=_shown(name), kind=dns.rdatatype.to_text(kind), found=Found.NO_DATA), aliases


def _values(name: str, kind: str, records: Sequence[dns.rdata.Rdata]) -> Answer:
    if kind not in {"TXT", "SPF"}:
        return Answer(name=name, kind=kind, found=Found.VALUES, values=tuple(sorted(one.to_text()[:_MOST_TEXT] for one in records)))
    strings = sorted(tuple(text.decode("utf-8", "surrogateescape") for text in one.strings) for one in records)  # type: ignore[attr-defined]
    return Answer(
        name=name,
        kind=kind,
        found=Found.VALUES,
        values=tuple("".join(parts)[:_MOST_TEXT] for parts in strings),
        strings=tuple(strings),
    )


def _shown(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


# -- which servers ------------------------------------------------------------------------------------------------------------------------


def system_servers() -> tuple[Server, ...]:
    """The servers that this machine asks; () where it knows none."""
    try:
        known = dns.resolver.Resolver(configure=True)
    except (dns.exception.DNSException, OSError):
        return ()
    return tuple(Server(str(address), known.port) for address in known.nameservers if isinstance(address, str) and is_address(address))


def read_server(text: str) -> Server | None:
    """``127.0.0.1:5353``, ``[::1]:5353``, ``9.9.9.9`` or ``::1`` as a server; None for anything else."""
    host, port = text.strip(), str(PORT)
    if host.startswith("["):
        host, bracket, rest = host[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            return None
        port = rest[1:] or port
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    host = "127.0.0.1" if host == "localhost" else host
    if not is_address(host) or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return None
    return Server(host, int(port))
