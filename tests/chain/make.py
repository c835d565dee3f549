"""What the tests of the log's room start from: leaves, keys and the vectors."""

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sharing.chain.checkpoints import Checkpoint, checkpoint_text
from sharing.chain.leaves import leaf_hash
from sharing.chain.notes import Note, Signer, format_note, sign
from sharing.chain.tree import leaves_reader, root

VECTORS = Path(__file__).parent / "vectors"
ORIGIN = "log.example/1"


def vectors(name: str):
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(b"leaf %d" % n) for n in range(size)]


def signer(name: str = ORIGIN, seed: str | None = None) -> Signer:
    secret = hashlib.sha256((seed or name).encode()).digest()
    return Signer(name, Ed25519PrivateKey.from_private_bytes(secret))


def flipped(raw: bytes, bit: int) -> bytes:
    changed = bytearray(raw)
    changed[bit // 8 % len(raw)] ^= 1 << bit % 8
    return bytes(changed)


def head(size: int, origin: str = ORIGIN) -> bytes:
    return checkpoint_text(Checkpoint(origin, size, root(size, leaves_reader(hashes(size)))))


def signed(text: bytes, *signers: Signer) -> bytes:
    return format_note(Note(text, tuple(sign(text, one) for one in signers)))
