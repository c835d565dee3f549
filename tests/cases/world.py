"""From the `world` of a case to its nouns, with every interval it may state."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.cases.rows import Row, UnreadableError, day, listed, row
from tests.cases.spans import meet_all, without
from tests.cases.words import (
    OPEN,
    Agency,
    Agreement,
    Client,
    Flow,
    Joined,
    Person,
    Record,
    Relative,
    Settings,
    Span,
    World,
)

FROM = ("from", "starts", "active_from", "joined")
UNTIL = ("until", "ends", "active_until", "left")
NOTES = ("title", "name", "note")


def world(where: str, raw: object) -> World:
    """Read a world."""
    with row(where, raw) as whole:
        people = dict(whole.named("subjects"))
        return World(
            _settings(f"{where}: settings", whole.take("settings", default=None) or {}),
            whole.codes("purposes"),
            {code: _sensitive(f"{where}: {code}", one) for code, one in _codes(whole)},
            {code: _agency(f"{where}: {code}", one) for code, one in whole.named("agencies")},
            {code: _client(f"{where}: {code}", one) for code, one in whole.named("clients")},
            {code: _agreement(f"{where}: {code}", one) for code, one in whole.named("agreements")},
            {name: _person(f"{where}: {name}", one, people) for name, one in people.items()},
            {
                name: tuple(_stays(f"{where}: household {name}", "subject", one))
                for name, one in whole.named("households")
            },
            tuple(_records(f"{where}: records", whole)),
        )


def _settings(where: str, raw: object) -> Settings:
    with row(where, raw) as one:
        one.take("shield_review_months", default=None)
        return Settings(
            one.take("verbal_grace_days", default=14),
            one.take("own_decision_age", default=16),
            one.text("parents_disagree", default="any_no_blocks"),
        )


def _codes(whole: Row) -> Iterator[tuple[str, Any]]:
    """Read the categories: by name, or where none is sensitive, as a plain list."""
    if isinstance(whole.left.get("categories"), list):
        yield from ((code, {}) for code in whole.codes("categories"))
    else:
        yield from whole.named("categories")


def _sensitive(where: str, raw: object) -> bool:
    with row(where, raw or {}) as one:
        _skip_notes(one)
        return one.flag("sensitive")


def _agency(where: str, raw: object) -> Agency:
    with row(where, raw or {}) as one:
        _skip_notes(one)
        active = one.spans(FROM, UNTIL)
        gaps = [gap.span(FROM, UNTIL) for gap in one.rows("suspended")]
        once = one.span(("suspended_from",), ("suspended_until",))
        for gap in [*gaps, *([] if once == OPEN else [once])]:
            active = without(active, gap)
        return Agency(one.text("kind", default="voluntary"), one.flag("sensitive_service"), active)


def _client(where: str, raw: object) -> Client:
    with row(where, raw) as one:
        return Client(
            one.text("agency"),
            one.codes("purposes"),
            one.codes("kinds", default=["content"]),
            one.flag("may_override"),
        )


def _agreement(where: str, raw: object) -> Agreement:
    with row(where, raw) as one:
        return Agreement(
            title=one.text("title", default=""),
            span=one.span(("effective_from", "from"), ("expires", "until")),
            terminated_at=one.instant("terminated_at"),
            review_due=one.instant("review_due"),
            members=tuple(_stays(f"{where}: members", "agency", one.take("members"))),
            flows=tuple(_flow(flow) for flow in one.rows("flows")),
        )


def _stays(where: str, noun: str, raw: object) -> Iterator[Joined]:
    """Read who was in, and when: several rows for one name are several stays."""
    for place, entry in enumerate(_as_rows(noun, raw)):
        if isinstance(entry, str):
            yield Joined(entry)
            continue
        with row(f"{where}[{place}]", entry) as one:
            name = one.text(noun)
            for span in one.spans(FROM, UNTIL):
                yield Joined(name, span)


def _as_rows(noun: str, raw: object) -> list[Any]:
    if not isinstance(raw, Mapping) or noun in raw:
        return listed(raw)
    return [{noun: name, **(one or {})} for name, many in raw.items() for one in listed(many or {})]


def _flow(one: Row) -> Flow:
    _skip_notes(one)
    requires = one.text("requires", default="none")
    if requires not in ("none", "agreement", "consent"):
        raise UnreadableError(f"{one.where}: requires is {requires!r}")
    return Flow(
        id=str(one.take("id")),
        sources=one.codes("from"),
        recipients=one.codes("to"),
        purposes=one.codes("purposes"),
        categories=one.codes("categories"),
        basis=one.text("basis"),
        requires=requires,
        kinds=one.codes("kinds", default=["content"]),
        verbal=one.flag("verbal"),
        override=one.flag("override"),
        pierces_shield=one.flag("pierces_shield"),
    )


def _person(where: str, raw: object, everyone: Mapping[str, Any]) -> Person:
    with row(where, raw or {}) as one:
        _skip_notes(one)
        return Person(
            day(f"{where}: born", one.take("born", default=None)),
            one.flag("adult"),
            one.span(FROM, UNTIL),
            tuple(
                _relative(f"{where}: {name}", name, row_of, everyone)
                for name, several in one.named("people")
                for row_of in listed(several or {})
            ),
        )


def _relative(where: str, name: str, raw: object, everyone: Mapping[str, Any]) -> Relative:
    """Read someone in a subject's life. Whoever is a subject as well counts in both intervals."""
    with row(where, raw) as one:
        _skip_notes(one)
        one.take("kind", "relation", default=None)
        dated = one.span(("pr_from",), ("pr_until",))
        responsible = one.flag("pr", default=dated != OPEN)
        known = meet_all(one.spans(FROM, UNTIL), _own_span(where, everyone.get(name)))
        no_say = one.span(("no_say_from",), ("no_say_until",))
        return Relative(
            name,
            meet_all(known, dated) if responsible else (),
            None if no_say == OPEN else no_say,
        )


def _own_span(where: str, raw: object) -> Span:
    own = Row(where, raw or {})
    return own.span(FROM, UNTIL)


def _records(where: str, whole: Row) -> Iterator[Record]:
    for subject, by_source in whole.named("records"):
        for source, held in Row(f"{where}: {subject}", by_source or {}).left.items():
            for stay in _stays(f"{where}: {subject}: {source}", "category", held):
                yield Record(subject, source, stay.name, stay.span)


def _skip_notes(one: Row) -> None:
    for note in NOTES:
        one.take(note, default=None)
