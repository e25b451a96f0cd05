"""A plot shows what a student's code did, beside what the solution does on other numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from grader.checks.plots import N_DRAWS
from grader.errors import BrokenSolution, SpecError
from grader.plot import MOST_CELLS, MOST_POINTS, MOST_STEPS, read_plot, write_plot
from grader.report import Verdict
from grader.spec import parse_spec

TRACE = """
[[checks]]
id = "fit"
kind = "output"
inputs = {start = {uniform = [1], low = 1.0, high = 2.0}}
run = "losses"
compare = ["losses"]
trace = {value = "losses", along = "epoch", log = true}
"""
PLANE = """
[[checks]]
id = "plane"
kind = "property"
inputs = {X = {normal = [30, 2]}}
run = "scores, y"
returns = ["scores", "y"]
holds = "True"
boundary = {scores = "scores", x1 = [-2, 2], x2 = [-1, 1], points = "X", labels = "y"}
"""


def fall(n_steps=5, rate=0.5, start=None):
    """A training run that falls from where the input says."""
    return lambda inputs: {
        "losses": (inputs["start"][0] if start is None else start) * rate ** np.arange(n_steps)
    }


def plane(n_rows=5, n_columns=9, level=0.0, *, is_whole=False, points_at=None):
    """A classifier that tells the sign of x1 - level."""

    def tell(inputs):
        row = np.linspace(-2, 2, n_columns) - level
        scores = np.tile(row, (n_rows, 1))
        y = np.where(inputs["X"][:, 0] >= 0, 1, -1)
        if is_whole:
            scores = np.where(scores >= 0, 1, -1)
        if points_at is not None:
            inputs["X"][:] = points_at
        return {"scores": scores, "y": y, "_holds": True}

    return tell


def test_a_trace_has_the_students_line_and_the_band_of_other_draws(drive):
    grading = drive(TRACE, fall(rate=0.9), fall())
    (trace,) = grading.judgement.plots
    assert Verdict.WRONG_ANSWER is grading.judgement.verdict
    start = trace.reference[0]
    assert (5, 1, "epoch", True) == (trace.n_steps, trace.stride, trace.along, trace.is_log)
    assert trace.student == pytest.approx([start * 0.9**k for k in range(5)], rel=1e-3)
    assert all(low < high for low, high in zip(trace.low, trace.high, strict=True))
    starts = sorted(
        one.inputs["start"][0] for ask in grading.solution.asks[-1:] for one in ask.evaluations
    )
    assert N_DRAWS == len(set(starts))
    assert (trace.low[0], trace.high[0]) == pytest.approx((starts[0], starts[-1]), rel=1e-3)


def test_the_band_is_the_same_whatever_the_seed_of_the_run(drive):
    first, second = (drive(TRACE, fall(), fall(), seed=seed).judgement.plots[0] for seed in (1, 2))
    assert (first.low, first.high) == (second.low, second.high)
    assert first.student != second.student


def test_a_fixed_seed_of_the_check_is_no_seed_of_the_band(drive):
    (trace,) = drive(
        TRACE.replace('id = "fit"', 'id = "fit"\nseed = 3'), fall(), fall()
    ).judgement.plots
    assert trace.low[0] < trace.high[0]


def test_a_right_answer_has_its_plot_too(drive):
    judgement = drive(TRACE, fall(), fall()).judgement
    assert Verdict.PASSED is judgement.verdict
    assert judgement.plots[0].student == judgement.plots[0].reference


def test_a_long_line_is_thinned_out_and_lines_may_differ_in_length(drive):
    (trace,) = drive(TRACE, fall(1000, 0.999), fall(300, 0.99)).judgement.plots
    assert 1000 == trace.n_steps
    assert len(trace.student) <= MOST_STEPS
    assert len(trace.high) == -(-300 // trace.stride)


def test_what_is_no_number_is_a_gap(drive):
    def diverge(inputs):
        return {"losses": np.array([inputs["start"][0], 1e300, np.inf, np.nan, 2.0])}

    (trace,) = drive(TRACE, diverge, fall()).judgement.plots
    assert (1e300, None, None, 2.0) == trace.student[1:]


@pytest.mark.parametrize(
    "losses", [None, 3.0, "falling", [1.0], np.ones((2, 2)), np.array([1j, 2j]), [[1.0], [2.0, 3]]]
)
def test_of_what_is_no_line_there_is_no_plot_and_no_failure_of_ours(drive, losses):
    assert () == drive(TRACE, lambda _: {"losses": losses}, fall()).judgement.plots


def test_a_program_that_raises_has_no_plot(drive):
    judgement = drive(TRACE, lambda inputs: inputs["losses"], fall()).judgement
    assert Verdict.EXCEPTION is judgement.verdict
    assert () == judgement.plots


def test_a_solution_whose_values_are_no_line_is_its_authors_mistake(drive):
    with pytest.raises(BrokenSolution, match=r"`losses` cannot be drawn.*one number a step"):
        drive(TRACE, fall(1), fall(1))


def test_of_several_sets_the_wrong_one_is_drawn(drive):
    toml = TRACE.replace(
        "inputs = {", "inputs = [{start = {uniform = [1], low = 8.0, high = 9.0}}, {"
    ).replace("2.0}}\n", "2.0}}]\n")

    def half_right(inputs):
        start = inputs["start"][0]
        return {"losses": start * (0.5 if start > 5 else 0.7) ** np.arange(5)}

    (trace,) = drive(toml, half_right, fall()).judgement.plots
    assert "set 2" == trace.case
    assert trace.student[0] < 5


def test_a_boundary_has_the_students_plane_and_rings_around_points_on_the_wrong_side(drive):
    (boundary,) = drive(PLANE, plane(level=10.0), plane()).judgement.plots
    (region,) = boundary.regions
    assert ("000000000",) * 5 == region.cells
    assert ("000011111",) * 5 == region.reference
    n_above = sum(label for _, _, label in boundary.points)
    assert n_above == region.n_wrong == len(region.wrong) > 0
    assert (30, (-2.0, 2.0), (-1.0, 1.0)) == (boundary.n_points, boundary.x1, boundary.x2)


def test_whole_numbers_are_classes_by_name_and_an_unknown_one_is_none(drive):
    def tell(inputs):
        told = plane(is_whole=True)(inputs)
        told["scores"][0, 0] = 7
        return told

    (boundary,) = drive(PLANE, tell, plane(is_whole=True)).judgement.plots
    assert ("-1", "1") == boundary.classes
    assert "!00011111" == boundary.regions[0].cells[0]


def test_a_score_that_is_no_number_is_no_class(drive):
    def tell(inputs):
        told = plane()(inputs)
        told["scores"][1, :2] = np.nan
        return told

    (boundary,) = drive(PLANE, tell, plane()).judgement.plots
    assert "!!0011111" == boundary.regions[0].cells[1]


def test_a_panel_for_each_title(drive):
    def tell(inputs):
        told = plane()(inputs)
        told["scores"] = np.stack([told["scores"], -told["scores"]])
        return told

    toml = PLANE.replace('labels = "y"', 'labels = "y", panels = ["C = 1", "C = 9"]')
    (boundary,) = drive(toml, tell, tell).judgement.plots
    assert ["C = 1", "C = 9"] == [region.title for region in boundary.regions]


def test_the_points_are_those_of_the_solution_whatever_the_student_makes_of_them(drive):
    moved, own = (
        drive(PLANE, plane(points_at=at), plane()).judgement.plots[0].points for at in (5.0, None)
    )
    assert own == moved


def test_a_fine_plane_and_many_points_are_thinned_out(drive):
    toml = PLANE.replace("[30, 2]", "[1000, 2]")
    (boundary,) = drive(toml, plane(200, 300), plane(200, 300)).judgement.plots
    assert len(boundary.points) <= MOST_POINTS < boundary.n_points
    assert len(boundary.regions[0].cells) <= MOST_CELLS
    assert len(boundary.regions[0].cells[0]) <= MOST_CELLS


@pytest.mark.parametrize(
    "scores",
    [None, "left", 1.0, np.ones(9), np.ones((5, 8)), np.ones((2, 5, 9)), np.ones((5, 9), complex)],
)
def test_of_what_is_no_plane_there_is_no_plot_and_no_failure_of_ours(drive, scores):
    def tell(inputs):
        return plane()(inputs) | {"scores": scores}

    assert () == drive(PLANE, tell, plane()).judgement.plots


def test_a_solution_that_tells_nothing_of_a_plane_is_its_authors_mistake(drive):
    with pytest.raises(BrokenSolution, match="`scores` cannot be drawn"):
        drive(PLANE, plane(1), plane(1))


@pytest.mark.parametrize("toml", [TRACE, PLANE])
def test_a_plot_comes_back_from_json_as_it_was(drive, toml):
    (drawn,) = drive(
        toml, *([fall(), fall()] if toml is TRACE else [plane(), plane()])
    ).judgement.plots
    for plot in (drawn, drawn.for_student()):
        text = json.dumps(write_plot(plot), allow_nan=False)
        assert plot == read_plot(json.loads(text))
        assert ("reference" in text) == (plot is drawn)


@pytest.mark.parametrize(
    ("toml", "old", "new", "said"),
    [
        (TRACE, '{value = "losses"', '{value = "loss"', "does not return 'loss'"),
        (PLANE, 'scores = "scores"', 'scores = "score"', "does not return 'score'"),
        (PLANE, 'points = "X"', 'points = "Z"', "no input 'Z', nor returns it"),
        (PLANE, "x1 = [-2, 2]", "x1 = [2, -2]", "is not a range"),
    ],
)
def test_a_plot_of_what_is_not_there_is_refused_with_its_key(toml, old, new, said):
    assert old in toml
    text = 'title = "T"\nfiles = ["solution.py"]\n' + toml.replace(old, new)
    with pytest.raises((SpecError, ExceptionGroup)) as raised:
        parse_spec(text)
    errors = getattr(raised.value, "exceptions", (raised.value,))
    assert any(said in str(error) for error in errors)
