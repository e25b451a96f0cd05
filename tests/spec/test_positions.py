"""The scanner finds the line of every key and element that tomllib parses."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.spec.positions import find_lines
from grader.spec.schema import Path

TEXT = '''\
# a comment with = and [brackets]
title = "a # no comment"

[policy]
opens_at = 2026-10-01 09:00:00-04:00 # a date with a blank
late.grace = "15m"
"quoted.key" = 1
[inputs]
batch.x = {normal = [10, 6], shift = 1.0}
many = [
  1, # one
  [2,
   3],
]
[[checks]]
run = """
x = [1]
y = "]"
"""
[[checks.accept]]
name = 'it''
[[checks.accept]]
name = "b"
[[checks]]
limits = {wall_time = "1s"}
'''.replace("'it''", "'it'")

LINES = {
    ("title",): 2,
    ("policy",): 4,
    ("policy", "opens_at"): 5,
    ("policy", "late"): 6,
    ("policy", "late", "grace"): 6,
    ("policy", "quoted.key"): 7,
    ("inputs",): 8,
    ("inputs", "batch"): 9,
    ("inputs", "batch", "x"): 9,
    ("inputs", "batch", "x", "normal"): 9,
    ("inputs", "batch", "x", "normal", 0): 9,
    ("inputs", "batch", "x", "normal", 1): 9,
    ("inputs", "batch", "x", "shift"): 9,
    ("inputs", "many"): 10,
    ("inputs", "many", 0): 11,
    ("inputs", "many", 1): 12,
    ("inputs", "many", 1, 0): 12,
    ("inputs", "many", 1, 1): 13,
    ("checks",): 15,
    ("checks", 0): 15,
    ("checks", 0, "run"): 16,
    ("checks", 0, "accept"): 20,
    ("checks", 0, "accept", 0): 20,
    ("checks", 0, "accept", 0, "name"): 21,
    ("checks", 0, "accept", 1): 22,
    ("checks", 0, "accept", 1, "name"): 23,
    ("checks", 1): 24,
    ("checks", 1, "limits"): 25,
    ("checks", 1, "limits", "wall_time"): 25,
}


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of everything in a parsed TOML."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, below in value.items():
            yield from paths_of(below, (*path, key))
    if isinstance(value, list):
        for index, below in enumerate(value):
            yield from paths_of(below, (*path, index))


def test_lines_of_a_text_with_every_syntax_of_toml() -> None:
    assert LINES == find_lines(TEXT)


def test_it_knows_exactly_the_paths_that_tomllib_knows() -> None:
    assert set(paths_of(tomllib.loads(TEXT))) == set(find_lines(TEXT))


@pytest.mark.parametrize(
    "value",
    [
        '"""a"b""c\\"""d"""',
        '"""\nends with quotes"""""',
        "'''it's'''",
        "'''ends with a quote''''",
        '"a\\"b#"',
        "'a\\'",
        "[[], [[]], {}]",
        "{a.b = [1, {c = 2}], d = '}'}",
        "1979-05-27T07:32:00Z",
        "07:32:00",
        "-1_000.5e-3",
        "[\n# comment, with ] in it\n'#',\n]",
    ],
)
def test_the_key_after_a_value_is_found_on_its_own_line(value: str) -> None:
    text = f"first = {value} # end\nlast = 1\n"

    assert text.count("\n") == find_lines(text)[("last",)]
    assert set(paths_of(tomllib.loads(text))) == set(find_lines(text))


KEYS = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=4)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


def quote(text: str) -> str:
    """Write a basic string of TOML."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_value(value: Any) -> str:
    """Write a value of TOML on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list):
        return "[" + ", ".join(write_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {write_value(v)}" for k, v in value.items()) + "}"
    return str(value)


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_tables_one_key_a_line(table: dict[str, Any]) -> None:
    text = "".join(f"{key} = {write_value(value)}\n" for key, value in table.items())

    lines = find_lines(text)

    assert set(paths_of(tomllib.loads(text))) == set(lines)
    assert list(range(1, len(table) + 1)) == [lines[(key,)] for key in table]
