"""Chance in a student's program is named, and costs nothing where every run is right."""

from __future__ import annotations

import numpy as np
import pytest

from grader.calls import Opaque
from grader.checks.ask import Side
from grader.checks.determinism import is_same_value
from grader.report import Verdict

OUTPUT = """
[[checks]]
id = "noise"
kind = "output"
inputs = {x = {normal = [4, 3]}}
run = "y = f(x)"
compare = ["y"]
"""
PROPERTY = OUTPUT.replace('"output"', '"property"').replace(
    'compare = ["y"]', 'returns = ["y"]\nholds = "y < 1"'
)
IMPORTS = "import numpy as np\nrng = np.random.default_rng()\n"


def right(i):
    return {"y": 2 * i["x"]}


def varying(*answers):
    """A function that answers so, one time after the other, and then as the last time."""
    left = list(answers)

    def function(i):
        answer = left.pop(0) if len(left) > 1 else left[0]
        return {"y": answer(i["x"]) if callable(answer) else answer}

    return function


def codes(judgement):
    return [one.code for one in judgement.diagnosis]


def n_asked(grading):
    return sum(len(ask.evaluations) for ask in grading.student.asks)


def test_a_right_file_without_chance_is_run_once(drive):
    assert 1 == n_asked(drive(OUTPUT, right, right, source="import numpy as np\nrng"))


def test_a_right_file_that_names_a_source_of_chance_is_run_once_more(drive):
    grading = drive(OUTPUT + "scales = [1.0, 2.0]\n", right, right, source=IMPORTS)
    assert (Verdict.PASSED, ()) == (grading.judgement.verdict, grading.judgement.notes)
    assert 2 + 1 == n_asked(grading)


def test_an_answer_that_is_right_every_time_passes_with_a_note(drive):
    noisy = varying(lambda x: 2 * x, lambda x: 2 * x + 1e-9, lambda x: 2 * x + 2e-9)
    judgement = drive(OUTPUT, noisy, right, source=IMPORTS).judgement
    assert (Verdict.PASSED, ("nondeterministic",)) == (judgement.verdict, judgement.notes)


def test_an_answer_that_is_right_by_chance_is_wrong_and_named(drive):
    noisy = varying(lambda x: 2 * x, lambda x: 3 * x)
    judgement = drive(OUTPUT, noisy, right, source=IMPORTS).judgement
    assert Verdict.WRONG_ANSWER is judgement.verdict
    assert ["nondeterministic"] == codes(judgement)
    assert ("nondeterministic",) == judgement.notes
    assert "only the first was right" in judgement.message


def test_the_second_judging_asks_for_a_fresh_worker(drive):
    noisy = varying(lambda x: 2 * x, lambda x: 3 * x, lambda x: 2 * x)
    grading = drive(OUTPUT, noisy, right, source=IMPORTS)
    assert [False, False, True] == [ask.is_fresh for ask in grading.student.asks]
    assert (Verdict.PASSED, ("nondeterministic",)) == (
        grading.judgement.verdict,
        grading.judgement.notes,
    )


def test_a_wrong_answer_that_differs_each_time_is_named(drive):
    noisy = varying(lambda x: 3 * x, lambda x: 4 * x, lambda x: 5 * x)
    judgement = drive(OUTPUT, noisy, right).judgement
    assert Verdict.WRONG_ANSWER is judgement.verdict
    assert "nondeterministic" == codes(judgement)[0]
    assert "Two runs of your code" in judgement.message


def test_an_ordinary_wrong_answer_is_not_blamed_on_chance(drive):
    judgement = drive(OUTPUT, lambda i: {"y": 3 * i["x"]}, right, source=IMPORTS).judgement
    assert Verdict.WRONG_ANSWER is judgement.verdict
    assert not {"nondeterministic", "own_seed", "other_generator"} & set(codes(judgement))
    assert "Two runs" not in judgement.message


@pytest.mark.parametrize(
    ("second", "verdict"), [(0.5, Verdict.PASSED), (2.0, Verdict.WRONG_ANSWER)]
)
def test_a_property_that_holds_by_chance_is_found_out(drive, second, verdict):
    predicate = {"_holds = (\ny < 1\n)": lambda i: {"_holds": bool(i["y"] < 1)}}
    solution = {"y = f(x)": lambda _: {"y": 0.0}, **predicate}
    judgement = drive(PROPERTY, varying(0.25, second), solution, source=IMPORTS).judgement
    assert verdict is judgement.verdict
    assert "nondeterministic" in judgement.notes


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (1.0, 1.0, True),
        (1.0, 1.0 + 2e-16, True),
        (1.0, 1.0 + 1e-12, False),
        (np.nan, np.nan, True),
        (np.nan, 1.0, False),
        (np.inf, -np.inf, False),
        (np.zeros(3), np.zeros(3), True),
        (np.zeros(3), np.full(3, 1e-300), False),
        (np.zeros(3), np.zeros((3, 1)), False),
        (np.array([1, 2]), np.array([1, 3]), False),
        ([np.ones(2), "a", None], [np.ones(2), "a", None], True),
        ([np.ones(2), "a"], [np.ones(2), "b"], False),
        (Opaque("Net"), Opaque("Net"), True),
        (None, 0.0, False),
        (True, True, True),
        (True, 1, False),
        (1j, 1j, True),
        ("a", 1.0, False),
    ],
)
def test_values_are_the_same_up_to_the_order_of_additions(one, other, is_same):
    assert is_same is is_same_value(one, other)


def test_the_solution_is_asked_under_another_seed_only_where_that_can_tell_something(drive):
    wrong = drive(OUTPUT, lambda i: {"y": 3 * i["x"]}, right)
    assert 1 == len(wrong.solution.asks)
    grading = drive(OUTPUT, lambda i: {"y": 3 * i["x"]}, right, source=IMPORTS)
    [*_, last] = grading.solution.asks
    assert Side.SOLUTION is last.side
    assert 2 == len({one.seed for one in last.evaluations})
    assert last.cacheable
