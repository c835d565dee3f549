"""Saved searches of the log, on the wire."""

from app.kernel.schema import Instant, ListOf, Nested, OpaqueId, Schema, Text
from sharing.queries.views import MOST_VIEWS
from sharing.schemas.searching import NamingFiltersSchema


class NewViewSchema(Schema):
    """A search to be kept by a name, for everybody of the agency who reads the log."""

    name = Text(max=80, required=True)
    filters = Nested(NamingFiltersSchema, required=True)


class ViewSchema(Schema):
    """A search that the agency keeps; its filters are those of POST /v1/log/entries/search."""

    id = OpaqueId(required=True)
    name = Text(max=80, required=True)
    owner = Text(max=200, required=True)
    filters = Nested(NamingFiltersSchema, required=True)
    made_at = Instant(required=True)


class ViewsSchema(Schema):
    """The searches that the agency keeps."""

    items = ListOf(Nested(ViewSchema), max=MOST_VIEWS, required=True)


class NoMoreSchema(Schema):
    """Nothing needs saying."""
