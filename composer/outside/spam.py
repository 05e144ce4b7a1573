"""What SpamAssassin and rspamd, where they are installed, say of a finished message: within bounds, and without the network.

In: the bytes of a message, as a receiver's server would see them. Out: a score each. Only what can be known before it leaves is asked for: block lists,
SPF, DKIM and DMARC judge a message that arrived, by the server it came from; asked of one that has not left they would lie.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx

from composer.model.spam import Filter, SpamRule, SpamScore
from composer.outside.programs import run_program
from composer.text.shown import one_line
from composer.words import Words

SPAMASSASSIN = "spamassassin"
RSPAMD = "http://127.0.0.1:11333"  # its usual place; asked of this machine only
TIMEOUT_S = 30.0
MOST_ANSWER_BYTES = 4_000_000
MOST_SAID = 300  # characters of one rule

# Groups of rspamd that ask the network, or what this machine learnt of other mail.
_OFF = ("rbl", "surbl", "spf", "dkim", "dmarc", "arc", "hfilter", "fuzzy", "asn", "statistics", "neural", "reputation")
_SETTINGS = json.dumps({"groups_disabled": _OFF})
_RULE = re.compile(r"^ *(-?\d+\.\d+) ([A-Z][A-Z0-9_]+) +(.*)$")


def as_received(message: bytes, *, sender: str, recipient: str, date: str) -> bytes:
    """``message`` with the two lines that a mailbox's server writes on top, as for a relay whose name is known.

    Without them filters see a message that no server ever took; with a relay of this machine, one that they trust beforehand. The address
    is one of documentation (RFC 3849; filters count those of version 4 as forged), the name that of a relay in the sender's domain.
    """
    domain = sender.rpartition("@")[2]
    relay, inbox = f"mail.{domain}", recipient.rpartition("@")[2]
    received = f"from {relay} ({relay} [IPv6:2001:db8::25])\r\n\tby mx.{inbox} with ESMTPS id 4hEbdo0000\r\n\tfor <{recipient}>; {date}"
    return f"Return-Path: <{sender}>\r\nReceived: {received}\r\n".encode("ascii", "replace") + message


# SpamAssassin -------------------------------------------------------------------------------------------------------------------------


def ask_spamassassin(message: bytes, *, timeout_s: float = TIMEOUT_S) -> SpamScore:
    """SpamAssassin's own rules, in a process of its own; nothing that it learnt from other mail."""
    program = shutil.which(SPAMASSASSIN)
    if program is None:
        return SpamScore(filter="SpamAssassin", missing=True)
    mark = f"hebdo-{secrets.token_hex(12)}"  # no message can write it into its own report
    with tempfile.TemporaryDirectory(prefix="hebdo-spam-") as home:
        # Learning, other people's mail and the user's preferences say nothing of a receiver's filter.
        settings = ("use_bayes 0", "clear_headers", "report_safe 0", "clear_report_template", f"report {mark} _SCORE_ _REQD_ _VERSION_")
        command = [program, "--local", "--test-mode", "--nocreate-prefs", f"--prefspath={os.devnull}"]
        command += [f"--cf={line}" for line in (*settings, "report _SUMMARY_")]
        # Its words in English, which the parser knows.
        variables = {"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "LC_ALL": "C", "LANG": "C"}
        said = run_program(
            command, folder=Path(home), variables=variables, given=message, timeout_s=timeout_s, most_bytes=MOST_ANSWER_BYTES
        )
    if said.state == "late":
        return _late("SpamAssassin", timeout_s)
    return _read_report(said.content.decode("utf-8", "replace"), mark) or _unreadable("SpamAssassin")


def _read_report(said: str, mark: str) -> SpamScore | None:
    """The score and the table below ``mark``; a rule's words may go on over further lines."""
    head, _, table = said.rpartition(mark)[2].partition("\n")
    figures = re.fullmatch(r" (-?\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (\S+) *", head)
    if figures is None:
        return None
    rules: list[SpamRule] = []
    for line in table.split("\n"):
        if found := _RULE.match(line):
            rules.append(SpamRule(name=found[2], points=float(found[1]), said=one_line(found[3], MOST_SAID)))
        elif rules and line.startswith(" " * 20) and line.strip():
            last = rules[-1]
            rules[-1] = SpamRule(name=last.name, points=last.points, said=one_line(f"{last.said} {line}", MOST_SAID))
    return SpamScore(filter="SpamAssassin", version=figures[3], points=float(figures[1]), limit=float(figures[2]), rules=_sorted(rules))


# rspamd -------------------------------------------------------------------------------------------------------------------------------


def ask_rspamd(message: bytes, *, url: str = RSPAMD, timeout_s: float = TIMEOUT_S) -> SpamScore:
    """The rules of the rspamd that runs on this machine; it has no other way to be asked."""
    try:
        # No proxy of the environment: this is a question to this machine.
        with (
            httpx.Client(trust_env=False, timeout=httpx.Timeout(timeout_s, connect=1.0)) as client,
            client.stream("POST", f"{url}/checkv2", content=message, headers={"Settings": _SETTINGS}) as answer,
        ):
            said = _within(answer.iter_bytes(), until=time.monotonic() + timeout_s)
            return _read_answer(json.loads(said), version=_version(answer.headers))
    except (httpx.ConnectError, httpx.ConnectTimeout):
        return SpamScore(filter="rspamd", missing=True)
    except (httpx.TimeoutException, TimeoutError):
        return _late("rspamd", timeout_s)
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _unreadable("rspamd")


def _within(parts: Iterable[bytes], *, until: float) -> bytes:
    """What comes; raises TimeoutError when it trickles on, ValueError when it is more than anybody has to say."""
    said = bytearray()
    for part in parts:
        said += part
        if time.monotonic() > until:
            raise TimeoutError
        if len(said) > MOST_ANSWER_BYTES:
            raise ValueError
    return bytes(said)


def _version(headers: Mapping[str, str]) -> str:
    found = re.fullmatch(r"rspamd/(\S{1,20})", headers.get("server", ""))
    return found[1] if found else ""


def _read_answer(said: Mapping[str, Any], *, version: str) -> SpamScore:
    symbols = said["symbols"].values()
    rules = [
        SpamRule(
            name=one_line(str(one["name"]), 80), points=float(one["score"]), said=one_line(str(one.get("description") or ""), MOST_SAID)
        )
        for one in symbols
    ]
    return SpamScore(
        filter="rspamd", version=version, points=float(said["score"]), limit=float(said["required_score"]), rules=_sorted(rules)
    )


# Both ---------------------------------------------------------------------------------------------------------------------------------


def _sorted(rules: Iterable[SpamRule]) -> tuple[SpamRule, ...]:
    return tuple(sorted(rules, key=lambda rule: (-rule.points, rule.name)))


def _late(name: Filter, timeout_s: float) -> SpamScore:
    return SpamScore(
        filter=name,
        trouble=Words(fr=f"{name} n’a pas répondu en {timeout_s:.0f} s.", en=f"{name} did not answer within {timeout_s:.0f} s."),
    )


def _unreadable(name: Filter) -> SpamScore:
    return SpamScore(filter=name, trouble=Words(fr=f"La réponse de {name} ne se lit pas.", en=f"The answer of {name} cannot be read."))
