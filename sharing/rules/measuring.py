"""Measures and settings as they are kept: JSON and back, with nothing that stands at its default.

What a later version adds to either is at its default in what was kept before.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from types import MappingProxyType
from typing import Any, Final

from sharing.terms.scoring import (
    ColleagueTie,
    Measures,
    Priority,
    RedFlag,
    ReviewSettings,
    Shared,
    ShieldTouch,
)

LEAST: Final = MappingProxyType(
    {
        "children_in_hour": 2,
        "in_sequence": 2,
        "pointers_in_hour": 2,
        "agencies_in_week": 2,
        "dormant_days": 7,
    }
)
"""The least that some thresholds can be; the others begin with 1."""
MOST: Final = MappingProxyType({"rare_percent": 10, "hours_after_no": 168})
"""The most that some thresholds can be: what lies beyond is not looked at, or not kept."""
_USUAL: Final = Measures()


def kept_measures(measures: Measures) -> dict[str, Any]:
    """Return what is unusual about measures, as JSON; empty where nothing is.

    What no settings could ever put a flag up for, by `LEAST` and `MOST`, is left out: of most
    entries nothing is kept.
    """
    usual = asdict(_USUAL)
    kept = asdict(_without_trifles(measures))
    said = {name: value for name, value in kept.items() if value != usual[name]}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in said.items()}


def _without_trifles(measures: Measures) -> Measures:
    trifles: dict[str, Any] = {
        name: 0
        for name in ("in_sequence", "pointers_in_hour", "agencies_in_week")
        if getattr(measures, name) < LEAST[name]
    }
    if measures.children_in_hour < LEAST["children_in_hour"]:
        trifles |= {"children_in_hour": 0, "children_usual": 0.0}
    if measures.days_silent is not None and measures.days_silent < LEAST["dormant_days"]:
        trifles["days_silent"] = None
    rarest = min(measures.role_at_this_hour, measures.role_for_this_purpose)
    if rarest * 100 >= measures.role_looks * MOST["rare_percent"]:
        trifles |= {"role_looks": 0, "role_at_this_hour": 0, "role_for_this_purpose": 0}
    return replace(measures, **trifles)


def measures_in(kept: Mapping[str, Any]) -> Measures:
    """Return the measures that were kept so."""
    known = {one.name for one in fields(Measures)}
    said = {name: value for name, value in kept.items() if name in known}
    if "shared" in said:
        said["shared"] = tuple(Shared(one) for one in said["shared"])
    if "colleague" in said:
        said["colleague"] = ColleagueTie(said["colleague"])
    if "shield" in said:
        said["shield"] = ShieldTouch(said["shield"])
    return Measures(**said)


def kept_settings(settings: ReviewSettings) -> dict[str, Any]:
    """Return settings as JSON, whole."""
    return asdict(settings)


def settings_in(kept: Mapping[str, Any]) -> ReviewSettings:
    """Return the settings that were kept so; `changed` reads the same form."""
    return changed(ReviewSettings(), kept)


def changed(settings: ReviewSettings, changes: Mapping[str, Any]) -> ReviewSettings:
    """Return settings in which what is named is changed, and within its groups what is named."""

    def single(name: str) -> int:
        return int(changes.get(name, getattr(settings, name)))

    weights = {RedFlag(one): weight for one, weight in changes.get("weights", {}).items()}
    hours = {Priority(one): hours for one, hours in changes.get("hours", {}).items()}
    return ReviewSettings(
        weights=dict(settings.weights) | weights,
        thresholds=replace(settings.thresholds, **changes.get("thresholds", {})),
        queue_from=single("queue_from"),
        high_from=single("high_from"),
        urgent_from=single("urgent_from"),
        hours=dict(settings.hours) | hours,
        sample_per_mille=single("sample_per_mille"),
        sample_by_agency=dict(changes.get("sample_by_agency", settings.sample_by_agency)),
    )
