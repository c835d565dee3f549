"""What may be asked of the feed's collections, and the shape of its answers.

The parameters are the union of what the standard's site and its validator list, and ours. They are
cumulative: every condition that is given must hold. The answers' objects are the standard's own:
`openapi_url` at the feed's base leads here, `profile` to what each member means.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, cast

import marshmallow
from marshmallow import fields, post_load, validate

from app.kernel.schema import Day, ListOf, Nested, OpaqueId, Schema, Text, WholeNumber
from directory.actions.errors import ParametersClash
from directory.schemas.oruk_fields import DayOfWeek, Ids, Since, TimeOfDay, Whole, Years, YesNo
from directory.terms.feed import Asked, Collection, RecordSearch, Shape
from directory.terms.searching import ServiceSearch

LARGEST_PAGE: Final = 1000
USUAL_PAGE: Final = 50
FARTHEST_METRES: Final = 2_000_000
_LAST_PAGE: Final = 1_000_000_000
_ABOUT_THE_PAGE: Final = frozenset(
    {"page", "per_page", "format", "full", "full_service", "minimal"}
)

Fields = dict[str, fields.Field[Any]]


def _text(says: str, longest: int = 200) -> Text:
    return Text(max=longest, metadata={"description": says})


def _id(says: str) -> OpaqueId:
    return OpaqueId(metadata={"description": says})


def _paging(*, in_body: bool) -> Fields:
    form = "`ndjson` answers with every row there is, one a line, without pages"
    return {
        "page": Whole(
            min=1,
            max=_LAST_PAGE,
            as_text="[1-9][0-9]{0,8}",
            in_body=in_body,
            says="Which page, from 1",
            load_default=1,
        ),
        "per_page": Whole(
            min=1,
            max=LARGEST_PAGE,
            as_text="([1-9][0-9]{0,2}|1000)",
            in_body=in_body,
            says="How many rows a page may hold",
            load_default=USUAL_PAGE,
        ),
        "format": fields.String(
            load_default="json",
            validate=validate.OneOf(("json", "ndjson"), error="This must be json or ndjson."),
            metadata={"description": form},
        ),
    }


def _searching() -> Fields:
    return {"search": _text("Words, each of which must be found")}


def _full(*, in_body: bool) -> Fields:
    says = "Nest each row as a single record is nested"
    return {"full": YesNo(in_body=in_body, says=says, load_default=False)}


def _services(*, in_body: bool) -> Fields:
    least, most = "The service's own minimum age is at least this", "… maximum age is at most this"
    opens, closes = "It opens at this time or later", "It closes at this time or earlier"
    minimal = "Rows of the id and `last_modified` only"
    return {
        **_searching(),
        **_paging(in_body=in_body),
        **_full(in_body=in_body),
        "minimal": YesNo(in_body=in_body, says=minimal, load_default=False),
        "taxonomy_term_id": Ids(says="It has this term, or all of these terms"),
        "taxonomy_id": _id("It has a term of this taxonomy"),
        "organization_id": _id("It is this organization's"),
        "minimum_age": Years(in_body=in_body, says=least),
        "maximum_age": Years(in_body=in_body, says=f"The service's own {most[2:]}"),
        "start_time": TimeOfDay(says=f"{opens}, on the day that is asked for, if one is"),
        "end_time": TimeOfDay(says=f"{closes}, on the day that is asked for, if one is"),
        "day": DayOfWeek(says="It is open on this day of the week"),
        "modified_after": Since(
            says="It was modified at this instant or later. Services that ended, or that are "
            "public no longer, then come too, as `id`, `name` and `status` alone; the latter "
            "whatever else is asked"
        ),
        **_ours(in_body=in_body),
    }


def _ours(*, in_body: bool) -> Fields:
    """Return the parameters that are ours and not the standard's."""
    return {
        "age": Years(
            in_body=in_body, says="It is for somebody of this age; a missing bound is open"
        ),
        "level_of_need": _text(
            "`universal`, `early_help`, `specialist`, or a city's own level", 64
        ),
        "free": YesNo(in_body=in_body, says="It says that it costs nothing"),
        "language": _text("A language, by code or name", 100),
        "accessibility": _text("Words of what makes one of its places accessible"),
        "open_on": Day(metadata={"description": "It is open on this date"}),
        "suitable_for": _text("Whom it suits, by the name of a term of `suitable-for`"),
        "referral": _text("How one comes to it, by the name of a term of `referral-route`"),
        "who_can_refer": _text("Who can refer to it, by the name of a term of `who-can-refer`"),
        "postcode": _text("It covers this postcode, in any spelling", 20),
        "proximity": Whole(
            min=0,
            max=FARTHEST_METRES,
            as_text="(0|[1-9][0-9]{0,5})",
            in_body=in_body,
            says="It can be visited within so many metres of the postcode",
        ),
    }


