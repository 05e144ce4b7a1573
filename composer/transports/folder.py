"""A folder of .eml files: the default, with which nothing leaves the machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

from composer.model.mailing import Message, Outcome, Stage


class FolderTransport:
    """Writes each message as one file, whole or not at all, and on the disk before it counts as submitted.

    The name comes from the Message-ID, so a message that is submitted twice is still one file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def open_connections(self) -> None:
        """A folder has none."""

    def lane(self) -> FolderTransport:
        """Itself: a folder takes from everybody."""
        return self

    async def submit(self, message: Message, then: Message | None = None) -> Outcome:  # noqa: ARG002 - nothing goes ahead
        """One file; a folder that cannot be written counts as a server that does not answer: nobody is blamed."""
        try:
            self._write(message)
        except OSError as error:
            return Outcome(stage=Stage.CONNECT, reply=f"{error.strerror or error}: {error.filename or self._folder}"[:500])
        return Outcome(stage=Stage.DONE, code=250, reply=file_name(message))

    async def rest(self) -> None:
        """Nothing stays open."""

    async def aclose(self) -> None:
        """Nothing stays open."""

    async def abort(self) -> None:
        """Nothing stays open."""

    def _write(self, message: Message) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / file_name(message)
        partial = target.with_suffix(".part")
        with partial.open("wb") as file:
            file.write(_envelope(message) + message.content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        _sync_folder(self._folder)


def file_name(message: Message) -> str:
    """A file name that the Message-ID alone decides."""
    return re.sub(r"[^A-Za-z0-9@._+-]", "_", message.message_id).lstrip(".")[:150] + ".eml"


def _envelope(message: Message) -> bytes:
    """The envelope, where a mailbox's last server would note it (RFC 5321 §4.4; Delivered-To is common usage)."""
    return f"Return-Path: <{message.envelope_from}>\r\nDelivered-To: {message.envelope_to}\r\n".encode()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
