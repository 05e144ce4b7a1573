"""Documents that were chosen on the page «Coller»: kept while their editor looks at what was recognised, since no form can hold them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

from composer.errors import UsageError
from composer.words import Words

MOST_BYTES = 150_000_000  # of all together; the oldest go first


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A document with the words that the page shows of it."""

    content: bytes
    shown: str
    name: str


class Uploads:
    """The documents of one run of the preview, by their digest."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Upload] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, upload: Upload) -> str:
        """Keeps a document; the key under which a form names it."""
        key = hashlib.sha256(upload.content).hexdigest()
        with self._lock:
            self._kept[key] = upload
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(len(one.content) for one in self._kept.values()) > MOST_BYTES:
                self._kept.popitem(last=False)
        return key

    def find(self, key: str) -> Upload:
        """The document that a form names; raises UsageError when it is gone."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            raise UsageError(
                Words(
                    fr="Ce document n’est plus en mémoire. Rien n’a été écrit.",
                    en="This document is no longer at hand. Nothing was written.",
                ),
                hint=Words(fr="Choisissez de nouveau le fichier.", en="Choose the file again."),
            )
        return kept
