"""A public key as DKIM publishes it: type and size, or why it is none. Nothing is verified here."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Literal

from dkim.crypto import UnparsableKeyError, parse_private_key, parse_public_key

from composer.words import Words

_ARMOUR = re.compile(r"-----(?:BEGIN|END)[A-Z ]*-----|-----?(?:BEGIN|END)?")
_ED25519_BYTES = 32
_ED25519_HEAD = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of Ed25519 (RFC 8410 §4), not wanted in p= (RFC 8463 §4)
_PKCS8_RSA = bytes.fromhex("06092a864886f70d010101")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """What p= holds."""

    kind: Literal["rsa", "ed25519", ""]  # "": no key
    bits: int = 0
    text: str = ""  # as it should be written, base64 without blanks
    trouble: Words | None = None  # why it is none, or what had to be mended to read it
    is_private: bool = False


def read_key(written: str) -> PublicKey:
    """The key of a p= tag, read tolerantly: blanks, armour and lost padding are mended and told."""
    bare = re.sub(r"\s+", "", _ARMOUR.sub("", written))
    trouble = (
        None
        if bare == re.sub(r"\s+", "", written)
        else Words(fr="la clé porte ses lignes BEGIN et END", en="the key has its BEGIN and END lines")
    )
    body = bare.rstrip("=")
    if foreign := re.search(r"[^A-Za-z0-9+/]", body):
        sign = foreign[0] if foreign[0].isprintable() else f"U+{ord(foreign[0]):04X}"
        return PublicKey(kind="", trouble=Words(fr=f"« {sign} » n’est pas du base64", en=f"“{sign}” is not base64"))
    padded = body + "=" * (-len(body) % 4)
    if padded != bare:
        trouble = trouble or Words(fr="le base64 n’est pas complété par =", en="the base64 lacks its = at the end")
    try:
        content = base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError):
        return PublicKey(kind="", trouble=Words(fr="le base64 est coupé", en="the base64 is cut"))
    return _read_content(content, padded, trouble)


def _read_content(content: bytes, text: str, trouble: Words | None) -> PublicKey:
    if len(content) == _ED25519_BYTES:
        return PublicKey(kind="ed25519", bits=256, text=text, trouble=trouble)
    if content.startswith(_ED25519_HEAD) and len(content) == len(_ED25519_HEAD) + _ED25519_BYTES:
        raw = base64.b64encode(content[len(_ED25519_HEAD) :]).decode()
        wrapped = Words(
            fr="une clé Ed25519 s’écrit en 32 octets nus (RFC 8463 §4)", en="an Ed25519 key is written as 32 bare bytes (RFC 8463 §4)"
        )
        return PublicKey(kind="ed25519", bits=256, text=raw, trouble=wrapped)
    if _is_private(content):
        return PublicKey(kind="", is_private=True, trouble=Words(fr="c’est la clé privée", en="it is the private key"))
    bits = _rsa_bits(content)
    if not bits:
        return PublicKey(
            kind="", trouble=Words(fr="ce n’est ni une clé RSA ni une clé Ed25519", en="it is neither an RSA nor an Ed25519 key")
        )
    return PublicKey(kind="rsa", bits=bits, text=text, trouble=trouble)


def _rsa_bits(content: bytes) -> int:
    """The size of an RSA key's modulus; 0 when there is none."""
    try:
        modulus = int(parse_public_key(content)["modulus"])
    except (UnparsableKeyError, AssertionError, IndexError, KeyError, TypeError, ValueError, RecursionError):
        return 0
    # A modulus is odd, and a key that was cut has a length that its bytes do not fill.
    return modulus.bit_length() if modulus % 2 and modulus.bit_length() // 8 < len(content) else 0


def _is_private(content: bytes) -> bool:
    """PKCS#1 (nine numbers), or PKCS#8: a version before the algorithm."""
    if (
        content[:1] == b"\x30"
        and b"\x02\x01\x00" in content[:8]
        and (_PKCS8_RSA in content[:40] or b"\x06\x03\x2b\x65\x70" in content[:20])
    ):
        return True
    try:
        parse_private_key(content)
    except Exception:  # noqa: BLE001 - dkimpy's reader of keys raises whatever a stranger's bytes provoke
        return False
    return True
