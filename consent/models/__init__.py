"""The tables of consent; importing this room makes them all known to the metadata."""

from consent.models import consents, protection, subjects, vocabulary

__all__ = ["consents", "protection", "subjects", "vocabulary"]
