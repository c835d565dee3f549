"""Services for the demonstration: invented ones of mixed age in three cities, and published facts.

Which organizations there are, what they do and where is invented, telephone numbers are of the
range kept for fiction and addresses at example.org; the postcodes are real. What the cities' own
documents name as services is kept as they say it, thin, with its document as the source.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.demo.contacts import facts
from app.demo.invented import OWNERS, Making, told_of
from app.demo.wording import Part, Words, uid
from directory.actions.records import put_records
from directory.rules import family_hubs
from directory.terms.records import Authorship, Document, Origin, RecordKind

INVENTED: Final = "Invented for the demonstration"
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
AUTHOR: Final = "demonstration"
_CAVEAT: Final = "As published. Nobody has vouched for this since: check it before you rely on it."


@dataclass(frozen=True, slots=True)
class Planned:
    """Records to put on file, of one kind and one owner and source."""

    kind: RecordKind
    documents: tuple[Document, ...]
    owner: str | None = None
    source: str = INVENTED
    licence: str | None = LICENCE


def seed_services(session: Session, at: datetime, seed: int = 7) -> None:
    """Put the services on file, with all that they speak of, as old as they would be at `at`."""
    for one in planned(at, seed):
        by = Authorship(
            AUTHOR, Origin.SEEDED, source=one.source, licence=one.licence, owner=one.owner
        )
        put_records(session, one.kind, one.documents, by, at)


def planned(at: datetime, seed: int = 7) -> Iterator[Planned]:
    """Yield what is put on file, what others name first; the same for the same arguments."""
    words = Words()
    made = Making(at, random.Random(seed), words)
    invented = list(made.services())
    published = list(_published(words, at))
    notice = "MIT, Crown copyright (Department for Education) 2023"
    theirs = "Department for Education, family hubs"
    yield Planned(RecordKind.TAXONOMY, (family_hubs.taxonomy(),), None, theirs, notice)
    yield Planned(RecordKind.TAXONOMY_TERM, family_hubs.categories(), None, theirs, notice)
    yield Planned(RecordKind.TAXONOMY, tuple(words.taxonomies.values()))
    yield Planned(RecordKind.TAXONOMY_TERM, tuple(words.terms.values()))
    yield Planned(RecordKind.ORGANIZATION, tuple(made.organizations.values()))
    yield Planned(RecordKind.ORGANIZATION, tuple(_partnerships()))
    yield Planned(RecordKind.LOCATION, tuple(made.locations.values()))
    for owner in (*OWNERS, None):
        theirs_of = tuple(one for whose, one in invented if whose == owner)
        yield Planned(RecordKind.SERVICE, theirs_of, owner)
    for source, services in _by_source(published).items():
        yield Planned(RecordKind.SERVICE, services, None, source, None)


def _partnerships() -> Iterator[Part]:
    for city in told_of()["cities"]:
        yield {
            "id": uid("partnership", city),
            "name": f"Early help partnership of {city}",
            "description": f"What {city}'s published early help documents name as services.",
        }


def _published(words: Words, at: datetime) -> Iterator[tuple[str, Part]]:
    """Yield what the documents name, with the document it is from."""
    documents = {one["code"]: one for one in facts()["documents"]}
    for told in facts()["services"]:
        document = documents[told["document"]]
        one = uid("published", told["document"], told["name"])
        low, _, high = told.get("ages", "").partition("-")
        ages = {"minimum_age": low.rstrip("+"), "maximum_age": high}
        said = f"Named in {document['title']!r} ({document['as_of']})."
        also = f" Formerly {told['formerly']}." if "formerly" in told else ""
        yield (
            f"{document['title']} ({document['as_of']})",
            {
                "id": one,
                "organization_id": uid("partnership", told["city"]),
                "name": told["name"][:1].upper() + told["name"][1:],
                "description": said + also,
                "status": "active",
                "alert": _CAVEAT,
                "last_modified": at.isoformat(timespec="seconds"),
                **{name: int(age) for name, age in ages.items() if age},
                "attributes": words.attributes(
                    one, [words.term("kind-as-published", told["kind"].replace("_", " "))]
                ),
            },
        )


def _by_source(published: Iterable[tuple[str, Part]]) -> Mapping[str, tuple[Document, ...]]:
    found: dict[str, tuple[Document, ...]] = {}
    for source, service in published:
        found[source] = (*found.get(source, ()), service)
    return found
