"""A second decision, written from the header of the case file alone and as plainly as it reads.

It shares no line with the rules and is nowhere near as quick. Where the two differ, one is wrong.
"""

from collections.abc import Iterator

from tests.cases.words import Agreement, Answer, Ask, Audit, Flow, Given, World
from tests.rules.oracle_consent import PRIVATE, Said

PUBLIC = [
    "request_invalid",
    "agency_not_active",
    "client_not_permitted",
    "justification_required",
    "no_agreement",
    "flow_not_covered",
    "basis_not_accepted",
    "not_available",
]
OVERRIDES = ["risk_of_significant_harm", "vital_interests", "serious_crime", "court_order"]
GROUNDS = {"none": "statutory", "agreement": "agreement", "consent": "consent"}


class Passed:
    """What lets one category from one source through, with all that comes with it."""

    def __init__(self, ground: str, obligations: set[str], flags: set[str]) -> None:
        self.ground, self.obligations, self.flags = ground, obligations, flags


class Oracle:
    """One world, one set of facts, one ask."""

    def __init__(self, world: World, given: Given, ask: Ask) -> None:
        self.world, self.given, self.ask, self.at = world, given, ask, ask.at
        self.client = world.clients[ask.client]
        self.me = self.client.agency

    def answer(self) -> Answer:
        code = self.fault_of_the_asker()
        if code is not None:
            return Answer("deny", reason=code)
        return self.pointer() if self.ask.kind == "pointer" else self.content()

    def fault_of_the_asker(self) -> str | None:
        ask, world, client = self.ask, self.world, self.client
        override = ask.override
        if (
            ask.purpose not in world.purposes
            or ask.kind not in ("content", "pointer")
            or len(ask.categories) == 0
            or any(code not in world.categories for code in ask.categories)
            or (ask.kind == "pointer" and set(ask.categories) != {"involvement"})
            or (ask.kind == "content" and ask.source == "*")
            or (override is not None and override.reason not in OVERRIDES)
        ):
            return "request_invalid"
        if not self.active(self.me):
            return "agency_not_active"
        if (
            ask.purpose not in client.purposes
            or ask.kind not in client.kinds
            or (override is not None and not client.may_override)
            or (ask.agency is not None and ask.agency != self.me)
        ):
            return "client_not_permitted"
        if override is not None and len("".join(override.justification.split())) < 20:
            return "justification_required"
        return None

    def content(self) -> Answer:
        passed: dict[str, Passed] = {}
        refused: dict[str, str] = {}
        withheld: dict[str, str] = {}
        for category in self.ask.categories:
            code, result = self.one(self.ask.source, category)
            if isinstance(result, Passed):
                passed[category] = result
            else:
                refused[category] = code
                if result is not None:
                    withheld[category] = result
        redact = self.redacted() if "household" in passed else frozenset()
        return self.told(passed, refused, withheld, redact=redact)

    def pointer(self) -> Answer:
        asked = list(self.world.agencies) if self.ask.source == "*" else [self.ask.source]
        passed: dict[str, Passed] = {}
        codes: dict[str, str] = {}
        withheld: dict[str, str] = {}
        for source in asked:
            code, result = self.one(source, "involvement")
            if source == self.me:  # rule 10: never listed
                codes[source] = code
            elif isinstance(result, Passed):
                passed[source] = result
            else:
                codes[source] = code
                if result is not None:
                    withheld[source] = result
        if not passed:
            return self.told({}, codes, withheld)
        answer = self.told(passed, {}, withheld)
        return Answer(
            "permit",
            frozenset({"involvement"}),
            obligations=answer.obligations,
            sources=frozenset(passed),
            audit=answer.audit,
        )

    def told(
        self,
        passed: dict[str, Passed],
        refused: dict[str, str],
        withheld: dict[str, str],
        redact: frozenset[str] = frozenset(),
    ) -> Answer:
        if not passed:
            code = max(refused.values(), key=PUBLIC.index, default="no_agreement")
            worst = max(withheld.values(), key=PRIVATE.index, default=None)
            if code == "not_available":
                worst = worst or "no_record"
            return Answer("deny", reason=code, audit=Audit(reason=worst, withheld=withheld))
        return Answer(
            "partial" if refused else "permit",
            frozenset(passed),
            refused,
            obligations=frozenset().union(*(one.obligations for one in passed.values())),
            redact=redact,
            audit=Audit(
                ground=" and ".join(sorted({one.ground for one in passed.values()})),
                withheld=withheld,
                flags=frozenset().union(*(one.flags for one in passed.values())),
            ),
        )

    def one(self, source: str, category: str) -> tuple[str, "Passed | str | None"]:
        """Say how far one category from one source gets, and what is true about it."""
        agreements = [one for one in self.world.agreements.values() if self.both_in(one, source)]
        if not agreements:
            return "no_agreement", None
        fitting = [
            (agreement, flow)
            for agreement in agreements
            for flow in agreement.flows
            if source in flow.sources
            and self.me in flow.recipients
            and self.ask.purpose in flow.purposes
            and category in flow.categories
            and self.ask.kind in flow.kinds
        ]
        if not fitting:
            return "flow_not_covered", None
        usable = [
            (agreement, flow)
            for agreement, flow in fitting
            if flow.basis == self.ask.basis and (self.ask.override is None or flow.override)
        ]
        if not usable:
            return "basis_not_accepted", None
        return "not_available", self.about_the_subject(source, category, usable)

    def both_in(self, agreement: Agreement, source: str) -> bool:
        return (
            agreement.in_force(self.at)
            and {source, self.me} <= agreement.members_at(self.at)
            and self.active(source)
            and self.active(self.me)
        )

    def active(self, agency: str) -> bool:
        known = self.world.agencies.get(agency)
        return known is not None and any(span.holds(self.at) for span in known.active)

    def about_the_subject(
        self, source: str, category: str, usable: list[tuple[Agreement, Flow]]
    ) -> "Passed | str":
        name = self.ask.subject
        person = self.world.subjects.get(name)
        if person is None or not person.span.holds(self.at):
            return "no_record"
        blocks = list(self.blocks(source, category))
        shields = list(self.shields_before(name, category))
        reasons = list(blocks)
        for agreement, flow in usable:
            if shields and not flow.pierces_shield:
                reasons.append("shielded")
                continue
            lack, to_confirm, refusal = Said(self.world, self.given, self.ask).consent(
                source, category, flow
            )
            if flow.requires != "none" and lack is not None and self.ask.override is None:
                reasons.append(lack)
                continue
            if not blocks:
                return self.passed(
                    agreement,
                    flow,
                    to_confirm=to_confirm,
                    refusal=refusal,
                    pierced=bool(shields),
                )
        return max(reasons, key=PRIVATE.index)

    def passed(
        self, agreement: Agreement, flow: Flow, *, to_confirm: bool, refusal: bool, pierced: bool
    ) -> Passed:
        overridden = self.ask.override is not None
        ground = "override" if overridden else GROUNDS[flow.requires]
        duties: set[str] = set()
        if ground in ("agreement", "consent") and to_confirm:
            duties.add("confirm_consent_in_writing")
        if agreement.review_due is not None and agreement.review_due <= self.at:
            duties.add("agreement_review_due")
        if overridden:
            duties |= {"ig_review", "notify_source", "inform_subject"}
        if pierced:
            duties |= {"ig_review", "do_not_reveal_location"}
        flags = {"shield_pierced"} if pierced else set()
        return Passed(ground, duties, flags | ({"refusal_on_file"} if refusal else set()))

    def blocks(self, source: str, category: str) -> Iterator[str]:
        name, at = self.ask.subject, self.at
        if not any(
            (one.subject, one.source, one.category) == (name, source, category)
            and one.span.holds(at)
            for one in self.world.records
        ):
            yield "no_record"
        for held in self.given.withholds:
            named = held.source == source and name in held.subjects and category in held.categories
            if named and held.span.holds(at):
                yield "source_withheld"
        for bar in self.given.no_access:
            named = (bar.subject, bar.practitioner) == (name, self.ask.practitioner)
            if named and bar.span.holds(at):
                yield "conflict_of_interest"

    def shields_before(self, name: str, *categories: str) -> Iterator[str]:
        for shield in self.given.shields:
            if name not in shield.subjects or self.me in shield.allow:
                continue
            if shield.span.holds(self.at) and (
                shield.mode == "hidden" or set(shield.categories) & set(categories)
            ):
                yield shield.mode

    def redacted(self) -> frozenset[str]:
        return frozenset(
            one.name
            for one in self.world.households.get(self.ask.subject, ())
            if one.span.holds(self.at)
            and any(self.shields_before(one.name, "contact", "household"))
        )
