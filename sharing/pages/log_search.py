"""The log for information governance leads: searched by every filter, and read entry by entry.

Whom a search names stands in the body of its form, never in an address. Each page of results, and
each entry that is opened, is itself an entry of the log before it is shown.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.paging import page_until, window_of
from consent.queries.vocabulary import titles
from directory.queries.agencies import agencies
from sharing.actions import views
from sharing.actions.errors import NotInTheTree, UnknownEntry
from sharing.actions.searching import Reading, append_reading, begin_search
from sharing.actions.searching_errors import FilterRefused, TooManyViews, ViewExists
from sharing.chain.proofs import proof_text
from sharing.pages.previewing import SCHEMES
from sharing.pages.reports import WHOLE_LOG, log_reader
from sharing.queries import log as entries_on_file
from sharing.queries import tree
from sharing.queries import views as kept
from sharing.queries.indexing import extent
from sharing.queries.searching import count, find
from sharing.schemas.searching import NamingFiltersSchema, search_of
from sharing.terms.codes import Flag, Ground, Kind, LawfulBasis, Reason
from sharing.terms.searching import Duty, EntryKind, NewView, Outcome, View

PAGE_SIZE: Final = 25
LONGEST_CURSOR: Final = 1000
LONGEST_NAME: Final = 80
_NO_NAME: Final = "Enter a name of 80 characters or fewer"
_LONG: Final = 10
CHOICES: Final[Mapping[str, Any]] = {
    "basis": LawfulBasis,
    "outcome": Outcome,
    "code": Reason,
    "ground": Ground,
    "flag": Flag,
    "entry": EntryKind,
    "kind": Kind,
    "duty": Duty,
}
SWITCHES: Final = ("override", "out_of_hours", "first_contact")
FIELDS: Final = (
    *("since", "until", "agency", "source", "client", "staff_agency", "staff", "scheme", "value"),
    *("family", "purpose", "category", "agreement", "version", *CHOICES, *SWITCHES),
)
_FILTERS: Final = NamingFiltersSchema()
_AS_TYPED: Final = {"subject": "value", "identifiers": "value", "practitioner": "staff"}

blueprint = Blueprint("ig_log_pages", __name__, url_prefix="/ig/log")


@blueprint.get("")
@for_people(WHOLE_LOG)
def form() -> str:
    """Ask what is looked for, beginning with the filters of a view that the address names."""
    chosen = _view_in_address()
    typed = {"entry": EntryKind.DECISION.value} if chosen is None else _as_typed(chosen.filters)
    return _page(typed, {}, {"view": chosen})


@blueprint.post("")
@for_people(WHOLE_LOG)
def search() -> ResponseReturnValue:
    """Show a page of what fits, and how far it reaches; the search is in the log by then."""
    typed = _typed()
    try:
        asked: dict[str, Any] = _FILTERS.load(_body(typed))
    except ValidationError as error:
        return _page(typed, dict(_flat(error.messages_dict)), {}), 422
    cursor = request.form.get("cursor", "")[:LONGEST_CURSOR]
    window = window_of(asked | {"size": PAGE_SIZE, "cursor": cursor})
    after = UUID(str(window.after[0])) if window.after else None
    by = log_reader()
    try:
        with transaction(speaking_for=by.agency) as session:
            sought = begin_search(session, search_of(asked), by, now())
    except FilterRefused as error:
        said = {_AS_TYPED.get(one.name, one.name): [one.detail] for one in error.wrong}
        return _page(typed, said, {}), 422
    with reading_as_ig_lead() as session:
        counted = None if after else count(session, sought)
        found = find(session, sought, after, PAGE_SIZE)
        reach = extent(session)
    resume = None if found.resume is None else (found.resume,)
    page, _ = page_until(found.entries, window, resume)
    return _page(typed, {}, {"page": page, "counted": counted, "reach": reach, "by": sought.by})


@blueprint.post("/views")
@for_people(WHOLE_LOG)
def keep() -> ResponseReturnValue:
    """Keep a search by a name, for everybody of the agency who reads the log."""
    typed, by = _typed(), log_reader()
    name = request.form.get("name", "").replace("\x00", "").strip()
    if not 0 < len(name) <= LONGEST_NAME:
        return _page(typed, {"name": [_NO_NAME]}, {}), 422
    try:
        filters = _FILTERS.dump(_FILTERS.load(_body(typed)))
        with transaction(speaking_for=by.agency) as session:
            view = views.keep(session, NewView(name, filters, by.person or "", by.agency), now())
    except ValidationError as error:
        return _page(typed, dict(_flat(error.messages_dict)), {}), 422
    except (FilterRefused, ViewExists, TooManyViews) as error:
        return _page(
            typed, {"name": [one["detail"] for one in error.errors] or str(error)}, {}
        ), 422
    return redirect(url_for(".form", view=view.id), 303)


@blueprint.post("/views/<uuid:view>")
@for_people(WHOLE_LOG)
def remove(view: UUID) -> ResponseReturnValue:
    """Keep a view no longer."""
    with transaction(speaking_for=log_reader().agency) as session:
        views.remove(session, view)
    return redirect(url_for(".form"), 303)


@blueprint.get("/<uuid:entry>")
@for_people(WHOLE_LOG)
def entry(entry: UUID) -> str:
    """Show one entry with all that is not erased; that it was opened is in the log by then."""
    with reading_as_ig_lead() as session:
        found = entries_on_file.entry(session, entry)
        in_the_tree = found is not None and tree.proof_of(session, entry) is not None
    if found is None:
        raise UnknownEntry
    by = log_reader()
    with transaction(speaking_for=by.agency) as session:
        append_reading(session, by, Reading({"act": "entry", "entry": str(entry)}), now())
    return render_template("ig/log_entry.html", entry=found, in_the_tree=in_the_tree)


@blueprint.get("/<uuid:entry>/proof")
@for_people(WHOLE_LOG)
def proof(entry: UUID) -> Response:
    """Give the proof that an entry is in the log (C2SP tlog-proof), to check elsewhere."""
    with reading_as_ig_lead() as session:
        found = tree.proof_of(session, entry)
    if found is None:
        raise NotInTheTree
    answer = Response(proof_text(found), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="entry.tlog-proof"'
    return answer


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").replace("\x00", "").strip() for name in FIELDS}


def _view_in_address() -> View | None:
    """Return the view that the address names; None where it names none of the agency's."""
    try:
        named = UUID(request.args.get("view", ""))
    except ValueError:
        return None
    with reading(speaking_for=log_reader().agency) as session:
        return kept.view(session, named)


