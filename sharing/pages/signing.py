"""An agreement as those read it who sign it, and the form by which a named official does.

The form holds the hash of the very words that the page showed: where they have changed since, or a
newer version took over, nothing is signed, and the page says what to read instead.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import Person, for_people, person_with
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.named import NamedProblem
from sharing.actions import signing as actions
from sharing.actions.agreements import hold
from sharing.actions.errors import OtherContent, SupersededVersion, UnknownAgreement
from sharing.pages.previewing import PREVIEWERS, words
from sharing.pages.replaying import CHANGES
from sharing.queries import agreements as queries
from sharing.queries import replaying
from sharing.queries.register import due
from sharing.rules.agreement_words import BASES, MEANS, conditions
from sharing.schemas.replaying import changes
from sharing.terms.agreements import (
    AgreementOnFile,
    Means,
    Proof,
    Signatory,
    Statement,
    VersionOnFile,
)
from sharing.terms.register import AgreementDue, DueKind
from sharing.terms.replaying import Replay

READERS: Final = "agreement.read"
SIGNATORIES: Final = "agreement.sign"
FIELDS: Final = ("name", "capacity", "confirmed")
CONFIRMED: Final = "yes"
_LONGEST: Final = {"name": 200, "capacity": 100}
_NEEDED: Final = {
    "name": "Enter your full name",
    "capacity": "Enter in which capacity you sign, such as Director of Children's Services",
    "confirmed": "Tick that you have read these words and may sign them for your agency",
}
_FAR_AHEAD: Final = timedelta(days=36500)
_IN_OTHER_WORDS: Final = {
    OtherContent: (
        "The words of this draft have changed since you opened it, so nothing was signed. They"
        " stand below as they are now: read them again, and sign those."
    ),
    SupersededVersion: (
        "A newer version has taken over, and an older one is not signed any more. Open the newest"
        " version and sign that."
    ),
}

blueprint = Blueprint("agreement_pages", __name__, url_prefix="/agreements")


@blueprint.get("/to-sign")
@for_people(SIGNATORIES)
def to_sign() -> str:
    """List the versions that wait for the signature of the reader's agency."""
    person = person_with(SIGNATORIES)
    with reading() as session:
        waiting = _waiting(session, person.agency, now())
        titles = {
            one.code: one.title for one in queries.agreements(session, after=None, limit=1000)
        }
    return render_template(
        "partnership/to_sign.html",
        waiting=waiting,
        titles=titles,
        done=request.args.get("done") == "signed",
    )


@blueprint.get("/<code>/versions/<int:number>")
@for_people(READERS)
def version(code: str, number: int) -> str:
    """Show what a version says, whole, who has signed it, and the form for who can."""
    return _page(code, number, {})


@blueprint.post("/<code>/versions/<int:number>/signature")
@for_people(SIGNATORIES)
def sign(code: str, number: int) -> ResponseReturnValue:
    """Sign a version for the agency of whoever is signed in, as one more way of signing."""
    typed = {name: request.form.get(name, "").replace("\x00", "").strip() for name in FIELDS}
    errors = _wrong(typed)
    if errors:
        return _page(code, number, errors), 422
    try:
        with transaction() as session:
            at = hold(session, code, now)
            person = person_with(SIGNATORIES)
            proof = Proof(means=Means.ACCOUNT, reference=f"account {person.username}")
            statement = _statement(code, number, typed, person, at)
            actions.sign(session, statement, proof, person.username, at)
    except UnknownAgreement:
        raise
    except NamedProblem as error:
        return _page(code, number, {"words": _said(error)}), error.status
    return redirect(url_for(".to_sign", done="signed"), 303)


def _statement(
    code: str, number: int, typed: Mapping[str, str], person: Person, at: datetime
) -> Statement:
    return Statement(
        agreement=code,
        version=number,
        content_sha256=request.form.get("content_sha256", ""),
        agency=person.agency,
        signatory=Signatory(typed["name"], typed["capacity"]),
        signed_at=at,
    )


def _wrong(typed: Mapping[str, str]) -> dict[str, str]:
    wrong = {name: said for name, said in _NEEDED.items() if not typed[name]}
    if typed["confirmed"] not in {"", CONFIRMED}:
        wrong["confirmed"] = _NEEDED["confirmed"]
    for name, most in _LONGEST.items():
        if len(typed[name]) > most:
            wrong[name] = f"Use {most} characters or fewer"
    return wrong


def _page(code: str, number: int, errors: Mapping[str, str]) -> str:
    person = person_with(READERS)
    with reading() as session:
        found, shown = _held(session, code, number)
        why_not = _why_not(session, found, number, person)
        signatures = queries.signatures(session, code, number)
        latest = replaying.replays(session, code, number, after=None, limit=1)
        called = words(session)
    return render_template(
        "partnership/version.html",
        agreement=found,
        version=shown,
        newest=max(one.version for one in found.versions),
        signatures=signatures,
        unsigned=_unsigned(found, {one.agency for one in signatures}),
        why_not=why_not,
        signs=person.may(SIGNATORIES) and why_not is None,
        previews=person.may(PREVIEWERS),
        replay=latest[0] if latest else None,
        counted=_counted(latest[0]) if latest else [],
        called=called,
        conditions=conditions,
        bases=BASES,
        means=MEANS,
        confirmed=CONFIRMED,
        errors=errors,
        fields=FIELDS,
        typed=request.form,
    )


def _held(session: Session, code: str, number: int) -> tuple[AgreementOnFile, VersionOnFile]:
    found = queries.agreement(session, code)
    if found is None:
        raise UnknownAgreement
    for one in found.versions:
        if one.version == number:
            return found, one
    raise UnknownAgreement("The agreement has no version of this number.")


def _why_not(session: Session, found: AgreementOnFile, number: int, person: Person) -> str | None:
    """Return why the reader's agency cannot sign this version now, if it cannot."""
    try:
        actions.check_signable(session, found.code, number, person.agency, now())
    except NamedProblem as error:
        return _said(error)
    return None


def _said(error: NamedProblem) -> str:
    """Return the rule that is broken and what to do, as a person on a page can."""
    named = [str(one["detail"]) for one in error.errors]
    usual = " ".join([f"{error.title}.", *(named or [error.detail])])
    return _IN_OTHER_WORDS.get(type(error), usual)


def _waiting(session: Session, agency: str, at: datetime) -> list[AgreementDue]:
    listed = due(session, at, at + _FAR_AHEAD)
    return [one for one in listed if one.kind is DueKind.SIGN and agency in one.agencies]


def _unsigned(found: AgreementOnFile, signed: set[str]) -> list[str]:
    """Return the members that have not signed, of those that have not left."""
    at = now()
    staying = {one.agency for one in found.members if one.departed is None or one.departed > at}
    return sorted(staying - signed)


def _counted(found: Replay) -> list[tuple[str, Any]]:
    """Return how many answers a draft would change, by what becomes of them."""
    asked, present = changes(found.tally.requests), changes(found.tally.subjects)
    return [(said, asked[name] + present[name]) for name, said in CHANGES.items()]
