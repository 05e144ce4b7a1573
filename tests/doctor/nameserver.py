"""A name server for tests: what a zone file says, and servers that fail in every way."""

from __future__ import annotations

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zonefile

from composer.outside.dns import Resolver, Server

Records = dict[dns.name.Name, dict[dns.rdatatype.RdataType, dns.rrset.RRset]]


def read_records(text: str) -> Records:
    """The lines of a zone file, under whatever names they stand."""
    records: Records = {}
    for group in dns.zonefile.read_rrsets(text, origin=dns.name.root, rdclass=None, default_ttl=300):
        records.setdefault(group.name, {})[group.rdtype] = group
    return records


class Answering:
    """One name server's knowledge; ``faults`` are names that fail: servfail, bogus, silent, refused, formerr, garbage, cut."""

    def __init__(self, text: str, faults: dict[str, str]) -> None:
        self.records = read_records(text)
        self.faults = {dns.name.from_text(name): fault for name, fault in faults.items()}
        self.asked: list[tuple[str, str]] = []

    def reply(self, wire: bytes, limit: int) -> bytes | None:
        query = dns.message.from_wire(wire)
        name, kind = query.question[0].name, query.question[0].rdtype
        self.asked.append((name.to_text(omit_final_dot=True), dns.rdatatype.to_text(kind)))
        fault = self.faults.get(name, "")
        if fault == "silent":
            return None
        if fault == "cut" and limit < 65535:
            return self._cut(query)
        if fault == "cut":
            return None
        if fault == "garbage":
            return wire[:2] + b"\x81\x80" + b"\xff" * 40
        response = dns.message.make_response(query)
        if fault in {"servfail", "refused"} or (fault == "bogus" and not query.flags & dns.flags.CD):
            response.set_rcode(dns.rcode.from_text("refused" if fault == "refused" else "servfail"))
        elif fault == "formerr" and query.edns >= 0:
            response.set_rcode(dns.rcode.FORMERR)
        else:
            self._fill(response, name, kind)
        with contextlib.suppress(dns.exception.TooBig):
            return response.to_wire(max_size=limit)
        return self._cut(query)

    @staticmethod
    def _cut(query: dns.message.Message) -> bytes:
        short = dns.message.make_response(query)
        short.flags |= dns.flags.TC
        return short.to_wire()

    def _fill(self, response: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> None:
        here = self._at(name)
        if here is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
            return
        alias = here.get(dns.rdatatype.CNAME)
        found = alias if alias is not None and kind != dns.rdatatype.CNAME else here.get(kind)
        if found is not None:
            response.answer.append(dns.rrset.from_rdata_list(name, 300, list(found)))

    def _at(self, name: dns.name.Name) -> dict[dns.rdatatype.RdataType, dns.rrset.RRset] | None:
        if name in self.records:
            return self.records[name]
        if any(known.is_subdomain(name) for known in self.records):
            return {}
        parent = name
        while parent != dns.name.root:
            parent = parent.parent()
            if parent in self.records or any(known.is_subdomain(parent) for known in self.records):
                return self.records.get(dns.name.from_text("*", origin=parent))
        return None


class Datagrams(socketserver.ThreadingUDPServer):
    daemon_threads = True


class Streams(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def serve_udp(answering: Answering) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, listener = self.request
            query = dns.message.from_wire(wire)
            answer = answering.reply(wire, max(512, query.payload if query.edns >= 0 else 512))
            if answer is not None:
                listener.sendto(answer, self.client_address)

    return Handler


def serve_tcp(answering: Answering) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!H", self.request.recv(2))
            answer = answering.reply(self.request.recv(length), 65535)
            if answer is not None:
                self.request.sendall(struct.pack("!H", len(answer)) + answer)

    return Handler


class NameServer:
    """A real name server on loopback, UDP and TCP on one port, for the zone that a test writes."""

    def __init__(self, answering: Answering, port: int) -> None:
        self._answering = answering
        self.port = port
        self.place = f"127.0.0.1:{port}"

    @property
    def asked(self) -> list[tuple[str, str]]:
        return self._answering.asked

    def load(self, text: str) -> None:
        """Serve another zone from now on."""
        self._answering.records = read_records(text)

    def resolver(self, **options: float) -> Resolver:
        """A new one, which remembers nothing."""
        return Resolver([Server("127.0.0.1", self.port)], **{"timeout_s": 0.4, **options})


@contextlib.contextmanager
def serving(text: str, faults: dict[str, str] | None = None) -> Iterator[NameServer]:
    """A name server on a port that is free for UDP and TCP alike."""
    answering = Answering(text, faults or {})
    with contextlib.ExitStack() as running:
        for server in map(running.enter_context, _on_one_port(answering)):
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            running.callback(thread.join)
            running.callback(server.shutdown)
        yield NameServer(answering, server.server_address[1])


def _on_one_port(answering: Answering) -> tuple[Datagrams, Streams]:
    while True:
        udp = Datagrams(("127.0.0.1", 0), serve_udp(answering))
        try:
            return udp, Streams(udp.server_address, serve_tcp(answering))
        except OSError:
            udp.server_close()
