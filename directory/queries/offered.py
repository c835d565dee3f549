"""What a search can be narrowed to before anything is searched for."""

from typing import Final

from sqlalchemy import any_, func, select
from sqlalchemy.orm import Session

from directory.models.search import ListingLabelRow
from directory.queries.conditions import texts
from directory.rules.facets import FACETS, facets_of
from directory.rules.listing import viewers_of
from directory.terms.records import Viewer
from directory.terms.searching import FacetValue

MOST_OFFERED: Final = 500
"""Values, of all kinds together: a form with more would be no help."""


def offered(session: Session, viewer: Viewer) -> dict[str, tuple[FacetValue, ...]]:
    """Return what services that the viewer may see can be asked for, with how many there are.

    Of a value with several labels the one that most give it counts.
    """
    row = ListingLabelRow
    services = func.sum(row.services)
    found = (
        select(row.what, row.key, services, row.label)
        .where(row.what == any_(texts(FACETS)), row.viewer == any_(texts(viewers_of(viewer))))
        .group_by(row.what, row.key, row.label)
        .order_by(services.desc(), row.what, row.key, row.label)
        .limit(MOST_OFFERED)
    )
    best: dict[tuple[str, str], tuple[str, str, int, str]] = {}
    for what, key, count, label in session.execute(found):
        best.setdefault((what, key), (what, key, int(count), label))
    return facets_of(best.values())
