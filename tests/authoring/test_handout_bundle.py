"""The modules of a handout's check: what they import is there; a question is known again."""

from __future__ import annotations

import ast
from dataclasses import replace

import numpy as np

from grader.authoring.handout.bundle import bundle_sources
from grader.authoring.handout.masks import Masks
from grader.authoring.handout.offline import spec as twin
from grader.authoring.handout.offline.keys import key_of
from grader.calls import Evaluation
from grader.spec import OutputCheck, parse_spec

TWO_WAYS = """
title = "T"
[[checks]]
id = "c"
kind = "output"
run = "y = f(1)"
expect = '''y = g("a'b")
y = y + 1'''
compare = ["y"]
[[checks.accept]]
name = "other"
expect = "y = g(0)"
"""


def test_what_stands_for_the_spec_has_every_name_that_is_imported_from_it():
    wanted = {
        alias.name
        for content in bundle_sources().values()
        for node in ast.walk(ast.parse(content))
        if isinstance(node, ast.ImportFrom) and node.module == "grader.spec"
        for alias in node.names
    }
    assert {"Case", "CheckSpec", "draw_cases"} < wanted
    assert set() == wanted - set(twin.__all__)


def test_no_module_that_runs_programs_in_jails_or_reads_folders_goes_along():
    places = set(bundle_sources())
    assert "grader/grading.py" in places
    for absent in ("grader/expected.py", "grader/sandbox/jail.py", "grader/spec/loader.py"):
        assert absent not in places


def question(x, **keys):
    return replace(Evaluation("y = f(x)", {"x": x, "n": 3}, ("y",), seed=1), **keys)


def test_a_question_is_known_again_where_its_numbers_differ_by_roundings(rng):
    x = rng.standard_normal((5, 4))
    key, again = key_of([question(x)]), key_of([question(x * (1 + 2e-16))])
    assert key.name == again.name
    assert key.is_near(again.sums)


def test_another_question_is_not(rng):
    x = rng.standard_normal((5, 4))
    key = key_of([question(x)])
    moved = x.copy()
    moved[2, 1] += 1e-5
    swapped = x.copy()
    swapped[[0, 1]] = x[[1, 0]]
    for other in (moved, swapped, -x, np.where(x == x.max(), np.nan, x)):
        assert key.name == key_of([question(other)]).name
        assert not key.is_near(key_of([question(other)]).sums)
    for unlike in (
        question(x.T),
        question(x.astype(np.float32)),
        question(x, seed=2),
        question(x, code="y = g(x)"),
        question(x, inputs={"x": x, "n": 4}),
    ):
        assert key.name != key_of([unlike]).name


def test_what_runs_on_the_solution_goes_by_a_name_wherever_it_stands():
    [check] = parse_spec(TWO_WAYS).checks
    assert isinstance(check, OutputCheck)
    masks = Masks([check])
    text = check.expect
    assert "expected_1" == masks.name_of(text)
    for code in (text, f"{text}\nz = 1", f"exec({text!r})", f"exec({'x = 1 ' + text!r})"):
        masked = masks.mask(Evaluation(code, {}, ("y",)))
        assert isinstance(masked, Evaluation)
        assert "expected_1" in masked.code
        assert "g(" not in masked.code
