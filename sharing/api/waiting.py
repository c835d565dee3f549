"""`Prefer: wait=5` (RFC 7240): an answer that waits a little, for the proof of its entry."""

import re
from time import monotonic, sleep
from typing import Final
from uuid import UUID

from flask import request

from app.kernel.db import reading_as_ig_lead
from sharing.chain.proofs import proof_text
from sharing.queries import tree

LONGEST_WAIT: Final = 5.0
_WAIT: Final = re.compile(r"\s*wait\s*=\s*\"?([0-9]{1,4})\"?\s*", re.IGNORECASE)
_SECONDS_BETWEEN: Final = 0.05


def seconds_wished() -> float | None:
    """Return how long the caller would wait, five seconds at most; None if it did not say."""
    for wish in request.headers.get("Prefer", "").split(","):
        found = _WAIT.fullmatch(wish.partition(";")[0])
        if found is not None:
            return min(float(found.group(1)), LONGEST_WAIT)
    return None


def proof_within(entry: UUID, seconds: float) -> str | None:
    """Return the finished proof of an entry, as C2SP tlog-proof text; None if it takes longer.

    The entry is committed already: the wait holds no lock and no transaction.
    """
    ends = monotonic() + seconds
    while True:
        with reading_as_ig_lead() as session:
            proof = tree.proof_of(session, entry)
        if proof is not None:
            return proof_text(proof).decode()
        if monotonic() >= ends:
            return None
        sleep(_SECONDS_BETWEEN)
