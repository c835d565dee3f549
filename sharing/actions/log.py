"""One line of the disclosure log for one request, written before anything is answered.

The line, its erasable half, its place in the queue and the duties it brings are one statement: an
entry is pending or has a leaf, never neither. Salts are 32 random bytes, so that nobody can confirm
a guess at the person once the opening is erased.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.prepared import Prepared
from app.kernel.vault import Vault
from sharing.chain.leaves import SALT_SIZE, EntryKind, Leaf, commitment, leaf_bytes, leaf_hash

LOG_KEY: Final = "log"
RECEIPTS: Final = "rightshare.receipts"
"""Where an application keeps the signer of receipts."""
ORIGIN: Final = "rightshare.log_origin"
"""Where an application keeps the name of its log."""


@dataclass(frozen=True, slots=True)
class Line:
    """What an entry says: `facts` hold nothing personal, `about` everything that is.

    `digests` find it by the identifiers asked, where no subject was looked up.
    """

    recipient: str
    source: str | None
    outcome: str
    facts: Mapping[str, Any]
    about: Mapping[str, Any]
    subject: UUID | None = None
    obligations: tuple[str, ...] = ()
    digests: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was written: its id, and the hash that a receipt promises."""

    id: UUID
    at: datetime
    leaf_hash: bytes


# Raw SQL, kept prepared by the driver: this is the one statement on every answer's way.
_LINE: Final = """
with entry as (
  insert into log_entry
    (id, at, recipient, source, outcome, leaf, leaf_hash, facts, facts_salt)
  values
    (:id, :at, :recipient, :source, :outcome, :leaf, :leaf_hash, :facts, :facts_salt)
), person as (
  insert into log_subject (id, subject, opening, salt, digests)
  values (:id, :subject, :opening, :salt, cast(:digests as bytea[]))
)
"""
_DUTIES: Final = """, duties as (
  insert into obligation (entry_id, code, agency)
  select :id, code, :recipient from unnest(cast(:obligations as text[])) as code
)
"""
_PENDING: Final = "insert into log_pending (entry_id, leaf_hash) values (:id, :leaf_hash)"
_APPEND: Final = Prepared(text(_LINE + _PENDING))
# Most entries bring no duty, and a table that is opened for nothing is an eighth of an insert.
_APPEND_WITH_DUTIES: Final = Prepared(text(_LINE + _DUTIES + _PENDING))


def append_entry(
    session: Session, line: Line, at: datetime, kind: EntryKind = EntryKind.DECISION
) -> Entry:
    """Write one entry; the session must speak for `line.recipient` (row-level security)."""
    entry_id = new_id(at)
    facts, about = canonical(line.facts), canonical(line.about)
    facts_salt, salt = secrets.token_bytes(SALT_SIZE), secrets.token_bytes(SALT_SIZE)
    leaf = leaf_bytes(Leaf(entry_id, kind, commitment(facts_salt, facts), commitment(salt, about)))
    hashed = leaf_hash(leaf)
    opening = Vault.of(session).named(LOG_KEY).seal(about, "log_subject", entry_id, "opening")
    (_APPEND_WITH_DUTIES if line.obligations else _APPEND).run(
        session,
        {
            "id": entry_id,
            "at": at,
            "recipient": line.recipient,
            "source": line.source,
            "outcome": line.outcome,
            "leaf": leaf,
            "leaf_hash": hashed,
            "facts": facts,
            "facts_salt": facts_salt,
            "subject": line.subject,
            "opening": opening,
            "salt": salt,
            "obligations": list(line.obligations),
            "digests": list(line.digests) or None,
        },
    )
    return Entry(entry_id, at, hashed)


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the one JSON text of a document; these bytes are stored, never made again."""
    return json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
