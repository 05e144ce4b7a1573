"""Issue → edition: slots, MJML, premailer, plain text, seal.

In: an issue, the newsletter, a theme, measured pictures. Out: an ``Edition``, its merge fields still open, sealed by its digest; the same in, the
same out. Knows no file, clock or network.
"""
