"""From the `world` of a file to a database, through the API alone.

All of it is recorded before anything happens, and says itself from when to when it holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.cases.serving import IG_LEAD, OFFICE, OPERATOR, Live
from tests.cases.words import OPEN, Agreement, Flow, Given, Joined, Person, Span, World
from tests.countersign import signed, statement
from tests.make import kept, wording

REQUIRES = {"none": "none", "agreement": "family_agreement", "consent": "data_consent"}
NHS_SCHEME = "nhs_number"
NEVER = timedelta(days=36500)
MARKED = "\N{MIDDLE DOT}"
MOST_MONTHS = 1200


class RefusedError(Exception):
    """The API did not take what a world or a case says."""


@dataclass
class Founded:
    """Who is who in one database."""

    live: Live
    subjects: dict[str, str]
    numbers: dict[str, str]

    def identifiers(self, name: str) -> list[dict[str, str]]:
        return [{"scheme": NHS_SCHEME, "value": self.numbers[name]}]

    def name_of(self, subject: str) -> str:
        return next((name for name, held in self.subjects.items() if held == subject), subject)

    def post(self, path: str, body: object, client: str = OPERATOR, method: str = "POST") -> Any:
        """Have something recorded that must be taken."""
        answer = self.live.call(client, method, path, body)
        if not answer.ok:
            raise RefusedError(f"{method} {path} {body}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None


def found(live: Live, world: World, givens: Iterable[Given], unknown: set[str]) -> Founded:
    """Put a world on file, with everyone whom the cases name; `unknown` stay nobody."""
    names = sorted(_names(world, givens) | unknown)
    made = Founded(live, {}, dict(zip(names, nhs_numbers(), strict=False)))
    live.register_operator()
    _agencies(made, world)
    _vocabulary(made, world)
    _clients(made, world)
    for code, agreement in world.agreements.items():
        _agreement(made, code, agreement)
    for name in names:
        if name not in unknown:
            _person(made, name, world.subjects.get(name))
    _families(made, world)
    _records(made, world)
    return made


def source_client(agency: str) -> str:
    return f"case-source-{agency}"


def marked(source: str, category: str) -> dict[str, Any]:
    """Return content that says where it is from; a pointer has a field for such a word too."""
    word = f"{source}{MARKED}{category}"
    return {"since": word} if category == "involvement" else {"of": word}


def iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def said(**body: object) -> dict[str, object]:
    """Leave out of a body what is not said."""
    return {name: value for name, value in body.items() if value is not None}


def instants_in(thing: object) -> Iterator[datetime]:
    """Yield every instant that something speaks of, however deep."""
    if isinstance(thing, datetime):
        yield thing
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from instants_in(getattr(thing, one.name))
    elif isinstance(thing, dict):
        yield from instants_in(tuple(thing.values()))
    elif isinstance(thing, tuple | list | frozenset):
        for inner in thing:
            yield from instants_in(inner)


def nhs_numbers() -> Iterator[str]:
    """Yield valid numbers of the range that is never issued to anybody."""
    for number in range(999_000_000, 1_000_000_000):
        digits = str(number)
        total = sum(
            int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)
        )
        check = -total % 11
        if check < 10:
            yield f"{digits}{check}"


def _names(world: World, givens: Iterable[Given]) -> set[str]:
    names = set(world.subjects) | set(world.households)
    names |= {one.name for person in world.subjects.values() for one in person.people}
    names |= {one.name for household in world.households.values() for one in household}
    names |= {one.subject for one in world.records}
    for given in givens:
        names |= {one.by for one in given.consents}
        for fact in (*given.consents, *given.shields, *given.withholds):
            names |= set(fact.subjects)
        names |= {fact.subject for fact in (*given.competence, *given.no_access)}
    return names


def _agencies(made: Founded, world: World) -> None:
    for code, agency in world.agencies.items():
        spans = sorted(agency.active, key=lambda span: (span.starts is not None, span.starts))
        first = spans[0] if spans else OPEN
        made.post(
            "/v1/agencies",
            said(
                code=code,
                name=code,
                kind=agency.kind,
                sensitive_service=agency.sensitive_service,
                starts=iso(first.starts),
            ),
        )
        gaps = [Span(one.ends, other.starts) for one, other in pairwise(spans)]
        if not spans:
            gaps = [OPEN]
        elif spans[-1].ends is not None:
            gaps.append(Span(spans[-1].ends, None))
        for gap in gaps:
            away = said(starts=iso(gap.starts), ends=iso(gap.ends))
            made.post(f"/v1/agencies/{code}/suspension", away)


def _vocabulary(made: Founded, world: World) -> None:
    for code in world.purposes:
        made.post("/v1/purposes", {"code": code, "title": code})
    for code, sensitive in world.categories.items():
        made.post("/v1/categories", {"code": code, "title": code, "sensitive": sensitive})
    values = {
        "own_decision_age": world.settings.own_decision_age,
        "verbal_grace_days": world.settings.verbal_grace_days,
        "parents_disagree": world.settings.parents_disagree,
    }
    signed = {"values": values, "signed_by": "IG lead", "authority": "partnership board"}
    made.post("/v1/settings", signed, method="PUT")
    notice = {"version": "1", "language": "en", "title": "How we share", "approved_by": "IG lead"}
    made.post("/v1/consents/notices", notice | {"text": "We tell each other what is needed."})


def _agreement(made: Founded, code: str, agreement: Agreement) -> None:
    starts = agreement.span.starts or made.live.clock.at
    review = agreement.review_due or made.live.clock.at + NEVER
    made.post(
        "/v1/agreements",
        said(
            code=code,
            title=agreement.title or code,
            effective_from=iso(starts),
            expires=iso(agreement.span.ends),
            review_due=iso(max(review, starts)),  # overdue from its first day is the same
            members=[_member(one) for one in agreement.members],
            flows=[_flow(flow) for flow in agreement.flows],
            retention=[
                one | {"months": MOST_MONTHS}
                for one in kept(*{one for flow in agreement.flows for one in flow.categories})
            ],
            **wording(),
        ),
    )
    for agency in sorted({one.name for one in agreement.members}):
        _sign(made, code, agency)
    made.post(f"/v1/agreements/{code}/versions/1/activation", {})
    if agreement.terminated_at is not None:
        ended = {"at": iso(agreement.terminated_at)}
        made.post(f"/v1/agreements/{code}/termination", ended)


def _member(one: Joined) -> dict[str, object]:
    return said(
        agency=one.name,
        joined=iso(one.span.starts),
        left=iso(one.span.ends),
        role="member",
        data_protection_contact=f"data protection desk of {one.name}",
    )


def _sign(made: Founded, code: str, agency: str) -> None:
    """Sign the first version as an agency's own system does, over the bytes that it read."""
    client, path = source_client(agency), f"/v1/agreements/{code}/versions/1"
    content = made.live.call(OPERATOR, "GET", f"{path}/content").content
    claims = statement(content, code, 1, agency, made.live.clock.at)
    jws = signed(claims, made.live.clients[client]["private_jwk"])
    made.post(f"{path}/signatures", {"jws": jws}, client)


