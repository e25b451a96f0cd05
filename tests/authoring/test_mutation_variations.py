"""The inputs on which survivors are tried, and what counts as a difference there."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grader.authoring.mutation.differences import differ, has_changed_inputs, is_opaque
from grader.authoring.mutation.variations import list_variations
from grader.calls import Opaque, Raised, Returned
from grader.spec import parse_spec

TOML = """title = "T"
[inputs.batch]
X = {{normal = [4, 6]}}
y = {{labels = 3, size = 4}}
{more}
[[checks]]
id = "c"
kind = "output"
inputs = "batch"
scales = [1.0, 10.0]
run = "out = f(X, y)"
compare = ["out"]
"""


def variations(more=""):
    spec = parse_spec(TOML.format(more=more))
    return list(list_variations(spec, spec.checks[0], 0))


def shapes(variation):
    [case, *_] = variation.cases
    return {name: np.shape(value) for name, value in case.inputs.items()}


def test_the_checks_own_inputs_come_first_with_all_their_scales():
    own = variations()[0]
    assert ("own", 2) == (own.kind, len(own.cases))


def test_scales_are_added_to_those_that_the_check_has():
    advice = [one.advice for one in variations() if one.kind == "scale"]
    assert ["scales = [0.001, 1, 10]", "scales = [0.1, 1, 10]", "scales = [1, 10, 1000]"] == advice


def test_lengths_change_together_and_are_told_as_shapes():
    told = {one.advice: shapes(one) for one in variations() if one.kind == "shape"}
    assert {"X": (1, 6), "y": (1,)} == told["shapes = [{X = [1, 6], y = [1]}]"], "a batch of one"
    assert {"X": (9, 6), "y": (9,)} == told["shapes = [{X = [9, 6], y = [9]}]"], "a larger batch"
    assert {"X": (4, 1), "y": (4,)} == told["shapes = [{X = [4, 1]}]"], "one feature"
    assert {"X": (3, 3), "y": (3,)} == told["shapes = [{X = [3, 3], y = [3]}]"], "a square"


def test_labels_have_as_many_classes_as_the_scores_have_columns():
    varied = [one for one in variations("s = {normal = [4, 3]}") if one.kind == "shape"]
    [seven] = [one for one in varied if shapes(one)["s"] == (4, 7)]
    assert "a further input set with y = [4], s = [4, 7]" == seven.advice
    larger = [max(one.cases[0].inputs["y"]) for one in varied if shapes(one)["s"] == (9, 3)]
    assert larger[0] < 3


def test_what_must_fit_an_array_that_is_written_out_keeps_its_length():
    varied = variations("t = {value = [1.0, 2.0, 3.0, 4.0]}")
    lengths = {shapes(one)["y"] for one in varied if one.kind == "shape"}
    assert {(4,)} == lengths


def test_plain_numbers_are_varied_one_by_one():
    advice = [one.advice for one in variations("n = 3\nreg = 0.5") if one.kind == "value"]
    assert [
        *(f"a further input set with n = {n}" for n in (0, 1, 5)),
        *(f"a further input set with reg = {reg}" for reg in (0, 1.5, -0.5)),
    ] == advice


def test_single_precision_and_other_seeds_are_tried():
    kinds = {one.kind: one for one in variations()}
    assert np.float32 == kinds["dtype"].cases[0].inputs["X"].dtype
    drawn = [one.cases[0].inputs["X"] for one in variations() if one.kind == "seed"]
    assert 3 == len({array.tobytes() for array in drawn})


def returned(value, after=None):
    return Returned({"out": value}, {} if after is None else {"x": after})


NUMBERS = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("right", "given", "expected"),
    [
        (1.0, 1.0 + 1e-14, 0.0),
        (1.0, 1.5, 0.5),
        (NUMBERS, NUMBERS * [1, 1 + 1e-15], 0.0),
        (NUMBERS, NUMBERS[None], math.inf),
        (NUMBERS, NUMBERS.astype(np.float32), 0.0),
        (NUMBERS / 3, (NUMBERS / 3).astype(np.float32), 0.0),
        (NUMBERS, np.array([1, 2]), 0.0),
        (np.array([True, False]), np.array([1.0, 0.0]), 0.0),
        (NUMBERS, NUMBERS * 1j, math.sqrt(2)),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), 0.0),
        (np.array([np.nan, 1.0]), np.array([0.0, 1.0]), math.inf),
        (np.array([0.0, 0.0]), np.array([0.0, 1e-17]), 0.0),
        (np.array([0.0, 0.0]), np.array([0.0, 1e-6]), math.inf),
        (np.array([1, 2]), np.array([1, 3]), math.inf),
        ([1.0, "a"], [1.0, "a"], 0.0),
        ([1.0, "a"], [1.0, "b"], math.inf),
        ([1.0], [1.0, 2.0], math.inf),
        (None, None, 0.0),
        (None, 1.0, math.inf),
    ],
)
def test_a_difference_is_relative_and_rounding_is_none(right, given, expected):
    assert expected == pytest.approx(differ(returned(right), returned(given), returned(right)))


def test_what_the_rounding_of_the_inputs_does_to_the_solution_is_rounding():
    right, given, jittered = (returned(np.array([one])) for one in (1e-9, 1.5e-9, 1.1e-9))
    assert 0.0 == differ(right, given, jittered)
    assert 0.5 == pytest.approx(differ(right, given, right))


def test_exceptions_of_one_kind_are_alike():
    one, other = (Raised(kind, (), "", in_snippet=False) for kind in ("ValueError", "IndexError"))
    assert 0.0 == differ(one, one, one)
    assert math.inf == differ(one, other, one) == differ(returned(1.0), one, one)


def test_inputs_that_are_left_changed_are_seen():
    assert has_changed_inputs(returned(1.0, NUMBERS), returned(1.0, NUMBERS + 1))
    assert not has_changed_inputs(returned(1.0, NUMBERS), returned(1.0, NUMBERS.copy()))


def test_an_object_cannot_be_looked_at():
    assert is_opaque(returned([1.0, Opaque("Node")]))
    assert not is_opaque(returned([1.0]))
