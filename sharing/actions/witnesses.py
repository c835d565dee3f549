"""The witnesses of our log: asking them to cosign, and what their answers mean (C2SP tlog-witness).

A witness that is away, or denies, costs a cosignature and nothing else; how many must sign before
a checkpoint is published is the partnership's choice. One that remembers more of this log than
there is shows that the database was taken back.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import requests

from sharing.chain.encoding import read_number
from sharing.chain.errors import ChainError
from sharing.chain.notes import KeyKind, VerifierKey, parse_note, parse_vkey, signature_line, verify
from sharing.chain.witnessing import Submission, submission_text

SECONDS_TO_ANSWER: Final = 3.0
_LARGEST_ANSWER: Final = 64 * 1024
_MOST_ASKED: Final = 3
Prove = Callable[[int, int], tuple[bytes, ...]]
"""From an older size and a newer to the proof that the one tree continues the other."""


class WitnessesFault(Exception):
    """The file of witnesses cannot be used; the message says what to put right."""


class NotCosigned(Exception):
    """A witness did not cosign, or not now; the message says why."""


class RememberedOtherwise(Exception):
    """A witness has cosigned a tree of this log that the database does not hold.

    It is larger, or another one of that size: one that ours does not continue.
    """

    def __init__(self, witness: str, tree: str) -> None:
        super().__init__(f"rollback: {witness} cosigned {tree} entries")


@dataclass(slots=True)
class WitnessAt:
    """A witness, where it is reached, and how much of our log it cosigned as far as we know."""

    url: str
    key: VerifierKey
    size: int = 0
    http: requests.Session = field(default_factory=requests.Session, repr=False)

    def cosign(self, size: int, note: bytes, prove: Prove) -> bytes:
        """Return the witness's signature line for the checkpoint of this size.

        `NotCosigned`, or `RememberedOtherwise` where it holds another history against ours.
        """
        old = min(self.size, size)
        answer = self._ask(old, size, note, prove)
        for _ in range(_MOST_ASKED):  # others may take checkpoints to it meanwhile
            if answer.status_code != requests.codes.conflict:
                break
            if (remembered := self._remembered(answer, size)) == old:
                break
            old = self.size = remembered
            answer = self._ask(old, size, note, prove)
        same = answer.status_code == requests.codes.conflict and old == size
        if same or (answer.status_code == requests.codes.unprocessable_entity and old):
            raise RememberedOtherwise(self.key.name, f"another log of {old}")
        if answer.status_code != requests.codes.ok:
            raise NotCosigned(f"it answered {answer.status_code} to growth from {old} to {size}")
        self.size = size
        return self._line(note, answer.content)

    def _ask(self, old: int, size: int, note: bytes, prove: Prove) -> requests.Response:
        proof = prove(old, size) if 0 < old < size else ()
        body = submission_text(Submission(old, proof, note))
        try:
            return self.http.post(self.url, body, timeout=SECONDS_TO_ANSWER, allow_redirects=False)
        except requests.RequestException as error:
            raise NotCosigned(f"it does not answer ({type(error).__name__})") from error

    def _remembered(self, answer: requests.Response, size: int) -> int:
        """Return the size that a witness says it remembers, which is one that we can prove."""
        try:
            remembered = read_number(answer.content[:20].removesuffix(b"\n"))
        except ChainError as error:
            raise NotCosigned("it answered 409 without its size") from error
        if remembered > size:
            raise RememberedOtherwise(self.key.name, f"a log of {remembered}")
        return remembered

    def _line(self, note: bytes, lines: bytes) -> bytes:
        """Return the one line of an answer that counts: its own, over this checkpoint."""
        try:
            cosigned = parse_note(note + lines[:_LARGEST_ANSWER])
            verify(cosigned, [self.key])
        except ChainError as error:
            raise NotCosigned(f"what it answered is no cosignature: {error}") from error
        mine = (self.key.name, self.key.key_id)
        return next(
            signature_line(one) for one in cosigned.signatures if (one.name, one.key_id) == mine
        )


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Those whom our log asks, and how many must sign before a checkpoint is published."""

    asked: tuple[WitnessAt, ...] = ()
    quorum: int = 0

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a file `{"witnesses": [{"url", "vkey"}], "quorum"}` says."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            asked = tuple(
                WitnessAt(f"{one['url'].rstrip('/')}/add-checkpoint", parse_vkey(one["vkey"]))
                for one in said["witnesses"]
            )
            quorum = int(said.get("quorum", 0))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            form = '{"witnesses": [{"url": …, "vkey": …}], "quorum": 0}'
            raise WitnessesFault(f"{path} must hold {form}: {error}") from error
        if not 0 <= quorum <= len(asked):
            raise WitnessesFault(f"{path}: {quorum} of {len(asked)} witnesses can never sign")
        if any(one.key.kind is not KeyKind.COSIGNATURE for one in asked):
            raise WitnessesFault(f"{path}: a witness's key is one of cosignatures, kind 4")
        return cls(asked, quorum)
