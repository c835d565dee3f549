"""Replays on the wire: how far they are, what they counted, and what a draft would change."""

from typing import Any

from marshmallow import pre_dump, validate

from app.kernel.paging import page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    WholeNumber,
)
from sharing.rules.plain_words import why_code, why_given_up
from sharing.schemas.previewing import LONGEST_REASON
from sharing.terms.replaying import (
    MOST_DAYS,
    MOST_DIFFERENCES,
    USUAL_DAYS,
    Change,
    Difference,
    Part,
    Replay,
)

RUNNING, DONE, FAILED = "running", "done", "failed"
MOST_TOLD = 10_000


class ReplayRequestSchema(Schema):
    """Why a draft is replayed, and how far back."""

    reason = Text(
        max=LONGEST_REASON, required=True, metadata={"description": "Why; it is kept in the log"}
    )
    days = WholeNumber(min=1, max=MOST_DAYS, load_default=USUAL_DAYS)


class ChangesSchema(Schema):
    """How many answers stay, and how many change in which way."""

    same = WholeNumber(required=True)
    other_reason = WholeNumber(
        required=True, metadata={"description": "The same is told, or nothing, for another reason"}
    )
    other_categories = WholeNumber(required=True)
    newly_permitted = WholeNumber(required=True)
    newly_refused = WholeNumber(required=True)


class GroupSchema(Schema):
    """Answers that change from one reason to another."""

    part = Choice(Part, required=True)
    before = Text(max=300, required=True)
    after = Text(max=300, required=True)
    count = WholeNumber(required=True)
    why_before = Text(max=1000, required=True)
    why_after = Text(max=1000, required=True)


class NotReplayedSchema(Schema):
    """Requests that cannot be replayed."""

    erased = WholeNumber(required=True, metadata={"description": "Whom they are about is erased"})
    facts_changed = WholeNumber(
        required=True,
        metadata={"description": "What is on file now would not give the answer of then"},
    )


class ReplaySchema(Schema):
    """A replay of the past days, and of the present, against a draft."""

    id = OpaqueId(required=True)
    agreement = Code(required=True)
    version = WholeNumber(required=True)
    content_sha256 = Text(
        min=64, max=64, required=True, metadata={"description": "Of the words that are replayed"}
    )
    state = Text(max=10, required=True, validate=validate.OneOf([RUNNING, DONE, FAILED]))
    part = Choice(Part, required=True, metadata={"description": "What it is at, or ended with"})
    since = Instant(required=True)
    until = Instant(required=True)
    agency = Code(required=True, metadata={"description": "Whose IG lead asked for it"})
    begun_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    failed_at = Instant(required=True, allow_none=True)
    failure = Text(
        max=500,
        required=True,
        allow_none=True,
        metadata={"description": "Why it was given up, and what to do"},
    )
    entry = OpaqueId(required=True, metadata={"description": "The entry of the log on it"})
    requests = Nested(ChangesSchema, required=True)
    subjects = Nested(ChangesSchema, required=True)
    subjects_looked_at = WholeNumber(required=True)
    not_replayed = Nested(NotReplayedSchema, required=True)
    groups = ListOf(Nested(GroupSchema), max=10_000, required=True)
    differences_kept = WholeNumber(max=MOST_DIFFERENCES, required=True)

    @pre_dump
    def _flat(self, one: Replay, **_: object) -> dict[str, Any]:
        tally = one.tally
        return {
            "id": one.id,
            "agreement": one.agreement,
            "version": one.version,
            "content_sha256": one.content_sha256,
            "state": state_of(one),
            "part": one.part,
            "since": one.since,
            "until": one.until,
            "agency": one.agency,
            "begun_at": one.begun_at,
            "ended_at": one.ended_at,
            "failed_at": one.failed_at,
            "failure": failure(one),
            "entry": one.entry,
            "requests": changes(tally.requests),
            "subjects": changes(tally.subjects),
            "subjects_looked_at": tally.subjects_looked_at,
            "not_replayed": dict.fromkeys(("erased", "facts_changed"), 0) | tally.not_replayed,
            "groups": groups(one),
            "differences_kept": tally.differences,
        }


class DifferenceSchema(Schema):
    """One answer that the draft would change. Nobody is named: the log says more to whom it may."""

    number = WholeNumber(required=True)
    part = Choice(Part, required=True)
    change = Choice(Change, required=True)
    at = Instant(required=True)
    entry = OpaqueId(required=True, allow_none=True)
    subject = OpaqueId(required=True, allow_none=True)
    recipient = Code(required=True)
    source = Text(max=64, required=True)
    purpose = Code(required=True)
    kind = Code(required=True)
    before = Text(max=300, required=True)
    after = Text(max=300, required=True)
    why_before = Text(max=1000, required=True)
    why_after = Text(max=1000, required=True)
    told_before = ListOf(Code(), max=MOST_TOLD, required=True)
    told_after = ListOf(Code(), max=MOST_TOLD, required=True)

    @pre_dump
    def _flat(self, numbered: tuple[int, Difference], **_: object) -> dict[str, Any]:
        number, one = numbered
        said = {name: getattr(one, name) for name in Difference.__dataclass_fields__}
        words = {"why_before": plain(one.before), "why_after": plain(one.after)}
        return said | words | {"number": number}


ReplayPageSchema = page_schema(ReplaySchema)
DifferencePageSchema = page_schema(DifferenceSchema)


def state_of(one: Replay) -> str:
    """Return how far a replay is."""
    if one.failed_at is not None:
        return FAILED
    return RUNNING if one.ended_at is None else DONE


def failure(one: Replay) -> str | None:
    """Return why a replay was given up, and what to do; None if it was not."""
    return None if one.failed_at is None else why_given_up(one.failed_because or "")


def changes(counts: dict[str, int]) -> dict[str, int]:
    """Return the count of every kind of change, nought where there was none."""
    return {one.value: counts.get(one.value, 0) for one in Change}


def groups(one: Replay) -> list[dict[str, Any]]:
    """Return what changed from which reason to which, the most frequent first."""
    listed = [
        {
            "part": Part(part),
            "before": before,
            "after": after,
            "count": count,
            "why_before": plain(before),
            "why_after": plain(after),
        }
        for part, of_part in one.tally.groups.items()
        for before, of_reason in of_part.items()
        for after, count in of_reason.items()
    ]
    return sorted(
        listed, key=lambda group: (-group["count"], group["part"], group["before"], group["after"])
    )


def plain(codes: str) -> str:
    """Return the sentences of reasons that are on file as codes."""
    return " ".join(why_code(code) for code in codes.split(", "))
