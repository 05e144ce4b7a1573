"""Hebdo: an email newsletter composer and sender.

In: a folder with ``newsletter.toml``, and what a person asks. Out: editions, messages on their way, and what became of them.
Which package may know which is written in docs/decisions.md, and held by import-linter.
"""
