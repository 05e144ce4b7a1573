"""How a ledger of an older version comes to the present shape (Alembic)."""
