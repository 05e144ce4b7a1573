"""Subscribers, mailings, deliveries and what became of them: in, values of the model; out, the same, kept safe on disk."""

from __future__ import annotations

from composer.ledger.ledger import Ledger, open_ledger

__all__ = ["Ledger", "open_ledger"]
