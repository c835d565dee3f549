"""Keeping what searches read in step with the records.

Rows are put on file many at a time, each table by one statement from one JSON value: an import of
500 services costs a dozen statements here, not thousands. What a listing adds to the lists of words
and labels is taken out again exactly, so that a word is on a list only while a listing of that kind
of viewer holds it.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from directory.queries.records import nested_services
from directory.rules.distance import cube
from directory.rules.listed import AREA
from directory.rules.listing import Listing, listings
from directory.rules.words import words_of

LISTED_STATUSES: Final = ("active", "temporarily closed")
"""Only words of services that people are shown are offered to them."""

_FORGET: Final = text("""
with gone as (
  delete from listing where service_id = any(:services) returning key, viewer, status
), places as (
  delete from listing_place where listing in (select key from gone)
), openings as (
  delete from listing_opening where listing in (select key from gone)
), said as (
  delete from listing_said using gone where listing = gone.key
  returning gone.viewer, listing_said.words, listing_said.labels
), words as (
  update listing_word held set services = held.services - less.services
  from (
    select viewer, word, count(*) services from said, unnest(said.words) word group by 1, 2
  ) less
  where held.viewer = less.viewer and held.word = less.word
)
update listing_label held set services = held.services - less.services
from (
  select viewer, one->>0 what, one->>1 key, one->>2 label, count(*) services
  from said, jsonb_array_elements(said.labels) one group by 1, 2, 3, 4
) less
where held.viewer = less.viewer and held.what = less.what and held.key = less.key
  and held.label = less.label
""")
_LISTINGS: Final = text("""
insert into listing (key, service_id, viewer, shadowed_by, status, name, minimum_age, maximum_age,
  traits, accessibility, has_place, at_locations, assured_on, last_modified, named, told, words)
select key, service_id, viewer, shadowed_by, status, name, minimum_age, maximum_age,
  traits, accessibility, has_place, at_locations, assured_on, last_modified,
  to_tsvector('english', a), to_tsvector('english', a || ' ' || b),
  to_tsvector('english', concat_ws(' ', a, b, c))
from json_to_recordset(:rows) as one (key uuid, service_id uuid, viewer text, shadowed_by text[],
  status text, name text, minimum_age numeric, maximum_age numeric, traits text[],
  accessibility text, has_place boolean, at_locations uuid[], assured_on date,
  last_modified timestamptz, a text, b text, c text)
""")
_PLACES: Final = text("""
insert into listing_place (listing, number, at_location, latitude, longitude, position, viewer,
  shadowed_by, status, minimum_age, maximum_age, areas)
select listing, number, at_location, latitude, longitude, position::cube, viewer, shadowed_by,
  status, minimum_age, maximum_age, areas
from json_to_recordset(:rows) as one (listing uuid, number integer, at_location uuid,
  latitude double precision, longitude double precision, position text, viewer text,
  shadowed_by text[], status text, minimum_age numeric, maximum_age numeric, areas text[])
""")
_OPENINGS: Final = text("""
insert into listing_opening (listing, number, weekday, ordinal, month_day, opens, closes, starts,
  ends, monthly, every, anchor)
select listing, number, weekday, ordinal, month_day, opens, closes, starts, ends, monthly, every,
  anchor
from json_to_recordset(:rows) as one (listing uuid, number integer, weekday smallint,
  ordinal smallint, month_day smallint, opens time, closes time, starts date, ends date,
  monthly boolean, every integer, anchor date)
