"""The steps between two shapes of the ledger, one file each; the newest is ``composer.ledger.store.HEAD``.

In: the tables as the step before left them. Out: the tables as its ``upgrade`` leaves them. A released step is never changed.
"""
