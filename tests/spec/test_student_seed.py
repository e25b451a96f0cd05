"""Numbers of a student's own: the same at every attempt, other ones for everybody else."""

import numpy as np
import pytest

from grader.checks import Context
from grader.errors import SpecError
from grader.spec import parse_spec, seed_of_student

SPEC = """
title = "T"
[inputs.set]
x = {{normal = [3]}}
[[checks]]
id = "own"
kind = "output"
inputs = "set"
run = "y = f(x)"
compare = ["y"]
seed = {seed}
[[checks]]
id = "everybody's-is-no-id"
kind = "output"
inputs = "set"
run = "y = f(x)"
compare = ["y"]
""".replace("everybody's-is-no-id", "runs")


def numbers(student, *, seed=1, slug="hw", check=0):
    spec = parse_spec(SPEC.format(seed='"student"'))
    context = Context(spec, seed, lambda _: True, "", seed_of_student(slug, student))
    [case] = context.cases(spec.checks[check])
    return np.asarray(case.inputs["x"]).tolist(), case.seed


def test_they_are_the_same_whatever_the_runs_seed_is():
    assert numbers("17", seed=1) == numbers("17", seed=2)


def test_they_differ_between_students_and_between_assignments():
    drawn = [numbers("17"), numbers("18"), numbers(""), numbers("17", slug="hw2")]
    assert 4 == len({tuple(x) for x, _ in drawn})


def test_other_checks_of_the_assignment_draw_by_the_run():
    assert numbers("17", check=1) == numbers("18", check=1)
    assert numbers("17", check=1) != numbers("17", check=1, seed=2)


def test_they_must_not_change_or_old_runs_could_not_be_replayed():
    assert 7537625517665226353 == seed_of_student("mlp-backprop", "17")


def test_what_is_worked_out_about_a_solution_is_the_same_for_all_students():
    spec = parse_spec(SPEC.format(seed='"student"'))
    trials = [
        Context(spec, 1, lambda _: True, "", seed_of_student("hw", name)).trial_cases(
            spec.checks[0]
        )[0]
        for name in ("17", "18")
    ]
    np.testing.assert_array_equal(trials[0].inputs["x"], trials[1].inputs["x"])


@pytest.mark.parametrize("seed", ['"studnet"', "1.5", "true", "-1"])
def test_another_seed_is_refused_with_its_line(seed):
    with pytest.raises(SpecError) as caught:
        parse_spec(SPEC.format(seed=seed))
    assert (11, "checks.own.seed") == (caught.value.line, caught.value.key)