""")
_SAID: Final = text("""
insert into listing_said (listing, words, labels, areas)
select listing, words, labels, areas
from json_to_recordset(:rows) as one (listing uuid, words text[], labels jsonb, areas jsonb)
""")
_WORDS: Final = text("""
insert into listing_word (viewer, word, lexeme, services)
select viewer, word, lexeme[1], services
from (
  select viewer, word, ts_lexize('english_stem', word) lexeme, count(*) services
  from json_to_recordset(:rows) as one (viewer text, words text[]), unnest(words) word
  group by viewer, word order by viewer, word
) more
where cardinality(lexeme) = 1
on conflict (viewer, word) do update set services = listing_word.services + excluded.services
""")
_LABELS: Final = text("""
insert into listing_label (viewer, what, key, label, folded, services)
select viewer, said->>0, said->>1, said->>2, said->>3, count(*)
from json_to_recordset(:rows) as one (viewer text, labels json), json_array_elements(labels) said
group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4
on conflict (viewer, what, key, label)
do update set services = listing_label.services + excluded.services
""")
_FORGOTTEN: Final = text("delete from listing_word where services <= 0")
_UNLABELLED: Final = text("delete from listing_label where services <= 0")


def index_services(session: Session, services: Collection[UUID]) -> None:
    """Let searches of every viewer find these services as they now stand."""
    session.execute(_FORGET, {"services": list(services)})
    documents = nested_services(session, services).values()
    _put(session, [one for document in documents for one in listings(document)])
    session.execute(_FORGOTTEN)
    session.execute(_UNLABELLED)


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A listing with the words of its names, its topics and its texts."""

    listing: Listing
    names: tuple[str, ...]
    topics: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return sorted({*self.names, *self.topics, *self.texts})


def _spelled(one: Listing) -> _Spelled:
    said = one.listed
    return _Spelled(one, words_of(said.names), words_of(said.topics), words_of(said.texts))


def _put(session: Session, listed: Sequence[Listing]) -> None:
    found = [_spelled(one) for one in listed]
    _insert(session, _LISTINGS, map(_listing, found))
    _insert(session, _PLACES, (row for one in listed for row in _places(one)))
    _insert(session, _OPENINGS, (row for one in listed for row in _openings(one)))
    said = [_said(one) for one in found if one.listing.listed.status in LISTED_STATUSES]
    for statement in (_SAID, _WORDS, _LABELS):
        _insert(session, statement, said)


def _insert(session: Session, statement: TextClause, rows: Iterable[dict[str, Any]]) -> None:
    if held := list(rows):
        session.execute(statement, {"rows": json.dumps(held, default=str)})


def _key(one: Listing) -> UUID:
    return uuid5(one.listed.service, one.viewer)


def _listing(one: _Spelled) -> dict[str, Any]:
    listed = one.listing.listed
    return {
        "key": _key(one.listing),
        "service_id": listed.service,
        "viewer": one.listing.viewer,
        "shadowed_by": one.listing.shadowed_by,
        "status": listed.status,
        "name": listed.name,
        "minimum_age": listed.minimum_age,
        "maximum_age": listed.maximum_age,
        "traits": sorted(listed.traits),
        "accessibility": "|".join(listed.accessibility),
        "has_place": bool(listed.places),
        "at_locations": listed.at_locations,
        "assured_on": listed.assured_on,
        "last_modified": listed.last_modified,
        "a": " ".join(one.names),
        "b": " ".join(one.topics),
        "c": " ".join(one.texts),
    }


def _places(one: Listing) -> Iterator[dict[str, Any]]:
    listed = one.listed
    for number, place in enumerate(listed.places):
        yield {
            "listing": _key(one),
            "number": number,
            "at_location": place.at_location,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "position": cube(place.latitude, place.longitude),
            "viewer": one.viewer,
            "shadowed_by": one.shadowed_by,
            "status": listed.status,
            "minimum_age": listed.minimum_age,
            "maximum_age": listed.maximum_age,
            "areas": sorted(trait for trait in listed.traits if trait.startswith(AREA)),
        }


def _openings(one: Listing) -> Iterator[dict[str, Any]]:
    for number, opening in enumerate(one.listed.openings):
        said = {name: getattr(opening, name) for name in opening.__slots__}
        yield {"listing": _key(one), "number": number} | said


def _said(one: _Spelled) -> dict[str, Any]:
    listed = one.listing.listed
    labels = ((label.what, label.key, label.text) for label in listed.labels)
    return {
        "listing": _key(one.listing),
        "viewer": one.listing.viewer,
        "words": one.words,
        "labels": [[*label, " ".join(words_of(label[-1]))] for label in sorted(labels)],
        "areas": {code: name for code, name in listed.areas.items() if name},
    }
