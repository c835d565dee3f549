"""Judgements of the directory, by pure functions."""
