"""Asking somebody's server: http and https only, so many bytes, seconds and redirects at most."""

from time import monotonic
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests

from app.kernel.strict_json import JsonRefused, read_json
from directory.terms.exchange import SourceRefused

LARGEST_ANSWER: Final = 64 * 1024**2
LONGEST_SECONDS: Final = 60.0
MOST_REDIRECTS: Final = 5
_WAIT: Final = (10.0, 30.0)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PART: Final = 64 * 1024


class NoAnswer(SourceRefused):
    """A server that did not answer as one does; another try may help."""


class Web:
    """One server's answers, over connections that are kept open."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.headers["Accept"] = "application/json"
        self._session.headers["User-Agent"] = "rightshare-directory"

    def get(self, url: str) -> tuple[int, Any]:
        """Return status and JSON value of an answer, None if it is no JSON; `NoAnswer` if none."""
        began = monotonic()
        try:
            for _ in range(MOST_REDIRECTS + 1):
                check_address(url)
                with self._session.get(
                    url, timeout=_WAIT, stream=True, allow_redirects=False
                ) as answer:
                    if answer.status_code not in _REDIRECTS:
                        return answer.status_code, _value(_body(answer, url, began))
                    url = urljoin(url, answer.headers.get("Location", ""))
        except requests.RequestException as error:
            said = f"{url} does not answer: {type(error).__name__}. Try again later."
            raise NoAnswer(said) from error
        message = f"{url} sends from one address to the next, more than {MOST_REDIRECTS} times."
        raise SourceRefused(message)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def check_address(url: str) -> None:
    """Refuse what is no address of a web server."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        message = f"{url} is no web address."
        raise SourceRefused(message) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{url} is no address that is read: it must begin with https:// or http://."
        raise SourceRefused(message)


def _body(answer: requests.Response, url: str, began: float) -> bytes:
    found = bytearray()
    for part in answer.iter_content(_PART):
        found += part
        if len(found) > LARGEST_ANSWER:
            message = f"{url} answers with more than {LARGEST_ANSWER // 1024**2} MiB in one page."
            raise SourceRefused(message)
        if monotonic() - began > LONGEST_SECONDS:
            message = f"{url} takes longer than {LONGEST_SECONDS:.0f} seconds to answer."
            raise NoAnswer(message)
    return bytes(found)


def _value(body: bytes) -> Any:  # noqa: ANN401  (any JSON value)
    try:
        return read_json(body)
    except JsonRefused:
        return None
