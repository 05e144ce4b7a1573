"""The strings of an SPF record (RFC 7208 §3.3): they are joined without blanks, which people forget."""

from __future__ import annotations

from composer.check.doctor.spf_record import read_spf
from composer.model.lookup import Answer


def with_blanks(text: str, answer: Answer) -> str:
    """``text`` with a blank where two of its strings meet and each is whole by itself; as it is where they merely continue."""
    strings = next((parts for parts in answer.strings if "".join(parts) == text), (text,))
    joined = strings[0]
    for following in strings[1:]:
        joined += (" " if _meet(joined, following) else "") + following
    return joined


def _meet(before: str, after: str) -> bool:
    last, first = before.rpartition(" ")[2], after.partition(" ")[0]
    if not last or not first:
        return False
    if last.lower() == "v=spf1":
        return True
    record = read_spf(f"v=spf1 {last} {first}")
    # A string that stops in the middle of a word, as those of 255 bytes do, leaves a rest that is no term: «mple.com».
    plain = len(before.encode("utf-8", "surrogateescape")) % 255 == 0 and first.isalpha() and first.lower() != "all"
    return (
        not plain
        and len(record.terms) == 2
        and not any(term.wrong for term in record.terms)
        and not all(t.is_modifier for t in record.terms)
    )
