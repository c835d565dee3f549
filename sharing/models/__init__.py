"""The tables of sharing: agreements, deposited records, and the disclosure log."""
