"""What every source offers, and the limits that all keep."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from directory.terms.exchange import Provenance, Seen, Taken


class Source(ABC):
    """Records from elsewhere; making one refuses (`SourceRefused`) what cannot be read at all."""

    name: str
    fingerprint: str
    provenance: Provenance = Provenance()
    expected: int | None = None

    @abstractmethod
    def rows(self, after: int, before: Seen) -> Iterator[Taken]:
        """Yield what has not been taken in: from a row on, or without what was seen before."""

    @abstractmethod
    def part_done(self) -> float | None:
        """Return how much of it has been read, from 0 to 1; None where nobody can tell."""

    def close(self) -> None:  # noqa: B027  (only some hold anything open)
        """Let go of what is open."""
