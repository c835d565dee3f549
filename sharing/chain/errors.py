"""The two ways in which material of the log can be wrong."""


class ChainError(ValueError):
    """Something of the log cannot be relied on."""


class MalformedError(ChainError):
    """Bytes or values do not have the form their format defines."""


class UnprovenError(ChainError):
    """A proof or a signature has the right form and does not hold."""
