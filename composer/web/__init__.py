"""Pages: those of readers, and the editors' preview.

In: a workspace and its ledger. Out: Starlette applications; strict headers, nothing inline, nothing loaded from elsewhere.
"""
