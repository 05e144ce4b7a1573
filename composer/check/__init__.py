"""Issue, publication and measures in, findings out: what stands in the way of sending, what deserves a look, what would be better.

One file per family of rules; ``rules`` lists them all with their mends, and docs/checks.md is written from it.
"""
