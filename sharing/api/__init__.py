"""Doors to agreements, records, disclosures and the log."""
