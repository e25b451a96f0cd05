"""Inputs are drawn as the table asks, the same for the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import AssignmentError
from grader.spec import Case, draw_cases, parse_spec


def cases_of(inputs: str, check: str = "", seed: int = 0) -> tuple[Case, ...]:
    """Draw the cases of one check on one inline set of inputs."""
    spec = parse_spec(
        f'title = "T"\n[[checks]]\nid = "a"\nkind = "output"\nrun = "out = f()"\n'
        f'compare = ["out"]\ninputs = {inputs}\n{check}'
    )
    return draw_cases(spec, spec.checks[0], seed)


def draw_one(table: str, check: str = "", seed: int = 0) -> Any:
    """Draw one input."""
    return cases_of(f"{{x = {table}}}", check, seed)[0].inputs["x"]


def test_pinned_numbers() -> None:
    """Streams must not change: stored seeds replay old runs."""
    normal = draw_one("{normal = [2, 2]}", seed=1)
    labels = draw_one("{labels = 5, size = 6}", seed=1)

    np.testing.assert_allclose(normal, PINNED_NORMAL, rtol=1e-14)
    assert PINNED_LABELS == labels.tolist()


PINNED_NORMAL = [
    [1.2302420071731235, 0.9094412954134927],
    [-0.5992586970426332, 0.5585351457460296],
]
PINNED_LABELS = [2, 1, 2, 1, 3, 3]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("{linspace = [-0.4, 0.6], shape = [5]}", np.linspace(-0.4, 0.6, 5)),
        ("{linspace = [3, 1], shape = [3, 1]}", np.array([[3.0], [2.0], [1.0]])),
        ("{linspace = [0, 1], shape = 3, scale = -2.0}", np.array([0.0, -1.0, -2.0])),
        ("{linspace = [-2, 2], shape = 5, min_abs = 1.0}", np.array([-2, -1.5, -1, 1.5, 2])),
        ("{zeros = [2, 3]}", np.zeros((2, 3))),
        ('{zeros = 2, dtype = "bool"}', np.zeros(2, bool)),
        ("{ones = [2], scale = 3.0, shift = 1.0}", np.full(2, 4.0)),
        ('{ones = 2, dtype = "int32"}', np.ones(2, np.int32)),
        ("{eye = 3}", np.eye(3)),
        ("{eye = [2, 3]}", np.eye(2, 3)),
        ("{value = [[1, 2], [3, 4]]}", np.array([[1, 2], [3, 4]])),
        ("{value = [1, 2.5]}", np.array([1.0, 2.5])),
        ('{value = [1, 2], dtype = "float32"}', np.array([1, 2], np.float32)),
        ('{value = 3, dtype = "float16"}', np.array(3, np.float16)),
        ("{value = [true, false]}", np.array([True, False])),
        ("{choice = [7], size = [2, 2]}", np.full((2, 2), 7)),
        ('{choice = [7], size = 2, dtype = "float32"}', np.full(2, 7, np.float32)),
        ("{one_hot = 1, size = 3}", np.ones((3, 1))),
        ("{labels = 1, size = [2, 2]}", np.zeros((2, 2), np.int64)),
        ("{integers = [2], low = 4, high = 5}", np.full(2, 4)),
    ],
)
def test_arrays_without_chance(table: str, expected: np.ndarray[Any, Any]) -> None:
    drawn = draw_one(table)

    assert (expected.dtype, expected.shape) == (drawn.dtype, drawn.shape)
    np.testing.assert_allclose(drawn, expected, rtol=1e-15)


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ("0.7", 0.7),
        ("3", 3),
        ("true", True),
        ('"relu"', "relu"),
        ("[1, [2, 3]]", [1, [2, 3]]),
        ("{value = 0.7}", 0.7),
        ('{value = ["a", "b"]}', ["a", "b"]),
        ('{choice = ["a"]}', "a"),
        ('{choice = ["a"], size = [1, 2]}', [["a", "a"]]),
        ("{choice = [4]}", 4),
    ],
)
def test_values_that_are_no_array(table: str, value: object) -> None:
    drawn = draw_one(table)

    assert (type(value), value) == (type(drawn), drawn)


def test_normal_numbers_have_the_stated_mean_and_deviation() -> None:
    drawn = draw_one("{normal = [4000], shift = 5.0, scale = 2.0}")

    assert abs(drawn.mean() - 5) < 0.2
    assert abs(drawn.std() - 2) < 0.2


def test_min_abs_leaves_the_distribution_as_it_is_elsewhere() -> None:
    """Of normal numbers beyond 1 in size, 28 % are beyond 1.5: 0.1336 / 0.3173 = 0.421."""
    drawn = np.abs(draw_one("{normal = [20000], min_abs = 1.0}"))

    assert abs((drawn > 1.5).mean() - 0.421) < 0.02


SIZES = st.lists(st.integers(1, 6), min_size=1, max_size=3)
SEEDS = st.integers(0, 2**63 - 1)
FLOATS = st.sampled_from(["float64", "float32", "float16"])


@given(
    SIZES,
    st.floats(0.01, 1.0),
    FLOATS,
    st.sampled_from([1e-3, 1.0, 100.0, -3.0]),
    st.sampled_from(["normal", "uniform", "permuted"]),
    SEEDS,
)
def test_min_abs_and_dtype_hold_at_every_scale(
    shape: list[int], min_abs: float, dtype: str, scale: float, kind: str, seed: int
) -> None:
    ends = "" if kind == "normal" else "low = -2.0, high = 2.0,"
    table = f'{{{kind} = {shape}, {ends} min_abs = {min_abs}, dtype = "{dtype}"}}'

    drawn = draw_one(table, f"scales = [{scale}]", seed)

    assert (dtype, tuple(shape)) == (drawn.dtype.name, drawn.shape)
    assert (np.abs(drawn.astype(np.float64)) >= abs(scale) * min_abs).all()


@pytest.mark.parametrize("kind", ["normal = []", "uniform = [], low = -1.0"])
def test_min_abs_holds_for_a_single_number(kind: str) -> None:
    for seed in range(20):
        assert abs(draw_one(f"{{{kind}, min_abs = 0.9}}", seed=seed)) >= 0.9


@given(st.integers(1, 7), SIZES, SEEDS)
def test_labels_are_classes(classes: int, shape: list[int], seed: int) -> None:
    drawn = draw_one(f"{{labels = {classes}, size = {shape}}}", seed=seed)

    assert tuple(shape) == drawn.shape
    assert set(range(classes)) >= set(drawn.ravel().tolist())


@given(st.integers(1, 7), st.integers(1, 9), SEEDS)
def test_one_hot_rows_have_a_single_one(classes: int, rows: int, seed: int) -> None:
    drawn = draw_one(f"{{one_hot = {classes}, size = {rows}}}", seed=seed)

    assert (rows, classes) == drawn.shape
    assert [1.0] * rows == drawn.sum(axis=1).tolist()
    assert {0.0, 1.0} >= set(drawn.ravel().tolist())


@given(st.integers(-5, 5), st.integers(1, 9), SEEDS)
def test_integers_leave_high_out(low: int, width: int, seed: int) -> None:
    drawn = draw_one(f"{{integers = [50], low = {low}, high = {low + width}}}", seed=seed)

    assert low <= drawn.min()
    assert drawn.max() < low + width


@given(SIZES, FLOATS, st.sampled_from([0.0, 0.5]), SEEDS)
def test_permuted_numbers_have_no_ties(
    shape: list[int], dtype: str, min_abs: float, seed: int
) -> None:
    table = (
        f'{{permuted = {shape}, low = -2.0, high = 2.0, dtype = "{dtype}", min_abs = {min_abs}}}'
    )

    drawn = draw_one(table, seed=seed)

    assert drawn.size == np.unique(drawn).size
    assert drawn.size == 1 or (-2.0, 2.0) == (drawn.min(), drawn.max())


def test_permuted_numbers_are_equally_spaced() -> None:
    drawn = draw_one("{permuted = [8, 8], low = -2.0, high = 2.0}")

    np.testing.assert_allclose(np.sort(drawn.ravel()), np.linspace(-2, 2, 64))
    assert np.sort(drawn.ravel()).tolist() != drawn.ravel().tolist()


@given(SEEDS, st.floats(-3, 3), st.floats(0.1, 3))
def test_uniform_numbers_stay_between_low_and_high(seed: int, low: float, width: float) -> None:
    drawn = draw_one(f"{{uniform = [30], low = {low}, high = {low + width}}}", seed=seed)

    assert low <= drawn.min()
    assert drawn.max() <= low + width


INPUTS = (
    "{x = {normal = [3, 2]}, one = {one_hot = 3, size = 3}, y = {labels = 3, size = 3},"
    " n = {ones = [2], dtype = 'int64'}, reg = 0.5, eps = {value = 0.5}, k = [1.0, 2.0]}"
)


def test_scales_multiply_floating_inputs_and_nothing_else() -> None:
    """Labels, integers and bare values stay; the numbers below the scale are the same."""
    base, scaled = cases_of(INPUTS, "scales = [1.0, 100.0]")

    np.testing.assert_array_equal(scaled.inputs["x"], base.inputs["x"] * 100)
    assert base.inputs["eps"] * 100 == scaled.inputs["eps"]
    for name in ("one", "y", "n"):
        np.testing.assert_array_equal(scaled.inputs[name], base.inputs[name])
    for name in ("reg", "k"):
        assert base.inputs[name] == scaled.inputs[name]
    assert (1.0, 100.0) == (base.scale, scaled.scale)


def test_scales_without_one_leave_one_out() -> None:
    assert [0.001, 100.0] == [case.scale for case in cases_of(INPUTS, "scales = [1e-3, 100]")]


def test_a_scale_out_of_the_dtype_is_the_authors_mistake() -> None:
    with pytest.raises(AssignmentError, match=r"'x' does not fit into float16 at scale 1e\+06"):
        cases_of('{x = {ones = [3], dtype = "float16"}}', "scales = [1e6]")


def test_shapes_replace_the_geometry_of_the_named_inputs() -> None:
    cases = cases_of(
        INPUTS, "shapes = [{x = [1, 2], y = 1, one = [1]}, {x = [7, 2], one = [7, 3]}]"
    )

    shapes = [{n: v.shape for n, v in c.inputs.items() if hasattr(v, "shape")} for c in cases]
    assert [
        {"x": (3, 2), "one": (3, 3), "y": (3,), "n": (2,)},
        {"x": (1, 2), "one": (1, 3), "y": (1,), "n": (2,)},
        {"x": (7, 2), "one": (7, 3), "y": (3,), "n": (2,)},
    ] == shapes
    assert [0, 1, 2] == [case.shape_index for case in cases]
    assert ["", "x 1x2, y 1, one 1", "x 7x2, one 7x3"] == [case.label for case in cases]


NAMED = """
title = "T"
[inputs.batch]
x = {normal = [3]}
[inputs.single]
x = {normal = [3]}
[[checks]]
id = "a"
kind = "output"
run = "out = f(x)"
compare = ["out"]
inputs = ["batch", "single"]
scales = [0.1, 1.0]
[[checks]]
id = "b"
kind = "output"
run = "out = f(x)"
compare = ["out"]
inputs = ["batch", {x = {normal = [3]}}]
[[checks]]
id = "c"
kind = "output"
run = "out = f(1)"
compare = ["out"]
seed = 7
"""


def draw_named(seed: int, text: str = NAMED) -> dict[str, tuple[Case, ...]]:
    """Draw the cases of all checks."""
    spec = parse_spec(text)
    return {check.id: draw_cases(spec, check, seed) for check in spec.checks}


def numbers(case: Case) -> list[float]:
    """List the numbers of x."""
    drawn: list[float] = np.asarray(case.inputs["x"]).tolist()
    return drawn


def test_cases_are_sets_times_scales_in_order() -> None:
    cases = draw_named(1)["a"]

    assert [
        "batch, scale 0.1",
        "batch, scale 1",
        "single, scale 0.1",
        "single, scale 1",
    ] == [case.label for case in cases]


def test_a_named_set_has_the_same_numbers_in_all_checks() -> None:
    drawn = draw_named(1)

    assert numbers(drawn["a"][1]) == numbers(drawn["b"][0])


def test_sets_and_seeds_differ_in_their_numbers() -> None:
    drawn, other = draw_named(1), draw_named(2)
    streams = [drawn["a"][1], drawn["a"][3], drawn["b"][1], other["a"][1], other["b"][1]]

    assert 5 == len({tuple(numbers(case)) for case in streams})


def test_the_same_seed_draws_the_same() -> None:
    assert [numbers(c) for c in draw_named(3)["a"]] == [numbers(c) for c in draw_named(3)["a"]]


def test_a_further_input_leaves_the_others_as_they_are() -> None:
    further = NAMED.replace("[inputs.batch]\n", "[inputs.batch]\nw = {normal = [9]}\n")

    assert numbers(draw_named(1)["a"][1]) == numbers(draw_named(1, further)["a"][1])


def test_a_check_without_inputs_is_one_case() -> None:
    (case,) = draw_named(1)["c"]

    assert ("", {}) == (case.label, case.inputs)


def test_the_seed_of_a_check_goes_before_that_of_the_run() -> None:
    assert draw_named(1)["c"] == draw_named(2)["c"]
    assert draw_named(1)["a"][0].seed != draw_named(2)["a"][0].seed


@given(SEEDS)
def test_the_seed_of_the_calls_is_one_that_numpy_takes(seed: int) -> None:
    seeds = {case.seed for cases in draw_named(seed).values() for case in cases}

    assert all(0 <= each < 2**32 for each in seeds)
    assert 3 == len(seeds)
