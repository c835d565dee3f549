"""Instants as so many days before the one that the demonstration is made for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Counts back from `at`."""

    at: datetime

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return the time of day, in UTC, so many days back; at least one, so never the future."""
        day = self.at.astimezone(UTC).date() - timedelta(days=days)
        return datetime.combine(day, time(hour, minute), UTC)

    def ahead(self, days: int) -> datetime:
        """Return midnight, so many days on."""
        return self.ago(-days, 0)

    def working(self, days: int) -> bool:
        """Say whether that many days back offices were open."""
        return self.ago(days).weekday() < _SATURDAY

    def born(self, years: int, days: int) -> date:
        """Return the birthday of someone who turned this old so many days ago."""
        birthday = self.ago(days).date()
        # The 29th of February has no namesake in most years.
        return birthday.replace(year=birthday.year - years, day=min(birthday.day, 28))
