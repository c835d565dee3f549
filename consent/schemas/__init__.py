"""The shape of subjects, consents, shields and settings on the wire."""
