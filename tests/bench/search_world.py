"""A directory to search, of the size wanted: made once by the application, then made manifold.

Five thousand services come in by the door that all come in by. Larger directories hold each of them
several times, under ids of its own and moved by up to some kilometres: a copy is a row like any
other to PostgreSQL, and a million of them do not take a day.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import psycopg
from sqlalchemy.orm import Session

from app.config import Settings
from app.demo.prepare import make_keys
from app.factory import parts_for
from app.migrations.run import upgrade
from app.oauth.clients import register_client
from directory.actions.agencies import register_agency
from directory.actions.places import load_places
from directory.actions.records import put_records
from directory.rules.documents import take_apart
from directory.terms.agencies import Agency, Interval
from directory.terms.records import Authorship, Origin, RecordKind
from tests.bench.services import services
from tests.bench.world import SCHOOL, World, for_measuring
from tests.postgres import libpq

BASE: Final = 5_000
_BATCH: Final = 500
_BY = Authorship("bench", Origin.SEEDED)
_ORDER = (
    RecordKind.ORGANIZATION,
    RecordKind.LOCATION,
    RecordKind.TAXONOMY_TERM,
    RecordKind.SERVICE,
)
"""What is named comes before what names it."""

# Copies lie up to 5 km from what they copy. 6378137 m and 0.00669438 are those of WGS 84.
_COPY: Final = """
create temp table copy as select generate_series(1, {copies} - 1) n;
insert into listing_place
  select md5(listing::text || n)::uuid, number, md5(at_location::text || n)::uuid, up, along,
    cube(array[r * cos(radians(up)) * cos(radians(along)),
      r * cos(radians(up)) * sin(radians(along)), r * (1 - 0.00669438) * sin(radians(up))]),
    viewer, shadowed_by, status, minimum_age, maximum_age, areas
  from (
    select *, 6378137 / sqrt(1 - 0.00669438 * sin(radians(up)) ^ 2) r from (
      select p.*, n, latitude + (random() - 0.5) * 0.1 up, longitude + (random() - 0.5) * 0.16 along
      from listing_place p, copy) moved) placed;
insert into listing_opening select md5(listing::text || n)::uuid, number, weekday, ordinal,
  month_day, opens, closes, starts, ends, monthly, every, anchor from listing_opening, copy;
insert into listing_said select md5(listing::text || n)::uuid, words, labels, areas
  from listing_said, copy;
create temp table lying as
  select listing, array_agg(distinct format('near:%s:%s',
      floor(latitude / 0.02)::int, floor(longitude / 0.035)::int))
    || array_agg(distinct format('far:%s:%s',
      floor(latitude / 0.16)::int, floor(longitude / 0.28)::int)) cells
  from listing_place group by listing;
alter table lying add primary key (listing);
insert into listing
  select key_, md5(service_id::text || n)::uuid, viewer, shadowed_by, status,
    name || ' ' || n, minimum_age, maximum_age, stay || coalesce(cells, '{{}}'), accessibility,
    has_place, at_locations, assured_on, last_modified, named, told, words
  from (
    select listing.*, n, md5(key::text || n)::uuid key_,
      array(
        select one from unnest(traits) one where one not like all (array['near:%', 'far:%'])
      ) stay
    from listing, copy) moved
  left join lying on lying.listing = key_;
insert into listing_label
  select viewer, what, md5(key || n), label || ' ' || n, folded || ' ' || n, 1
  from listing_label, copy where what in ('service', 'organization');
update listing_word set services = services * {copies};
update directory_state set changes = changes + 1;
"""

RECORDS: Final = """
insert into directory_record
  select kind, md5(id::text || n)::uuid,
    document || jsonb_build_object('id', md5(id::text || n)::uuid), version, name, status,
    organization_id, taxonomy_id, parent_id, location_ids, term_ids, last_modified, assured_on,
    owner, source, licence, public_name, recorded_at, changed_at
  from directory_record, copy where kind = 'service';
"""
"""What the feed reads besides."""
_INDEXES: Final = """
select indexdef, indexname from pg_indexes where tablename like 'listing%'
  and indexname like 'ix_%' order by indexname
"""


@contextmanager
def directory_of(world: World, name: str) -> Iterator[Settings]:
    """Have a database with `BASE` services, postcodes, and a client that may search."""
    with psycopg.connect(libpq(world.server.url("postgres")), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    settings = _on(world, name)
    upgrade(str(settings.database_url), make_keys(settings))
    database = parts_for(settings).database
    at, all_ = datetime.now(UTC), services(BASE)
    with database.transaction() as session:
        load_places(session, at)
        register_agency(session, Agency(SCHOOL, SCHOOL, "school", at, active=(Interval(at),)))
        register_client(session, for_measuring(world.client_key), at)
    while batch := list(islice(all_, _BATCH)):
        with database.transaction() as session:
            _put(session, batch, at)
    database.close()
    _settle(settings)
    yield settings


def multiplied(
    world: World, settings: Settings, name: str, copies: int, more: str = ""
) -> Settings:
    """Return settings that name a copy of a directory in which each service stands so often."""
    origin = str(settings.database_url).rpartition("/")[2].partition("?")[0]
    with psycopg.connect(libpq(world.server.url("postgres")), autocommit=True) as connection:
        connection.execute(f"create database {name} template {origin} strategy file_copy")
    made = _on(world, name)
    with psycopg.connect(libpq(str(made.database_url)), autocommit=True) as connection:
        connection.execute("set work_mem = '128MB'; set maintenance_work_mem = '512MB'")
        indexes = connection.execute(_INDEXES).fetchall()
        # An index is made of a million rows much sooner than it takes a million rows in.
        for _, index in indexes:
            connection.execute(f"drop index {index}")
        connection.execute(_COPY.format(copies=copies) + more)
        for definition, _ in indexes:
            connection.execute(definition)
    _settle(made)
    return made


def _on(world: World, name: str) -> Settings:
    none = dict.fromkeys(
        (
            "database_url",
            "database_app_url",
            "database_ig_url",
            "database_eraser_url",
            "database_sequencer_url",
        )
    )
    cleared: Settings = replace(world.settings, **none)
    return cleared.with_database(world.server.url(name))


def _settle(settings: Settings) -> None:
    with psycopg.connect(libpq(str(settings.database_url)), autocommit=True) as connection:
        connection.execute("vacuum analyze")


def _put(session: Session, batch: list[dict[str, Any]], at: datetime) -> None:
    parts: dict[RecordKind, dict[str, Mapping[str, Any]]] = {kind: {} for kind in _ORDER}
    for document in batch:
        for kind, part in take_apart(document).records:
            parts[kind][str(part["id"])] = part
    for kind in _ORDER:
        put_records(session, kind, list(parts[kind].values()), _BY, at)
