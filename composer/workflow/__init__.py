"""One file per job of the person who makes the newsletter: composing, checking, proofing, scheduling, sending.

In: a workspace, its ledger, what was asked, the hour. Out: values to be told, or an error of ``composer.errors``. Hands what the world says
(workspace, ledger, transports, outside, engine) to what thinks, and back; prints nothing and knows no page.
"""
