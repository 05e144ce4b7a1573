"""What a server is asked to say of a message that does not arrive (RFC 3461)."""

from __future__ import annotations

import re

_NOT_XTEXT = re.compile(r"[^!-*,-<>-~]")  # §4: all that is printed, but «+» and «=»
_LONGEST_ENVID = 100  # §4.4
_LONGEST_ORCPT = 500  # §4.2


def return_parameters(message_id: str) -> str:
    """For MAIL (§4.3, §4.4): of a bounce the headers are enough, and the delivery's name stands in it even where they are cut."""
    name = _xtext(message_id)
    return f" RET=HDRS ENVID={name}" if 0 < len(name) <= _LONGEST_ENVID else " RET=HDRS"


def notice_parameters(reader: str) -> str:
    """For RCPT (§4.1, §4.2): failures and delays, with the address that was written to, wherever it was forwarded."""
    original = f"rfc822;{_xtext(reader)}" if reader.isascii() else ""
    return f" NOTIFY=FAILURE,DELAY ORCPT={original}" if 0 < len(original) <= _LONGEST_ORCPT else " NOTIFY=FAILURE,DELAY"


def _xtext(text: str) -> str:
    if text.isascii() and text.isprintable() and "+" not in text and "=" not in text and " " not in text:
        return text
    return _NOT_XTEXT.sub(lambda found: f"+{ord(found[0]):02X}", text)
