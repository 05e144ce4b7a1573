"""One file per step; the newest is composer.ledger.store.HEAD."""
