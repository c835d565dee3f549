"""What was so of one entry when it came, put together from the log and from the file.

Nothing is written here and nothing is told: numbers and codes come out, for `rules.scoring`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from consent.queries.protection import set_by_agency
from consent.rules.deciding import during
from consent.terms import Subject
from sharing.queries import circumstances as file
from sharing.queries import measuring as log
from sharing.queries.indexing import digests_of_workers
from sharing.queries.seeing import subject_of
from sharing.rules.lines import worker_of
from sharing.rules.probing import in_sequence
from sharing.rules.school_days import local_clock
from sharing.rules.telling import DENIED
from sharing.terms.codes import Flag, Ground, Kind
from sharing.terms.lines import DECISION, Written
from sharing.terms.scoring import Measures, ShieldTouch

WITHOUT_SAY: Final = "access_without_say"
"""The act of an entry that says that somebody without a say asked for what is held."""
_LOOKED_BACK: Final = timedelta(days=3650)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Measured:
    """An entry with its measures; `words` are the digest of why a consent was passed over.

    `shielded_by` are the agencies that set the shields of whom it is about.
    """

    entry: Written
    measures: Measures
    role: log.Role | None = None
    words: bytes | None = None
    shielded_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Look:
    """An entry, who stood behind it, and the two sessions it is measured with.

    `session` speaks for the recipient, `reading` sees the whole log.
    """

    session: Session
    reading: Session
    entry: Written
    who: bytes | None

    @property
    def about(self) -> dict[str, Any]:
        return dict(self.entry.about or {})

    @property
    def client(self) -> str:
        return str(self.entry.facts.get("client") or "")

    @property
    def whom(self) -> UUID:
        return self.entry.subject or self.entry.id


def measure(session: Session, reading: Session, entry: Written) -> Measured:
    """Return the measures of an entry; those of anything but a decision are usual, but for one.

    `session` speaks for the entry's recipient, `reading` sees the whole log.
    """
    if entry.entry_kind != DECISION:
        asked_in_vain = entry.facts.get("act") == WITHOUT_SAY
        return Measured(entry, Measures(without_say=asked_in_vain))
    worker = worker_of(entry)
    named = None if worker is None else (worker.agency, worker.id)
    (who,) = digests_of_workers(reading, [named])
    look = _Look(session, reading, entry, who)
    role, words = _role(look), _words(look)
    measures = replace(Measures(), **_habits(look), **_role_habits(look, role))
    measures = replace(measures, **_overriding(look, words, measures.overrides_before))
    if entry.subject is None:
        return Measured(entry, _refused_by_shield(entry, measures), role, words)
    subject = subject_of(session, entry.subject, entry.at)
    measures = replace(measures, **_tried(look, entry.subject))
    if subject is None:
        return Measured(entry, _refused_by_shield(entry, measures), role, words)
    around = _around(look, subject) | _ties(look, subject)
    measures = _touching(entry, subject, replace(measures, **around))
    return Measured(entry, measures, role, words, _who_shields(session, subject, entry.at))


def _habits(look: _Look) -> dict[str, Any]:
    entry, asked = look.entry, log.identifiers_in(look.entry.about)
    lately = log.asked_lately(look.reading, entry, look.who, look.client)
    said: dict[str, Any] = {"in_sequence": in_sequence(asked, lately)}
    pointing = entry.facts.get("kind") == Kind.POINTER
    if look.who is None:
        others = log.pointers_by(look.reading, entry, look.client, look.whom)
        return said | {"pointers_in_hour": others + pointing}
    found = log.habits(look.reading, entry, look.who, look.client, look.whom)
    silent = None if found.last_at is None else (entry.at - found.last_at).days
    return said | {
        "children_in_hour": found.children + 1,
        "children_usual": round(found.usual, 1),
        "pointers_in_hour": found.pointers + pointing,
        "overrides_before": found.overrides,
        "days_silent": silent,
        "new_client": found.last_at is not None and not found.same_client,
    }


def _role(look: _Look) -> log.Role | None:
    practitioner = look.about.get("practitioner")
    role = practitioner.get("role") if isinstance(practitioner, dict) else None
    if not isinstance(role, str) or not role:
        return None
    clock = local_clock(look.entry.at)
    digest = Vault.of(look.session).digest("log", "role", look.entry.recipient, role)
    purpose = str(look.entry.facts.get("purpose") or "")
    return log.Role(look.entry.recipient, digest, clock.date(), clock.hour, purpose)


def _role_habits(look: _Look, role: log.Role | None) -> dict[str, Any]:
    if role is None:
        return {}
    found = log.role_habits(look.session, role)
    return {
        "role_looks": found.looks,
        "role_at_this_hour": found.at_this_hour,
        "role_for_this_purpose": found.for_this_purpose,
    }


def _words(look: _Look) -> bytes | None:
    """Return the digest of why a consent was passed over, alike for alike words."""
    override = look.about.get("override")
    said = override.get("justification") if isinstance(override, dict) else None
    if look.entry.facts.get("override") is None or not isinstance(said, str):
        return None
    plain = " ".join(said.casefold().split())
    return Vault.of(look.session).digest("log", "justification", look.entry.recipient, plain)


def _overriding(look: _Look, words: bytes | None, before: int) -> dict[str, Any]:
    if look.entry.facts.get("override") is None:
        return {"overrides_before": 0}
    same = 0
    if words is not None:
        same = log.same_words(look.session, look.entry, words)
    return {"override": True, "overrides_before": before, "same_words_before": same}


def _tried(look: _Look, subject: UUID) -> dict[str, Any]:
    entry = look.entry
    found = log.tried(look.reading, entry, subject, look.who)
    refused = entry.outcome == DENIED
    return {
        "refusals": found.refusals + refused,
        "colleagues_trying": found.colleagues + refused,
        "agencies_in_week": found.other_agencies + 1,
        "hours_since_refusal": _hours(found.refused_at, entry.at),
    }


def _around(look: _Look, subject: Subject) -> dict[str, Any]:
    """Return what the file says of the asking agency and of the subject at that instant."""
    session, entry = look.session, look.entry
    since = entry.at - _LOOKED_BACK
    found = file.involvements(session, entry.recipient, subject, since, entry.at)
    ended = [one.until for one in found if one.until is not None and one.until <= entry.at]
    withdrawn = [one.withdrawn_at for one in subject.consents if one.withdrawn_at is not None]
    latest = max((one for one in withdrawn if one <= entry.at), default=None)
    return {
        "involved": len(ended) < len(found),
        "days_since_involved": (entry.at - max(ended)).days if ended else None,
        "plan": file.has_plan(session, subject.id, entry.at),
        "public_interest": file.is_of_interest(session, subject.id, entry.at),
        "hours_since_withdrawal": _hours(latest, entry.at),
    }


def _ties(look: _Look, subject: Subject) -> dict[str, Any]:
    session, agency = look.session, look.entry.recipient
    staff = None if look.who is None else file.declared(session, agency, look.who)
    return {
        "colleague": file.colleague_tie(session, agency, look.who, subject.id),
        "shared": ()
        if staff is None
        else file.shared_with(session, staff, subject.id, look.entry.at),
    }


def _touching(entry: Written, subject: Subject, measures: Measures) -> Measures:
    """Return the measures with what the entry did to a shield, if there was one."""
    if Flag.SHIELD_PIERCED in (entry.facts.get("flags") or ()):
        return replace(measures, shield=ShieldTouch.PIERCED)
    refused = _refused_by_shield(entry, measures)
    if refused.shield is None and _standing(subject, entry.at):
        return replace(measures, shield=ShieldTouch.LOOKED_UP)
    return refused


def _refused_by_shield(entry: Written, measures: Measures) -> Measures:
    grounds = {entry.facts.get("ground"), *(entry.facts.get("withheld") or {}).values()}
    return replace(measures, shield=ShieldTouch.REFUSED) if Ground.SHIELDED in grounds else measures


def _standing(subject: Subject, at: datetime) -> list[UUID]:
    """Return the shields that stood and were on file at an instant."""
    return [
        one.id
        for one in subject.shields
        if during(one.period, at) and (one.recorded_at is None or one.recorded_at <= at)
    ]


def _who_shields(session: Session, subject: Subject, at: datetime) -> frozenset[str]:
    set_by = (set_by_agency(session, shield) for shield in _standing(subject, at))
    return frozenset(one for one in set_by if one is not None)


def _hours(since: datetime | None, at: datetime) -> int | None:
    return None if since is None else (at - since) // _HOUR
