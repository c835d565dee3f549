"""Judgement about consent, by pure functions: who decides, and what they said."""
