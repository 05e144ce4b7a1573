"""Relaxed canonicalisation (RFC 6376 §3.4.2, §3.4.4): what a signature is reckoned over, whatever servers do to blanks on the way."""

from __future__ import annotations

import re

_BLANKS = re.compile(rb"[ \t]+")


def relax_header(line: bytes) -> bytes:
    """One header with its folds, CRLF-ended, as it is signed: name in lower case, every run of blanks one blank."""
    name, _, value = line.partition(b":")
    # Our headers hold no control but CR, LF and blanks, so every place where bytes.split() cuts is a blank of the RFC.
    return name.strip().lower() + b":" + b" ".join(value.split()) + b"\r\n"


def relax_body(body: bytes) -> bytes:
    """A body with CRLF as it is signed: no blank at a line's end, every run of blanks one blank, no empty lines at the end."""
    lines = [_BLANKS.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def is_relaxed(body: bytes) -> bool:
    """Whether a body is signed as it stands."""
    return body == relax_body(body)


def split_headers(content: bytes) -> tuple[list[bytes], bytes]:
    """The headers of a message, each with its folds and CRLF, and its body."""
    head, _, body = content.partition(b"\r\n\r\n")
    return [line + b"\r\n" for line in re.split(rb"\r\n(?![ \t])", head)], body
