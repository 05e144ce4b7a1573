"""Decisions of sending as plain functions: who is due, when, what a reply means; in, values; out, values."""
