"""The first slice: how it is written, how many it is, and who is in it, evenly spread over the audience."""

from __future__ import annotations

import math
import re

from composer.deliver.address import read_address
from composer.model.pace import FirstSlice

_SHARE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,3})?)\s*%\s*")
_COUNT = re.compile(r"\s*(\d{1,9})\s*")


def parse_slice(written: str) -> FirstSlice:
    """«1%», «200», or addresses parted by commas. Raises ValueError for anything else, for nobody and for everybody."""
    if share := _SHARE.fullmatch(written):
        percent = float(share[1].replace(",", "."))
        if 0 < percent < 100:
            return FirstSlice(percent=percent)
    elif count := _COUNT.fullmatch(written):
        if int(count[1]):
            return FirstSlice(count=int(count[1]))
    elif keys := _keys(written):
        return FirstSlice(keys=keys)
    raise ValueError(written)


def _keys(written: str) -> tuple[str, ...]:
    found = [read_address(one) for one in written.split(",") if one.strip()]
    if not found or None in found:
        raise ValueError(written)
    return tuple(one.key for one in found if one is not None)


def slice_size(first: FirstSlice, audience: int) -> int:
    """How many of ``audience`` are in it, rounded up and never everybody; 0 for named addresses, who are counted where they are found."""
    wanted = math.ceil(audience * first.percent / 100) if first.percent else first.count
    return min(wanted, max(0, audience - 1))


def spread(audience: int, seed: str) -> tuple[int, int]:
    """Step and start of a walk over 0 … ``audience`` - 1 that meets each place once: place = (rank × step + start) mod audience.

    The golden section spreads the first n evenly, old readers and new ones alike; ``seed`` (the edition's digest) makes
    it other readers at each mailing. Kept below 2⁶² so that SQL reckons it in whole numbers.
    """
    if audience < 2:
        return 1, 0
    golden = max(1, round(audience * (math.sqrt(5) - 1) / 2))
    while math.gcd(golden, audience) != 1:
        golden += 1
    # From one place to the next the rank goes on by the golden section: the ranks of a slice are what must be spread.
    return pow(golden, -1, audience), int(seed[:12] or "0", 16) % audience
