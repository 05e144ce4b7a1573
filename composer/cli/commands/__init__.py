"""One file per chapter of the command line.

In: the Typer application, given to each file's ``register(app)``. Out: its commands; each imports what it needs when it runs.
"""
