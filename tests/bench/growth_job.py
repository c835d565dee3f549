"""What others have on file costs nothing: the same requests on a database that has grown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import cycle, islice
from time import perf_counter

import psycopg

from app.config import Settings
from app.factory import parts_for
from app.kernel.clock import system_clock
from sharing.actions.disclosing import disclose
from sharing.terms.answers import Disclosure
from sharing.terms.asking import Asker, DisclosureRequest, Identifier, Practitioner
from sharing.terms.codes import Assurance
from tests.bench.measure import Slice, WrongAnswer, interleaved
from tests.bench.report import Row, milliseconds, number
from tests.bench.world import CLIENT, HUB, PURPOSE, SCHOOL, World
from tests.postgres import libpq

AGREEMENTS = 10_000
CONSENTS = 50_000
_A_SLICE = 60

_GROW = f"""
insert into agency select 'other-' || n, 'other', 'school', false, now()
  from generate_series(1, 100) n;
insert into agreement (code, title, recorded_at)
  select 'X-' || n, 'of others', now() from generate_series(1, {AGREEMENTS}) n;
insert into agreement_version (id, agreement, version, effective_from, activated_at, recorded_at)
  select gen_random_uuid(), 'X-' || n, 1, now() - interval '1 year', now() - interval '1 day', now()
  from generate_series(1, {AGREEMENTS}) n;
insert into agreement_member (id, agreement, agency, joined, recorded_at)
  select gen_random_uuid(), 'X-' || n, agency, now() - interval '1 year', now()
  from generate_series(1, {AGREEMENTS}) n,
    unnest(array['{HUB}', 'other-' || n % 100 + 1]) agency;
insert into flow select gen_random_uuid(), v.id, 1, 'plan', array['{HUB}'],
    array['other-' || right(v.agreement, 1)::int + 1], array['{PURPOSE}'], array['plan'],
    array['content'], 'public_task', null, null, 'family_agreement', false, false, false, 0
  from agreement_version v where v.agreement like 'X-%';
create temp table stranger as select gen_random_uuid() id from generate_series(1, {CONSENTS} / 5);
insert into subject (id, adult, key_id, recorded_at, recorded_by_client, recorded_by_agency)
  select id, true, 'k1', now(), 'x', '{HUB}' from stranger;
create temp table said as select gen_random_uuid() id, s.id about
  from stranger s, generate_series(1, 5);
insert into consent (id, kind, given_by, capacity, answer, method, recipients, purposes, categories,
    sources, notice_version, notice_language, recorder_id, recorder_role, recorded_at,
    recorded_by_client, recorded_by_agency)
  select id, 'family_agreement', about, 'self', 'given', 'written', array['{SCHOOL}'],
    array['{PURPOSE}'], array['*'], array['*'], '1', 'en', 'x', 'x', now(), 'x', '{HUB}' from said;
insert into consent_subject select about, id from said;
"""  # noqa: S608  (constants)


class _Undone(Exception):
    """Rolls back what was only measured."""


def rows(world: World) -> Iterator[Row]:
    """Measure requests on the world as it is and on a grown copy, in process, and yield the row."""
    with _copy(world) as grown:
        taken = interleaved(
            {"small": _taking(world, world.settings), "grown": _taking(world, grown)}
        )
    held = f"{number(AGREEMENTS)} agreements, {number(CONSENTS)} consents of others"
    yield Row(
        f"J2 time of a request, beside {held}",
        milliseconds(1 / taken.spread("grown", lambda cut: cut.rate).middle),
        milliseconds(1 / taken.spread("small", lambda cut: cut.rate).middle),
        taken.ratio("small", "grown", lambda cut: cut.rate),
        1.3,
        at_least=False,
    )


@contextmanager
def _copy(world: World) -> Iterator[Settings]:
    """Yield settings that name a copy of the world's database with much more in it."""
    with psycopg.connect(libpq(world.server.url("postgres")), autocommit=True) as connection:
        connection.execute("create database grown template bench")
    with psycopg.connect(libpq(world.server.url("grown")), autocommit=True) as connection:
        connection.execute(_GROW)
        connection.execute("vacuum analyze")
    addresses = ("database_url", "database_app_url", "database_ig_url", "database_eraser_url")
    named = dict.fromkeys(addresses)
    yield replace(world.settings, **named).with_database(world.server.url("grown"))


def _taking(world: World, settings: Settings) -> Callable[[], Slice]:
    database = parts_for(settings).database
    children = cycle(world.children)

    def once(child: str) -> None:
        with suppress(_Undone), database.transaction() as session:
            answer = disclose(session, _asked(child), system_clock)
            if not isinstance(answer, Disclosure) or not answer.records:
                raise WrongAnswer(f"{child} was refused")
            raise _Undone

    def take() -> Slice:
        began = perf_counter()
        for child in islice(children, _A_SLICE):
            once(child)
        return Slice(_A_SLICE / (perf_counter() - began))

    return take


def _asked(child: str) -> DisclosureRequest:
    asker = Asker(CLIENT, SCHOOL, frozenset({PURPOSE}), frozenset({"content"}), may_override=False)
    return DisclosureRequest(
        asker,
        SCHOOL,
        HUB,
        "content",
        PURPOSE,
        "public_task",
        ("plan",),
        (Identifier("mosaic", child),),
        Practitioner("teacher-7", "lead", Assurance.STATED),
    )
