"""The command line: words in, one workflow call, words out.

In: arguments, the environment, a terminal or none. Out: what was asked for on stdout, what is said about it on stderr, an exit code.
"""
