"""Areas of the cities: what each is made of and when, who answers there, and forms to say so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.ids import new_id
from app.kernel.named import NamedProblem
from app.kernel.schema import unstorable
from directory.actions import areas as actions
from directory.pages.filling import BLANK, Filled, asked_text, filled_in, instant, refused
from directory.pages.managing import EDITORS, PAGE_SIZE, actor, done, seen_by_editor
from directory.queries import coverage as queries
from directory.queries.contacts import known_contacts
from directory.queries.keeping import can_change, entry_versions
from directory.queries.places import names_of
from directory.rules.choosing import KINDS
from directory.rules.entry_words import changed_told, place_typed, places_typed
from directory.schemas.area_forms import AreaFormSchema, EndFormSchema, PartFormSchema
from directory.terms.agencies import Interval
from directory.terms.coverage import Area, AreaPart, PlaceKind, UnknownCoverage
from directory.terms.keeping import EntryKind

_AREA, _PART, _END = AreaFormSchema(), PartFormSchema(), EndFormSchema()
_FIELDS: Final = {"name": "name", "code": "code", "ends": "ends", "parts": "parts"}
_PART_FIELDS: Final = {"code": "place", "ends": "ends"}

blueprint = Blueprint("manage_area_pages", __name__, url_prefix="/manage/areas")


@blueprint.before_request
def in_storable_words() -> None:
    """Answer a code that no row can have as what there is not."""
    if any(isinstance(one, str) and unstorable(one) for one in (request.view_args or {}).values()):
        abort(404)


@dataclass(frozen=True, slots=True)
class Ending:
    """A form that ends something: what it is called, and the page it belongs to."""

    what: str
    starts: datetime
    back: str
    part: str


@blueprint.get("")
@for_people(EDITORS)
def home() -> str:
    """List the areas of a city, or of all, by code."""
    city, after = asked_text("city") or None, asked_text("after") or None
    with reading() as session:
        found = queries.areas(session, city=city, kind=None, after=after, limit=PAGE_SIZE + 1)
        return render_template(
            "manage/areas.html",
            areas=found[:PAGE_SIZE],
            more=found[PAGE_SIZE - 1].code if len(found) > PAGE_SIZE else None,
            cities=queries.cities(session),
            city=city,
            kinds=KINDS,
            at=now(),
            keeps=can_change(session, actor(), None, now()),
            done=done(),
        )


@blueprint.get("/new")
@for_people(EDITORS)
def new() -> str:
    """Show the form of an area."""
    return _form(BLANK)


@blueprint.post("/new")
@for_people(EDITORS)
def enter() -> ResponseReturnValue:
    """Enter an area, or show the form again with what is wrong."""
    filled = filled_in(_AREA)
    if filled.errors:
        return _form(filled), 422
    at, read = now(), filled.read
    during = _during(filled, at)
    parts = tuple(
        AreaPart(new_id(at), kind, code, Interval(during.starts, during.ends))
        for kind, code in places_typed(read.get("parts", ""))
    )
    area = Area(
        read["code"],
        read["kind"],
        read["city"],
        read["name"],
        during,
        at,
        parts,
        read.get("note"),
    )
    try:
        with transaction() as session:
            actions.enter_area(session, area, actor())
    except NamedProblem as problem:
        return _form(refused(filled, problem, _FIELDS)), problem.status
    return redirect(url_for(".area", code=area.code, done="entered"), 303)


@blueprint.get("/<code>")
@for_people(EDITORS)
def area(code: str) -> str:
    """Show an area: what it is made of and when, who answers there, and what it has been."""
    with reading() as session:
        found = queries.area(session, code)
        rows = queries.coverage_of(session, [(PlaceKind.AREA.value, code)])
        contacts = known_contacts(session, {one.contact for one in rows}, seen_by_editor())
        versions = entry_versions(session, EntryKind.AREA, code, seen_by_editor())
        return render_template(
            "manage/area.html",
            area=found,
            names=_names(session, found),
            rows=[one for one in rows if one.contact in contacts],
            contacts=contacts,
            versions=[(one, changed_told(one.changes or ())) for one in versions],
            kinds=KINDS,
            at=now(),
            keeps=can_change(session, actor(), None, now()),
            done=done(),
        )


@blueprint.get("/<code>/add")
@for_people(EDITORS)
def add(code: str) -> str:
    """Show the form that makes a place part of an area."""
    return _part_form(code, BLANK)


@blueprint.post("/<code>/add")
@for_people(EDITORS)
def enter_part(code: str) -> ResponseReturnValue:
    """Make a place part of an area."""
    filled = filled_in(_PART)
    if filled.errors:
        return _part_form(code, filled), 422
    at = now()
    part = AreaPart(new_id(at), *place_typed(filled.read["place"]), _during(filled, at))
    try:
        with transaction() as session:
            actions.add_part(session, code, part, actor(), at)
    except NamedProblem as problem:
        return _part_form(code, refused(filled, problem, _PART_FIELDS)), problem.status
    return redirect(url_for(".area", code=code, done="entered"), 303)


@blueprint.get("/<code>/end")
@for_people(EDITORS)
def end(code: str) -> str:
    """Ask from when there is an area no longer."""
    return end_form(_ending(code), BLANK)


@blueprint.post("/<code>/end")
@for_people(EDITORS)
def end_area(code: str) -> ResponseReturnValue:
    """End an area."""
    filled, at = filled_in(_END), now()
    if filled.errors:
        return end_form(_ending(code), filled), 422
    ends = instant(filled.read.get("ends")) or at
    try:
        with transaction() as session:
            actions.end_area(session, code, ends, actor(), at)
    except NamedProblem as problem:
        shown = refused(filled, problem, {"ends": "ends"})
        return end_form(_ending(code), shown), problem.status
    return redirect(url_for(".area", code=code, done="ended"), 303)


@blueprint.get("/<code>/parts/<uuid:part>/end")
@for_people(EDITORS)
def end_part_form(code: str, part: UUID) -> str:
    """Ask from when a place is part of an area no longer."""
    return end_form(_ending(code, part), BLANK)


@blueprint.post("/<code>/parts/<uuid:part>/end")
@for_people(EDITORS)
def end_part(code: str, part: UUID) -> ResponseReturnValue:
    """Take a place out of an area."""
    filled, at = filled_in(_END), now()
    if filled.errors:
        return end_form(_ending(code, part), filled), 422
    ends = instant(filled.read.get("ends")) or at
    try:
        with transaction() as session:
            actions.end_part(session, code, part, ends, actor(), at)
    except NamedProblem as problem:
        shown = refused(filled, problem, {"ends": "ends"})
        return end_form(_ending(code, part), shown), problem.status
    return redirect(url_for(".area", code=code, done="ended"), 303)


def end_form(ending: Ending, filled: Filled) -> str:
    """Show the form that ends something."""
    return render_template("manage/end.html", ending=ending, filled=filled)


def _ending(code: str, part: UUID | None = None) -> Ending:
    back = url_for(".area", code=code)
    with reading() as session:
        found = queries.area(session, code)
        if part is None:
            return Ending(found.name, found.during.starts, back, "areas")
        named = _names(session, found)
        for one in found.parts:
            if one.id == part:
                what = f"{named.get(one.code, one.code)} in {found.name}"
                return Ending(what, one.during.starts, back, "areas")
    raise UnknownCoverage


def _names(session: Session, found: Area) -> dict[str, str]:
    return names_of(session, *(one.code for one in found.parts))


def _during(filled: Filled, at: datetime) -> Interval:
    """Return the period that was typed: from now, and open, where nothing was."""
    read: Any = filled.read
    return Interval(instant(read.get("starts")) or at, instant(read.get("ends")))


def _form(filled: Filled) -> str:
    with reading() as session:
        return render_template(
            "manage/area_form.html", filled=filled, kinds=KINDS, cities=queries.cities(session)
        )


def _part_form(code: str, filled: Filled) -> str:
    with reading() as session:
        found = queries.area(session, code)
    return render_template("manage/part_form.html", filled=filled, area=found)
