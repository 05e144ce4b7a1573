"""Decisions of sending as plain functions: who is due, when, what a reply means, when to try again.

In: values and the hour. Out: values. ``doors`` says what is asked of a ledger and a transport.
"""
