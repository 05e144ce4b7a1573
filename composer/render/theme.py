"""A theme as text: templates by name, and the values of its look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Theme:
    """Templates and tokens of one look; ``templates`` holds the shared ones too."""

    name: str
    templates: Mapping[str, str]  # "issue.mjml", "text.txt", "inline.css", "head.css", macros; LF only
    tokens: Mapping[str, Any]  # theme.toml
    version: str = ""  # digest of templates and tokens
