"""What the official validator asks of a feed, asked here: each list, and some single records.

It reads `/`, then of each list the first page, one in the middle and the last, then up to ten
single records. What fails on Level 1 makes a feed invalid; Level 2 and the rest only warn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final
from urllib.parse import quote

from directory.cli.sources.web import NoAnswer, Web
from directory.rules.feeds import is_old_page, is_read_here, rows_of, version_of
from directory.rules.standard import Answer, Fault, answer_faults

SINGLE_RECORDS: Final = 10
SLOW_SECONDS: Final = 5.0
_FOUND: Final = 200
_MORE_THAN_ENDS: Final = 2
_MISSING: Final = (
    "This answers {}, not 200 with JSON. Serve it as the standard's API reference says."
)
_EMPTY: Final = "This list is empty, so no single record could be checked."
_OLD: Final = (
    "The feed says version {}, and the validator judges by that. Say HSDS-UK-3.0 in `version`."
)
_IGNORED: Final = "Page {} was asked for and page {} came: serve `page` as the standard asks."


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A list of the standard, and the forms of its pages and of its single records."""

    path: str
    level: int
    pages: Answer
    single: Answer


ENDPOINTS: Final = (
    Endpoint("services", 1, Answer.SERVICES, Answer.SERVICE),
    Endpoint("taxonomies", 2, Answer.TAXONOMIES, Answer.TAXONOMY),
    Endpoint("taxonomy_terms", 2, Answer.TAXONOMY_TERMS, Answer.TAXONOMY_TERM),
    Endpoint("service_at_locations", 2, Answer.SERVICE_AT_LOCATIONS, Answer.SERVICE_AT_LOCATION),
    Endpoint("organizations", 3, Answer.ORGANIZATIONS, Answer.ORGANIZATION),
)
"""By the level that asks for them; 3 is what no level does."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at an address, and whether the level it belongs to fails for it."""

    level: int
    address: str
    fault: Fault
    fails: bool = True


@dataclass(slots=True)
class FeedReport:
    """What was found; `services` are the single ones that were read."""

    findings: list[Finding] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def passes(self, level: int) -> bool:
        """Say whether a level is kept, and those below it."""
        return not any(one.fails and one.level <= level for one in self.findings)


def check_feed(base: str) -> FeedReport:
    """Ask a feed what the validator asks; `SourceRefused` if the address is none."""
    check = _Check(base.rstrip("/"))
    try:
        check.about()
        for endpoint in ENDPOINTS:
            check.collection(endpoint)
    finally:
        check.web.close()
    report = check.report
    mean = sum(report.seconds) / max(len(report.seconds), 1)
    if mean > SLOW_SECONDS:
        said = f"An answer takes {mean:.1f} seconds on average; {SLOW_SECONDS:.0f} is the most."
        report.findings.append(Finding(1, "/", Fault("", said), fails=False))
    return report


class _Check:
    """One run over a feed."""

    def __init__(self, base: str) -> None:
        self.base, self.web, self.report = base, Web(), FeedReport()

    def about(self) -> None:
        """Check `/`."""
        value = self._ask("/", Answer.ABOUT, level=1)
        if value is not None and not is_read_here(said := version_of(value)):
            self._find(1, "/", Fault("/version", _OLD.format(said or "nothing")))

    def collection(self, endpoint: Endpoint) -> None:
        """Check the pages of a list, and some of its records by themselves."""
        ids = list(dict.fromkeys(self._pages(endpoint)))
        step = max(1, len(ids) // SINGLE_RECORDS)
        for one in ids[::step][:SINGLE_RECORDS]:
            path = f"/{endpoint.path}/{quote(one, safe='')}"
            value = self._ask(path, endpoint.single, endpoint.level)
            if endpoint.single is Answer.SERVICE and isinstance(value, dict):
                self.report.services.append(value)

    def _pages(self, endpoint: Endpoint) -> Iterator[str]:
        """Yield the ids on the pages that are checked."""
        first = self._page(endpoint, 1)
        if first is None:
            return
        yield from _ids(first)
        if not rows_of(first):
            fault = Fault("/contents", _EMPTY)
            self._find(endpoint.level, f"/{endpoint.path}", fault, fails=False)
        pages = first.get("total_pages") if isinstance(first, dict) else None
        if isinstance(pages, int) and pages > 1:
            middle = [pages // 2 + 1] if pages > _MORE_THAN_ENDS else []
            for number in dict.fromkeys([*middle, pages]):
                yield from _ids(self._page(endpoint, number))

    def _page(self, endpoint: Endpoint, number: int) -> Any:  # noqa: ANN401  (any JSON value)
        path = f"/{endpoint.path}?page={number}"
        value = self._ask(path, endpoint.pages, endpoint.level)
        came = value.get("page_number") if isinstance(value, dict) else None
        if isinstance(came, int) and came != number:
            fault = Fault("/page_number", _IGNORED.format(number, came))
            self._find(endpoint.level, path, fault)
        if is_old_page(value):
            self._find(1, path, Fault("", _OLD.format("1.0, by its pages")))
        return value

    def _ask(self, path: str, form: Answer, level: int) -> Any:  # noqa: ANN401  (any JSON value)
        """Return what an address answers, its faults noted; None if that is nothing."""
        began = monotonic()
        try:
            status, value = self.web.get(f"{self.base}{path}")
        except NoAnswer as error:
            self._find(level, path, Fault("", str(error)))
            return None
        self.report.seconds.append(monotonic() - began)
        if status != _FOUND or value is None:
            self._find(level, path, Fault("", _MISSING.format(status)))
            return None
        for fault in answer_faults(form, value):
            self._find(level, path, fault)
        return value

    def _find(self, level: int, path: str, fault: Fault, *, fails: bool = True) -> None:
        self.report.findings.append(Finding(level, path, fault, fails))


def _ids(page: Any) -> list[str]:  # noqa: ANN401  (any JSON value)
    rows = rows_of(page) or []
    return [str(one["id"]) for one in rows if isinstance(one, dict) and "id" in one]
