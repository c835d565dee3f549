"""The search form: what a person may fill in, and what is said where it cannot be read."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from marshmallow import fields, post_load, validates_schema
from marshmallow.exceptions import ValidationError

from app.kernel.schema import Choice, Day, ListOf, OpaqueId, QueryNumber, Reader, Schema, Text
from directory.terms.searching import ServiceSearch, Weekday

LAST_PAGE: Final = 100
MOST_ON_A_SHORTLIST: Final = 50
OLDEST: Final = 120
_METRES_IN_A_MILE: Final = 1609.344
_YEARS: Final = re.compile(r"(\d{1,3}(?:\.\d)?)(?: ?years?(?: old)?)?", re.ASCII | re.IGNORECASE)
_MONTHS: Final = re.compile(r"(\d{1,2}) ?months?(?: old)?", re.ASCII | re.IGNORECASE)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", re.ASCII)
_LONG: Final = {"long": "Enter {max} characters or fewer."}

MILES: Final = {
    "0.5": "half a mile",
    "1": "1 mile",
    "2": "2 miles",
    "5": "5 miles",
    "10": "10 miles",
    "20": "20 miles",
}
"""How far one may look, in miles, with the words for it."""

DAYS: Final = {day.value: f"{day.name.title()}s" for day in Weekday}


class Age(Reader, fields.Decimal):
    """An age in years, or in months as people say it of a baby."""

    default_error_messages = {"invalid": "Enter an age in years, such as 7, or 6 months."}  # noqa: RUF012  (marshmallow's own way)

    def _read(self, value: object) -> Decimal:
        typed = str(value).strip()
        if months := _MONTHS.fullmatch(typed):
            return round(Decimal(months[1]) / 12, 2)
        years = _YEARS.fullmatch(typed)
        if years is None or Decimal(years[1]) > OLDEST:
            raise self.make_error("invalid")
        return Decimal(years[1])


class TypedDay(Day):
    """A date as the browser gives it, or as people type it where it gives none."""

    default_error_messages = {"invalid": "Enter a real date, such as 27/3/2026."}  # noqa: RUF012  (marshmallow's own way)

    def _read(self, value: object) -> Any:  # noqa: ANN401  (a date, as `Day` has it)
        found = _DAY_FIRST.fullmatch(str(value).strip())
        if found is not None:
            value = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        return super()._read(value)


class Distance(Text):
    """One of the distances that are offered, as metres."""

    default_error_messages = {"offered": "Choose a distance from the list."}  # noqa: RUF012  (marshmallow's own way)

    def _read(self, value: object) -> Any:  # noqa: ANN401  (metres, where `Text` has text)
        if value not in MILES:
            raise self.make_error("offered")
        return round(float(str(value)) * _METRES_IN_A_MILE)


class Ticked(Text):
    """A box: it is sent where it is ticked, and not at all where it is not."""

    default_error_messages = {"ticked": "Tick the box, or leave it."}  # noqa: RUF012  (marshmallow's own way)

    def _read(self, value: object) -> Any:  # noqa: ANN401  (true, where `Text` has text)
        if value != "true":
            raise self.make_error("ticked")
        return True


class SearchFormSchema(Schema):
    """What is looked for, and which page of the results."""

    words = Text(max=200, error_messages=_LONG)
    postcode = Text(
        max=20, error_messages={"long": "Enter a postcode, such as LS8 5NG, and nothing else."}
    )
    distance = Distance(max=5)
    age = Age()
    level_of_need = Text(max=64, error_messages=_LONG)
    free = Ticked(max=5)
    language = Text(max=100, error_messages=_LONG)
    accessibility = Text(max=200, error_messages=_LONG)
    suitable_for = Text(max=200, error_messages=_LONG)
    day = Choice(Weekday, error_messages={"unknown": "Choose a day from the list."})
    open_on = TypedDay()
    referral = Text(max=200, error_messages=_LONG)
    who_can_refer = Text(max=200, error_messages=_LONG)
    topic = OpaqueId(error_messages={"invalid_uuid": "Choose a topic from the list."})
    organization = OpaqueId(error_messages={"invalid_uuid": "Choose an organisation's own link."})
    page = QueryNumber(min=1, max=LAST_PAGE, load_default=1)

    @validates_schema(skip_on_field_errors=False)
    def distance_is_from_somewhere(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse a distance from nowhere."""
        if data.get("distance") is not None and not data.get("postcode"):
            raise ValidationError("Enter a postcode to measure the distance from.", "postcode")

    @post_load
    def made(self, data: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Return the search, with the page beside it."""
        topic = data.get("topic")
        return {
            "search": ServiceSearch(
                words=data.get("words"),
                taxonomy_term_ids=() if topic is None else (topic,),
                organization_id=data.get("organization"),
                age=data.get("age"),
                day=data.get("day"),
                open_on=data.get("open_on"),
                level_of_need=data.get("level_of_need"),
                free=data.get("free"),
                language=data.get("language"),
                accessibility=data.get("accessibility"),
                suitable_for=data.get("suitable_for"),
                referral=data.get("referral"),
                who_can_refer=data.get("who_can_refer"),
                postcode=data.get("postcode"),
                proximity=data.get("distance"),
            ),
            "page": data["page"],
        }


class ShortlistSchema(Schema):
    """The services that somebody put aside, in that order."""

    shortlist = ListOf(
        OpaqueId(error_messages={"invalid_uuid": "This link holds something that is no service."}),
        max=MOST_ON_A_SHORTLIST,
        error_messages={"many": "A shortlist holds {max} services. Take one off first."},
    )
