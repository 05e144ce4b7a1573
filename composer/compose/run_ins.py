"""Run-in heads: «**Un mur de genêts** – La commune plante…»."""

from __future__ import annotations

import re
from dataclasses import replace

from composer.model.body import Spans, plain
from composer.text.inline import merge_spans

_DASH = re.compile(r"[ \u00a0\u202f]+(?:[–—]|--?)[ \u00a0\u202f\n]+|[–—][ \u00a0\u202f\n]+")
_HEAD_DASH = re.compile(r"[ \u00a0\u202f]+(?:[–—]|--?)\Z")


def split_run_in(spans: Spans) -> tuple[Spans, Spans]:
    """The bold head that opens ``spans`` and what follows its spaced dash; ``((), spans)`` when there is none.

    The dash may be an en dash, an em dash or a hyphen, and may stand inside the bold, as word processors leave it.
    """
    bold = 0
    while bold < len(spans) and spans[bold].strong:
        bold += 1
    if not 0 < bold < len(spans):
        return (), spans
    head, rest = spans[:bold], spans[bold:]
    inside = _HEAD_DASH.search(head[-1].text)
    if inside and rest[0].text[:1].isspace():
        head = (*head[:-1], replace(head[-1], text=head[-1].text[: inside.start()]))
        tail = rest[0].text.lstrip()
    else:
        dash = _DASH.match(rest[0].text)
        if not dash or rest[0].link is not None or rest[0].code:
            return (), spans
        tail = rest[0].text[dash.end() :].lstrip()
    following = merge_spans((replace(rest[0], text=tail), *rest[1:]))
    if not plain(following).strip() or not plain(head).strip():
        return (), spans
    return merge_spans(replace(span, strong=False) for span in head), following
