"""Who may ask what is held of a person, by when it is told, and what of it.

1. Adults ask for themselves, and so do children, of whatever age; whoever has parental
   responsibility and a say asks for a child who does not yet decide alone; others only as
   somebody's representative.
2. A person looks first where a parent or representative asks, where a child too young to decide
   asks, where somebody is hidden, and where a source decided to hold something back.
3. It is due within a calendar month, and within three where a reason was given in time (UK GDPR,
   Article 12(3)).
4. Out of it stay other people, places that protect somebody, and each disclosure that
   `rules.seeing` veils. What a sensitive service holds, and what a child said themselves, is for
   the person alone.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from consent.rules.deciding import during, of_age
from consent.rules.receipts import receipt
from consent.terms import Policy, ShieldMode, Subject
from sharing.rules.seeing import in_plain_words, may_ask, veil
from sharing.terms.access import Asking, Capacity, Caution, Kept, OnFile
from sharing.terms.codes import CONTACT, HOUSEHOLD

FORM: Final = "rightshare-access-pack/1"
READABLE_FOR: Final = timedelta(days=30)
MONTHS: Final = 1
MONTHS_EXTENDED: Final = 3
SOMEBODY: Final = "[another person]"
NOTES: Final = (
    "What is said of other people is left out.",
    "Places are left out where that protects somebody.",
    "What was told can be left out, or listed later, where that keeps somebody out of danger.",
    "If something is wrong, ask the agency that holds it to put it right.",
    "You can complain to the Information Commissioner: ico.org.uk, 0303 123 1113.",
)
_PLACES: Final = re.compile(
    r"address|post_?code|phone|e_?mail|location|place|street|town|uprn|school", re.IGNORECASE
)
_TELLS_WHERE: Final = frozenset({CONTACT, HOUSEHOLD})


def standing(subject: Subject, asking: Asking, policy: Policy, at: datetime) -> bool:
    """Say whether this person may ask at all (1)."""
    if asking.capacity is Capacity.SELF:
        return asking.asked_by == subject.id
    if asking.capacity is Capacity.REPRESENTATIVE:
        return asking.asked_by is None
    return not decides_alone(subject, policy, at) and any(
        one.person == asking.asked_by
        and during(one.period, at)
        and not (one.no_say is not None and during(one.no_say, at))
        for one in subject.responsible
    )


def lost_say(subject: Subject, asked_by: UUID | None, at: datetime) -> bool:
    """Say whether an adult asks whose word had ended to count for the subject."""
    return any(
        one.person == asked_by and one.no_say is not None and during(one.no_say, at)
        for one in subject.responsible
    )


def decides_alone(subject: Subject, policy: Policy, at: datetime) -> bool:
    """Say whether only this person's own word counts, by their age."""
    return subject.adult or of_age(subject.born, policy.own_decision_age, at)


def cautions(
    subject: Subject, asking: Asking, policy: Policy, at: datetime, *, withheld: bool
) -> tuple[Caution, ...]:
    """Return why a person must look first, if anything (2)."""
    capacity = asking.capacity
    themselves = capacity is Capacity.SELF
    hidden = any(
        one.mode is ShieldMode.HIDDEN and during(one.period, at) for one in subject.shields
    )
    found = {
        Caution.PARENT_ASKS: capacity is Capacity.PARENT,
        Caution.REPRESENTATIVE_ASKS: capacity is Capacity.REPRESENTATIVE,
        Caution.CHILD_ASKS: themselves and not may_ask(subject, subject.id, policy, at),
        Caution.HIDDEN: hidden and not themselves,
        Caution.SOURCE_WITHHOLDS: withheld,
    }
    return tuple(one for one, holds in found.items() if holds)


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last where it has no such day (3)."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def pack(file: OnFile, at: datetime) -> dict[str, Any]:
    """Return what is told, as JSON (4)."""
    return {
        "form": FORM,
        "made_at": at.isoformat(),
        "asked": {"capacity": file.capacity.value, "on": file.asked_on.isoformat()},
        "about": dict(file.about),
        "disclosures": list(_disclosures(file, at)),
        "consents": list(_consents(file, at)),
        "records": list(_records(file)),
        "kept_for": [{"what": one.code.value, "months": one.months} for one in file.retention],
        "notes": list(NOTES),
    }


