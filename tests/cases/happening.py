"""From the `given` of a case to facts on file, each recorded at its own instant."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from tests.cases.founding import Founded, RefusedError, iso, said, source_client
from tests.cases.serving import OPERATOR
from tests.cases.words import Consent, Given

KINDS = {"agreement": "family_agreement", "consent": "data_consent"}
# What a person at the desk is told instead of its being put on file.
NOT_ON_FILE = frozenset(
    {
        "recipients_not_named",
        "consent_not_applicable",
        "giver_has_no_say",
        "adult_decides",
        "capacity_differs",
        "dates_out_of_order",
        "replacement_differs",
        "already_replaced",
        "already_withdrawn",
        "already_confirmed",
        "already_written",
        "nothing_given",
        "shield_categories",
    }
)
Fact = tuple[datetime, Callable[[], None]]


class Happenings:
    """What is true for one case only."""

    def __init__(self, made: Founded, given: Given, first: datetime) -> None:
        self.made, self.given, self.first = made, given, first
        self.consents: dict[str, str] = {}
        self.turned_away: list[str] = []

    def happen(self) -> None:
        """Record every fact in the order of its instants, the clock set to each."""
        for at, fact in sorted(self._facts(), key=lambda one: one[0]):
            self.made.live.clock.at = max(at, self.first)
            fact()

    def _facts(self) -> Iterator[Fact]:
        given, first = self.given, self.first
        for one in given.competence:
            yield one.at, partial(self._assess, one)
        for some, record in (
            (given.shields, self._shield),
            (given.withholds, self._withhold),
            (given.no_access, self._bar),
        ):
            for one in some:
                yield one.span.starts or first, partial(record, one)
        for one in given.consents:
            yield one.recorded_at, partial(self._consent, one)
        for one in given.consents:
            for at, act in ((one.confirmed_at, "confirmation"), (one.withdrawn_at, "withdrawal")):
                if at is not None:
                    yield at, partial(self._later, one, act)

    def _assess(self, one: Any) -> None:
        body = said(
            purpose=one.purpose,
            competent=one.competent,
            assessor={"role": "school_nurse"},
            assessed_at=iso(one.at),
            until=iso(one.until),
        )
        self._post(f"/v1/subjects/{self.made.subjects[one.subject]}/competence-assessments", body)

    def _shield(self, one: Any) -> None:
        body = said(
            subjects=self._ids(one.subjects),
            mode=one.mode,
            categories=list(one.categories) or None,
            unaffected=list(one.allow),
            starts=iso(one.span.starts),
            ends=iso(one.span.ends),
            reason="in danger",
            set_by="staff-1",
        )
        self._post("/v1/shields", body)

    def _withhold(self, one: Any) -> None:
        body = said(
            subjects=[{"identifiers": self.made.identifiers(name)} for name in one.subjects],
            categories=list(one.categories),
            starts=iso(one.span.starts),
            ends=iso(one.span.ends),
            reason="more harm than good",
        )
        self._post("/v1/withholds", body, source_client(one.source))

    def _bar(self, one: Any) -> None:
        body = said(
            subject=self.made.subjects[one.subject],
            practitioner=one.practitioner,
            starts=iso(one.span.starts),
            ends=iso(one.span.ends),
            reason="family",
        )
        self._post("/v1/conflicts-of-interest", body)

    def _consent(self, one: Consent) -> None:
        capacity = "self" if one.by in one.subjects else "parental_responsibility"
        body = said(
            kind=KINDS[one.kind],
            subjects=self._ids(one.subjects),
            given_by=self.made.subjects[one.by],
            capacity=capacity,
            answer=one.decision,
            method=one.method,
            recipients=list(one.recipients),
            purposes=list(one.purposes),
            categories=list(one.categories),
            sources=list(one.sources),
            valid_from=iso(one.valid_from),
            valid_until=iso(one.valid_until),
            replaces=self.consents.get(one.replaces or ""),
            notice={"version": "1", "language": "en"},
            recorder={"id": "staff-1", "role": "family_worker"},
        )
        recorded = self._post("/v1/consents", body)
        if recorded is not None:
            self.consents[one.id] = recorded["id"]

    def _later(self, one: Consent, act: str) -> None:
        if one.id in self.consents:
            self._post(f"/v1/consents/{self.consents[one.id]}/{act}", {})

    def _ids(self, names: tuple[str, ...]) -> list[str]:
        return [self.made.subjects[name] for name in dict.fromkeys(names)]

    def _post(self, path: str, body: object, client: str = OPERATOR) -> Any:
        """Have a fact recorded. One that a named rule turns away is not on file."""
        answer = self.made.live.call(client, "POST", path, body)
        if answer.ok:
            return answer.json() if answer.content else None
        code = answer.json().get("code")
        if code not in NOT_ON_FILE:
            raise RefusedError(f"POST {path} {body}: {answer.status_code} {answer.text}")
        self.turned_away.append(code)
        return None
