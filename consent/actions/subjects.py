"""Registering subjects and what finds them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder, NotAvailable
from app.kernel.vault import DataKey, Vault
from consent.actions.errors import (
    AdultTooYoung,
    IdentifierMalformed,
    IdentifierTaken,
    UnknownPartner,
)
from consent.actions.partners import Partners
from consent.actions.writing import Writer, in_order
from consent.models.subjects import SubjectIdentifierRow, SubjectRow
from consent.queries import protection
from consent.queries import subjects as on_file
from consent.rules.deciding import hides, of_age, shielding
from consent.rules.giving import MAJORITY
from consent.rules.identifiers import Fault, agency_of, normal_form


@dataclass(frozen=True, slots=True)
class GivenIdentifier:
    """An identifier as it was sent."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class NormalIdentifier:
    """An identifier in its normal form, the digest that finds it, and where in the body it was."""

    scheme: str
    value: str
    digest: bytes
    pointer: str


@dataclass(frozen=True, slots=True)
class Name:
    """What somebody is called, or was."""

    given: str
    family: str


@dataclass(frozen=True, slots=True)
class NewSubject:
    """What is known of a subject at registration."""

    adult: bool = False
    born: date | None = None
    name: Name | None = None
    past_names: tuple[Name, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None


def read_identifiers(
    session: Session, given: Sequence[GivenIdentifier], partners: Partners
) -> tuple[NormalIdentifier, ...]:
    """Return each identifier once, in its normal form; named errors say what is off with one."""
    read = {one.digest: one for one in _each_read(Vault.of(session), given)}
    agencies = {agency_of(one.scheme): one.pointer for one in read.values()}
    unknown = partners.unknown(session, frozenset(code for code in agencies if code is not None))
    for code in sorted(unknown):
        detail = f"The scheme names {code}, which is no agency."
        raise UnknownPartner(detail, f"{agencies[code]}/scheme")
    return tuple(read.values())


def _each_read(vault: Vault, given: Sequence[GivenIdentifier]) -> Iterable[NormalIdentifier]:
    for place, one in enumerate(given):
        pointer = f"#/identifiers/{place}"
        value = normal_form(one.scheme, one.value)
        if isinstance(value, Fault):
            raise IdentifierMalformed(value.detail, f"{pointer}/{value.within}")
        digest = on_file.digest_of(vault, one.scheme, value)
        yield NormalIdentifier(one.scheme, value, digest, pointer)


def register(
    session: Session,
    new: NewSubject,
    identifiers: Sequence[NormalIdentifier],
    by: Writer,
    at: datetime,
) -> UUID:
    """Enter a subject under a key of its own, found by these identifiers; return its id."""
    in_order(new.starts, new.ends)
    if new.born is not None and new.born > at.date():
        raise DatesOutOfOrder("born must not be in the future.", "#/born")
    if new.adult and new.born is not None and not of_age(new.born, MAJORITY, at):
        raise AdultTooYoung(pointer="#/adult")
    vault, subject = Vault.of(session), new_id(at)
    wrapped = vault.new_key()
    key = vault.data_key(wrapped)
    born = None if new.born is None else new.born.isoformat().encode()
    session.execute(
        insert(SubjectRow).values(
            id=subject,
            adult=new.adult,
            born=None if born is None else key.seal(born, "subject", subject, "born"),
            names=key.seal(_names(new), "subject", subject, "names"),
            key_id=wrapped.key_id,
            wrapped_key=wrapped.wrapped,
            starts=new.starts,
            ends=new.ends,
            **by.stamp(at),
        )
    )
    _enter(session, subject, key, identifiers, by.stamp(at))
    return subject


def add_identifiers(
    session: Session,
    subject: UUID,
    identifiers: Sequence[NormalIdentifier],
    by: Writer,
    at: datetime,
) -> None:
    """Let a subject be found by these identifiers too."""
    _enter(session, subject, key_of(session, subject), identifiers, by.stamp(at))


def look_up(
    session: Session, identifiers: Sequence[NormalIdentifier], agency: str, at: datetime
) -> UUID:
    """Return whom these identifiers name; `NotAvailable` if nobody, or hidden from the agency."""
    subject = on_file.named_by(session, [one.digest for one in identifiers])
    if subject is None or not known_to(session, subject, agency, at):
        raise NotAvailable
    return subject


def known_to(session: Session, subject: UUID, agency: str, at: datetime) -> bool:
    """Say whether an agency may know that there is this subject: known, and not hidden from it."""
    if subject not in on_file.keys_of(session, {subject}):
        return False
    shields = protection.shields_of(session, subject)
    return not any(hides(shield) for shield in shielding(shields, agency, at))


def keys_of(session: Session, subjects: Iterable[UUID]) -> Mapping[UUID, DataKey]:
    """Return the key of each of these subjects; `NotAvailable` if any is unknown or erased."""
    wanted = set(subjects)
    keys = on_file.keys_of(session, wanted)
    if keys.keys() != wanted:
        raise NotAvailable
    return keys


def key_of(session: Session, subject: UUID) -> DataKey:
    """Return the key of a subject; `NotAvailable` if it is unknown or erased."""
    return keys_of(session, {subject})[subject]


def _names(new: NewSubject) -> bytes:
    name = None if new.name is None else asdict(new.name)
    return json.dumps(
        {"name": name, "past_names": [asdict(one) for one in new.past_names]}
    ).encode()


def _enter(
    session: Session,
    subject: UUID,
    key: DataKey,
    identifiers: Sequence[NormalIdentifier],
    stamp: Mapping[str, object],
) -> None:
    taken = on_file.taken(session, [one.digest for one in identifiers])
    for one in identifiers:
        if one.digest in taken:
            raise IdentifierTaken(pointer=one.pointer)
    rows = [
        {
            "digest": one.digest,
            "subject_id": subject,
            "scheme": one.scheme,
            "value": key.seal(one.value.encode(), "subject_identifier", one.digest.hex(), "value"),
            **stamp,
        }
        for one in identifiers
    ]
    if rows:
        session.execute(insert(SubjectIdentifierRow), rows)
