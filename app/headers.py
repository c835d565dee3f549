"""Security headers by content type, and what no cache may keep."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

NEVER_STORED = ("/v1/", "/log/", "/oauth/", "/manage", "/ig", "/sign-in")
"""Where an answer says `no-store`, unless its view chose another Cache-Control itself."""

OPEN_FEED = "/oruk/v3/"
YEAR_SECONDS = 31_536_000
PAGE_POLICY = {
    "default-src": "'none'",
    # the one inline script of the govuk-frontend template, by its hash
    "script-src": "'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


def install(app: Flask, *, https: bool, map_tiles_url: str | None = None) -> None:
    """Put the headers on every answer; `https` says that nothing else is ever used here."""
    app.after_request(_headers_for(https=https, tiles=origin_of(map_tiles_url)))


def allow_form_action(url: str) -> None:
    """Let this answer's form end at the origin of a registered redirect URI.

    Chromium applies `form-action` to the redirect that answers a form too: without it sign-in at
    `/oauth/authorize` ends in a blocked request.
    """
    g.form_action = origin_of(url)


def origin_of(url: str | None) -> str:
    """Return scheme, host and port of an address, empty if there are none."""
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""


def _headers_for(*, https: bool, tiles: str) -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        headers = response.headers
        is_page = response.mimetype == "text/html"
        headers["Content-Security-Policy"] = page_policy(tiles) if is_page else DATA_POLICY
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        if https:
            headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
        if request.path.startswith(NEVER_STORED):
            headers.setdefault("Cache-Control", "no-store")
        if request.path.startswith(OPEN_FEED):
            headers["Access-Control-Allow-Origin"] = "*"
        return response

    return add


def page_policy(tiles: str = "") -> str:
    """Return the content security policy of a page, with a map's tiles and this form's end."""
    more = {"img-src": tiles, "form-action": g.get("form_action", "")}
    return "; ".join(
        f"{name} {value} {more.get(name, '')}".rstrip() for name, value in PAGE_POLICY.items()
    )
