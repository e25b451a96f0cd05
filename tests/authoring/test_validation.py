"""`validate` finds what no right submission would show."""

import pytest

from grader.authoring.validation import validate
from grader.errors import SandboxUnavailable
from grader.expected import expected_values
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING, Tier
from grader.spec import load_assignment

CHECK = """title = "T"
[[checks]]
id = "c"
kind = "output"
inputs = {x = {normal = [4, 3]}}
run = "out = f(x)"
compare = ["out"]
"""
SOLUTION = "def f(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n"
CUT = "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError\n"


@pytest.fixture
def problems(tmp_path, require):
    """Writes a folder and returns what `validate` holds against it, by name."""
    try:
        tier, reason = select_tier(CONFINING), ""
    except SandboxUnavailable as error:
        tier, reason = Tier.LANDLOCK, str(error)
    require(not reason, reason)

    def judge(toml=CHECK, **files):
        for name, text in {"solution": SOLUTION, **files}.items():
            (tmp_path / f"{name}.py").write_text(text)
        (tmp_path / "assignment.toml").write_text(toml)
        assignment = load_assignment(tmp_path)
        with Slot(tier) as slot, expected_values(assignment, slot, None) as expected:
            findings = list(validate(assignment, slot, expected, 0))
        return {one.name: " ".join(one.problems) for one in findings if not one.holds}

    return judge


def test_a_sound_folder_has_no_problems(problems):
    assert {} == problems()
    assert {} == problems(starter=CUT)


def test_an_accepted_variant_that_the_solution_cannot_answer_is_found(problems):
    variant = '[[checks.accept]]\nname = "z"\nexpect = "out = g(x)"\n'
    found = problems(CHECK + variant)
    assert ["c, accept 'z'"] == list(found)
    assert "NameError" in found["c, accept 'z'"]


def test_a_starter_that_is_not_the_cut_is_found(problems):
    found = problems(starter=CUT + "# more\n")
    assert ["starter"] == list(found)
    assert found["starter"].startswith("starter.py:4: is not what is cut from solution.py")


def test_a_starter_that_earns_points_is_found(problems):
    found = problems(solution="def f(x):\n    return x\n", starter="def f(x):\n    return x\n")
    assert "without any work, by c" in found["starter"]


def test_a_solution_that_cannot_be_cut_is_found(problems):
    found = problems(solution="def f(x):\n    # BEGIN SOLUTION\n    return x\n")
    assert found["starter"].startswith("solution.py:2: # BEGIN SOLUTION without # END")
