"""What mail clients make of a finished mail, by caniemail's data: which features it uses, who does not know them, what follows.

In: HTML and the data as values. Out: names of features, clients and consequences. Nothing is asked of the network: the data is shipped with
its date (``caniemail.json``, made by ``bench/caniemail.py``).
"""
