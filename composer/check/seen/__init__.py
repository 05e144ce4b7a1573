"""What can be seen of a finished mail: its words in order, and how each one looks in every client that shows it.

In: HTML. Out: words with their looks (size, colours, what hides them). A browser is not asked: that would take seconds, and these are
milliseconds; the tests hold the answers against Chromium's. What cannot be reckoned without laying the page out is judged hidden.
"""