def _organizations(*, in_body: bool) -> Fields:
    says = "Nest each organization with its services, each of them nested in full"
    return {
        **_searching(),
        **_paging(in_body=in_body),
        **_full(in_body=in_body),
        "full_service": YesNo(in_body=in_body, says=says, load_default=False),
    }


def _taxonomies(*, in_body: bool) -> Fields:
    return {**_searching(), **_paging(in_body=in_body)}


def _terms(*, in_body: bool) -> Fields:
    return {
        **_taxonomies(in_body=in_body),
        "taxonomy_id": _id("It is of this taxonomy"),
        "parent_id": _id("It stands directly below this term"),
        "top_only": YesNo(in_body=in_body, says="It stands below no other", load_default=False),
    }


_PARAMETERS: Final[Mapping[Collection, Callable[..., Fields]]] = {
    Collection.SERVICES: _services,
    Collection.SERVICE_AT_LOCATIONS: _services,
    Collection.ORGANIZATIONS: _organizations,
    Collection.TAXONOMIES: _taxonomies,
    Collection.TAXONOMY_TERMS: _terms,
}
_OF_SERVICES: Final = (Collection.SERVICES, Collection.SERVICE_AT_LOCATIONS)


class AskedSchema(Schema):
    """What is asked of a collection; loads into `Asked`."""

    collection: Collection
    in_body: bool

    @post_load
    def made(self, given: Mapping[str, Any], **_: object) -> Asked:
        """Return what is asked."""
        said = {name: value for name, value in given.items() if name not in _ABOUT_THE_PAGE}
        self._check(given)
        words, terms = said.pop("search", None), said.pop("taxonomy_term_id", ())
        search: ServiceSearch | RecordSearch = (
            ServiceSearch(words=words, taxonomy_term_ids=terms, **said)
            if self.collection in _OF_SERVICES
            else RecordSearch(words=words, **said)
        )
        return Asked(
            self.collection,
            search,
            _shape(given),
            given["page"],
            given["per_page"],
            as_lines=given["format"] == "ndjson",
        )

    def _check(self, given: Mapping[str, Any]) -> None:
        """Refuse what cannot both be meant, and a distance from nowhere."""
        if given.get("proximity") is not None and given.get("postcode") is None:
            said = "A distance needs the postcode that it is measured from. Send postcode too."
            raise ParametersClash("proximity", said, in_body=self.in_body)
        if given.get("minimal") and given.get("full"):
            said = "A row cannot be both minimal and full. Send one of the two."
            raise ParametersClash("minimal", said, in_body=self.in_body)


def _shape(given: Mapping[str, Any]) -> Shape:
    for shape in (Shape.FULL_SERVICE, Shape.FULL, Shape.MINIMAL):
        if given.get(shape.value):
            return shape
    return Shape.ROW


@cache
def asked_schema(collection: Collection, *, in_body: bool) -> type[AskedSchema]:
    """Return the schema of what may be asked of a collection, in a query or in a body."""
    members: dict[str, Any] = _PARAMETERS[collection](in_body=in_body)
    made = AskedSchema.from_dict(
        members, name=f"{_name(collection)}{'Body' if in_body else 'Query'}"
    )
    schema = cast("type[AskedSchema]", made)
    schema.collection, schema.in_body = collection, in_body
    return schema


class OneOrganizationSchema(Schema):
    """How much is said of the services of one organization."""

    full_service = YesNo(in_body=False, says="Its services, nested in full", load_default=False)


class _Open(Schema):
    """An object of the standard, which allows more than is named here."""

    class Meta:
        """The standard allows members of one's own everywhere."""

        unknown = marshmallow.INCLUDE


class FeedRecordSchema(_Open):
    """One of the standard's objects, in its own words."""

    id = OpaqueId(required=True)


class FeedPageSchema(_Open):
    """A page of the feed: seven members about it, and its rows."""

    total_items = WholeNumber(required=True)
    total_pages = WholeNumber(required=True)
    page_number = WholeNumber(min=1, required=True)
    size = WholeNumber(max=LARGEST_PAGE, required=True)
    first_page = fields.Boolean(required=True)
    last_page = fields.Boolean(required=True)
    empty = fields.Boolean(required=True)
    contents = ListOf(Nested(FeedRecordSchema), max=LARGEST_PAGE, required=True)
    notes = ListOf(
        Text(max=300),
        max=5,
        metadata={"description": "What was read differently from what was sent"},
    )


class FeedSchema(_Open):
    """What this feed is."""

    version = Text(max=40, required=True)
    profile = fields.Url(required=True)
    openapi_url = fields.Url(required=True)
    publisher = Text(max=200, required=True)
    licence = fields.Url(required=True)
    attributions = ListOf(Text(max=1000), max=20)


def _name(collection: Collection) -> str:
    return "".join(word.title() for word in collection.value.split("_"))
