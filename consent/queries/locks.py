"""Locks on subjects: who changes a subject's facts and who decides on them wait for each other.

Both live in memory and end with the transaction (`pg_advisory_xact_lock`); no row is written. An
asker has only identifiers, and may ask about somebody unknown, so the lock is on the identifiers'
digests; members of a household are known by id, so there is a lock on each id as well.

A statement reads what was committed when it began. So the lock is taken by a statement of its own,
facts are read by a later one, and the instant is read from the clock between the two: an asker who
was decided first then never has a later instant than the withdrawal that waited for them.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    Uuid,
    any_,
    bindparam,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Session

from consent.models.subjects import HouseholdMemberRow, SubjectIdentifierRow

_KEY_BYTES = 8

# In key order, so that two who lock the same subjects never wait for each other; `materialized`
# keeps the planner from taking the locks in another order.
_LOCK = text(
    "with key as materialized ("
    " select key from unnest(:keys) as key"
    " union select ('x' || encode(substr(digest, 1, 8), 'hex'))::bit(64)::bigint"
    " from subject_identifier where subject_id = any(:subjects)"
    " order by 1"
    ") select pg_advisory_xact_lock(key) from key"
).bindparams(bindparam("keys", type_=ARRAY(BigInteger)), bindparam("subjects", type_=ARRAY(Uuid)))


def shared_lock_keys(digests: Iterable[bytes]) -> list[int]:
    """Return the keys on which an asker takes shared locks, in the order in which to take them."""
    return sorted({_key(digest) for digest in digests})


def member_lock_keys(subjects: Iterable[UUID]) -> list[int]:
    """Return the keys of subjects that are known by id, in the order in which to take them."""
    return sorted({_key(hashlib.sha256(subject.bytes).digest()) for subject in subjects})


def household_lock_keys(digests: BindParameter[list[bytes]]) -> Select[int]:
    """Return the statement that yields `member_lock_keys` of whoever lives with these digests'.

    It may read a household that is about to change: hold it against the one found under the locks.
    """
    member, found = HouseholdMemberRow, SubjectIdentifierRow
    hashed = "sha256(uuid_send(household_member.member_id))"
    first = f"encode(substr({hashed}, 1, {_KEY_BYTES}), 'hex')"
    key: ColumnElement[int] = literal_column(f"('x' || {first})::bit(64)::bigint")
    return (
        select(key.label("key"))
        .join_from(member, found, found.subject_id == member.subject_id)
        .where(found.digest == any_(digests), member.replaced_at.is_(None))
    )


def lock_for_change(
    session: Session, subjects: Iterable[UUID], digests: Iterable[bytes] = ()
) -> None:
    """Lock these subjects, by id and by every identifier, and these digests, exclusively.

    Run twice: an identifier may be committed while the first statement waits, and while the locks
    on the ids are held no other can follow it.
    """
    wanted = list(subjects)
    keys = sorted({*member_lock_keys(wanted), *shared_lock_keys(digests)})
    for _ in range(2):
        session.execute(_LOCK, {"keys": keys, "subjects": wanted}).all()


def _key(digest: bytes) -> int:
    return int.from_bytes(digest[:_KEY_BYTES], "big", signed=True)
