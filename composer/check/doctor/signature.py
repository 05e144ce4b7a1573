"""DKIM signatures of a message that came back (RFC 6376 §6): which of them verify, for whom, over which headers."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Literal

import dkim

from composer.check.doctor.tags import read_tags
from composer.model.lookup import Ask, Found

MOST = 10
_SILENT = logging.getLogger("composer.dkimpy")  # what dkimpy would say is said by us
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False

Verdict = Literal["valid", "body-changed", "headers-changed", "no-key", "no-answer", "expired", "unreadable", "unsupported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One DKIM-Signature."""

    verdict: Verdict
    domain: str = ""  # d=
    selector: str = ""  # s=
    algorithm: str = ""  # a=
    headers: tuple[str, ...] = ()  # h=, lower case
    has_length: bool = False  # l=: what is added at the end is not signed
    said: str = ""  # by the library, of a signature that cannot be read


def read_signatures(content: bytes, ask: Ask) -> tuple[Signature, ...]:
    """Every signature of the message, the topmost first; ten at most."""
    try:
        count = sum(name.lower() == b"dkim-signature" for name, _ in dkim.rfc822_parse(content)[0])
    except Exception:  # noqa: BLE001 - the message is a stranger's, and dkimpy raises what its bytes provoke
        return ()
    return tuple(_read(content, place, ask) for place in range(min(count, MOST)))


def _read(content: bytes, place: int, ask: Ask) -> Signature:
    verifier = dkim.DKIM(content, logger=_SILENT, minkey=0)  # the size of the key is told by who looks at its record
    verdict, said = _verdict(verifier, place, ask)
    tags = {name: _text(value) for name, value in (getattr(verifier, "signature_fields", None) or {}).items()}
    return Signature(
        verdict=verdict,
        domain=tags.get(b"d", "").lower(),
        selector=tags.get(b"s", ""),
        algorithm=tags.get(b"a", "").lower(),
        headers=tuple(name.strip().lower() for name in tags.get(b"h", "").split(":")),
        has_length=b"l" in tags,
        said=said,
    )


def _verdict(verifier: dkim.DKIM, place: int, ask: Ask) -> tuple[Verdict, str]:
    missing: list[Verdict] = []

    def key_of(name: bytes | str, timeout: float = 0) -> bytes | None:  # noqa: ARG001 - dkimpy gives a time-out, ours is the resolver's
        answer = ask(_text(name).rstrip("."), "TXT")
        text = next((text for text in answer.values if read_tags(text).get("p")), "")
        if not text:
            missing.append("no-key" if answer.is_sure or answer.found is Found.FAILED else "no-answer")
        return text.encode("utf-8", "surrogateescape") or None

    try:
        valid = verifier.verify(idx=place, dnsfunc=key_of)
    except dkim.NaClNotFoundError as error:
        return "unsupported", str(error)
    except dkim.ValidationError as error:
        said = str(error)
        return "body-changed" if "body hash" in said else "expired" if "x= value" in said else "unreadable", said
    except Exception as error:  # noqa: BLE001 - as above
        return "unreadable", f"{type(error).__name__}: {error}"
    return ("valid" if valid else missing[0] if missing else "headers-changed"), ""


def _text(value: bytes | str) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return re.sub(r"\s+", "", text)
