"""One ask through the API, and its answer and its entry in the log in the words of the file."""

import json
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.cases.founding import Founded, RefusedError, marked, said
from tests.cases.serving import IG_LEAD
from tests.cases.words import Answer, Ask, Audit

OF_THE_REQUEST = {"date", "x-request-id"}


@dataclass
class OneVoice:
    """What the first `not_available` of a file was, for all the others to equal."""

    first: tuple[Any, ...] | None = None

    def differs(self, answer: requests.Response) -> list[str]:
        """Say where this answer differs from the first one, but for request id and date."""
        heard = _heard(answer)
        if self.first is None:
            self.first = heard
        return [
            f"{part} of not_available: expected {first}, got {got}"
            for part, first, got in zip(
                ("status", "headers", "body"), self.first, heard, strict=True
            )
            if first != got
        ]


@dataclass
class Asking:
    """A founded world that is asked one thing after another."""

    made: Founded
    voice: OneVoice
    seen: set[str] = field(default_factory=set)

    def ask(self, ask: Ask) -> tuple[Answer, list[str]]:
        """Ask, and return the answer with whatever is wrong about it by itself."""
        self.made.live.clock.at = ask.at
        answer = self.made.live.call(ask.client, "POST", "/v1/disclosures", self._body(ask))
        body = answer.json()
        entry = self._entry(f"{answer.status_code} {body.get('code')}")
        if answer.status_code == requests.codes.ok:
            return self._permitted(body, entry, ask)
        if "code" not in body:
            raise RefusedError(f"{answer.status_code} {answer.text}")
        wrong = self.voice.differs(answer) if body["code"] == "not_available" else []
        audit = Audit(entry["facts"].get("ground"), withheld=entry["facts"]["withheld"])
        return Answer("deny", reason=body["code"], audit=audit), wrong

    def _body(self, ask: Ask) -> dict[str, object]:
        override = ask.override
        return said(
            subject={"identifiers": self.made.identifiers(ask.subject)},
            source=ask.source,
            kind=ask.kind,
            purpose=ask.purpose,
            lawful_basis=ask.basis,
            categories=list(ask.categories),
            recipient=ask.agency,
            practitioner=None
            if ask.practitioner is None
            else {"id": ask.practitioner, "role": "practitioner"},
            override=None
            if override is None
            else {"reason": override.reason, "justification": override.justification},
        )

    def _entry(self, answered: str) -> dict[str, Any]:
        """Return the one entry that was not in the log before."""
        listed = self._read("/v1/log/entries?size=200")["items"]
        # That the log was read is an entry too, and is no answer to anything asked.
        new = {
            one["id"]: one["facts"]
            for one in listed
            if one["id"] not in self.seen and one["outcome"] != "read"
        }
        self.seen.update(new)
        if len(new) != 1:
            raise RefusedError(f"{answered}: one entry, not {len(new)}: {list(new.values())}")
        read: dict[str, Any] = self._read(f"/v1/log/entries/{next(iter(new))}")
        return read

    def _read(self, path: str) -> Any:
        answer = self.made.live.call(IG_LEAD, "GET", path)
        if not answer.ok:
            raise RefusedError(f"GET {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def _permitted(
        self, body: dict[str, Any], entry: dict[str, Any], ask: Ask
    ) -> tuple[Answer, list[str]]:
        facts = entry["facts"]
        pointer = ask.kind == "pointer"
        redacted = frozenset(map(self.made.name_of, entry["about"]["left_out"]))
        told = Answer(
            outcome=body["outcome"],
            categories=frozenset(body["categories"]),
            refused=body["refused"],
            obligations=frozenset(body["obligations"]),
            sources=frozenset(body["sources"]) if pointer else None,
            redact=redacted,
            audit=Audit(
                ground=" and ".join(sorted({one["ground"] for one in facts["grounds"]})),
                withheld=facts["withheld"],
                flags=frozenset(facts["flags"]),
            ),
        )
        wrong = list(self._too_much(body, ask, redacted))
        if body["id"] != entry["id"]:
            wrong.append(f"id: the log has {entry['id']}, the answer {body['id']}")
        return told, wrong

    def _too_much(self, body: dict[str, Any], ask: Ask, redacted: frozenset[str]) -> Any:
        """Say what the sections hold beside, or lack of, what the answer names."""
        sections = body["sections"]
        wanted = set() if ask.kind == "pointer" else set(body["categories"])
        if set(sections) != wanted:
            yield f"sections: expected {sorted(wanted)}, got {sorted(sections)}"
        for category, records in sections.items():
            for content in (one["content"] for one in records):
                if category != "household" and content != marked(ask.source, category):
                    yield f"content of {category}: got {content}"
                shown = {self.made.name_of(one["subject"]) for one in content.get("members", ())}
                if shown & redacted:
                    yield f"household: expected without {sorted(redacted)}, got {sorted(shown)}"


def _heard(answer: requests.Response) -> tuple[int, dict[str, str], str]:
    """Return all that a caller can see, but for the request's id and the date."""
    body = answer.json()
    instance = body.pop("instance")
    headers = {
        name.lower(): value.replace(instance.removeprefix("urn:uuid:"), "…")
        for name, value in answer.headers.items()
        if name.lower() not in OF_THE_REQUEST
    }
    return answer.status_code, headers, json.dumps(body)
