"""What a search asks, condition by condition, as people read it above the results."""

from collections.abc import Mapping
from typing import Final

from directory.terms.telling import Filter

_SAID: Final = {
    "words": "“{}”",
    "postcode": "Near {}",
    "distance": "Within {}",
    "age": "Age {}",
    "level_of_need": "Level: {}",
    "free": "Free",
    "language": "Language: {}",
    "accessibility": "Access: {}",
    "suitable_for": "Suitable for: {}",
    "day": "Open on {}",
    "open_on": "Open on {}",
    "referral": "Referral: {}",
    "who_can_refer": "Who can refer: {}",
    "topic": "Topic: {}",
    "organization": "Organisation: {}",
}


def filters(
    asked: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]
) -> tuple[Filter, ...]:
    """Return what a search asks, condition by condition, with the labels of coded values."""
    return tuple(
        Filter(name, _SAID[name].format(labels.get(name, {}).get(value, value)))
        for name, value in asked.items()
        if name in _SAID and value
    )