def _as_typed(filters: Mapping[str, Any]) -> dict[str, str]:
    """Return filters as they are typed into the form: instants become the days that they lie on."""
    typed = {name: str(filters[name]) for name in FIELDS if name in filters}
    typed |= {name: "yes" if filters[name] else "no" for name in SWITCHES if name in filters}
    for name, just_before in (("since", timedelta()), ("until", timedelta(microseconds=1))):
        if name in filters:
            day = datetime.fromisoformat(filters[name]) - just_before
            typed[name] = day.date().isoformat()
    who = filters.get("practitioner")
    return typed | ({"staff": who["id"], "staff_agency": who["agency"]} if who else {})


def _body(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the filters of a form as a search by the API has them."""
    plain = ("agency", "source", "client", "purpose", "category", "agreement", *CHOICES)
    body: dict[str, Any] = {name: typed[name] for name in plain if typed[name]}
    body |= {name: typed[name] == "yes" for name in SWITCHES if typed[name]}
    body |= {name: at for name, at in _days(typed).items() if at}
    if typed["version"]:
        number = typed["version"]
        body["version"] = int(number) if number.isdecimal() and len(number) < _LONG else number
    if typed["staff"] or typed["staff_agency"]:
        body["practitioner"] = {"agency": typed["staff_agency"], "id": typed["staff"]}
    if typed["value"] or typed["scheme"]:
        one = {"scheme": typed["scheme"], "value": typed["value"]}
        body["subject"] = {"identifiers": [one]}
    return body | ({"family": True} if typed["family"] else {})


def _days(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the instants at which the first day begins and the last one ends, in UTC."""
    found = {}
    for name, days in (("since", 0), ("until", 1)):
        try:
            day = datetime.strptime(typed[name], "%Y-%m-%d")  # noqa: DTZ007  (a day of UTC, as below)
            found[name] = f"{(day + timedelta(days=days)).date().isoformat()}T00:00:00Z"
        except (ValueError, OverflowError):
            found[name] = typed[name]
    return found


def _flat(messages: Mapping[Any, Any], within: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each field of the form that something is wrong with, and what."""
    for name, said in messages.items():
        here = _AS_TYPED.get(str(name), str(name))
        if isinstance(said, dict):
            yield from _flat(said, here)
        else:
            yield ({"agency": "staff_agency"}.get(here, within) if within else here), list(said)


def _page(typed: Mapping[str, str], errors: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    with reading() as session:
        called = titles(session, {one.code: one.name for one in agencies(session)})
    with reading(speaking_for=log_reader().agency) as session:
        listed = kept.views(session)
    return render_template(
        "ig/log.html",
        typed=typed,
        errors=errors,
        fields=FIELDS,
        called=called,
        views=listed,
        schemes=SCHEMES,
        choices={name: [one.value for one in words] for name, words in CHOICES.items()},
        **found,
    )
