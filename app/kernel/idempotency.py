"""One answer for one `Idempotency-Key`, kept for a day beside what it created.

An answer that has an id is erased with what has that id. The digest of a request is keyed: a guess
at whom it names cannot be confirmed without the key.

The row is written in the transaction of the act, so act and answer exist together or not at all.
A second request with the key waits for the first one's commit and gets its answer.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import request
from flask_smorest import abort
from sqlalchemy import Index, LargeBinary, Text, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, UtcDateTime
from app.kernel.problem_codes import ProblemKind
from app.kernel.vault import Vault

KEPT_FOR: Final = timedelta(hours=24)
HEADER: Final = "Idempotency-Key"
PARAMETER: Final = {
    "in": "header",
    "name": HEADER,
    "description": "A name of this one request: sent again, it gets the same answer for 24 hours",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
"""How an operation that calls `once_for` describes it."""
_KEY: Final = re.compile(r"[!-~]{1,255}")
_NAME: Final = "idempotency"


class IdempotencyRow(Base):
    """What a client's key stood for, and the sealed answer it got."""

    __tablename__ = "idempotency"
    __table_args__ = (Index(None, "made", postgresql_where=text("made is not null")),)

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    made: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class KeyUsedDifferently(Exception):
    """The key came before with another request; a new request needs a new key."""


PROBLEMS: Final = (
    ProblemKind(
        "idempotency_key_reused",
        422,
        "The Idempotency-Key came with another request before",
        "A key stands for one request for a day. Send a new request under a new key.",
    ),
)
ERRORS: Final[dict[type[Exception], tuple[int, str]]] = {
    KeyUsedDifferently: (422, "idempotency_key_reused")
}


@dataclass(frozen=True, slots=True)
class Once:
    """One request under one key; `key` is None where the client sent none."""

    client_id: str
    key: str | None
    request: bytes


Answer = dict[str, Any]


def answered_once(session: Session, once: Once, at: datetime, act: Callable[[], Answer]) -> Answer:
    """Return the answer of `act`, which runs only if this key has not been answered in a day.

    Answers hold JSON values only. `KeyUsedDifferently` if the key came with another request.
    """
    if once.key is None:
        return act()
    vault = Vault.of(session)
    digest = vault.blind_index(_NAME, hashlib.sha256(once.request).hexdigest())
    mine = (IdempotencyRow.client_id == once.client_id) & (IdempotencyRow.key == once.key)
    session.execute(delete(IdempotencyRow).where(mine, IdempotencyRow.at <= at - KEPT_FOR))
    claimed = session.execute(
        insert(IdempotencyRow)
        .values(client_id=once.client_id, key=once.key, request_digest=digest, at=at)
        .on_conflict_do_nothing()
        .returning(IdempotencyRow.key)
    ).first()
    place = ("idempotency", once.client_id, once.key)
    key = vault.named(_NAME)
    if claimed is None:
        stored = session.execute(
            select(IdempotencyRow.request_digest, IdempotencyRow.answer).where(mine)
        ).one()
        if stored.request_digest != digest:
            raise KeyUsedDifferently
        earlier: Answer = json.loads(key.open(stored.answer, *place))
        return earlier
    answer = act()
    sealed = key.seal(json.dumps(answer).encode(), *place)
    made = None if "id" not in answer else UUID(answer["id"])
    session.execute(update(IdempotencyRow).where(mine).values(answer=sealed, made=made))
    return answer


def once_for(client_id: str) -> Once:
    """Return this request as `answered_once` takes it: its key, if any, and its exact bytes.

    A key that is not one is a 422: a longer one would not fit into an index.
    """
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        errors = [{"parameter": HEADER, "detail": "This must be 1 to 255 characters of ASCII."}]
        abort(422, code="request_invalid", errors=errors)
    what = f"{request.method} {request.path}\n".encode() + request.get_data()
    return Once(client_id, key, what)


def forget_past(session: Session, at: datetime) -> int:
    """Delete keys older than a day; returns how many."""
    old = session.execute(
        delete(IdempotencyRow)
        .where(IdempotencyRow.at <= at - KEPT_FOR)
        .returning(IdempotencyRow.key)
    )
    return len(old.all())
