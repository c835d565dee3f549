"""Agreements that partnerships for early help commonly need, in words of our own."""
