"""Whatever stands in assignment.toml, the answer is an assignment or located errors."""

from __future__ import annotations

import copy
import datetime
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import SpecError
from grader.spec import draw_cases, parse_spec, variants
from grader.spec.loader import read_spec
from grader.spec.problems import Locator

TEXT = """\
title = "T"
files = ["a.py"]
team = {min = 1, max = 2}
[policy]
opens_at = 2026-10-01T09:00:00-04:00
late = {grace = "15m", steps = [["1h", 0.05]]}
[limits]
memory = "1GiB"
[defaults]
points = 1
rtol = 1e-6
[inputs.batch]
x = {normal = [2, 2], min_abs = 0.1}
y = {labels = 3, size = 2}
p = {permuted = [2, 2], low = -1}
l = {linspace = [0, 1], shape = 2}
c = {choice = [1, 2], size = 2}
v = {value = [[1.0]], dtype = "float32"}
[[checks]]
id = "a"
kind = "output"
inputs = ["batch", {x = {eye = 2}}]
scales = [1.0, 2.0]
shapes = [{x = [2, 1]}]
run = "out = f(x)"
compare = {out = {rtol = 1e-3}}
needs = ["s"]
limits = {wall_time = "1s"}
[[checks.accept]]
name = "v"
when = "x"
scales = [1.0]
[[checks]]
id = "g"
kind = "gradient"
inputs = "batch"
forward = "out, dx = f(x)"
value = "out"
gradient = {x = "dx"}
[[checks]]
id = "c"
kind = "cost"
inputs = "batch"
run = "f(x)"
grows = {over = "x", from = 1, to = 2}
[[checks]]
id = "s"
kind = "source"
define = ["f(x)"]
[leaderboard]
value = "out"
"""
TABLE = tomllib.loads(TEXT)

JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 3),
        st.sampled_from([10**30, -(10**400), 2**63]),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["a", "x", "batch", "1s", "float16", "output", "always", "(", "\0", "np"]),
        st.just(datetime.date(2026, 10, 1)),
        st.just(datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)),
    ),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["x", "normal", "value", "scale", "size", "rtol", "id"]) | st.text(),
            below,
            max_size=3,
        )
    ),
    max_leaves=6,
).filter(lambda value: value is not None)


def spoil(value: Any, data: st.DataObject) -> Any:
    """Replace, remove or add something at a random place."""
    if isinstance(value, dict | list) and value and data.draw(st.integers(0, 5)):
        key = data.draw(
            st.sampled_from(list(value) if isinstance(value, dict) else range(len(value)))
        )
        value[key] = spoil(value[key], data)
        return value
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        value.pop(data.draw(st.sampled_from(sorted(value))))
        return value
    return data.draw(JUNK)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_junk_anywhere_is_located_or_valid(data: st.DataObject) -> None:
    table = copy.deepcopy(TABLE)
    for _ in range(data.draw(st.integers(1, 3))):
        key = data.draw(st.sampled_from(sorted(table) or ["title"]))
        table[key] = spoil(table.get(key), data)

    try:
        spec = read_spec(table, Locator.for_text(Path("assignment.toml"), TEXT))
    except ExceptionGroup as group:
        for error in group.exceptions:
            assert isinstance(error, SpecError)
            assert error.line is not None
            assert 1 <= error.line <= TEXT.count("\n")
            assert "\n" not in str(error)
    else:
        for check in spec.checks:
            for variant in variants(check):
                assert draw_cases(spec, variant.check, 1)


def test_the_text_that_is_spoilt_is_valid() -> None:
    assert 4 == len(parse_spec(TEXT).checks)