def _disclosures(file: OnFile, at: datetime) -> Iterator[dict[str, Any]]:
    words = file.titles
    for told in file.told:
        if veil(told, file.sensitive_agencies, at, to_themselves=file.to_themselves) is not None:
            continue
        seen = asdict(in_plain_words(told, words.agencies, words.purposes, words.categories))
        basis = {"basis": told.facts.get("basis")}
        yield seen | {"id": str(told.id), "at": told.at.isoformat()} | basis


def _consents(file: OnFile, at: datetime) -> Iterator[dict[str, Any]]:
    asker = None if file.asked_by is None else str(file.asked_by)
    for record in file.consents:
        agencies = {*record["recipients"], *record["sources"], record["recorded_by"]}
        private = agencies & file.sensitive_agencies or record["given_by"] != asker
        if private and not file.to_themselves:
            continue
        told = receipt(record, file.titles, at)
        by_reader = record["given_by"] == asker
        own = {
            "pii_principals": [str(file.subject)],
            "given_by": {"you": by_reader, "capacity": record["capacity"]},
        }
        yield told | own


def _records(file: OnFile) -> Iterator[dict[str, Any]]:
    for one in file.records:
        if not _told(file, one):
            continue
        content = without_others(one.content, str(file.subject), _pattern(file))
        told = {
            "category": file.titles.categories.get(one.category, one.category),
            "source": file.titles.agencies.get(one.source, one.source),
            "since": one.starts.isoformat(),
            "until": None if one.ends is None else one.ends.isoformat(),
            "content": without_places(content) if file.shielded_near else content,
        }
        if one.disputed_at is not None:
            told["disputed_since"] = one.disputed_at.isoformat()
        yield told


def _told(file: OnFile, one: Kept) -> bool:
    if one.category in file.leave_out or (file.shielded_near and one.category in _TELLS_WHERE):
        return False
    private = one.source in file.sensitive_agencies or one.category in file.titles.sensitive
    return file.to_themselves or not private


def without_others(content: Any, own: str, names: re.Pattern[str] | None) -> Any:  # noqa: ANN401  (any JSON)
    """Return JSON without whoever is another subject, or a member nobody named, and their names."""
    if isinstance(content, Mapping):
        return {
            _unnamed(name, names): without_others(_members(name, value, own), own, names)
            for name, value in content.items()
            if not _is_other(value, own)
        }
    if isinstance(content, list):
        return [without_others(one, own, names) for one in content if not _is_other(one, own)]
    return _unnamed(content, names) if isinstance(content, str) else content


def without_places(content: Any) -> Any:  # noqa: ANN401  (any JSON)
    """Return JSON without whatever is called a place, or a way to reach one."""
    if isinstance(content, Mapping):
        return {
            name: without_places(value)
            for name, value in content.items()
            if not _PLACES.search(name)
        }
    return [without_places(one) for one in content] if isinstance(content, list) else content


def _is_other(value: object, own: str) -> bool:
    return isinstance(value, Mapping) and value.get("subject", own) != own


def _members(name: str, value: object, own: str) -> object:
    """Return a list of members without those that nobody can tell from somebody else."""
    if name != "members" or not isinstance(value, list):
        return value
    return [one for one in value if isinstance(one, Mapping) and one.get("subject") == own]


def _pattern(file: OnFile) -> re.Pattern[str] | None:
    """Return what finds the names of those near the person, but for names that are theirs too."""
    own = {word for one in _own_names(file.about) for word in one.values()}
    found = {
        words
        for one in file.names_near
        for words in (f"{one['given']} {one['family']}", one["given"])
        if words not in own
    }
    if not found:
        return None
    longest_first = sorted(found, key=lambda words: (-len(words), words))
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def _own_names(about: Mapping[str, Any]) -> Iterable[Mapping[str, str]]:
    name = about.get("name")
    return [*([] if name is None else [name]), *about.get("past_names", ())]


def _unnamed(text: str, names: re.Pattern[str] | None) -> str:
    return text if names is None else names.sub(SOMEBODY, text)
