"""Keeping what searches read in step with the records.

Rows are put on file many at a time, each table by one statement from one JSON value: an import of
500 services costs six statements here, not thousands. What a listing adds to the lists of words and
labels is taken out again exactly, so a word is on a list only while a listing of that kind of
viewer holds it.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from directory.queries.records import nested_services
from directory.rules.distance import cube
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
  traits, accessibility, has_place, at_locations, assured_on, last_modified, words)
select key, service_id, viewer, shadowed_by, status, name, minimum_age, maximum_age,
  traits, accessibility, has_place, at_locations, assured_on, last_modified,
  setweight(to_tsvector('english', a), 'A') || setweight(to_tsvector('english', b), 'B')
    || setweight(to_tsvector('english', c), 'C')
from json_to_recordset(:rows) as one (key uuid, service_id uuid, viewer text, shadowed_by text[],
  status text, name text, minimum_age numeric, maximum_age numeric, traits text[],
  accessibility text, has_place boolean, at_locations uuid[], assured_on date,
  last_modified timestamptz, a text, b text, c text)
""")
_PLACES: Final = text("""
insert into listing_place (listing, number, at_location, latitude, longitude, position)
select listing, number, at_location, latitude, longitude, position::cube
from json_to_recordset(:rows) as one (listing uuid, number integer, at_location uuid,
  latitude double precision, longitude double precision, position text)
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
  select viewer, word, tsvector_to_array(to_tsvector('english', word)) lexeme, count(*) services
  from json_to_recordset(:rows) as one (viewer text, words text[]), unnest(words) word
  group by viewer, word order by viewer, word
) more
where cardinality(lexeme) = 1
on conflict (viewer, word) do update set services = listing_word.services + excluded.services
""")
_LABELS: Final = text("""
insert into listing_label (viewer, what, key, label, folded, services)
select viewer, what, key, label, folded, count(*)
from json_to_recordset(:rows) as one (viewer text, what text, key text, label text, folded text)
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


def _put(session: Session, found: Sequence[Listing]) -> None:
    _insert(session, _LISTINGS, map(_listing, found))
    _insert(session, _PLACES, (row for one in found for row in _places(one)))
    _insert(session, _OPENINGS, (row for one in found for row in _openings(one)))
    shown = [(one, _words(one)) for one in found if one.listed.status in LISTED_STATUSES]
    _insert(session, _SAID, (_said(one, words) for one, words in shown))
    _insert(session, _WORDS, ({"viewer": one.viewer, "words": words} for one, words in shown))
    _insert(session, _LABELS, (row for one, _ in shown for row in _labels(one)))


def _insert(session: Session, statement: TextClause, rows: Iterator[dict[str, Any]]) -> None:
    if held := list(rows):
        session.execute(statement, {"rows": json.dumps(held, default=str)})


def _key(one: Listing) -> UUID:
    return uuid5(one.listed.service, one.viewer)


def _listing(one: Listing) -> dict[str, Any]:
    listed = one.listed
    return {
        "key": _key(one),
        "service_id": listed.service,
        "viewer": one.viewer,
        "shadowed_by": one.shadowed_by,
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
        "a": _spelled(listed.names),
        "b": _spelled(listed.topics),
        "c": _spelled(listed.texts),
    }


def _spelled(said: str) -> str:
    return " ".join(words_of(said))


def _places(one: Listing) -> Iterator[dict[str, Any]]:
    for number, place in enumerate(one.listed.places):
        yield {
            "listing": _key(one),
            "number": number,
            "at_location": place.at_location,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "position": cube(place.latitude, place.longitude),
        }


def _openings(one: Listing) -> Iterator[dict[str, Any]]:
    for number, opening in enumerate(one.listed.openings):
        said = {name: getattr(opening, name) for name in opening.__slots__}
        yield {"listing": _key(one), "number": number} | said


def _words(one: Listing) -> list[str]:
    listed = one.listed
    return sorted(set(words_of(f"{listed.names}\n{listed.topics}\n{listed.texts}")))


def _said(one: Listing, words: list[str]) -> dict[str, Any]:
    labels = sorted((label.what, label.key, label.text) for label in one.listed.labels)
    return {
        "listing": _key(one),
        "words": words,
        "labels": labels,
        "areas": {code: name for code, name in one.listed.areas.items() if name},
    }


def _labels(one: Listing) -> Iterator[dict[str, Any]]:
    for label in one.listed.labels:
        yield {
            "viewer": one.viewer,
            "what": label.what,
            "key": label.key,
            "label": label.text,
            "folded": _spelled(label.text),
        }
