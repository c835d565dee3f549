"""Who can be asked: for which places each answers and when, and who stands in meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.ids import new_id
from app.kernel.named import NamedProblem
from directory.actions import coverage as actions
from directory.pages.filling import BLANK, Filled, asked_text, filled_in, instant, refused
from directory.pages.managing import (
    EDITORS,
    PAGE_SIZE,
    actor,
    after_in_address,
    done,
    seen_by_editor,
)
from directory.pages.managing_areas import Ending, end_form
from directory.queries import coverage as queries
from directory.queries.contacts import contact_point, contact_points, contacts_of, known_contacts
from directory.queries.keeping import can_change, entry_versions
from directory.queries.places import names_of
from directory.rules.call_cards import phone_way
from directory.rules.entry_words import changed_told, place_typed
from directory.rules.levels import LABELS
from directory.schemas.area_forms import CoverageFormSchema, CoverFormSchema, EndFormSchema
from directory.terms.agencies import Interval
from directory.terms.contacts import ContactPoint, ContactSearch
from directory.terms.coverage import Cover, Coverage, PlaceKind
from directory.terms.keeping import EntryKind

_COVERAGE, _COVER, _END = CoverageFormSchema(), CoverFormSchema(), EndFormSchema()
_COVER_FIELDS: Final = {"covered_by": "covered_by", "ends": "ends"}
_NO_PLACE: Final = "Choose an area, or enter the code of a ward or district, or a postcode"
_MOST_AREAS: Final = 1000

blueprint = Blueprint("manage_contact_pages", __name__, url_prefix="/manage/contacts")


@dataclass(frozen=True, slots=True)
class Shown:
    """A contact point with what its page says of it."""

    contact: ContactPoint
    coverage: tuple[Coverage, ...]
    covers: tuple[Cover, ...]
    others: dict[UUID, ContactPoint]
    names: dict[str, str]


@blueprint.get("")
@for_people(EDITORS)
def home() -> str:
    """List contact points, by city and name."""
    words = asked_text("words")[:100]
    search, viewer = ContactSearch(words=tuple(words.split())), seen_by_editor()
    with reading() as session:
        after = _place_of(session, after_in_address())
        found = contact_points(session, search, viewer, after=after, limit=PAGE_SIZE + 1)
    return render_template(
        "manage/contacts.html",
        contacts=found[:PAGE_SIZE],
        more=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        words=words,
        at=now(),
        phone=phone_way,
        done=done(),
    )


@blueprint.get("/<uuid:contact>")
@for_people(EDITORS)
def contact(contact: UUID) -> str:
    """Show a contact point: what it answers for and when, and who stands in."""
    at = now()
    with reading() as session:
        shown = _shown(session, contact)
        kind = EntryKind.CONTACT_POINT
        versions = entry_versions(session, kind, str(contact), seen_by_editor())
        return render_template(
            "manage/contact.html",
            shown=shown,
            phone=phone_way(shown.contact.facts),
            levels=dict(_levels(session, shown.contact.facts.city)),
            versions=[(one, changed_told(one.changes or ())) for one in versions],
            at=at,
            keeps=can_change(session, actor(), None, at),
            mine=can_change(session, actor(), shown.contact.facts.agency, at),
            done=done(),
        )


@blueprint.get("/<uuid:contact>/coverage")
@for_people(EDITORS)
def new_coverage(contact: UUID) -> str:
    """Show the form that says what a contact point answers for."""
    return _coverage_form(contact, BLANK)


@blueprint.post("/<uuid:contact>/coverage")
@for_people(EDITORS)
def enter_coverage(contact: UUID) -> ResponseReturnValue:
    """Say what a contact point answers for."""
    filled, at = filled_in(_COVERAGE), now()
    read: Any = filled.read
    if not filled.errors and ("area" in read) == ("place" in read):
        filled = filled.wrong(area=_NO_PLACE)
    if filled.errors:
        return _coverage_form(contact, filled), 422
    typed = "area" if "area" in read else "place"
    kind, place = (PlaceKind.AREA, read["area"]) if typed == "area" else place_typed(read["place"])
    new = Coverage(
        new_id(at),
        contact,
        kind,
        place,
        frozenset(read["levels"]),
        _during(filled, at),
        at,
        read.get("position", 0),
        read.get("note"),
    )
    try:
        with transaction() as session:
            contact_point(session, contact, seen_by_editor())
            actions.enter_coverage(session, new, actor())
    except NamedProblem as problem:
        fields = {"place": typed, "levels": "levels", "ends": "ends"}
        return _coverage_form(contact, refused(filled, problem, fields)), problem.status
    return redirect(url_for(".contact", contact=contact, done="entered"), 303)


@blueprint.get("/<uuid:contact>/cover")
@for_people(EDITORS)
def new_cover(contact: UUID) -> str:
    """Show the form that says who stands in."""
    return _cover_form(contact, BLANK)


@blueprint.post("/<uuid:contact>/cover")
@for_people(EDITORS)
def enter_cover(contact: UUID) -> ResponseReturnValue:
    """Say who answers while somebody is away."""
    filled, at = filled_in(_COVER), now()
    if filled.errors:
        return _cover_form(contact, filled), 422
    read: Any = filled.read
    new = Cover(new_id(at), contact, read["covered_by"], _during(filled, at), at, read.get("note"))
    try:
        with transaction() as session:
            contact_point(session, contact, seen_by_editor())
            actions.enter_cover(session, new, actor())
    except NamedProblem as problem:
        return _cover_form(contact, refused(filled, problem, _COVER_FIELDS)), problem.status
    return redirect(url_for(".contact", contact=contact, done="entered"), 303)


@blueprint.get("/coverage/<uuid:row>/end")
@for_people(EDITORS)
def end_coverage_form(row: UUID) -> str:
    """Ask from when somebody answers for a place no longer."""
    return end_form(_ending_coverage(row)[1], BLANK)


@blueprint.post("/coverage/<uuid:row>/end")
@for_people(EDITORS)
def end_coverage(row: UUID) -> ResponseReturnValue:
    """End that somebody answers for a place."""
    filled, at = filled_in(_END), now()
    contact, ending = _ending_coverage(row)
    if filled.errors:
        return end_form(ending, filled), 422
    try:
        with transaction() as session:
            ends = instant(filled.read.get("ends")) or at
            actions.end_coverage(session, row, ends, actor(), at)
    except NamedProblem as problem:
        return end_form(ending, refused(filled, problem, {"ends": "ends"})), problem.status
    return redirect(url_for(".contact", contact=contact, done="ended"), 303)


@blueprint.get("/cover/<uuid:row>/end")
@for_people(EDITORS)
def end_cover_form(row: UUID) -> str:
    """Ask from when somebody is back."""
    return end_form(_ending_cover(row)[1], BLANK)


@blueprint.post("/cover/<uuid:row>/end")
@for_people(EDITORS)
def end_cover(row: UUID) -> ResponseReturnValue:
    """End that somebody stands in."""
    filled, at = filled_in(_END), now()
    contact, ending = _ending_cover(row)
    if filled.errors:
        return end_form(ending, filled), 422
    try:
        with transaction() as session:
            ends = instant(filled.read.get("ends")) or at
            actions.end_cover(session, row, ends, actor(), at)
    except NamedProblem as problem:
        return end_form(ending, refused(filled, problem, {"ends": "ends"})), problem.status
    return redirect(url_for(".contact", contact=contact, done="ended"), 303)


def _shown(session: Session, contact: UUID) -> Shown:
    viewer = seen_by_editor()
    found = contact_point(session, contact, viewer)
    rows = queries.coverage(session, viewer, contact=contact, after=None, limit=None)
    covers = queries.covers_of(session, contact)
    others = known_contacts(session, {one.covered_by for one in covers}, viewer)
    places = [one.place for one in rows]
    areas = queries.areas_by_code(session, set(places))
    named = {code: one.name for code, one in areas.items()}
    names = names_of(session, *places) | named
    return Shown(found, tuple(rows), tuple(covers), others, names)


def _ending_coverage(row: UUID) -> tuple[UUID, Ending]:
    with reading() as session:
        held = queries.one_coverage(session, row)
        shown = _shown(session, held.contact)
    place = shown.names.get(held.place, held.place)
    return held.contact, _ending(held.contact, f"{shown.contact.facts.name} for {place}", held)


def _ending_cover(row: UUID) -> tuple[UUID, Ending]:
    with reading() as session:
        held = queries.one_cover(session, row)
        shown = _shown(session, held.contact)
    by = shown.others.get(held.covered_by)
    meanwhile = "somebody" if by is None else by.facts.name
    return held.contact, _ending(
        held.contact, f"{meanwhile} in place of {shown.contact.facts.name}", held
    )


def _ending(contact: UUID, what: str, held: Coverage | Cover) -> Ending:
    return Ending(what, held.during.starts, url_for(".contact", contact=contact), "contacts")


def _levels(session: Session, city: str) -> list[tuple[str, str]]:
    """Return the levels of need that a city has, and where it has none the common ones."""
    own = [(one.code, one.label) for one in queries.city_levels(session) if one.city == city]
    return own or [(level.value, label) for level, label in LABELS.items()]


def _coverage_form(contact: UUID, filled: Filled) -> str:
    with reading() as session:
        found = contact_point(session, contact, seen_by_editor())
        city = found.facts.city
        areas = queries.areas(session, city=city, kind=None, after=None, limit=_MOST_AREAS)
        return render_template(
            "manage/coverage_form.html",
            filled=filled,
            contact=found,
            areas=[("", ""), *((one.code, one.name) for one in areas)],
            levels=_levels(session, city),
        )


def _cover_form(contact: UUID, filled: Filled) -> str:
    with reading() as session:
        viewer = seen_by_editor()
        found = contact_point(session, contact, viewer)
        others = contacts_of(session, [found.facts.city], viewer)
    named = [(str(one.id), one.facts.name) for one in others if one.id != contact]
    return render_template(
        "manage/cover_form.html", filled=filled, contact=found, others=[("", ""), *named]
    )


def _during(filled: Filled, at: datetime) -> Interval:
    """Return the period that was typed: from now, and open, where nothing was."""
    read: Any = filled.read
    return Interval(instant(read.get("starts")) or at, instant(read.get("ends")))


def _place_of(session: Session, after: UUID | None) -> tuple[str, str, UUID] | None:
    """Return where the page before ended; None where its last contact point is not known."""
    found = known_contacts(session, [] if after is None else [after], seen_by_editor())
    return next(((one.facts.city, one.facts.name, one.id) for one in found.values()), None)
