"""What runs when: the clock's tick, the sender's loop, the lock that lets one sender work on a workspace.

In: callables and the doors of ``composer.deliver.doors``. Out: deliveries moved on, one recorded step at a time. Knows no ledger or transport by name.
"""
