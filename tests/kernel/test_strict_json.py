import json

import pytest

from app.kernel.strict_json import DEEPEST, LARGEST_EXACT, JsonRefused, read_json


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "a": 2}', 'names "a" twice'),
        ('{"a": {"b": 1, "c": 2, "b": 1}}', 'names "b" twice'),
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "Infinity"),
        ('{"a": 1e999}', "too large to be exact"),
        (f'{{"a": {LARGEST_EXACT + 1}}}', "too large to be exact"),
        ("9" * 60_000, "too large to be exact"),
        ('{"a": "\\u0000"}', "NUL"),
        ('{"a": "\\ud83d"}', "surrogate"),
        ('{"\\udc00": 1}', "surrogate"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "nested too deeply"),
        ('{"a": 1,\n "b" 2}', "line 2, column 6"),
        ("", "not JSON"),
        (b"\xff\xfe{}", "byte 1"),
        ("{'a': 1}", "line 1, column 2"),
        ("\ufeff{}", "not JSON"),
        ("{} {}", "Extra data"),
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_refused(text: str | bytes, said: str) -> None:
    with pytest.raises(JsonRefused, match="The body") as refused:
        read_json(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, None, True, "é 👪"], "b": {"a": 1}},
        LARGEST_EXACT,
        -LARGEST_EXACT,
        [],
        "alone",
    ],
)
def test_what_every_reader_reads_alike_is_read(value: object) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


def test_a_value_may_be_as_deep_as_is_promised() -> None:
    assert read_json("[" * DEEPEST + "]" * DEEPEST)


def test_a_long_name_is_not_sent_back_whole() -> None:
    name = "n" * 5000
    with pytest.raises(JsonRefused) as refused:
        read_json(f'{{"{name}": 1, "{name}": 2}}')
    assert len(str(refused.value)) < 200
