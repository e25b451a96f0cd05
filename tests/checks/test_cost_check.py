"""`cost`: the ratio to the solution's time and the growth with size decide, noise does not."""

import numpy as np
import pytest

from grader.calls import Evaluation, Raised, Returned
from grader.checks import Context, judge
from grader.checks.ask import Side
from grader.checks.cost import REPETITIONS, ROUNDS
from grader.report import Verdict
from grader.spec import parse_spec

RATIO = """
title = "T"
[[checks]]
id = "fast"
kind = "cost"
inputs = {x = {normal = [4, 3]}}
run = "f(x)"
ratio = 3.0
"""
PASSING_S = 2e-3
"""What the frames themselves take, whatever is run."""
GROWTH = RATIO.replace("ratio = 3.0", 'grows = {over = "x", from = 100, to = 10000}')


def conclude(toml, student, solution):
    """Judge a cost check; `student` and `solution` give seconds for a number of rows."""
    spec = parse_spec(toml)
    judging = judge(spec.checks[0], Context(spec, 1, lambda _: False))
    turns = 0
    try:
        ask = next(judging)
        while True:
            seconds = student if ask.side is Side.STUDENT else solution
            turns += 1
            (one,) = ask.evaluations
            assert isinstance(one, Evaluation)
            n_rows = len(np.asarray(one.inputs["x"]))
            time = PASSING_S + (0.0 if one.code == "pass" else seconds(n_rows))
            answer = Returned({}, wall_time_s=time * (50 if turns % 3 == 1 else 1))  # disturbed
            ask = judging.send((answer,))
    except StopIteration as stop:
        return stop.value


def test_the_same_work_as_the_solution_passes_whatever_one_turn_was_like():
    assert Verdict.PASSED == conclude(RATIO, lambda _: 0.01, lambda _: 0.01).verdict


@pytest.mark.parametrize(("factor", "verdict"), [(2.9, "passed"), (3.1, "time_limit")])
def test_the_ratio_is_the_limit(factor, verdict):
    judgement = conclude(RATIO, lambda _: 0.01 * factor, lambda _: 0.01)
    assert verdict == judgement.verdict
    assert factor == pytest.approx(judgement.measured["ratio"])


@pytest.mark.parametrize(("factor", "verdict"), [(1, "passed"), (4, "time_limit")])
def test_a_machine_that_is_busy_for_the_first_rounds_makes_no_program_slow(factor, verdict):
    calls = iter(range(10**6))

    def student(_):
        return 2e-3 * factor * (10 if next(calls) < 2 * ROUNDS * REPETITIONS else 1)

    assert verdict == conclude(RATIO, student, lambda _: 2e-3).verdict


def test_a_long_time_is_not_measured_more_often_than_others():
    calls = []

    def student(n_rows):
        calls.append(n_rows)
        return 0.5

    assert Verdict.TIME_LIMIT == conclude(RATIO, student, lambda _: 2e-3).verdict
    assert ROUNDS * REPETITIONS == len(calls)


def test_times_too_short_to_tell_apart_are_not_told_apart():
    assert Verdict.PASSED == conclude(RATIO, lambda _: 1e-4, lambda _: 1e-6).verdict


def test_a_loop_over_samples_is_seen_by_its_growth():
    judgement = conclude(GROWTH, lambda n: 1e-5 * n, lambda n: 1e-3 + 1e-8 * n)
    assert Verdict.TIME_LIMIT == judgement.verdict
    assert ["growth"] == [one.code for one in judgement.diagnosis]
    assert 1.0 == pytest.approx(judgement.measured["growth_exponent"], abs=0.01)


def test_slow_but_growing_alike_is_not_called_a_loop():
    judgement = conclude(GROWTH, lambda n: 20e-6 * n, lambda n: 1e-6 * n)
    assert Verdict.TIME_LIMIT == judgement.verdict
    assert () == judgement.diagnosis


def test_a_student_that_raises_is_judged_by_the_exception():
    spec = parse_spec(RATIO)
    judging = judge(spec.checks[0], Context(spec, 1, lambda _: False))
    ask = next(judging)
    raised = Raised("ZeroDivisionError", (), "division by zero", in_snippet=False)
    with pytest.raises(StopIteration) as stop:
        judging.send((raised,) * len(ask.evaluations))
    assert Verdict.EXCEPTION == stop.value.value.verdict
