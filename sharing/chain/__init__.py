"""Hashes, leaves and notes of the disclosure log, as RFC 6962 and C2SP define them; pure like `rules`."""
