from __future__ import annotations
from composer.compose.importing.values import Notes, RawLine
from composer.model.newsletter import Labels
def read_html(text: str, labels: Labels, notes: Notes) -> list[RawLine]: return []
def read_markdown(text: str, labels: Labels, notes: Notes) -> list[RawLine]: return []
