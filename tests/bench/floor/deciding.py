"""The decision as one plain function over rows: no words of its own, no reasons, yes or no."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

POLICY = (0, 16, 14, "any_no_blocks")
ALL = "*"


def permitted(
    asked: Mapping[str, Any], terms: Mapping[str, Any], facts: Mapping[str, Any], at: datetime
) -> list[Any] | None:
    """Return the first flow by which a category may be told, or None."""
    category, practitioner = asked["category"], 1 if asked["practitioner"] else 0
    flows = [
        flow
        for flow in terms["flows"] or ()
        if category in flow[3] and flow[4] == asked["basis"] and practitioner >= flow[8]
    ]
    if not flows or facts["id"] is None or category not in (facts["held"] or ()):
        return None
    if facts["barred"] or any(category in one for one in facts["withholds"] or ()):
        return None
    shielded = any(mode == "hidden" or category in of for mode, of in facts["shields"] or ())
    for flow in flows:
        if shielded and not flow[7]:
            continue
        if flow[5] == "none" or _consent_stands(asked, flow, terms, facts, at):
            return flow
    return None


def _consent_stands(
    asked: Mapping[str, Any],
    flow: list[Any],
    terms: Mapping[str, Any],
    facts: Mapping[str, Any],
    at: datetime,
) -> bool:
    _, own_age, grace, disagree = terms["policy"] or POLICY
    deciders = _deciders(asked["purpose"], facts, own_age, at)
    latest: dict[str, tuple[str, bool]] = {}
    for one in facts["consents"] or ():
        said = _said(one, flow, grace, at) if _speaks(one, asked, terms) else None
        if said is not None and one[2] in deciders:
            latest[one[2]] = max(latest.get(one[2], said), said)
    words = [yes for _, yes in latest.values()]
    return any(words) and (disagree != "any_no_blocks" or all(words))


def _deciders(purpose: str, facts: Mapping[str, Any], own_age: int, at: datetime) -> set[str]:
    own, born = str(facts["id"]), facts["born"]
    if facts["adult"] or (born is not None and _years(born, at) >= own_age):
        return {own}
    able = {
        own
        for about, competent, until in facts["assessments"] or ()
        if about == purpose and competent and (until is None or until > at.isoformat())
    }
    return able or set(facts["deciders"] or ())


def _years(born: date, at: datetime) -> int:
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def _speaks(one: list[Any], asked: Mapping[str, Any], terms: Mapping[str, Any]) -> bool:
    """Say whether what was said covers this request; "all" in a yes covers nothing sensitive."""
    recipients, purposes, categories, sources = one[6:10]
    no = one[3] == "refused"
    sensitive = terms["categories"][asked["category"]], terms["agencies"][asked["source"]]
    return (
        (asked["recipient"] in recipients or (no and ALL in recipients))
        and (asked["purpose"] in purposes or ALL in purposes)
        and (asked["category"] in categories or (ALL in categories and (no or not sensitive[0])))
        and (asked["source"] in sources or (ALL in sources and (no or not sensitive[1])))
    )


def _said(one: list[Any], flow: list[Any], grace: int, at: datetime) -> tuple[str, bool] | None:
    """Return when something was said, and whether it was a yes, if it counts at this instant."""
    _, kind, _, answer, method, recorded, *_, starts, ends, confirmed, withdrawn = one
    begins = datetime.fromisoformat(max(recorded, starts or recorded))
    if begins > at:
        return None
    if answer == "refused" or (withdrawn is not None and datetime.fromisoformat(withdrawn) <= at):
        return withdrawn or recorded, False
    if flow[5] == "data_consent" and kind != "data_consent":
        return None
    written = method == "written" or confirmed is not None
    lapsed = not written and (not flow[6] or at >= begins + timedelta(days=grace))
    over = ends is not None and datetime.fromisoformat(ends) <= at
    return recorded, not (lapsed or over)


def born_on(text: bytes | None) -> date | None:
    return None if text is None else date.fromisoformat(text.decode())


def now() -> datetime:
    return datetime.now(UTC)
