"""The oracle's other half, rules 3 to 7 of the header: who said what, and whether it counts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from tests.cases.words import EVERYTHING, Ask, Consent, Flow, Given, World

PRIVATE = [
    "no_record",
    "no_consent",
    "out_of_scope",
    "expired",
    "lapsed_verbal",
    "verbal_not_accepted",
    "refused",
    "withdrawn",
    "conflict",
    "shielded",
    "source_withheld",
    "conflict_of_interest",
]


class Said:
    """What was said about the subject of one ask."""

    def __init__(self, world: World, given: Given, ask: Ask) -> None:
        self.world, self.given, self.ask, self.at = world, given, ask, ask.at
        self.me = world.clients[ask.client].agency

    def consent(self, source: str, category: str, flow: Flow) -> tuple[str | None, bool, bool]:
        """Say what is lacking, whether it is to be confirmed, and whether a "no" is on file."""
        stances = {}
        people = {one.by for one in self.given.consents}
        for person in people:
            stance = self.stance_of(person, source, category, flow)
            if stance is not None:
                stances[person] = stance
        own = stances.get(self.ask.subject)
        if own is not None and own[0] in (None, "refused", "withdrawn"):
            stances = {self.ask.subject: own}
        yes = [one for one in stances.values() if one[0] is None]
        no = [one for one in stances.values() if one[0] in ("refused", "withdrawn")]
        to_confirm = bool(yes) and all(verbal for _, verbal in yes)
        if yes and (not no or self.world.settings.parents_disagree == "one_yes_suffices"):
            return None, to_confirm, bool(no)
        if yes:
            return "conflict", to_confirm, True
        lacks = [lack for lack, _ in stances.values() if lack is not None]
        return max(lacks, key=PRIVATE.index, default="no_consent"), False, bool(no)

    def stance_of(
        self, person: str, source: str, category: str, flow: Flow
    ) -> tuple[str | None, bool] | None:
        """Say where one person stands: the latest event that covers what is asked, if any."""
        events = list(self.events_of(person, flow))
        covering = [event for event in events if self.covers(event[2], source, category)]
        if not covering:
            beside = any(no is None for _, no, _ in events)
            return ("out_of_scope", False) if beside else None
        latest = max(when for when, _, _ in covering)
        last = [(no, one) for when, no, one in covering if when == latest]
        noes = [no for no, _ in last if no is not None]
        if noes:
            return max(noes, key=PRIVATE.index), False
        return min(
            (self.lack_of(one, flow) for _, one in last),
            key=lambda lack: (-1 if lack[0] is None else PRIVATE.index(lack[0]), lack[1]),
        )

    def events_of(self, person: str, flow: Flow) -> Iterator[tuple[datetime, str | None, Consent]]:
        """Yield what a person said about the subject, as far as it counts, covering it or not."""
        for one in self.given.consents:
            event = self.event_of(one)
            if one.by != person or self.ask.subject not in one.subjects or event is None:
                continue
            when, no = event
            enough = no is not None or flow.requires != "consent" or one.kind == "consent"
            if enough and self.decides(person, when) and self.decides(person, self.at):
                yield when, no, one

    def event_of(self, one: Consent) -> tuple[datetime, str | None] | None:
        """Say since when a record counts and whether it is a "no"; nothing if it does not count."""
        for later in self.given.consents:
            if later.replaces == one.id and later.recorded_at <= self.at:
                return None
        if one.withdrawn_at is not None and one.withdrawn_at <= self.at:
            return one.withdrawn_at, "withdrawn"
        since = max(one.recorded_at, one.valid_from or one.recorded_at)
        if since > self.at:
            return None
        return since, "refused" if one.decision == "refused" else None

    def lack_of(self, one: Consent, flow: Flow) -> tuple[str | None, bool]:
        since = max(one.recorded_at, one.valid_from or one.recorded_at)
        confirmed = one.confirmed_at is not None and one.confirmed_at <= self.at
        unconfirmed = one.method == "verbal" and not confirmed
        if one.valid_until is not None and one.valid_until <= self.at:
            return "expired", unconfirmed
        if unconfirmed and not flow.verbal:
            return "verbal_not_accepted", True
        grace = timedelta(days=self.world.settings.verbal_grace_days)
        if unconfirmed and self.at >= since + grace:
            return "lapsed_verbal", True
        return None, unconfirmed

    def covers(self, one: Consent, source: str, category: str) -> bool:
        named = self.recipients(one)
        given = one.decision == "given"
        sensitive_category = self.world.categories[category]
        sensitive_source = self.world.agencies[source].sensitive_service
        return (
            (self.me in named or (not given and EVERYTHING in named))
            and (self.ask.purpose in one.purposes or EVERYTHING in one.purposes)
            and (
                category in one.categories
                or (EVERYTHING in one.categories and not (given and sensitive_category))
            )
            and (
                source in one.sources
                or (EVERYTHING in one.sources and not (given and sensitive_source))
            )
        )

    def recipients(self, one: Consent) -> set[str]:
        named: set[str] = set()
        for recipient in one.recipients:
            if recipient.startswith("agreement:"):
                agreement = self.world.agreements[recipient.removeprefix("agreement:")]
                named |= agreement.members_at(one.recorded_at)
            else:
                named.add(recipient)
        return named

    def decides(self, who: str, at: datetime) -> bool:
        subject = self.world.subjects[self.ask.subject]
        if subject.adult or self.grown_up(subject.born, at):
            return who == self.ask.subject
        if who == self.ask.subject:
            return self.competent(at)
        return any(
            person.name == who
            and any(span.holds(at) for span in person.responsible)
            and not (person.no_say is not None and person.no_say.holds(at))
            for person in subject.people
        )

    def grown_up(self, born: date | None, at: datetime) -> bool:
        if born is None:
            return False
        year = born.year + self.world.settings.own_decision_age
        leapling = (born.month, born.day) == (2, 29)
        leap_year = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        month, day = (3, 1) if leapling and not leap_year else (born.month, born.day)
        return at >= datetime(year, month, day, tzinfo=UTC)

    def competent(self, at: datetime) -> bool:
        found = [
            one
            for one in self.given.competence
            if one.subject == self.ask.subject and one.purpose == self.ask.purpose and one.at <= at
        ]
        if not found:
            return False
        latest = max(one.at for one in found)
        last = [one for one in found if one.at == latest]
        return all(one.competent and (one.until is None or at < one.until) for one in last)
