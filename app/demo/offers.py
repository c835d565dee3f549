"""Invented local offers, and how the demonstration's agencies keep the five pledges."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from directory.actions.offers import keep_pledge, publish_offer
from directory.queries.upkeep import UpkeepSearch, upkeep
from directory.terms.keeping import Actor
from directory.terms.offers import OfferAudience, OfferFacts, Pledge, PledgeFacts
from directory.terms.records import Viewer

EDITOR: Final = Actor("directory-desk", "eh-hub")
_A_SEASON: Final = timedelta(days=90)
_OF_AN_OFFER: Final = 6
_OFFERS: Final = (
    (
        "eh-hub",
        "Early help for families in Meresby",
        "A named worker for each family, one plan that everyone works to, and groups for parents.",
        "Families who need more than their school or health visitor can give, and no social worker",
        OfferAudience.PUBLIC,
    ),
    (
        "oak-school",
        "What Oak Lane does before things get worse",
        "Breakfast club, a quiet room, and a parent support adviser who visits at home.",
        "Children of the school, their brothers and sisters, and whoever looks after them",
        OfferAudience.PUBLIC,
    ),
    (
        "family-vcs",
        "Kettle at your kitchen table",
        "Volunteers who visit once a week for half a year.",
        "Parents of children under five who feel alone",
        OfferAudience.PUBLIC,
    ),
    (
        "housing",
        "Tenancy support that practitioners can ask for",
        "A visit within five working days where a family may lose its home.",
        "Tenants of Meresby Homes with children",
        OfferAudience.PRACTITIONERS,
    ),
)
_KEPT: Final = (
    ("eh-hub", Pledge.DESIGNATED_LEAD_NAMED, "Named to the partnership board.", "Ines Harker"),
    ("eh-hub", Pledge.STAFF_TRAINED, "All 31 staff finished the two days in spring.", None),
    ("eh-hub", Pledge.OFFER_PUBLISHED, "On this page since last season.", None),
    ("eh-hub", Pledge.EASY_ACCESS, "One number, answered from 8am to 6pm on weekdays.", None),
    ("eh-hub", Pledge.EVIDENCE_OF_IMPACT, "Two of three plans end with the aims reached.", None),
    ("oak-school", Pledge.DESIGNATED_LEAD_NAMED, "On the notice board.", "Tomasz Rell"),
    ("oak-school", Pledge.STAFF_TRAINED, "38 of 44 staff, the rest by the end of term.", None),
    ("oak-school", Pledge.OFFER_PUBLISHED, "On this page and in the school's newsletter.", None),
    ("family-vcs", Pledge.EASY_ACCESS, "Families ring us themselves: no form.", None),
)


def seed_offers(session: Session, at: datetime) -> None:
    """Put the offers of a season ago on file, with services of the agencies' own, and pledges."""
    when = at - _A_SEASON
    for agency, title, summary, who_for, audience in _OFFERS:
        facts = OfferFacts(
            agency,
            title,
            summary,
            who_for,
            when.date(),
            levels=("early_help",),
            services=_services(session, agency, at),
            audience=audience,
        )
        publish_offer(session, facts, EDITOR, when)
    for agency, pledge, evidence, lead in _KEPT:
        kept = PledgeFacts(agency, pledge, when.date(), evidence, designated_lead=lead)
        keep_pledge(session, kept, EDITOR, when)


def _services(session: Session, agency: str, at: datetime) -> tuple[UUID, ...]:
    search = UpkeepSearch(Viewer(agency), agency)
    found = upkeep(session, search, at.date(), limit=_OF_AN_OFFER)
    return tuple(one.id for one in found)
