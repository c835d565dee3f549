"""Agreements, disclosures and the disclosure log: who may tell whom what, and the proof of what was told.

The decision is a pure function over loaded facts, so that a reader can check it without a running service.
"""
