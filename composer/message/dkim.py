"""DKIM signatures (RFC 6376, RFC 8301, RFC 8463): relaxed/relaxed, rsa-sha256 and ed25519-sha256, one or several on a message.

What all messages of an edition share is hashed once: a ``Stamp``. A message then costs one SHA-256 over its body and one signature a key.
Nothing is signed by halves: no ``l=``, and every header of the list is named once more than it is there, so that none can be added.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from composer.message.canonical import is_relaxed, relax_body, relax_header, split_headers
from composer.message.dkim_keys import SigningKey, sign_digest

if TYPE_CHECKING:
    from hashlib import _Hash

# RFC 8058 §4 wants the List-Unsubscribe pair signed, Google the Feedback-ID: what dkimpy and OpenDKIM sign unasked leaves them out.
SIGNED = (
    "From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Id", "List-Archive", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Feedback-ID", "Precedence", "Auto-Submitted",
)  # fmt: skip
_OURS = {name.lower().encode(): name for name in SIGNED}
_WIDTH = 76  # characters of a line (RFC 5322 §2.1.1 wants 78 at most)
_ROW = _WIDTH - 4  # of base64 behind « b=»


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: a domain with one key or several."""

    domain: str  # d=, ASCII
    keys: tuple[SigningKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """The signature of one key, as far as it is the same on every message."""

    raw: bytes = field(repr=False)  # up to h=, folded, without line end
    relaxed: bytes = field(repr=False)  # the same as it is signed
    sign: Callable[[bytes], bytes] = field(repr=False)  # SHA-256 → signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What the signatures of all messages of one template have in common."""

    forms: tuple[_Form, ...]
    headers: _Hash = field(repr=False)  # SHA-256 of the headers that all share
    opening: _Hash = field(repr=False)  # SHA-256 of the body's first bytes, which all share
    is_relaxed: bool  # every body is signed as it stands


def make_signer(keys: Sequence[SigningKey], domain: str) -> Signer:
    """The signer of ``domain``, in ASCII; the signatures stand in the order of ``keys``."""
    return Signer(domain=domain, keys=tuple(keys))


def make_stamp(signer: Signer, *, shared: Iterable[bytes], own: Sequence[str], opening: bytes = b"", is_relaxed: bool = True) -> Stamp:
    """A stamp for messages with the headers ``shared`` (whole ones, in any order) and those named ``own``, which each has its own.

    Their bodies begin with ``opening``; with ``is_relaxed`` false they are canonicalised one by one. A header that is not in SIGNED is not signed.
    """
    covered = [line for line in shared if _name(line) in _OURS]
    names = [*(_OURS[_name(line)] for line in covered), *own]
    return Stamp(
        forms=tuple(_form(key, signer.domain, (*names, *SIGNED)) for key in signer.keys),
        headers=hashlib.sha256(b"".join(map(relax_header, covered))),
        opening=hashlib.sha256(opening),
        is_relaxed=is_relaxed,
    )


def write_signatures(stamp: Stamp, *, own: Iterable[bytes], body: Sequence[bytes], at: bytes) -> bytes:
    """The DKIM-Signature headers of one message, to be put in front of it.

    ``own`` are its own headers in the order of the stamp's names, ``body`` the pieces of its body, of which the first is the stamp's opening,
    ``at`` the seconds since 1970 in digits.
    """
    headers = stamp.headers.copy()
    headers.update(b"".join(map(relax_header, own)))
    end = b"\r\n t=%b; bh=%b;\r\n b=" % (at, b64encode(_body_hash(stamp, body)))
    relaxed_end = b" " + b" ".join(end.split())
    return b"".join(_signature(form, headers, end, relaxed_end) for form in stamp.forms)


def sign_message(content: bytes, signer: Signer, *, date: datetime) -> bytes:
    """A whole message with its signatures in front; ``date`` is aware. For one message: for many there is ``make_stamp``."""
    headers, body = split_headers(content)
    stamp = make_stamp(signer, shared=headers, own=(), is_relaxed=is_relaxed(body))
    return write_signatures(stamp, own=(), body=(b"", body), at=b"%d" % int(date.timestamp())) + content


def _body_hash(stamp: Stamp, body: Sequence[bytes]) -> bytes:
    if not stamp.is_relaxed:
        return hashlib.sha256(relax_body(b"".join(body))).digest()
    hashed = stamp.opening.copy()
    for piece in body[1:]:
        hashed.update(piece)
    return hashed.digest()


def _signature(form: _Form, headers: _Hash, end: bytes, relaxed_end: bytes) -> bytes:
    """RFC 6376 §3.7: the header signs itself too, with nothing behind b= and without its line end."""
    signed = headers.copy()
    signed.update(form.relaxed + relaxed_end)
    text = b64encode(form.sign(signed.digest()))
    rows = b"\r\n ".join([text[start : start + _ROW] for start in range(0, len(text), _ROW)])
    return b"%b%b%b\r\n" % (form.raw, end, rows)


def _form(key: SigningKey, domain: str, names: Sequence[str]) -> _Form:
    tags = ["v=1;", f"a={key.kind}-sha256;", "c=relaxed/relaxed;", f"d={domain};", f"s={key.selector};"]
    raw = _folded(
        "DKIM-Signature:", [*(f" {tag}" for tag in tags), " h=" + f"{names[0]}:", *(f"{name}:" for name in names[1:-1]), f"{names[-1]};"]
    )
    return _Form(raw=raw, relaxed=relax_header(raw).removesuffix(b"\r\n"), sign=sign_digest(key))


def _folded(start: str, pieces: Iterable[str]) -> bytes:
    """``pieces`` on lines of at most 76 characters, as far as a piece has so few; a fold is a blank (RFC 6376 §3.2 allows it around «:»)."""
    rows = [start]
    for piece in pieces:
        if len(rows[-1]) + len(piece) > _WIDTH:
            rows.append(" " + piece.lstrip(" "))
        else:
            rows[-1] += piece
    return "\r\n".join(rows).encode("ascii")


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()
