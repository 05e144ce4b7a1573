"""Header lines of our own writing: what the stdlib's policies break (CPython #85725) must come out right here.

Every line is CRLF-ended. Control characters are refused, never cleaned away in silence.
"""

from __future__ import annotations

import re
from email import base64mime, quoprimime
from email.header import Header
from functools import lru_cache

from composer.errors import MergeError
from composer.text.hosts import mail_domain
from composer.words import Words

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+")
_LONG = 76
_CHROME = len("=?utf-8?q??=")
_REMEMBERED = 1024  # display names and the like that come again


def refuse_controls(value: str, name: str) -> str:
    """``value`` itself; raises MergeError when it holds a control character (RFC 5322 §3.2.5; header injection)."""
    if not (value.isascii() and value.isprintable()) and (found := _FORBIDDEN.search(value)):
        raise MergeError(
            Words(
                fr=f"l’en-tête {name} contient un caractère de contrôle (U+{ord(found[0]):04X})",
                en=f"the header {name} holds a control character (U+{ord(found[0]):04X})",
            ),
            where=name,
            hint=Words(fr="retapez cette valeur à la main, sans saut de ligne", en="type this value again by hand, without line breaks"),
        )
    return value


def write_text(name: str, value: str) -> bytes:
    """An unstructured header such as Subject; encoded words of at most 75 characters (RFC 2047 §2)."""
    value = refuse_controls(value, name)
    if _is_plain(value) and len(name) + 2 + len(value) <= _LONG:
        return _line(name, value)
    return _line(name, _encoded(value, name))


def write_mailbox(name: str, display: str, address: str) -> bytes:
    """A header with one mailbox: From, To, Reply-To."""
    return write_checked_mailbox(name, display, check_address(address, name))


def write_checked_mailbox(name: str, display: str, address: str) -> bytes:
    """As ``write_mailbox``, with an address that ``check_address`` gave."""
    display = " ".join([word for word in refuse_controls(display, name).split(" ") if word])  # blanks of a phrase count once
    if not display:
        return _line(name, address)
    phrase = _phrase(display, name)
    joint = " " if len(phrase.rpartition("\n")[2]) + len(address) + len(name) < _LONG else "\r\n "
    return _line(name, f"{phrase}{joint}<{address}>")


def write_ascii(name: str, *values: str, joint: str = ", ") -> bytes:
    """A structured header that must stay ASCII (List-*): one value a line, never an encoded word; raises MergeError otherwise."""
    for value in values:
        if not refuse_controls(value, name).isascii() or len(value) > 900:  # RFC 5322 §2.1.1: 998
            raise _not_ascii(name)
    return _line(name, f"{joint.rstrip()}\r\n ".join(values))


def check_address(address: str, name: str) -> str:
    """``local@domain`` with an ASCII domain; raises MergeError for what cannot stand in an envelope."""
    address = refuse_controls(address, name)
    if not _ADDRESS.fullmatch(address):
        raise MergeError(
            Words(fr=f"«\u00a0{address}\u00a0» n’est pas une adresse pour {name}", en=f"“{address}” is not an address for {name}"),
            where=name,
            hint=Words(fr="corrigez-la\u00a0: nom@domaine", en="mend it: name@domain"),
        )
    return address if address.isascii() else f"{address.rpartition('@')[0]}@{mail_domain(address)}"


def _phrase(display: str, name: str) -> str:
    """A display name as atoms, a quoted string or encoded words (RFC 5322 §3.2.5, RFC 2047 §5)."""
    if not _is_plain(display) or len(display) > _LONG - len(name) - 2:
        return _encoded(display, name)
    if _ATOM.fullmatch(display):
        return display
    return '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'


@lru_cache(maxsize=_REMEMBERED)
def _encoded(value: str, name: str) -> str:
    content = value.encode()
    base64, quoted = base64mime.header_length(content), quoprimime.header_length(content)
    if len(name) + 2 + _CHROME + min(base64, quoted) <= _LONG:  # one word: email.header would give the same, ten times as slowly
        return str((base64mime if base64 < quoted else quoprimime).header_encode(content, "utf-8"))
    # email.header keeps whole characters in each word and each word within 75 characters; email.policy does neither.
    return Header(value, "utf-8", maxlinelen=_LONG, header_name=name).encode(splitchars="", linesep="\r\n")


def _is_plain(value: str) -> bool:
    """Whether ``value`` can stand as typed: single blanks between printable ASCII, nothing that looks like an encoded word."""
    return not value or ("=?" not in value and _PLAIN.fullmatch(value) is not None)


def _not_ascii(name: str) -> MergeError:
    return MergeError(
        Words(
            fr=f"l’en-tête {name} ne peut contenir que de l’ASCII, en moins de 900 caractères",
            en=f"the header {name} can only hold ASCII, in less than 900 characters",
        ),
        where=name,
        hint=Words(fr="écrivez une adresse sans accent dans newsletter.toml", en="write an address without accents in newsletter.toml"),
    )


def _line(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode()
