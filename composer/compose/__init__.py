"""The text of files, or of a paste → stories → an issue; and back, when a person changes one thing.

In: texts with their names, and the newsletter's labels. Out: ``Issue`` and ``Story``, or the text of a file in which only the asked line is another.
Opens no file; what comes from elsewhere is read in ``composer.compose.importing``.
"""
