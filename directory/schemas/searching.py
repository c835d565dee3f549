"""A person's search on the wire: what may be asked, what is found, and synonyms."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import marshmallow
from marshmallow import fields, post_load

from app.kernel.paging import page_schema
from app.kernel.schema import (
    Choice,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Reader,
    Schema,
    SetOf,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from directory.actions.errors import ParametersClash
from directory.schemas.oruk import FARTHEST_METRES
from directory.schemas.oruk_fields import OLDEST, DayOfWeek, Ids, TimeOfDay
from directory.terms.searching import Freshness, ServiceSearch

LARGEST_PAGE: Final = 100
USUAL_PAGE: Final = 20
LAST_PAGE: Final = 2000
MOST_SUGGESTIONS: Final = 20
MOST_PHRASES: Final = 20
MOST_FACETS: Final = 20
MOST_VALUES: Final = 100
MOST_REASONS: Final = 60
LONGEST: Final = 200
_ABOUT_THE_PAGE: Final = ("page", "size", "facets")


def _text(says: str, longest: int = LONGEST) -> Text:
    return Text(max=longest, metadata={"description": says})


class Age(Reader, fields.Float):
    """An age in years, whole or not."""

    default_error_messages = {"age": f"This must be an age in years from 0 to {OLDEST}."}  # noqa: RUF012  (marshmallow's own way)

    def __init__(self, *, says: str) -> None:
        super().__init__(metadata={"minimum": 0, "maximum": OLDEST, "description": says})

    def _read(self, value: object) -> Decimal:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0 <= value <= OLDEST
        ):
            raise self.make_error("age")
        return Decimal(str(value))


class SearchSchema(Schema):
    """What is looked for; every condition that is given must hold."""

    words = _text("Words, each of which must be found, itself or by a synonym")
    taxonomy_term_id = Ids(says="It has this term, or all of these terms")
    taxonomy_id = OpaqueId(metadata={"description": "It has a term of this taxonomy"})
    organization_id = OpaqueId(metadata={"description": "It is this organization's"})
    minimum_age = Age(says="The service's own minimum age is at least this")
    maximum_age = Age(says="The service's own maximum age is at most this")
    age = Age(says="It is for somebody of this age; a missing bound is open")
    start_time = TimeOfDay(says="It opens at this time or later, on the day that is asked for")
    end_time = TimeOfDay(says="It closes at this time or earlier, on the day that is asked for")
    day = DayOfWeek(says="It is open on this day of the week")
    open_on = Day(metadata={"description": "It is open on this date"})
    level_of_need = _text("`universal`, `early_help`, `specialist`, or a city's own level", 64)
    free = TrueOrFalse(metadata={"description": "It says that it costs nothing"})
    language = _text("A language, by code or name", 100)
    accessibility = _text("Words of what makes one of its places accessible")
    suitable_for = _text("Whom it suits, by the name of a term of `suitable-for`")
    referral = _text("How one comes to it, by the name of a term of `referral-route`")
    who_can_refer = _text("Who can refer to it, by the name of a term of `who-can-refer`")
    postcode = _text("It covers this postcode, in any spelling; the nearest come first", 20)
    proximity = WholeNumber(
        min=0,
        max=FARTHEST_METRES,
        metadata={"description": "It can be visited within so many metres of the postcode"},
    )
    facets = TrueOrFalse(
        load_default=True,
        metadata={"description": "False where only the best are wanted, soonest: none are counted"},
    )
    page = WholeNumber(min=1, max=LAST_PAGE, load_default=1)
    size = WholeNumber(min=1, max=LARGEST_PAGE, load_default=USUAL_PAGE)

    @post_load
    def made(self, given: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Return the search, with the page beside it; a distance from nowhere is refused."""
        if given.get("proximity") is not None and given.get("postcode") is None:
            said = "A distance needs the postcode that it is measured from. Send postcode too."
            raise ParametersClash("proximity", said, in_body=True)
        asked = {name: value for name, value in given.items() if name not in _ABOUT_THE_PAGE}
        terms = asked.pop("taxonomy_term_id", ())
        search = ServiceSearch(taxonomy_term_ids=terms, **asked)
        return {"search": search} | {name: given[name] for name in _ABOUT_THE_PAGE}


class HitSchema(Schema):
    """A service that was found: why, how far away, and how long ago somebody vouched for it."""

    service = fields.Dict(
        required=True,
        metadata={"description": "A service of Open Referral UK 3.0, nested, as its asker sees it"},
    )
    reasons = ListOf(Text(max=1000), max=MOST_REASONS, required=True)
    metres = WholeNumber(required=True, allow_none=True)
    at_location = OpaqueId(
        required=True,
        allow_none=True,
        metadata={"description": "The `service_at_location` that is so far away"},
    )
    freshness = Choice(Freshness, required=True)


class FacetValueSchema(Schema):
    """A value that the results can be narrowed to, and how many would be left of those ranked."""

    value = Text(max=LONGEST, required=True)
    label = Text(max=1000, required=True)
    count = WholeNumber(required=True)


class FoundSchema(Schema):
    """One page of what was found. Where `total_is_exact` is false, more match than are ranked."""

    total = WholeNumber(required=True)
    total_is_exact = TrueOrFalse(required=True)
    page = WholeNumber(min=1, max=LAST_PAGE, required=True)
    size = WholeNumber(max=LARGEST_PAGE, required=True)
    notes = ListOf(Text(max=1000), max=MOST_FACETS, required=True)
    hits = ListOf(Nested(HitSchema), max=LARGEST_PAGE, required=True)
    facets = fields.Dict(
        keys=Text(max=LONGEST),
        values=ListOf(Nested(FacetValueSchema), max=MOST_VALUES),
        required=True,
        metadata={"description": "By the name of the condition that narrows to a value"},
    )


class PrefixSchema(Schema):
    """What somebody has begun to type."""

    prefix = Text(max=LONGEST, required=True)
    limit = WholeNumber(min=1, max=MOST_SUGGESTIONS, load_default=8)


class SuggestionSchema(Schema):
    """What a prefix could be completed to."""

    text = Text(max=1000, required=True)
    what = fields.String(
        required=True,
        metadata={"enum": ["service", "organization", "topic", "word"]},
    )


class SuggestionsSchema(Schema):
    """What a prefix could be completed to, the best first."""

    items = ListOf(Nested(SuggestionSchema), max=MOST_SUGGESTIONS, required=True)


class NewSynonymsSchema(Schema):
    """Phrases each of which finds the others."""

    phrases = SetOf(Text(max=100), min=2, max=MOST_PHRASES, required=True)


class SynonymsSchema(Schema):
    """Phrases each of which finds the others, in the form in which words are compared."""

    id = OpaqueId(required=True)
    phrases = ListOf(Text(max=100), max=MOST_PHRASES, required=True)
    author = Text(max=200, required=True)
    at = Instant(required=True)


SynonymsPageSchema: type[marshmallow.Schema] = page_schema(SynonymsSchema)
