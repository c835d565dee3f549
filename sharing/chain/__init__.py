"""Hashes, leaves and notes of the disclosure log, as RFC 6962 and C2SP define them.

Pure like `rules`: what is random, what time it is and what is on file come in as arguments. Whoever
audits the log with a client of their own relies on these published formats, so nothing is invented.
"""
