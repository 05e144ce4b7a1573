"""Private keys of DKIM: read from PEM, judged, made; and the record that publishes their other half."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from composer.errors import ConfigurationError
from composer.model.observation import Record
from composer.words import Words

Kind = Literal["rsa", "ed25519"]

SHORT, WEAK = 1024, 2048  # bits of RSA: under SHORT nobody verifies it, under WEAK some mind (RFC 8301 §3.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One private key and the selector under which its other half is published."""

    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @property
    def kind(self) -> Kind:
        """As a= and k= name it."""
        return "rsa" if isinstance(self.key, RSAPrivateKey) else "ed25519"

    @property
    def bits(self) -> int:
        """Its size; 256 for Ed25519."""
        return self.key.key_size if isinstance(self.key, RSAPrivateKey) else 256

    @property
    def is_weak(self) -> bool:
        """Whether some receivers mind its size."""
        return self.kind == "rsa" and self.bits < WEAK

    @property
    def public_text(self) -> str:
        """What p= holds: SubjectPublicKeyInfo of RSA (RFC 6376 §3.6.1), the 32 bare bytes of Ed25519 (RFC 8463 §4), in base64."""
        public = self.key.public_key()
        if isinstance(self.key, RSAPrivateKey):
            return b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
        return b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def record(self, domain: str) -> Record:
        """The line of the zone of ``domain`` (ASCII) that publishes it."""
        text = f"v=DKIM1; k={self.kind}; p={self.public_text}"
        return Record(name=f"{self.selector.lower()}._domainkey.{domain}.", type="TXT", value=text)


def read_signing_key(pem: bytes, selector: str, *, where: str) -> SigningKey:
    """The key of a PEM file; raises ConfigurationError for what is none, is locked, or is so short that nobody would verify it."""
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:  # it wants a password
        raise _unfit(Words(fr="Cette clé DKIM est chiffrée.", en="This DKIM key is encrypted."), selector, where) from None
    except (ValueError, UnsupportedAlgorithm):  # their words may quote the file
        raise _unfit(Words(fr="Cette clé DKIM ne se lit pas.", en="This DKIM key cannot be read."), selector, where) from None
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise _unfit(Words(fr="Cette clé DKIM n’est ni RSA ni Ed25519.", en="This DKIM key is neither RSA nor Ed25519."), selector, where)
    if isinstance(key, RSAPrivateKey) and key.key_size < SHORT:
        said = Words(
            fr=f"Cette clé DKIM n’a que {key.key_size} bits : plus personne ne l’accepte (RFC 8301).",
            en=f"This DKIM key has only {key.key_size} bits: nobody accepts it any more (RFC 8301).",
        )
        raise _unfit(said, selector, where)
    return SigningKey(selector=selector, key=key)


def make_signing_key(kind: Kind, selector: str) -> tuple[SigningKey, bytes]:
    """A new key, and its PEM (PKCS #8, not encrypted). RSA has 2048 bits: with more, the record outgrows what many providers' forms take."""
    key = generate_private_key(public_exponent=65537, key_size=WEAK) if kind == "rsa" else Ed25519PrivateKey.generate()
    return SigningKey(selector=selector, key=key), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def sign_digest(one: SigningKey) -> Callable[[bytes], bytes]:
    """Signs a SHA-256: with PKCS #1 v1.5 (RFC 6376 §3.3.1), or as the message of PureEdDSA (RFC 8463 §3)."""
    key = one.key
    if isinstance(key, Ed25519PrivateKey):
        return key.sign
    padding, hashed = PKCS1v15(), Prehashed(SHA256())
    return lambda digest: key.sign(digest, padding, hashed)


def _unfit(said: Words, selector: str, where: str) -> ConfigurationError:
    return ConfigurationError(
        said,
        where=where,
        hint=Words(
            fr=f"Remettez le fichier depuis une sauvegarde, ou faites une autre clé : `hebdo dkim keygen --selector {_next(selector)}`",
            en=f"Put the file back from a backup, or make another key: `hebdo dkim keygen --selector {_next(selector)}`",
        ),
    )


def _next(selector: str) -> str:
    """Another selector: the file of this one stays where it is."""
    return f"{selector}-2"
