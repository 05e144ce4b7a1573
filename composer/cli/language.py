"""Which of the two languages a person at this terminal reads."""

from __future__ import annotations

import os
from collections.abc import Mapping

from composer.words import Language, Words


def language_of(environment: Mapping[str, str]) -> Language:
    """``HEBDO_LANG``, else the locale in POSIX order; French where nothing is said, English for any third language."""
    for name in ("HEBDO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "").lower()
        if not value:
            continue
        # "C", "C.UTF-8" and "POSIX" name no language at all.
        return "fr" if value.startswith(("fr", "c.", "posix")) or value == "c" else "en"
    return "fr"


def chosen_language(environment: Mapping[str, str]) -> Language | None:
    """The language that ``HEBDO_LANG`` asks for; None: it is not set, and the desk's pages speak the browser's."""
    return language_of({"HEBDO_LANG": environment["HEBDO_LANG"]}) if environment.get("HEBDO_LANG") else None


LANGUAGE: Language = language_of(os.environ)


CHOSEN: Language | None = chosen_language(os.environ)


def say(fr: str, en: str) -> str:
    """The sentence in the language of this terminal."""
    return fr if LANGUAGE == "fr" else en


def told(words: Words) -> str:
    """``words`` in the language of this terminal."""
    return words.in_language(LANGUAGE)
