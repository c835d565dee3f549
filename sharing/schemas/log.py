"""Entries of the disclosure log on the wire."""

from typing import Any

from marshmallow import fields, pre_dump

from app.kernel.paging import page_schema
from app.kernel.schema import (
    Code,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from sharing.queries.log import EntryOnFile
from sharing.queries.searching import MOST_COUNTED


class EntrySchema(Schema):
    """One line of the log: who asked whom for what, and what came of it; nobody is named."""

    id = OpaqueId(required=True)
    at = Instant(required=True)
    recipient = Code(required=True)
    source = Text(max=64, required=True, allow_none=True)
    outcome = Code(required=True)
    facts = fields.Dict(required=True)


class DutySchema(Schema):
    """A duty that came with the disclosure."""

    code = Code(required=True)
    closed_at = Instant(required=True, allow_none=True)
    outcome = Text(max=40, required=True, allow_none=True)


class WholeEntrySchema(EntrySchema):
    """One entry with the half that can be erased, and the leaf that cannot."""

    leaf = Text(max=1000, required=True)
    leaf_hash = Text(max=64, required=True, metadata={"description": "RFC 6962 leaf hash, in hex"})
    about = fields.Dict(required=True, allow_none=True)
    opening = Text(
        max=10,
        required=True,
        metadata={"description": "`kept`, `erased`, or `missing`, which is a fault of the log"},
    )
    erased_by = OpaqueId(
        required=True, allow_none=True, metadata={"description": "The entry that says so"}
    )
    obligations = ListOf(Nested(DutySchema), max=20, required=True)

    @pre_dump
    def _flat(self, entry: EntryOnFile, **_: object) -> dict[str, Any]:
        line = entry.line
        return {
            "id": line.id,
            "at": line.at,
            "recipient": line.recipient,
            "source": line.source,
            "outcome": line.outcome,
            "facts": line.facts,
            "leaf": entry.leaf,
            "leaf_hash": entry.leaf_hash.hex(),
            "about": entry.about,
            "opening": entry.opening,
            "erased_by": entry.erased_by,
            "obligations": entry.obligations,
        }


class ReachSchema(Schema):
    """How far the lines of the log have come that searches use: the rest waits some seconds."""

    leaves = WholeNumber(
        min=0,
        max=2**53,
        required=True,
        metadata={"description": "Entries with a place below this in the log were searched"},
    )
    size = WholeNumber(
        min=0, max=2**53, required=True, metadata={"description": "Entries that have a place"}
    )
    at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Whatever had its place by then was searched"},
    )


class CountSchema(Schema):
    """How many entries fit; where it is not exact there are more than these, or may be."""

    n = WholeNumber(min=0, max=MOST_COUNTED, required=True)
    exact = TrueOrFalse(required=True)


class EntryPageSchema(page_schema(EntrySchema)):  # type: ignore[misc]  # a class that is made
    """A page of entries. A search looks at so many for a page: one may be short and not the last.

    `reach` is null where nothing was filtered: then nothing is missing.
    """

    reach = Nested(ReachSchema, required=True, allow_none=True)
    count = Nested(CountSchema, required=True, allow_none=True)
