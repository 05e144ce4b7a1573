"""What a proof that came back says: signed by whom, over what, changed where, taken for what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message

from composer.check.doctor.codes import see
from composer.check.doctor.organisation import organisation_of
from composer.check.doctor.received import address_in, has_more_parts, header, hops, parts, raw_header, read_message, verdicts
from composer.check.doctor.signature import Signature, Verdict, read_signatures
from composer.model.lookup import Ask
from composer.model.newsletter import Sender
from composer.model.observation import Observation
from composer.text.shown import shown
from composer.words import Words, counted

SLOW = timedelta(minutes=5)
# RFC 6376 §5.4.1 and RFC 8058 §4; Feedback-ID as Google asks. Only those that the message has can be missed.
WANTED = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID")
LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive", "Feedback-ID")
_HREF = re.compile(r"""href=["']([^"']+)["']""", re.IGNORECASE)
_SAYINGS: dict[Verdict, Words] = {
    "valid": Words(fr="juste", en="right"),
    "body-changed": Words(fr="le corps a changé après la signature", en="the body was changed after it was signed"),
    "headers-changed": Words(
        fr="un en-tête signé a changé, ou la clé n’est pas la bonne", en="a signed header was changed, or the key is another"
    ),
    "no-key": Words(fr="sa clé n’est pas publiée", en="its key is not published"),
    "no-answer": Words(fr="le serveur de noms n’a pas répondu", en="the name server did not answer"),
    "expired": Words(fr="elle a expiré", en="it has expired"),
    "unreadable": Words(fr="elle ne se lit pas", en="it cannot be read"),
    "unsupported": Words(fr="Ed25519 n’est pas vérifié ici", en="Ed25519 is not verified here"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What is judged: the message, what left under its name, and whose it should be."""

    content: bytes
    sender: Sender  # its address in ASCII
    left: bytes = b""  # the proof as it left; b"": not kept here


def judge_proof(came: Came, ask: Ask) -> list[Observation]:
    """Everything that the message tells; nothing in it is believed that a sender could have written."""
    message = read_message(came.content)
    left = read_message(came.left) if came.left else None
    seen = [see("proof-ours" if left else "proof-unknown")]
    if has_more_parts(came.content):
        seen.append(see("proof-many-parts"))
    seen += _sender(message, came.sender)
    seen += _signatures(message, read_signatures(came.content, ask), came.sender, ask)
    seen += [*_envelope(message), *_results(message), *_way(message), *_lists(message, left)]
    if left:
        seen += _contents(message, left)
    return [*seen, *_spam(message)]


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _sender(message: Message, sender: Sender) -> Iterator[Observation]:
    found = address_in(message, "From")
    if sender.address and found != sender.address.lower():
        saw = Words(fr=f"From est {shown(found, 80)}, pas {sender.address}.", en=f"From is {shown(found, 80)}, not {sender.address}.")
        yield see("proof-from", saw)


# -- signatures ---------------------------------------------------------------------------------------------------------------------------


def _signatures(message: Message, signatures: Sequence[Signature], sender: Sender, ask: Ask) -> Iterator[Observation]:
    if not signatures:
        yield see("proof-dkim-none")
        return
    own = _domain(address_in(message, "From"))
    aligned = [one for one in signatures if _is_aligned(one.domain, own, ask)]
    for one in signatures:
        if one.verdict != "valid":
            yield _wrong(one, counts=one in aligned)
    good = [one for one in aligned if one.verdict == "valid"]
    if not good and not any(one.verdict in {"no-answer", "unsupported"} for one in aligned):
        listed = ", ".join(shown(one.domain, 60) for one in signatures)
        yield see(
            "proof-dkim-unaligned", Words(fr=f"Signé par {listed}, pas par {shown(own)}.", en=f"Signed by {listed}, not by {shown(own)}.")
        )
    for one in good[:1]:
        yield from _good(message, one, sender)


