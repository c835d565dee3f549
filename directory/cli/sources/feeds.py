"""Somebody's feed of Open Referral UK 3.0, from its base address."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import quote, urlencode

from directory.actions.rows import row_from
from directory.cli.sources.reading import Source
from directory.cli.sources.web import NoAnswer, Web
from directory.rules.feeds import (
    is_last,
    is_old_page,
    is_read_here,
    is_whole,
    provenance_of,
    rows_of,
    total_of,
    version_of,
)
from directory.terms.exchange import Note, Seen, SourceRefused, SourceRow, Taken
from directory.terms.records import RecordKind

ROWS_OF_A_PAGE: Final = 100
MOST_PAGES: Final = 100_000
AT_A_TIME: Final = 5
"""Requests that run side by side, as the official validator's do."""
_FOUND: Final = 200
_WORDS: Final = (
    ("taxonomies", RecordKind.TAXONOMY),
    ("taxonomy_terms", RecordKind.TAXONOMY_TERM),
)
_OLD: Final = (
    "{} is a feed of Open Referral UK {}, and only 3.0 is read. "
    "Ask its publisher for the address of a feed of version 3.0."
)
_NO_FEED: Final = (
    "{} is not the base of an Open Referral UK feed: it answers {} without a `version`. "
    "Give the address to which /services is added."
)
_LISTED: Final = "This is listed, but its own address answers {} without a service."


class Feed(Source):
    """A feed: what its lists name, each record whole."""

    def __init__(self, base: str) -> None:
        self.name = self.base = base.rstrip("/")
        self.fingerprint, self._web, self._listed = self.base, Web(), 0
        status, about = self._web.get(f"{self.base}/")
        version = version_of(about)
        if version is None and self._answers_as_old():
            version = "1.0"
        if version is None:
            raise SourceRefused(_NO_FEED.format(self.base, status))
        if not is_read_here(version):
            raise SourceRefused(_OLD.format(self.base, version))
        self.provenance = provenance_of(about)

    def rows(self, after: int, before: Seen) -> Iterator[Taken]:  # noqa: ARG002  (a feed changes meanwhile: what was seen is known by its id)
        """Yield the words, then the services, but for those that were seen before."""
        seen = frozenset(before.digests)
        for path, kind in _WORDS:
            for number, row in self._optional(path):
                if isinstance(row, dict) and (kind, str(row.get("id"))) not in seen:
                    yield SourceRow(f"{path}, row {number}", kind, row)
        full = self._offers_whole_rows()
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            for rows in self._pages("services", {"full": "true"} if full else {}):
                self._listed += len(rows)
                new = [one for one in rows if (RecordKind.SERVICE, _id(one)) not in seen]
                yield from threads.map(_as_listed if full else self._single, new)

    def part_done(self) -> float | None:
        """Return how many of the services that the feed counts have been read."""
        return self._listed / self.expected if self.expected else None

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def _answers_as_old(self) -> bool:
        try:
            return is_old_page(self._web.get(f"{self.base}/services")[1])
        except NoAnswer:
            return False

    def _offers_whole_rows(self) -> bool:
        """Say whether the feed gives whole records in its list, which saves a request for each."""
        asked = urlencode({"page": 1, "per_page": ROWS_OF_A_PAGE, "full": "true"})
        status, page = self._web.get(f"{self.base}/services?{asked}")
        rows = rows_of(page) or []
        return status == _FOUND and any(is_whole(one) for one in rows)

    def _pages(self, path: str, asked: dict[str, str]) -> Iterator[list[Any]]:
        """Yield the rows of each page; `SourceRefused` if there is no end to them."""
        before = None
        for number in range(1, MOST_PAGES + 1):
            query = urlencode({"page": number, "per_page": ROWS_OF_A_PAGE, **asked})
            page = self._page(f"{self.base}/{path}?{query}")
            rows = rows_of(page) or []
            ids = [_id(one) for one in rows]
            if rows and ids == before:
                message = (
                    f"{self.base}/{path} answers page {number} with the rows of the one before."
                )
                raise SourceRefused(message)
            if path == "services":
                self.expected = total_of(page)
            yield rows
            if is_last(page, number):
                return
            before = ids

    def _page(self, url: str) -> Any:  # noqa: ANN401  (any JSON value)
        status, page = self._web.get(url)
        if status != _FOUND or rows_of(page) is None:
            message = f"{url} answers {status} without `contents`. Tell the feed's publisher."
            raise NoAnswer(message)
        return page

    def _optional(self, path: str) -> Iterator[tuple[int, Any]]:
        """Yield the rows of a list that a feed need not have."""
        try:
            number = 0
            for rows in self._pages(path, {}):
                for number, row in enumerate(rows, number + 1):  # noqa: B020  (goes on counting)
                    yield number, row
        except NoAnswer:
            return

    def _single(self, listed: Any) -> Taken:  # noqa: ANN401  (any JSON value)
        place = _place(listed)
        path = quote(_id(listed), safe="")
        status, service = self._web.get(f"{self.base}/services/{path}")
        if status != _FOUND or not isinstance(service, dict):
            return Note(place, "", _LISTED.format(status), refused=True)
        return row_from(place, service)


def _as_listed(listed: Any) -> Taken:  # noqa: ANN401  (any JSON value)
    return row_from(_place(listed), listed)


def _id(row: Any) -> str:  # noqa: ANN401  (any JSON value)
    return str(row.get("id")) if isinstance(row, dict) else ""


def _place(row: Any) -> str:  # noqa: ANN401  (any JSON value)
    return f"services/{_id(row)[:64]}"
