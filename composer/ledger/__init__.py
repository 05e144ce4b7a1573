"""Subscribers, mailings, deliveries and what became of them.

In: values of the model, and the hour. Out: the same values, kept safe on disk; each change is one transaction. Decides nothing.
"""

from __future__ import annotations

from composer.ledger.ledger import Ledger, open_ledger
from composer.ledger.upgrade import SENDER_LOCK

__all__ = ["SENDER_LOCK", "Ledger", "open_ledger"]