def _flow(flow: Flow) -> dict[str, object]:
    return {
        "code": flow.id,
        "from": list(flow.sources),
        "to": list(flow.recipients),
        "purposes": list(flow.purposes),
        "categories": list(flow.categories),
        "kinds": list(flow.kinds),
        "basis": flow.basis,
        "law": "Children Act 2004, section 10",
        "special_condition": "UK GDPR Article 9(2)(g)",
        "requires": REQUIRES[flow.requires],
        "verbal": flow.verbal,
        "override": flow.override,
        "pierces_shield": flow.pierces_shield,
    }


def _clients(made: Founded, world: World) -> None:
    made.live.register(IG_LEAD, OFFICE, ["log.read", "log.audit"])
    for code in world.agencies:
        made.live.register(source_client(code), code, ["record.write", "agreement.write"])
    for client_id, client in world.clients.items():
        made.live.register(
            client_id,
            client.agency,
            ["disclosure.request"],
            purposes=list(client.purposes),
            kinds=list(client.kinds),
            may_override=client.may_override,
        )


def _person(made: Founded, name: str, person: Person | None) -> None:
    known = person or Person(adult=True)
    body = said(
        identifiers=made.identifiers(name),
        adult=known.adult,
        born=None if known.adult or known.born is None else known.born.isoformat(),
        starts=iso(known.span.starts),
        ends=iso(known.span.ends),
    )
    made.subjects[name] = made.post("/v1/subjects", body)["id"]


def _families(made: Founded, world: World) -> None:
    for name, person in world.subjects.items():
        path = f"/v1/subjects/{made.subjects[name]}"
        for relative in person.people:
            for span in relative.responsible or (OPEN,):
                body = said(
                    person=made.subjects[relative.name],
                    kind="parent" if relative.responsible else "relative",
                    parental_responsibility=bool(relative.responsible),
                    starts=iso(span.starts),
                    ends=iso(span.ends),
                )
                related = made.post(f"{path}/relationships", body)["id"]
                if relative.no_say is not None:
                    lost = said(
                        starts=iso(relative.no_say.starts),
                        ends=iso(relative.no_say.ends),
                        evidence="court order",
                    )
                    made.post(f"{path}/relationships/{related}/no-say", lost)
    for name, household in world.households.items():
        members = [
            said(
                subject=made.subjects[one.name],
                starts=iso(one.span.starts),
                ends=iso(one.span.ends),
            )
            for one in household
        ]
        path = f"/v1/subjects/{made.subjects[name]}/household"
        made.post(path, {"members": members}, method="PUT")


def _records(made: Founded, world: World) -> None:
    for one in world.records:
        household = dict.fromkeys(member.name for member in world.households.get(one.subject, ()))
        content = marked(one.source, one.category)
        if one.category == "household":
            content = {"members": [{"subject": made.subjects[name]} for name in household]}
        body = said(
            subject={"identifiers": made.identifiers(one.subject)},
            category=one.category,
            content=content,
            starts=iso(one.span.starts),
            ends=iso(one.span.ends),
            retain_until=iso(made.live.clock.at + NEVER),
        )
        made.post("/v1/records", body, client=source_client(one.source))
