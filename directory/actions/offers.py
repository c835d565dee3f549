"""Publishing what an agency offers early, and how it keeps the partnership's pledges."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder
from directory.actions.editing_errors import PledgeUnproven, UnknownReference
from directory.actions.keeping import check_may_change
from directory.models.offers import LocalOfferRow, PledgeRow
from directory.queries.agencies import unknown_codes
from directory.queries.offers import (
    offer,
    offer_number,
    offered,
    pledge_line,
    pledge_number,
    unknown_services,
)
from directory.rules.words import folded
from directory.terms.keeping import Actor
from directory.terms.offers import LocalOffer, OfferFacts, Pledge, PledgeFacts, PledgeLine
from directory.terms.records import Viewer


def publish_offer(session: Session, facts: OfferFacts, by: Actor, at: datetime) -> LocalOffer:
    """Put a new local offer on file; `NotYoursToChange` if it is another agency's.

    `UnknownReference` names an agency or service that is not there, `DatesOutOfOrder` an end
    before the start.
    """
    check_may_change(session, by, facts.agency, at)
    return _put(session, new_id(at), facts, by, at)


def replace_offer(
    session: Session, offer_id: UUID, facts: OfferFacts, by: Actor, at: datetime
) -> LocalOffer:
    """Put what an offer says from now on; what it said stays on file.

    Services of it that its editor cannot see stay in it. `UnknownOffer` if there is none,
    `NotYoursToChange` if it is another agency's, `UnknownReference` if it is to become one's.
    """
    _one_at_a_time(session, "local_offer", str(offer_id))
    held = offer(session, offer_id, Viewer(by.agency))
    check_may_change(session, by, held.facts.agency, at)
    if held.facts.agency != facts.agency:
        raise UnknownReference("An offer stays with its agency. Publish another.", "#/agency")
    unseen = tuple(set(offered(session, offer_id)) - set(held.facts.services))
    facts = replace(facts, services=(*facts.services, *unseen))
    return _put(session, offer_id, facts, by, at)


def keep_pledge(session: Session, facts: PledgeFacts, by: Actor, at: datetime) -> PledgeLine:
    """Write down how an agency keeps a pledge; what stood there stays on file.

    `PledgeUnproven` without evidence, and where what anyone reads holds the lead's name;
    `NotYoursToChange` if it is another agency's.
    """
    check_may_change(session, by, facts.agency, at)
    if unknown_codes(session, {facts.agency}):
        raise UnknownReference("No agency has this code.", "#/agency")
    for pointer, said in _unproven(facts):
        raise PledgeUnproven(said, pointer)
    _one_at_a_time(session, "pledge", f"{facts.agency}/{facts.pledge}")
    values = {
        "agency": facts.agency,
        "pledge": facts.pledge.value,
        "number": pledge_number(session, facts.agency, facts.pledge),
        "kept_since": facts.kept_since,
        "evidence": facts.evidence,
        "url": facts.url,
        "designated_lead": facts.designated_lead,
        "author": by.id,
        "recorded_at": at,
    }
    session.execute(insert(PledgeRow).values(values))
    return pledge_line(session, facts.agency, facts.pledge, Viewer(by.agency))


def _put(
    session: Session, offer_id: UUID, facts: OfferFacts, by: Actor, at: datetime
) -> LocalOffer:
    _check(session, facts)
    values = {
        "id": offer_id,
        "number": offer_number(session, offer_id),
        "agency": facts.agency,
        "title": facts.title,
        "summary": facts.summary,
        "url": facts.url,
        "who_for": facts.who_for,
        "levels": list(facts.levels),
        "services": list(dict.fromkeys(facts.services)),
        "starts": facts.starts,
        "ends": facts.ends,
        "audience": facts.audience.value,
        "author": by.id,
        "recorded_at": at,
    }
    session.execute(insert(LocalOfferRow).values(values))
    return offer(session, offer_id, Viewer(by.agency))


def _check(session: Session, facts: OfferFacts) -> None:
    if unknown_codes(session, {facts.agency}):
        raise UnknownReference("No agency has this code.", "#/agency")
    if facts.ends is not None and facts.ends < facts.starts:
        raise DatesOutOfOrder("The offer ends before it starts.", "#/ends")
    unknown = unknown_services(session, facts.services)
    for number, one in enumerate(facts.services):
        if one in unknown:
            raise UnknownReference("No service on file has this id.", f"#/services/{number}")


def _unproven(facts: PledgeFacts) -> Iterator[tuple[str, str]]:
    named = facts.pledge is Pledge.DESIGNATED_LEAD_NAMED
    if facts.designated_lead is not None and not named:
        yield "#/designated_lead", "This belongs to the pledge designated_lead_named alone."
    if facts.kept_since is not None:
        if named and facts.designated_lead is None:
            yield "#/designated_lead", "Name the lead. Only practitioners of partners read it."
        if not named and facts.evidence is None and facts.url is None:
            yield "#/evidence", "Say how the pledge is kept, or give an address that does."
    if facts.designated_lead and folded(facts.designated_lead) in folded(facts.evidence or ""):
        yield "#/evidence", "Anyone reads this: leave the lead's name out of it."


def _one_at_a_time(session: Session, what: str, which: str) -> None:
    """Let one transaction at a time give the next number here."""
    lock: Any = func.pg_advisory_xact_lock(func.hashtext(what), func.hashtext(which))
    session.execute(select(lock))