def _is_aligned(domain: str, own: str, ask: Ask) -> bool:
    """RFC 7489 §3.1.1: the same organisation, or the very domain where adkim=s says so."""
    if domain == own:
        return bool(own)
    strict = any(re.search(r";\s*adkim\s*=\s*s\b", text) for text in ask(f"_dmarc.{own}", "TXT").values)
    return not strict and bool(domain) and organisation_of(domain) == organisation_of(own)


def _wrong(one: Signature, *, counts: bool) -> Observation:
    who = f"d={shown(one.domain, 60)} s={shown(one.selector, 60)}"
    why = _SAYINGS[one.verdict]
    said = f" ({shown(one.said, 100)})" if one.said and one.verdict in {"unreadable", "expired"} else ""
    saw = Words(fr=f"Signature {who} : {why.fr}{said}.", en=f"Signature {who}: {why.en}{said}.")
    if one.verdict in {"no-answer", "unsupported"}:
        return see("proof-dkim-unverified", saw)
    return see("proof-dkim-broken", saw, level="error" if counts else "warning")


def _good(message: Message, one: Signature, sender: Sender) -> Iterator[Observation]:
    who = f"d={shown(one.domain, 60)} s={shown(one.selector, 60)}"
    yield see("proof-dkim-ok", Words(fr=f"Signature {who} ({one.algorithm}) : juste.", en=f"Signature {who} ({one.algorithm}): right."))
    missed = [name for name in WANTED if message.get(name) is not None and name.lower() not in one.headers]
    if missed:
        listed = ", ".join(missed)
        yield see("proof-dkim-headers", Words(fr=f"Non signés : {listed}.", en=f"Not signed: {listed}."))
    if one.algorithm == "rsa-sha1" or one.has_length:
        what = "l=" if one.has_length else one.algorithm
        yield see("proof-dkim-weak", Words(fr=f"Signature {who} : {what}.", en=f"Signature {who}: {what}."))
    known = (*sender.dkim_selectors, *sender.dkim_sign)
    if one.selector and re.fullmatch(r"[A-Za-z0-9._-]{1,63}", one.selector) and one.selector not in known:
        listed = ", ".join(f'"{name}"' for name in (*sender.dkim_selectors, one.selector))
        line = f"dkim_selectors = [{listed}]"
        yield see(
            "proof-selector",
            Words(fr=f"Le relais signe sous {one.selector}.", en=f"The relay signs under {one.selector}."),
            mend=Words(fr=f"Sous [sender] de newsletter.toml : `{line}`", en=f"Under [sender] of newsletter.toml: `{line}`"),
        )


# -- the way ------------------------------------------------------------------------------------------------------------------------------


def _envelope(message: Message) -> Iterator[Observation]:
    path = address_in(message, "Return-Path")
    own = _domain(address_in(message, "From"))
    if not path or not own:
        return
    if organisation_of(_domain(path)) == organisation_of(own):
        yield see("proof-return-path-ok", Words(fr=f"Return-Path : {shown(path, 100)}", en=f"Return-Path: {shown(path, 100)}"))
    else:
        yield see("proof-return-path", Words(fr=f"Return-Path : {shown(path, 100)}", en=f"Return-Path: {shown(path, 100)}"))


def _results(message: Message) -> Iterator[Observation]:
    found = verdicts(message)
    if not found:
        yield see("proof-results-none")
        return
    listed = " ".join(f"{method}={result}" for method, result in sorted(found.items()))
    saw = Words(fr=f"Le serveur destinataire a trouvé : {listed}.", en=f"The receiving server found: {listed}.")
    # DMARC asks for one of the two; a result that is none of pass and fail says nothing.
    failed = found.get("dmarc") in {"fail", "permerror"} or not any(found.get(method) == "pass" for method in ("spf", "dkim"))
    soft = any(result not in {"pass", "bestguesspass"} for result in found.values())
    yield see("proof-results" if failed or soft else "proof-results-ok", saw, level="error" if failed else "warning" if soft else None)


