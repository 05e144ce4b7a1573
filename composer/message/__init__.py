"""Edition + recipient → message: the RFC 5322 bytes and the envelope.

In: an edition with open merge fields, the newsletter, one recipient, the date. Out: bytes that any parser reads back as what was put in.
Compiled once per edition, spliced per recipient; knows no clock, socket or chance.
"""

from composer.message.build import build_message, longest_size
from composer.message.dkim import Signer
from composer.message.template import MessageTemplate, compile_template, splice

__all__ = ["MessageTemplate", "Signer", "build_message", "compile_template", "longest_size", "splice"]
