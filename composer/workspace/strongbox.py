"""Files closed and opened in the age format (https://age-encryption.org/v1), which any age tool opens as well."""

from __future__ import annotations

import errno
import io
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from composer.errors import ConfigurationError, FolderError, UsageError
from composer.text.system import words_of
from composer.words import Words

AGE_HEADER = b"age-encryption.org/v1\n"
HEADER_MAX_BYTES = 65_536  # each key takes a hundred of them; the age library tries every stanza of a header, however many there are
KEY_MAX_BYTES = 65_536  # a file of many identities has a few thousand
PASSPHRASE_MAX_BYTES = 512_000_000  # the age library closes with a passphrase in memory only


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What closes or opens a file; nothing of it is ever shown."""

    recipients: tuple[str, ...] = ()  # age1…: closes, cannot open
    identity: str = field(default="", repr=False)  # lines of AGE-SECRET-KEY-1…: opens
    passphrase: str = field(default="", repr=False)  # closes and opens

    @property
    def can_close(self) -> bool:
        """Whether a file is to be closed at all."""
        return bool(self.recipients or self.passphrase)


def is_closed(path: Path) -> bool:
    """Whether a file is in the age format."""
    with path.open("rb") as file:
        return file.read(len(AGE_HEADER)) == AGE_HEADER


def close_box(plain: Path, stream: IO[bytes], keys: Keys) -> Keys:
    """Writes ``plain`` to ``stream``, closed; gives the keys that open what was just written, for looking at it once.

    With recipients that is a key that exists in this process only. Raises UsageError, FolderError, OSError.
    """
    import pyrage

    if keys.recipients:
        once = pyrage.x25519.Identity.generate()
        recipients = [_recipient(one) for one in keys.recipients]
        with plain.open("rb") as source:
            guarded = _Guarded(stream)
            _run(lambda: pyrage.encrypt_io(source, guarded, [*recipients, once.to_public()]), guarded)
        return Keys(identity=str(once))
    if plain.stat().st_size > PASSPHRASE_MAX_BYTES:
        raise UsageError(
            Words(fr="C’est trop grand pour une phrase de passe.", en="This is too big for a passphrase."),
            where=plain.name,
            hint=Words(
                fr="Prenez une clé : `age-keygen -o cle.txt`, puis `hebdo backup --to-recipient age1…`",
                en="Take a key: `age-keygen -o key.txt`, then `hebdo backup --to-recipient age1…`",
            ),
        )
    stream.write(pyrage.passphrase.encrypt(plain.read_bytes(), keys.passphrase))
    return keys


def open_box(path: Path, stream: IO[bytes], keys: Keys, *, shown: str) -> None:
    """Writes what is in the closed file ``path`` to ``stream``; raises FolderError without the right key, or for a spoilt file."""
    import pyrage

    if not keys.identity and not keys.passphrase:
        raise _no_key(shown)
    _require_small_header(path, shown)
    try:
        if keys.identity:
            identities = [pyrage.x25519.Identity.from_str(line) for line in _key_lines(keys.identity)]
            guarded = _Guarded(stream)
            with path.open("rb") as source:
                _run(lambda: pyrage.decrypt_io(source, guarded, identities), guarded)
        else:
            stream.write(pyrage.passphrase.decrypt(path.read_bytes(), keys.passphrase))
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise FolderError(
            Words(
                fr=f"Cette clé ne l’ouvre pas, ou le fichier est abîmé ({error}).",
                en=f"This key does not open it, or the file is spoilt ({error}).",
            ),
            where=shown,
            hint=_KEYS_HINT,
        ) from error


def _require_small_header(path: Path, shown: str) -> None:
    with path.open("rb") as file:
        if b"\n---" in file.read(HEADER_MAX_BYTES):
            return
    raise FolderError(
        Words(fr="L’en-tête de ce fichier age n’a pas de fin.", en="The header of this age file has no end."),
        where=shown,
        hint=Words(fr="Prenez une autre sauvegarde.", en="Take another backup."),
    )


def read_key(path: Path) -> str:
    """A passphrase (its first line) or an identity from a file or a pipe (``<(pass lettre)``); raises ConfigurationError."""
    try:
        return _read_little(path.expanduser()).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = words_of(error) if isinstance(error, OSError) else Words(fr="ce n’est pas de l’UTF-8", en="it is not UTF-8")
        raise ConfigurationError(
            Words(fr=f"Ce fichier de clé ne se lit pas : {said.fr}.", en=f"This key file cannot be read: {said.en}."),
            where=str(path),
            hint=Words(fr=f"Regardez-le : `ls -l {path}`", en=f"Look at it: `ls -l {path}`"),
        ) from error


def _read_little(path: Path) -> bytes:
    """A small file, or what is in a pipe; a pipe to which nobody writes is empty, a device is none of both."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as stream:
        kind = os.fstat(handle).st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind)):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        os.set_blocking(handle, True)
        content = stream.read(KEY_MAX_BYTES + 1)
    if len(content) > KEY_MAX_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content


class _Guarded(io.RawIOBase):
    """A stream for the age library, which says of a full disk only that something failed: the system's own words are kept here."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        try:
            return self._stream.write(bytes(content))  # type: ignore[call-overload]
        except OSError as error:
            self.failure = error
            raise


def _run(act: object, guarded: _Guarded) -> None:
    try:
        act()  # type: ignore[operator]
    except Exception:
        if guarded.failure is not None:
            raise guarded.failure from None
        raise


def _recipient(text: str) -> object:
    import pyrage

    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise UsageError(
            Words(fr="Ce n’est pas une clé publique age.", en="This is no public age key."),
            where="--to-recipient",
            hint=Words(
                fr="Elle commence par age1 ; `age-keygen -o cle.txt` en fait une et la montre.",
                en="It begins with age1; `age-keygen -o key.txt` makes one and shows it.",
            ),
        ) from error


def _key_lines(identity: str) -> list[str]:
    return [line.strip() for line in identity.splitlines() if line.strip() and not line.startswith("#")]


def _no_key(shown: str) -> FolderError:
    return FolderError(
        Words(fr="Cette sauvegarde est chiffrée.", en="This backup is encrypted."),
        where=shown,
        hint=_KEYS_HINT,
    )


_KEYS_HINT = Words(
    fr="Donnez sa clé : `--identity cle.txt`, ou sa phrase de passe : `--passphrase-file phrase.txt` ou HEBDO_BACKUP_PASSPHRASE.",
    en="Give its key: `--identity key.txt`, or its passphrase: `--passphrase-file phrase.txt` or HEBDO_BACKUP_PASSPHRASE.",
)
