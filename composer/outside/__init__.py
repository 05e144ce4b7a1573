"""What else is asked of the world: here, whether links answer.

In: addresses. Out: what each of them answered, for ``composer.check``. Decides nothing.
"""
