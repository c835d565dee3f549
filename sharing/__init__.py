"""Agreements, disclosures and the log of them: who may tell whom what, and proof of what was told.

The decision is a pure function over loaded facts, so that a reader can check it without a running
service.
"""
