"""Measures and settings as they are kept: JSON and back, with nothing that stands at its default.

What a later version adds to either is at its default in what was kept before.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
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

_USUAL: Final = Measures()


def kept_measures(measures: Measures) -> dict[str, Any]:
    """Return what is unusual about measures, as JSON; empty where nothing is."""
    usual = asdict(_USUAL)
    said = {name: value for name, value in asdict(measures).items() if value != usual[name]}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in said.items()}


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
