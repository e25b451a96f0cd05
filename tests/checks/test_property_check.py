"""A `property` check: a predicate that the solution's side evaluates decides."""

import numpy as np
import pytest

from grader.checks.ask import Opaque, Side
from grader.errors import BrokenSolution
from grader.report import Verdict

TOML = """
[[checks]]
id = "root"
kind = "property"
inputs = {a = 2.0}
run = "x = root(a)"
returns = ["x"]
holds = "abs(x * x - a) <= 1e-9"
"""
RUN, HOLDS = "x = root(a)", "_holds = (\nabs(x * x - a) <= 1e-9\n)"


def root(i):
    return {"x": float(np.sqrt(i["a"]))}


def returning(value):
    return lambda _: {"x": value}


def holds(i):
    return {"_holds": bool(abs(i["x"] * i["x"] - i["a"]) <= 1e-9)}


SOLUTION = {RUN: root, HOLDS: holds}


def solution_with(predicate):
    return {RUN: root, HOLDS: lambda i: {"_holds": predicate(i["x"])}}


@pytest.mark.parametrize("x", [2**0.5, -(2**0.5), np.float64(2**0.5)])
def test_any_value_with_the_property_passes(drive, x):
    assert drive(TOML, returning(x), SOLUTION).judgement.verdict is Verdict.PASSED


def test_a_value_without_it_is_wrong(drive):
    judgement = drive(TOML, returning(1.5), SOLUTION).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.message == "The property that is asked for does not hold."


def test_the_predicate_on_the_students_values_is_never_cached(drive):
    grading = drive(TOML, root, SOLUTION)
    assert [ask.cacheable for ask in grading.solution.asks] == [True, True, False]
    assert [ask.side for ask in grading.student.asks] == [Side.STUDENT]


def test_a_text_is_the_message(drive):
    solution = solution_with(lambda x: True if x > 1.41 else "x is too small")
    judgement = drive(TOML, returning(1.0), solution).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.message == "x is too small"


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        (True, Verdict.PASSED),
        (np.True_, Verdict.PASSED),
        (False, Verdict.WRONG_ANSWER),
        (np.False_, Verdict.WRONG_ANSWER),
        (1, Verdict.WRONG_ANSWER),
        (1.0, Verdict.WRONG_ANSWER),
        (None, Verdict.WRONG_ANSWER),
        ("", Verdict.WRONG_ANSWER),
        (np.array([True, True]), Verdict.WRONG_ANSWER),
        ([], Verdict.WRONG_ANSWER),
        (float("nan"), Verdict.WRONG_ANSWER),
    ],
)
def test_only_true_passes(drive, result, verdict):
    solution = solution_with(lambda x: True if x == 2**0.5 else result)
    assert drive(TOML, returning(1.5), solution).judgement.verdict is verdict


def test_values_that_break_the_predicate_are_wrong_and_not_our_failure(drive):
    judgement = drive(TOML, returning("text"), SOLUTION).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert "TypeError" in judgement.message


def test_a_predicate_that_breaks_on_the_solution_too_is_the_authors_mistake(drive):
    def broken(_):
        raise NameError("name 'gap' is not defined")

    with pytest.raises(BrokenSolution, match="gap"):
        drive(TOML, root, solution_with(broken))


def test_a_solution_without_the_property_is_the_authors_mistake(drive):
    with pytest.raises(BrokenSolution, match="not True"):
        drive(TOML, root, solution_with(lambda _: False))


def test_an_object_is_wrong_without_asking_the_predicate(drive):
    grading = drive(TOML, returning(Opaque("Model")), SOLUTION)
    assert grading.judgement.verdict is Verdict.WRONG_ANSWER
    assert "Model" in grading.judgement.message
    assert len(grading.solution.asks) == 2


@pytest.mark.parametrize("x", [None, [], 0.0])
def test_a_templates_value_is_not_implemented(drive, x):
    assert drive(TOML, returning(x), SOLUTION).judgement.verdict is Verdict.NOT_IMPLEMENTED


def test_zero_passes_where_the_predicate_holds_on_it(drive):
    solution = solution_with(lambda _: True)
    assert drive(TOML, returning(0.0), solution).judgement.verdict is Verdict.PASSED


def test_exceptions_have_their_verdicts_here_too(drive):
    def fails(_):
        raise ZeroDivisionError

    assert drive(TOML, fails, SOLUTION).judgement.verdict is Verdict.EXCEPTION


def test_every_set_of_inputs_is_judged(drive):
    toml = TOML.replace("{a = 2.0}", "[{a = 2.0}, {a = 3.0}]")

    def right_for_two(_i):
        return {"x": 2**0.5}

    judgement = drive(toml, right_for_two, SOLUTION).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("said", ["x is too small", "x is too small."])
def test_a_message_that_the_predicate_gives_is_a_sentence_of_its_own_before_the_case(drive, said):
    toml = TOML + "scales = [1.0, 2.0]\n"
    judgement = drive(toml, returning(1.0), solution_with(lambda x: x > 1.2 or said)).judgement
    assert judgement.message == "x is too small. This is with scale 1."
