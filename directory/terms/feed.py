"""The words for the feed: its collections, what is asked of one, and what a page of it holds."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from directory.terms.searching import ServiceSearch


class Collection(StrEnum):
    """What the feed lists, by the standard's names."""

    SERVICES = "services"
    SERVICE_AT_LOCATIONS = "service_at_locations"
    ORGANIZATIONS = "organizations"
    TAXONOMIES = "taxonomies"
    TAXONOMY_TERMS = "taxonomy_terms"


class Shape(StrEnum):
    """How much of each thing a list says.

    A row has what there is one of; `full` nests it as a single record is nested; `full_service`
    does so with an organization's services too; `minimal` is the id and when it was modified.
    """

    ROW = "row"
    MINIMAL = "minimal"
    FULL = "full"
    FULL_SERVICE = "full_service"


@dataclass(frozen=True, slots=True)
class RecordSearch:
    """Which organizations, taxonomies or terms are sought; every condition must hold."""

    words: str | None = None
    taxonomy_id: UUID | None = None
    parent_id: UUID | None = None
    top_only: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a collection; `as_lines` wants all of it at once, line by line."""

    collection: Collection
    search: ServiceSearch | RecordSearch
    shape: Shape = Shape.ROW
    page: int = 1
    per_page: int = 50
    as_lines: bool = False
