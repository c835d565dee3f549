"""One family's facts in three tongues: ours, plain dicts, and Cedar's; and 100,000 flows beside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from consent.terms import (
    ALL,
    Answer,
    Consent,
    ConsentKind,
    Method,
    ParentalResponsibility,
    Period,
    Policy,
    Subject,
)
from sharing.terms.asking import Asker, DisclosureRequest, Practitioner
from sharing.terms.codes import Assurance, LawfulBasis, Requirement
from sharing.terms.facts import (
    AgencyStanding,
    Agreement,
    Flow,
    Holding,
    SubjectFacts,
    Terms,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PURPOSES = tuple(f"purpose-{number}" for number in range(5))
_AGO = Period(AT - timedelta(days=400))
_MOTHER, _CHILD = UUID(int=1), UUID(int=2)

_STANDING, _POLICY = AgencyStanding((_AGO,)), Policy()
_REST_OF_A_FLOW = ("family_agreement", False, False, 0)

Way = tuple[str, str, str]
Index = Mapping[Way, Terms]


@dataclass(frozen=True, slots=True)
class OnFile:
    """All flows there are, found by source, recipient and purpose."""

    ways: tuple[Way, ...]
    index: Index
    plain: Mapping[Way, list[list[Any]]]


def on_file(flows: int) -> OnFile:
    """Return so many flows between agencies, each in an agreement of two."""
    index: dict[Way, Terms] = {}
    plain: dict[Way, list[list[Any]]] = {}
    for number, way in zip(range(flows), _ways(), strict=False):
        index[way] = _terms(way, _agreement(number, way))
        plain[way] = [
            [f"A-{number}", 1, "plan", ["plan", "contact"], "public_task", *_REST_OF_A_FLOW]
        ]
    return OnFile(tuple(index), index, plain)


def _ways() -> Iterator[Way]:
    for number in range(10**9):
        here, beyond = divmod(number, len(PURPOSES))
        yield f"source-{here}", f"recipient-{here}", PURPOSES[beyond]


def _agreement(number: int, way: Way) -> Agreement:
    source, recipient, purpose = way
    flow = Flow(
        UUID(int=number),
        "plan",
        frozenset({source}),
        frozenset({recipient}),
        frozenset({purpose}),
        frozenset({"plan", "contact"}),
        LawfulBasis.PUBLIC_TASK,
        Requirement.FAMILY_AGREEMENT,
    )
    return Agreement(f"A-{number}", 1, _AGO, {source: (_AGO,), recipient: (_AGO,)}, (flow,))


def asked_by(way: Way) -> DisclosureRequest:
    source, recipient, purpose = way
    return DisclosureRequest(
        Asker(
            "client", recipient, frozenset({purpose}), frozenset({"content"}), may_override=False
        ),
        recipient,
        source,
        "content",
        purpose,
        "public_task",
        ("plan",),
        practitioner=Practitioner("teacher-7", "lead", Assurance.STATED),
    )


def _terms(way: Way, agreement: Agreement) -> Terms:
    source, recipient, purpose = way
    categories, standing = {"plan": False}, {source: _STANDING, recipient: _STANDING}
    return Terms(frozenset({purpose}), categories, standing, (agreement,), _POLICY)


def facts_for(way: Way) -> SubjectFacts:
    """Return a child whose mother refused contact details, and later agreed to the rest."""
    source, recipient, purpose = way
    said = [(Answer.REFUSED, "contact", 200), (Answer.GIVEN, ALL, 100)]
    consents = tuple(
        Consent(
            UUID(int=10 + number),
            ConsentKind.FAMILY_AGREEMENT,
            _MOTHER,
            answer,
            Method.WRITTEN,
            AT - timedelta(days=days),
            frozenset({recipient}),
            frozenset({purpose}),
            frozenset({category}),
        )
        for number, (answer, category, days) in enumerate(said)
    )
    responsible = (ParentalResponsibility(_MOTHER, _AGO),)
    subject = Subject(
        _CHILD, born=date(2018, 5, 1), responsible=responsible, consents=consents, period=_AGO
    )
    return SubjectFacts(subject, (Holding(source, "plan"), Holding(source, "contact")))


def plainly(way: Way) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the same request and the same facts as rows."""
    source, recipient, purpose = way
    asked = {
        "recipient": recipient,
        "source": source,
        "purpose": purpose,
        "basis": "public_task",
        "category": "plan",
        "practitioner": "teacher-7",
    }
    subject = facts_for(way).subject
    consents = [] if subject is None else [_row(one) for one in subject.consents]
    facts = {
        "id": _CHILD,
        "adult": False,
        "born": date(2018, 5, 1),
        "deciders": [str(_MOTHER)],
        "assessments": None,
        "consents": consents,
        "shields": None,
        "barred": False,
        "withholds": None,
        "held": ["plan", "contact"],
    }
    return asked, facts


def _row(one: Consent) -> list[Any]:
    covered = [list(codes) for codes in (one.recipients, one.purposes, one.categories, one.sources)]
    return [
        str(one.id),
        one.kind.value,
        str(one.given_by),
        one.answer.value,
        one.method.value,
        one.recorded_at.isoformat(),
        *covered,
        None,
        None,
        None,
        None,
    ]
