"""How a ledger of an older version comes to the present shape (Alembic).

In: an open connection to an older ledger. Out: the same rows in the tables of ``composer.ledger.tables``.
"""
