"""From a `decision-cases/1` file to its nouns. What the reader does not know is a loud error."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.cases.rows import Row, UnreadableError, instant, listed, row
from tests.cases.words import (
    EVERYTHING,
    OPEN,
    Answer,
    Ask,
    Audit,
    Case,
    Competence,
    Consent,
    Given,
    NoAccess,
    Override,
    Shield,
    Step,
    Withhold,
)
from tests.cases.world import world

FORMAT = "decision-cases/1"
NOTES = ("title", "note", "notes")
FROM = ("from", "starts")
UNTIL = ("until", "ends")


def read(path: Path) -> tuple[Case, ...]:
    """Read every case of a file."""
    with path.open(encoding="utf-8") as file, row(path.name, yaml.safe_load(file)) as whole:
        said = whole.take("format")
        if said != FORMAT:
            raise UnreadableError(f"{path.name}: format is {said!r}, not {FORMAT}")
        for note in NOTES:
            whole.take(note, default=None)
        described = whole.take("world")
        cases = tuple(_case(described, one) for one in listed(whole.take("cases")))
    ids = [case.id for case in cases]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise UnreadableError(f"{path.name}: said twice: {', '.join(twice)}")
    return cases


def _case(described: object, raw: object) -> Case:
    name = str(raw.get("id", "case without id")) if isinstance(raw, Mapping) else "case"
    with row(name, raw) as one:
        one.take("id")
        title = one.text("title", default="")
        one.take("note", "notes", default=None)
        changed = one.take("world", default=None)
        return Case(
            name,
            title,
            world(f"{name}: world", merged(described, changed or {})),
            _given(f"{name}: given", one.take("given", default=None) or {}),
            tuple(_steps(one)),
        )


def merged(below: object, above: object) -> Any:
    """Lay one mapping over another, key by key; what is no mapping is replaced, null takes away."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    changed = {key: merged(below.get(key), value) for key, value in above.items()}
    kept = {key: value for key, value in below.items() if key not in above}
    return {**kept, **{key: value for key, value in changed.items() if value is not None}}


def _given(where: str, raw: object) -> Given:
    with row(where, raw) as one:
        return Given(
            tuple(_consent(consent) for consent in one.rows("consents")),
            tuple(_competence(found) for found in one.rows("competence")),
            tuple(_shield(shield) for shield in one.rows("shields")),
            tuple(_withhold(held) for held in one.rows("withholds")),
            tuple(_no_access(where, one.take("no_access", default=None) or {})),
        )


def _consent(one: Row) -> Consent:
    return Consent(
        id=str(one.take("id")),
        kind=_one_of(one, "kind", "agreement", "consent"),
        subjects=one.codes("subjects", "subject"),
        by=one.text("by"),
        decision=_one_of(one, "decision", "given", "refused"),
        recorded_at=one.instant("recorded_at"),
        recipients=one.codes("recipients"),
        purposes=one.codes("purposes"),
        categories=one.codes("categories"),
        sources=one.codes("sources", default=[EVERYTHING]),
        method=_one_of(one, "method", "written", "verbal"),
        valid_from=one.instant("valid_from"),
        valid_until=one.instant("valid_until"),
        confirmed_at=one.instant("confirmed_at"),
        withdrawn_at=one.instant("withdrawn_at"),
        replaces=one.text("replaces", default=None),
    )


def _one_of(one: Row, name: str, *allowed: str) -> str:
    said = one.text(name, default=allowed[0])
    if said not in allowed:
        raise UnreadableError(f"{one.where}: {name} is {said!r}, not one of {', '.join(allowed)}")
    return str(said)


def _competence(one: Row) -> Competence:
    return Competence(
        one.text("subject"),
        one.text("purpose"),
        one.flag("competent", default=True),
        one.instant("at", "from"),
        one.instant("until"),
    )


def _shield(one: Row) -> Shield:
    return Shield(
        one.codes("subjects", "subject"),
        _one_of(one, "mode", "hidden", "masked"),
        one.codes("categories", default=[]),
        one.codes("allow", default=[]),
        one.span(FROM, UNTIL),
    )


def _withhold(one: Row) -> Withhold:
    return Withhold(
        one.text("source"),
        one.codes("subjects", "subject"),
        one.codes("categories"),
        one.span(FROM, UNTIL),
    )


def _no_access(where: str, raw: object) -> Iterator[NoAccess]:
    """Read who is barred: by subject, a practitioner or one with an interval; or a plain list."""
    if not isinstance(raw, Mapping):
        for place, entry in enumerate(listed(raw)):
            with row(f"{where}: no_access[{place}]", entry) as one:
                yield NoAccess(one.text("subject"), *_barred(one))
        return
    for subject, entries in raw.items():
        for entry in listed(entries):
            if isinstance(entry, str):
                yield NoAccess(subject, entry, OPEN)
            else:
                with row(f"{where}: no_access: {subject}", entry) as one:
                    yield NoAccess(subject, *_barred(one))


def _barred(one: Row) -> tuple[str, Any]:
    return one.text("practitioner"), one.span(FROM, UNTIL)


def _steps(case: Row) -> Iterator[Step]:
    asked = case.take("ask", default=None) or {}
    steps = listed(case.take("steps", default=None))
    if not steps:
        steps = [{"expect": case.take("expect")}]
    for place, raw in enumerate(steps, start=1):
        with row(f"{case.where}: step {place}", raw) as one:
            for note in NOTES:
                one.take(note, default=None)
            ask = {**asked, **(one.take("ask", default=None) or {})}
            yield Step(_ask(f"{one.where}: ask", ask), _expected(one))


def _ask(where: str, raw: object) -> Ask:
    with row(where, raw) as one:
        override = one.take("override", default=None)
        return Ask(
            client=one.text("client"),
            subject=one.text("subject"),
            source=one.text("from"),
            purpose=one.text("purpose"),
            basis=one.text("basis"),
            categories=one.codes("categories"),
            at=_required(where, one.take("at")),
            kind=one.text("kind", default="content"),
            agency=one.text("agency", default=None),
            practitioner=one.text("practitioner", default=None),
            override=None if override is None else _override(f"{where}: override", override),
        )


def _required(where: str, raw: object) -> Any:
    at = instant(where, raw)
    if at is None:
        raise UnreadableError(f"{where}: at is missing")
    return at


def _override(where: str, raw: object) -> Override:
    with row(where, raw) as one:
        return Override(one.text("reason"), one.text("justification", default=""))


def _expected(step: Row) -> Answer:
    where = f"{step.where}: expect"
    with row(where, step.take("expect")) as one:
        named = one.take("sources", default=None)
        return Answer(
            outcome=_one_of(one, "outcome", "permit", "partial", "deny"),
            categories=frozenset(one.codes("categories", default=[])),
            refused=dict(one.named("refused")),
            reason=one.text("reason", default=None),
            obligations=frozenset(one.codes("obligations", default=[])),
            sources=None if named is None else frozenset(named),
            redact=frozenset(one.codes("redact", default=[])),
            audit=_audit(f"{where}: audit", one.take("audit", default=None) or {}),
        )


def _audit(where: str, raw: object) -> Audit:
    with row(where, raw) as one:
        withheld, flags = one.take("withheld", default=None), one.take("flags", default=None)
        return Audit(
            one.text("reason", default=None),
            one.text("ground", default=None),
            withheld,
            None if flags is None else frozenset(flags),
        )
