"""Hebdo: an email newsletter composer and sender."""
