"""Eight calls that tell the story, made over HTTP as agencies' systems make them.

What is printed holds neither ids nor times, so that two tours of two checkouts read alike.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener, install_opener, urlopen

from app.oauth.client_example import Rightshare

Say = Callable[[str], None]
_TIMEOUT: Final = 30
_SHOWN: Final = ("outcome", "categories", "sections", "refused", "obligations", "code", "detail")


class TourStopped(RuntimeError):
    """A step did not go as it should; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered."""

    status: int
    body: dict[str, Any]


class Desk:
    """One client of the demonstration, by its file."""

    def __init__(self, folder: Path, client_id: str) -> None:
        path = folder / "clients" / f"{client_id}.json"
        if not path.exists():
            raise TourStopped(f"{path} is not there: start the demonstration first: make run")
        self.client = json.loads(path.read_text())
        self.auth = Rightshare(self.client)

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """Call the API with a fresh proof."""
        url = self.client["issuer"] + path
        headers = self.auth.headers(method, url.partition("?")[0])
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        asked = Request(url, data, headers, method=method)  # noqa: S310  (the demonstration's own address)
        try:
            with urlopen(asked, timeout=_TIMEOUT) as answer:  # noqa: S310  (as above)
                return Answer(answer.status, json.load(answer))
        except HTTPError as error:
            return Answer(error.code, json.load(error))
        except URLError as error:
            message = f"{url} does not answer: start the demonstration first: make run"
            raise TourStopped(message) from error


def tour(folder: Path, say: Say) -> None:
    """Take the tour on a running demonstration; `TourStopped` if a step goes wrong."""
    # Desks and the example client alike: no proxy stands between us and this machine.
    install_opener(build_opener(ProxyHandler({})))
    subjects = json.loads((folder / "subjects.json").read_text())
    child = next(one for one in subjects if one["relatives"].get("mother"))
    school, consent_desk, ig_desk = (Desk(folder, name) for name in _DESKS)
    steps = _Steps(say)
    ask = {
        "subject": {"identifiers": child["identifiers"][:1]},
        "source": "eh-hub",
        "kind": "content",
        "purpose": "early_help_support",
        "lawful_basis": "public_task",
        "categories": ["plan"],
    }
    steps.tell("A school's system proves who it is and gets a token for five minutes.")
    steps.check(school.call("GET", "/v1/echo"), 200, ("client_id", "agency"))
    steps.tell("Whom could a teacher ring? The directory is searched.")
    found = school.call("GET", "/v1/directory/contact-points?words=meresby")
    steps.check(found, 200)
    steps.show([_contact(one) for one in found.body["items"]])
    steps.tell("The school asks the early help hub for a child's plan. Nobody has agreed to that.")
    steps.check(school.call("POST", "/v1/disclosures", ask), 404)
    steps.tell("The mother agrees, by word of mouth. The hub records it.")
    consent = _record_consent(consent_desk, child)
    steps.check(consent, 201, ("kind", "answer", "method", "recipients", "purposes", "categories"))
    steps.tell("The school asks again, and is told, with a duty and a signed receipt.")
    steps.check(school.call("POST", "/v1/disclosures", ask), 200)
    steps.tell("The mother withdraws. One call, no reason asked.")
    withdrawal = f"/v1/consents/{consent.body['id']}/withdrawal"
    steps.check(consent_desk.call("POST", withdrawal, {}), 201, ())
    steps.tell("The school asks once more: refused, in the very words of the first time.")
    steps.check(school.call("POST", "/v1/disclosures", ask), 404)
    steps.tell("What the school was never told, the information governance lead reads in the log.")
    log = ig_desk.call(
        "GET", "/v1/log/entries?size=2"
    )  # why the first ask failed depends on earlier tours
    steps.check(log, 200)
    steps.show([_entry(one["facts"]) for one in log.body["items"]])


_DESKS: Final = ("oak-mis", "consent-desk", "ig-desk")


class _Steps:
    """Counts the steps and shows what came of each."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._number = 0

    def tell(self, story: str) -> None:
        self._number += 1
        self._say(f"\n{self._number}. {story}")

    def check(self, answer: Answer, status: int, shown: tuple[str, ...] = _SHOWN) -> None:
        if answer.status != status:
            said = answer.body.get("detail", "")
            message = f"step {self._number} answered {answer.status}, not {status}: {said}"
            raise TourStopped(f"{message} To start afresh: make demo-reset")
        self._say(f"   {answer.status}")
        for name in shown:
            if answer.body.get(name):
                self._say(f"   {name}: {_plain(answer.body[name])}")

    def show(self, rows: list[str]) -> None:
        for row in rows:
            self._say(f"   {row}")


def _record_consent(desk: Desk, child: dict[str, Any]) -> Answer:
    mother = desk.call("POST", "/v1/subjects/lookup", {"identifiers": child["relatives"]["mother"]})
    subject = desk.call("POST", "/v1/subjects/lookup", {"identifiers": child["identifiers"]})
    return desk.call(
        "POST",
        "/v1/consents",
        {
            "kind": "family_agreement",
            "subjects": [subject.body.get("id")],
            "given_by": mother.body.get("id"),
            "capacity": "parental_responsibility",
            "answer": "given",
            "method": "verbal",
            "recipients": ["oak-school"],
            "purposes": ["early_help_support"],
            "categories": ["plan"],
            "notice": {"version": "2026-1", "language": "en"},
            "recorder": {"id": "staff-17", "role": "family_support_worker"},
        },
    )


def _plain(value: Any) -> str:  # noqa: ANN401  (any JSON value)
    if isinstance(value, dict) and "plan" in value and isinstance(value["plan"], list):
        return json.dumps({"plan": [one["content"] for one in value["plan"]]})
    return value if isinstance(value, str) else json.dumps(value)


def _contact(one: dict[str, Any]) -> str:
    return f"{one['name']}, {one['phone']['as_published']}"


def _entry(facts: dict[str, Any]) -> str:
    ground = facts.get("ground") or facts["grounds"][0]["ground"]
    return f"{facts['recipient']} asked {facts['source']}: {facts['outcome']}, because {ground}"
