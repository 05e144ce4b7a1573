"""One file per chapter of the command line; each has ``register(app)``."""
