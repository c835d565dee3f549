"""The history of what was said about a subject, as one agency may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from consent.queries import history as on_file
from consent.queries.consents import ConsentOnFile, consent_on_file
from consent.queries.vocabulary import policy_at
from consent.rules.history import steps_of
from consent.terms import Became, Consent, Policy

_ORDER: Final = tuple(Became)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened; `recorded_by` is None for what the dates alone brought."""

    at: datetime
    became: Became
    consent: ConsentOnFile
    recorded_by: str | None

    @property
    def place(self) -> tuple[datetime, UUID, int]:
        """Where it stands among all lines: by instant, and at one instant by what comes first."""
        return self.at, self.consent.id, _ORDER.index(self.became)


def history(session: Session, subject: UUID, agency: str, at: datetime) -> list[HistoryLine]:
    """Return all that was said about a subject and became of it, the earliest first.

    Empty for a subject that nobody knows, and for one of whom the agency may read nothing.
    """
    found, policy = on_file.consents_about(session, subject, agency), policy_at(session, at)
    lines = [line for one in found for line in _lines(session, one, policy, at)]
    return sorted(lines, key=lambda line: line.place)


def became(session: Session, one: ConsentOnFile, at: datetime) -> Became:
    """Return what happened to a consent last, whether somebody did it or its dates."""
    lines = list(_lines(session, one, policy_at(session, at), at))
    return lines[-1].became


def _lines(
    session: Session, one: ConsentOnFile, policy: Policy, at: datetime
) -> Iterator[HistoryLine]:
    replacing = None if one.replaced_by is None else consent_on_file(session, one.replaced_by)
    recorders: dict[str, str] = dict(on_file.recorders_of(session, one.id))
    recorders |= dict.fromkeys(("given", "refused"), one.recorded_by)
    if replacing is not None:
        recorders["replaced"] = replacing.recorded_by
    said = _as_said(one, None if replacing is None else replacing.recorded_at)
    for when, became in steps_of(said, policy, at):
        yield HistoryLine(when, became, one, recorders.get(became.value))


def _as_said(one: ConsentOnFile, replaced_at: datetime | None) -> Consent:
    return Consent(
        id=one.id,
        kind=one.kind,
        given_by=one.given_by,
        answer=one.answer,
        method=one.method,
        recorded_at=one.recorded_at,
        recipients=one.recipients,
        purposes=one.purposes,
        categories=one.categories,
        sources=one.sources,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        confirmed_at=one.confirmed_at,
        withdrawn_at=one.withdrawn_at,
        replaced_at=replaced_at,
    )