def _way(message: Message) -> Iterator[Observation]:
    way = hops(message)
    clear = [hop for hop in way if not hop.is_encrypted and not hop.is_local]
    for hop in clear[:3]:
        there = f"{shown(hop.source, 60)} → {shown(hop.host, 60)} ({shown(hop.protocol, 20)})"
        yield see("proof-in-clear", Words(fr=f"En clair : {there}.", en=f"In the clear: {there}."))
    times = [hop.at for hop in way if hop.at]
    took = max(times) - min(times) if times else timedelta()
    minutes = round(took / timedelta(minutes=1))
    if took > SLOW:
        yield see("proof-slow", Words(fr=f"Le message a mis {minutes} min.", en=f"The message took {minutes} min."))
    if way and not clear and took <= SLOW:
        seconds = round(took.total_seconds())
        count = counted(len(way), ("étape", "étapes"), ("hop", "hops"))
        saw = Words(fr=f"{count.fr}, chiffrement ou machine même, {seconds} s.", en=f"{count.en}, encrypted or local, {seconds} s.")
        yield see("proof-way-ok", saw)


def _spam(message: Message) -> Iterator[Observation]:
    flag, status = header(message, "X-Spam-Flag"), header(message, "X-Spam-Status")
    other = header(message, "X-Spam") or header(message, "X-Rspamd-Action")
    if flag.upper().startswith("YES") or status.upper().startswith("YES") or other.lower().startswith(("yes", "add header", "reject")):
        said = shown(status or other or flag, 200)
        yield see("proof-spam", Words(fr=f"Pris pour du spam : {said}", en=f"Taken for spam: {said}"))


# -- what was in it -----------------------------------------------------------------------------------------------------------------------


def _lists(message: Message, left: Message | None) -> Iterator[Observation]:
    wrong: list[str] = []
    for name in LIST_HEADERS:
        now, before = raw_header(message, name), raw_header(left, name) if left is not None else None
        if "=?" in now or (before is not None and _bare(now) != _bare(before)):
            wrong.append(name)
    if not raw_header(message, "List-Unsubscribe"):
        wrong.append("List-Unsubscribe")
    if wrong:
        listed = ", ".join(dict.fromkeys(wrong))
        yield see("proof-list", Words(fr=f"Changés, encodés ou absents : {listed}.", en=f"Changed, encoded or absent: {listed}."))
    else:
        yield see("proof-list-ok")


def _bare(value: str) -> str:
    return re.sub(r"\s+", "", value)


def _contents(message: Message, left: Message) -> Iterator[Observation]:
    faults = [*_subject(message, left), *_bodies(message, left)]
    yield from faults or [see("proof-same")]


def _subject(message: Message, left: Message) -> Iterator[Observation]:
    now, before = header(message, "Subject"), header(left, "Subject")
    if now != before:
        there, here = shown(now, 100), shown(before, 100)
        yield see("proof-subject", Words(fr=f"« {here} » est arrivé « {there} ».", en=f"“{here}” arrived as “{there}”."))


def _bodies(message: Message, left: Message) -> Iterator[Observation]:
    now, before = parts(message), parts(left)
    missing = [kind for kind in before if kind not in now]
    if missing:
        yield see("proof-parts", Words(fr=f"Il manque : {', '.join(missing)}.", en=f"Missing: {', '.join(missing)}."))
    changed = [kind for kind in before if kind in now and now[kind] != before[kind]]
    links = {kind: (_HREF.findall(before[kind]), _HREF.findall(now[kind])) for kind in changed}
    for kind, (old, new) in links.items():
        if other := [one for one in new if one not in old]:
            saw = Words(
                fr=f"{len(other)} lien(s) réécrit(s), dont {shown(other[0], 80)}",
                en=f"{len(other)} link(s) rewritten, as {shown(other[0], 80)}",
            )
            yield see("proof-links", saw)
        else:
            more = len(now[kind]) - len(before[kind])
            saw = Words(fr=f"{kind} a changé ({more:+d} signes).", en=f"{kind} was changed ({more:+d} signs).")
            yield see("proof-body", saw)
