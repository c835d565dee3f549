"""What the search form offers: only what some service has, of its viewer's tier."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from flask import current_app
from sqlalchemy.orm import Session

from directory.queries.records import changes
from directory.queries.searching import find
from directory.terms.records import Viewer
from directory.terms.searching import FacetValue, ServiceSearch

Choices = Mapping[str, tuple[FacetValue, ...]]

_EXTENSION: Final = "rightshare.search_choices"


def choices(session: Session, viewer: Viewer, at: datetime) -> Choices:
    """Return the values of each facet of all services; asked anew only when something changed."""
    kept: dict[Viewer, tuple[int, Choices]] = current_app.extensions.setdefault(_EXTENSION, {})
    number = changes(session)
    if viewer not in kept or kept[viewer][0] != number:
        found = find(session, ServiceSearch(), viewer, page=1, size=1, at=at)
        kept[viewer] = (number, found.facets)
    return kept[viewer][1]
