"""`calibrate` measures how far right programs are apart, and refuses what they do not pass."""

import math

import pytest

from grader.authoring.calibration import calibrate, count_runs
from grader.authoring.validation import Place
from grader.errors import BrokenSolution, SandboxUnavailable
from grader.expected import expected_values
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING, Tier
from grader.settings import load_settings
from grader.spec import load_assignment

TOML = """title = "T"
[[checks]]
id = "total"
kind = "output"
inputs = {x = {normal = [40, 30]}}
run = "out = total(x)"
compare = {out = {rtol = 1e-6}}
"""
LUCK = """
[[checks]]
id = "luck"
kind = "property"
inputs = {x = {normal = [1]}}
run = "out = total(x)"
returns = ["out"]
holds = "True if x[0] < 0.9 else 'too large'"
"""
SOLUTION = "import numpy as np\ndef total(x): return x @ x.T\n"
LOOPS = "import numpy as np\ndef total(x): return np.array([[sum(a * b) for b in x] for a in x])\n"
COARSE = "def total(x): return (x @ x.T) * (1 + 3e-5)\n"


@pytest.fixture
def measure(tmp_path, require):
    """Writes a folder and returns what `calibrate` has found of it in three seeds, by check."""
    try:
        tier, reason = select_tier(CONFINING, load_settings().cache_dir), ""
    except SandboxUnavailable as error:
        tier, reason = Tier.LANDLOCK, str(error)
    require(not reason, reason)

    def measure(toml=TOML, solution=SOLUTION, seeds=range(3), **passed):
        folder = tmp_path / "submissions" / "passed"
        folder.mkdir(parents=True)
        for name, text in passed.items():
            (folder / f"{name}.py").write_text(text)
        (tmp_path / "solution.py").write_text(solution)
        (tmp_path / "assignment.toml").write_text(toml)
        assignment = load_assignment(tmp_path)
        with Slot(tier) as slot, expected_values(assignment, slot, None) as expected:
            steps = list(calibrate(assignment, [Place(slot, expected)], seeds))
        assert len(steps) <= count_runs(assignment, len(seeds))
        return steps[-1]

    return measure


def test_another_formula_shows_the_rounding_that_a_tolerance_must_leave(measure):
    total = measure(loops=LOOPS)["total"]
    assert total.holds
    assert total.n_passed == total.n_runs >= 6
    assert 0 < total.worst < 1e-13
    assert total.quantile(0.5) <= total.quantile(0.99) <= total.worst
    assert 1e-6 == total.tolerances.rtol
    assert total.proposed_rtol == pytest.approx(1e-12)
    assert 1e-8 < max(total.single_errors) < 1e-5
    assert 3 == total.n_single_runs
    exponent = math.log10(total.proposed_single_rtol)
    assert exponent == pytest.approx(round(exponent))
    assert total.proposed_single_rtol >= 10 * max(total.single_errors)


def test_a_right_submission_that_fails_is_refused_with_its_seed_and_the_tolerance(measure):
    total = measure(coarse=COARSE, seeds=range(5, 6))["total"]
    assert not total.holds
    assert total.n_passed < total.n_runs
    [problem] = total.problems
    assert problem.startswith("assignment.toml:2: checks.total: submissions/passed/coarse.py")
    assert "--seed 5" in problem
    assert "a tolerance of 1e-03 would let it pass" in problem


def test_a_check_that_the_solution_passes_with_some_seeds_only_is_refused(measure):
    found = measure(
        TOML + LUCK, solution="import numpy as np\ndef total(x): return x\n", seeds=range(12)
    )
    [problem] = found["luck"].problems
    assert "assignment.toml:9: checks.luck: the solution breaks with --seed" in problem
    assert found["luck"].n_passed > 0
    assert found["total"].holds


def test_a_solution_that_cannot_be_run_is_the_authors_to_mend(measure):
    with pytest.raises(BrokenSolution, match="SyntaxError"):
        measure(solution="def total(x) return\n")
