"""`validate` finds leaks, checks that cannot fail and limits without room, and no others."""

import math
from decimal import Decimal
from typing import cast

import pytest

from grader.authoring.validation import Place, validate
from grader.authoring.validation.places import run_jobs
from grader.errors import SandboxUnavailable
from grader.expected import ExpectedValues, expected_values
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING, Tier
from grader.settings import load_settings
from grader.spec import load_assignment

TOML = """title = "T"
[[checks]]
id = "shown"
kind = "output"
inputs = {x = {normal = [4, 3]}}
run = "out = f(x, 12.345)"
compare = ["out"]
"""
HIDDEN = """
[[checks]]
id = "hidden"
kind = "output"
visible = "never"
inputs = {x = [0.271828, 2.5]}
run = '''
word = "the quick brown fox"
out = f(np.asarray(x), 12.345)
'''
compare = ["out"]
"""
SOLUTION = """import numpy as np


def f(x, k):
    # BEGIN SOLUTION
    weights = np.exp(-np.abs(x)) / np.exp(-np.abs(x)).sum()
    return weights * k
    # END SOLUTION
"""
SECRET_LINE = "weights = np.exp(-np.abs(x)) / np.exp(-np.abs(x)).sum()"
RIGHT_VALUE = round(12.345 / (1 + math.exp(0.271828 - 2.5)), 4)
"""The first entry of what the hidden check compares: a softmax of two terms."""


@pytest.fixture
def findings(tmp_path, require):
    """Writes a folder, validates it, and returns the findings by name."""
    try:
        tier, reason = select_tier(CONFINING, load_settings().cache_dir), ""
    except SandboxUnavailable as error:
        tier, reason = Tier.LANDLOCK, str(error)
    require(not reason, reason)

    def judge(toml, solution=SOLUTION, n_places=1, **files):
        (tmp_path / "submissions").mkdir()
        for name, text in {"assignment__toml": toml, "solution__py": solution, **files}.items():
            (tmp_path / name.replace("__", ".").replace("submissions_", "submissions/")).write_text(
                text
            )
        assignment = load_assignment(tmp_path)
        with Slot(tier) as slot, Slot(tier) as other:
            places = [Place(one, _values(assignment, one)) for one in (slot, other)[:n_places]]
            first, *others = places
            found = list(validate(assignment, first.slot, first.expected, 0, others))
        return {one.name: one for one in found}

    return judge


def _values(assignment, slot):
    with expected_values(assignment, slot, None) as expected:
        return expected


def test_each_line_of_the_handout_that_tells_something_hidden_is_named(findings):
    readme = "\n".join(
        [
            "# Weights",
            f"Write `{SECRET_LINE}`.",
            "At 0.271828 it is large,",
            f"namely {RIGHT_VALUE}.",
            "It holds for `the quick brown fox` too.",
            f"The formula {SECRET_LINE} in a sentence tells what is asked for.",
            "Try it with k = 12.345, x = 2.5 or the year 2000; 11.1 is about right.",
        ]
    )
    [*problems] = findings(TOML + HIDDEN, README__md=readme)["hidden values"].problems
    assert ["README.md:2", "README.md:3", "README.md:4", "README.md:5"] == [
        ":".join(one.split(":")[:2]) for one in problems
    ]
    assert "solution.py:6" in problems[0]
    assert all("assignment.toml:9: checks.hidden" in one for one in problems[1:])


def test_a_check_that_holds_whatever_is_returned_cannot_fail(findings):
    more = """
[[checks]]
id = "always"
kind = "property"
inputs = {x = {normal = [4, 3]}}
run = "out = f(x, 2.0)"
returns = ["out"]
holds = "True"
[[checks]]
id = "sometimes"
kind = "property"
inputs = {x = {normal = [4, 3]}}
run = "out = f(x, 2.0)"
returns = ["out"]
holds = "not abs(out.sum() - 2) > 1e-9"
[[checks]]
id = "in-place"
kind = "output"
inputs = {x = {normal = [4, 3]}}
run = "g(x)"
compare = ["x"]
[[checks]]
id = "ruled"
kind = "source"
forbid = ["numpy.gradient"]
define = ["f(x, k)"]
[[checks]]
id = "quick"
kind = "cost"
inputs = {x = {normal = [4, 3]}}
run = "out = f(x, 2.0)"
ratio = 2.0
"""
    solution = SOLUTION + "\n\ndef g(x):\n    # BEGIN SOLUTION\n    x *= 2\n    # END SOLUTION\n"
    found = findings(TOML + more, solution)["checks"]
    assert ["checks.always", "checks.quick"] == [one.split(": ")[1] for one in found.problems]
    assert found.problems[0].startswith("assignment.toml:9: ")
    assert "does everything 8 times" in found.problems[1]


def test_a_limit_that_leaves_no_room_is_told_with_what_was_measured(findings):
    toml = TOML + 'limits = {wall_time = "0.2s"}\n'
    slow = SOLUTION.replace("weights = ", "import time; time.sleep(0.1)\n    weights = ", 1)
    found = findings(toml, slow)["headroom"]
    [problem] = found.problems
    assert problem.startswith("assignment.toml:2: checks.shown: the solution takes 0.1")
    assert problem.endswith("make it faster, or raise `wall_time`")
    [measured] = found.measured["checks"]
    assert 0.1 <= measured["wall_time_s"] < 0.2
    assert 1 < measured["headroom"]["wall_time"] < 2


def test_the_solution_is_graded_with_another_kernel_where_there_is_one(findings):
    found = findings(TOML)["solution, BLAS kernel"]
    assert found.holds
    if found.score is None:
        assert "not tried" in found.expectation
    else:
        assert (Decimal(1), True) == (found.score, "with the kernel" in found.expectation)


def test_two_places_find_all_in_the_order_of_the_folder(findings):
    wrong = "# fails: {}\nimport numpy as np\ndef f(x, k):\n    return {}\n"
    right = SECRET_LINE.replace("weights = ", "") + " * k"
    files = {
        "submissions_doubled__py": wrong.format("shown, shone", f"2 * {right}"),
        "submissions_signed__py": wrong.format("shown\n# diagnosis: sign_flipped", f"-{right}"),
    }
    found = findings(TOML, n_places=2, **files)
    runs = ["", ", again", ", seed 1", ", BLAS kernel"]
    rest = ["headroom", "hidden values", "starter", "doubled", "signed", "checks", "mutants"]
    assert [*(f"solution{run}" for run in runs), *rest] == list(found)
    assert found["signed"].holds, found["signed"].problems
    assert "fails shown: sign_flipped" == found["signed"].brief
    [problem] = found["doubled"].problems
    assert problem.startswith("submissions/doubled.py:1: it names a check shone that does not")


def test_jobs_give_their_results_in_order_and_raise_where_one_raises():
    def job(number):
        def run(place):
            if number == 3:
                raise ValueError(number)
            return number, place

        return run

    nobody = cast(ExpectedValues, None)
    one, other = (Place(Slot(Tier.NONE), nobody) for _ in range(2))
    assert [(n, one) for n in range(3)] == list(run_jobs(map(job, range(3)), [one]))
    results = run_jobs(map(job, range(5)), [one, other])
    assert [0, 1, 2] == [next(results)[0] for _ in range(3)]
    with pytest.raises(ValueError, match="3"):
        next(results)
