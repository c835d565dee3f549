"""What may be shown as a way to reach someone."""

from directory.terms.contacts import Phone


def dialable(phone: Phone | None) -> bool:
    """Say whether a number may be shown as a link: complete, and without a visible fault."""
    return phone is not None and phone.e164 is not None and phone.fault is None
