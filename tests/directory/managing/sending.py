"""The forms of the pages of editors, filled in as a browser would send them."""

import re
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from tests.people.making import HTML, Someone

_INPUT = re.compile(r"<input\b([^>]*)>")
_AREA = re.compile(r"<textarea\b([^>]*)>\r?\n?(.*?)</textarea>", re.DOTALL)
_SELECT = re.compile(r"<select\b([^>]*)>(.*?)</select>", re.DOTALL)
_OPTION = re.compile(r'<option value="([^"]*)" selected')
_NAMED = re.compile(r'([a-z]+)="([^"]*)"')


def fields_of(page: str) -> dict[str, str]:
    """Return what the form of a page would send if nothing were typed."""
    main = page[page.index("<main") :]
    found: dict[str, str] = {}
    for text in _INPUT.findall(main):
        given = dict(_NAMED.findall(text))
        if "name" in given and (given.get("type") != "checkbox" or " checked" in text):
            found[given["name"]] = unescape(given.get("value", ""))
    for text, value in _AREA.findall(main):
        found[dict(_NAMED.findall(text))["name"]] = unescape(value)
    for text, options in _SELECT.findall(main):
        chosen = _OPTION.search(options)
        found[dict(_NAMED.findall(text))["name"]] = unescape(chosen[1]) if chosen else ""
    return found


def sent(who: Someone, path: str, **typed: Any) -> TestResponse:
    """Open a form, type into it, and send it to where it came from."""
    fields = fields_of(who.get(path))
    over = {name.replace("__", "."): text for name, text in typed.items()}
    kept = {name: text for name, text in {**fields, **over}.items() if text is not None}
    return who.browser.post(path, data=kept, headers=HTML)


def drafted(who: Someone, path: str, **typed: Any) -> str:
    """Send a form that must become a draft, and return where it is."""
    answer = sent(who, path, **typed)
    assert answer.status_code == 303, re.findall(r"error-summary.*?</ul>", answer.text, re.DOTALL)
    return answer.headers["Location"].partition("?")[0]
