"""The tour, what the README says of it, and everything that `subjects.json` suggests to try."""

import json
import re

import pytest

from tests.app.demo.running import Demo, rightshare
from tests.postgres import CHECKOUT

pytestmark = pytest.mark.long

TRANSCRIPT = re.compile(r"^## The tour\n.*?```text\n(.*?)```", re.DOTALL | re.MULTILINE)


def told(body: dict, expect: dict) -> dict:
    """What an answer says, as far as the expectation speaks of it."""
    said = {name: value for name, value in body.items() if name in expect}
    return {name: sorted(v) if isinstance(v, list) else v for name, v in said.items()}


def test_every_suggestion_turns_out_as_its_story_says(demo: Demo) -> None:
    stories = json.loads((demo.home / "demo" / "subjects.json").read_text())
    suggestions = [one for story in stories for one in story["try"]]
    assert len(suggestions) > 10
    for one in suggestions:
        answer = demo.desk(one["client_id"]).call("POST", "/v1/disclosures", one["request"])
        said = {"status": answer.status} | told(answer.body, one["expect"])
        assert said == one["expect"], (one, answer.body)


def test_the_tour_goes_the_same_way_each_time_and_as_the_readme_shows_it(demo: Demo) -> None:
    tours = [rightshare(demo.home, "demo", "tour", port=demo.port) for _ in range(2)]
    assert [one.returncode for one in tours] == [0, 0], tours
    assert tours[0].stdout == tours[1].stdout
    shown = TRANSCRIPT.search((CHECKOUT / "README.md").read_text(encoding="utf-8"))
    assert shown is not None, "the README has no transcript under `## The tour`"
    assert shown[1].strip("\n") == tours[0].stdout.strip("\n")
