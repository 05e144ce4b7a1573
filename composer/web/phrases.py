"""Every word of the readers' pages and of the preview, by its name."""

from __future__ import annotations

from composer.web.phrase import Phrase
from composer.web.phrases_readers import READERS
from composer.web.phrases_studio import STUDIO

PHRASES: dict[str, Phrase] = READERS | STUDIO
