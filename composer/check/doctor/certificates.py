"""A certificate as OpenSSL judges it, in the doctor's words."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from composer.check.doctor.sight import Certificate

SOON_DAYS = 14
# X509_V_ERR_* of OpenSSL.
_REFUSALS: Mapping[int, Literal["expired", "name", "unknown", "weak"]] = {
    9: "expired",
    10: "expired",
    18: "unknown",
    19: "unknown",
    20: "unknown",
    21: "unknown",
    62: "name",
    63: "name",
    64: "name",
    66: "weak",
    67: "weak",
    68: "weak",
}


def refusal_of(number: int, said: str) -> Certificate:
    """Why a certificate was refused, by OpenSSL's number."""
    return Certificate(refused=_REFUSALS.get(number, "other"), said=said)


def days_left(certificate: Mapping[str, object] | None, now: datetime) -> int | None:
    """Whole days until a certificate that was accepted ends; None when it does not say."""
    end = (certificate or {}).get("notAfter")
    return int((ssl.cert_time_to_seconds(end) - now.timestamp()) // 86400) if isinstance(end, str) else None
