"""The nouns: frozen values handed from package to package, in the words of GLOSSARY.md.

In: fields, each with its unit and form. Out: values that nobody changes. No path, clock or database.
"""
