"""What all who touch words share: inline Markdown, typography, merge fields, escaping, counting, names.

In: words as typed, a house style, what closes a field. Out: spans, words as printed, words safe in one context.
"""
