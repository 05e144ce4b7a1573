"""Records as they stand in a zone now, as the lines to take out."""

from __future__ import annotations

from collections.abc import Iterable

from composer.model.lookup import Answer
from composer.model.observation import Record


def standing(answer: Answer, values: Iterable[str] | None = None) -> tuple[Record, ...]:
    """The records of ``answer``, or those of them with one of ``values``; under the name at the end of its CNAMEs."""
    name = answer.aliases[-1] if answer.aliases else answer.name
    strings = answer.strings or ((),) * len(answer.values)
    wanted = set(answer.values if values is None else values)
    return tuple(
        Record(name=f"{name}.", type=answer.kind, value=value, strings=parts)
        for value, parts in zip(answer.values, strings, strict=True)
        if value in wanted
    )
