"""What the doctor thinks of what it was shown: texts and answers in, observations out. It asks nobody by itself.

In: records, replies, certificates, measures, a message that came back. Out: ``Observation`` values, each with the record or command
that mends it. Every code stands in ``codes.py``, and docs/doctor.md is written from there.
"""
