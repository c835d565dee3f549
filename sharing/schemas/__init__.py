"""The shape of agreements, records and disclosures on the wire."""
