"""Subscribers, mailings, deliveries and what became of them.

In: values of the model, and the hour. Out: the same values, kept safe on disk; each change is one transaction. Decides nothing.
"""

from __future__ import annotations

from composer.ledger.ledger import Ledger, open_ledger

__all__ = ["Ledger", "open_ledger"]
