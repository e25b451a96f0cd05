"""`source`: what a text may not use and what it must define."""

import pytest

from grader.calls import Imports, Inspection, Raised, Returned
from grader.checks import Context, judge
from grader.checks.ask import Interrupted, Side
from grader.errors import BrokenSolution
from grader.report import Verdict
from grader.spec import parse_spec

SOLUTION = [["define", "f(x)", "solution.py", 1]]


def conclude(rules, facts, solution=SOLUTION, imports=()):
    """Judge a source check to which the box answers these facts, and imports while it ran."""
    toml = f'title = "T"\n[[checks]]\nid = "by-hand"\nkind = "source"\n{rules}\n'
    spec = parse_spec(toml)
    judging = judge(spec.checks[0], Context(spec, 1, lambda _: False))
    assert Side.SOLUTION == next(judging).side
    ask = judging.send((Returned({"facts": solution}),))
    assert Side.STUDENT == ask.side
    if ask.evaluations == (Imports(),):
        if isinstance(imports, Interrupted):
            ask = judging.throw(imports)
        else:
            ask = judging.send((Returned({"facts": list(imports)}),))
    assert (Inspection(),) == ask.evaluations
    try:
        judging.send((facts if isinstance(facts, Raised) else Returned({"facts": facts}),))
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it asked a fourth time")


def test_a_text_that_uses_nothing_forbidden_passes():
    judgement = conclude('forbid = ["scipy"]', [["import", "numpy", "solution.py", 1]])
    assert Verdict.PASSED == judgement.verdict


@pytest.mark.parametrize("name", ["numpy.gradient", "numpy.gradient.anything"])
def test_a_forbidden_name_and_all_below_it_are_named_with_their_line(name):
    judgement = conclude('forbid = ["numpy.gradient"]', [["use", name, "solution.py", 12]])
    assert Verdict.FORBIDDEN == judgement.verdict
    assert f"solution.py line 12 uses {name}" in judgement.message


def test_a_name_that_only_begins_alike_is_not_forbidden():
    judgement = conclude('forbid = ["numpy.grad"]', [["use", "numpy.gradient", "solution.py", 1]])
    assert Verdict.PASSED == judgement.verdict


def test_an_undefined_name_is_missing():
    judgement = conclude('define = ["f(x)"]', [["define", "g(x)", "solution.py", 1]])
    assert Verdict.MISSING == judgement.verdict


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        ("f", Verdict.PASSED),
        ("f(x, w)", Verdict.PASSED),
        ("f(x, w=1)", Verdict.PASSED),
        ("f(w, x)", Verdict.WRONG_ANSWER),
        ("f(x)", Verdict.WRONG_ANSWER),
        ("f()", Verdict.WRONG_ANSWER),
    ],
)
def test_parameters_are_compared_by_name_and_order_where_they_are_asked_for(wanted, verdict):
    solution = [["define", wanted, "solution.py", 1]]
    facts = [["define", "f(x, w)", "solution.py", 3]]
    judgement = conclude(f'define = ["{wanted}"]', facts, solution)
    assert verdict == judgement.verdict


def test_the_last_definition_counts_as_it_does_when_python_runs_the_file():
    facts = [["define", "f(x)", "solution.py", 1], ["define", "f(x, w)", "solution.py", 9]]
    assert Verdict.PASSED == conclude('define = ["f(x, w)"]', facts, facts).verdict


def test_a_text_that_does_not_parse_is_an_exception_with_its_line():
    judgement = conclude('forbid = ["scipy"]', [["error", "invalid syntax", "solution.py", 7]])
    assert Verdict.EXCEPTION == judgement.verdict
    assert "solution.py line 7" in judgement.message


@pytest.mark.parametrize("claim", ["no list", [1, ["import"], ["import", 2, 3, 4]]])
def test_garbled_facts_define_nothing(claim):
    assert Verdict.MISSING == conclude('define = ["f"]', claim).verdict


def test_a_cell_that_does_not_parse_costs_itself():
    facts = [["cell_error", "invalid syntax", "solution.py, cell 1", 2], *SOLUTION]
    assert Verdict.PASSED == conclude('define = ["f(x)"]', facts).verdict
    judgement = conclude('define = ["f(x)"]', facts[:1])
    assert Verdict.MISSING == judgement.verdict
    assert "cell 1" in judgement.message


def test_a_solution_that_breaks_its_own_rules_is_its_authors_mistake():
    with pytest.raises(BrokenSolution, match=r"by-hand.*scipy"):
        conclude('forbid = ["scipy"]', [], [["import", "scipy.optimize", "solution.py", 2]])


def test_an_import_that_was_seen_while_the_program_ran_is_forbidden_too():
    seen = [["import", "scipy.optimize", "solution.py", 9]]
    judgement = conclude('forbid = ["scipy"]', SOLUTION, imports=seen)
    assert Verdict.FORBIDDEN == judgement.verdict
    assert "solution.py line 9 uses scipy.optimize" in judgement.message


@pytest.mark.parametrize(
    "imports", [[["import", "json", "solution.py", 1]], [1, "scipy", None, ["import", 2, 3, 4]]]
)
def test_other_imports_and_nonsense_cost_nothing(imports):
    assert Verdict.PASSED == conclude('forbid = ["scipy"]', SOLUTION, imports=imports).verdict


def test_a_worker_that_does_not_live_to_tell_costs_nothing():
    died = Interrupted(Verdict.CRASH, "gone")
    assert Verdict.PASSED == conclude('forbid = ["scipy"]', SOLUTION, imports=died).verdict


def test_every_line_is_told():
    facts = [["use", "numpy.gradient", "solution.py", n] for n in (3, 5, 5, 8, 9, 10, 11, 12)]
    message = conclude('forbid = ["numpy.gradient"]', facts).message
    assert message.startswith("solution.py line 3 uses numpy.gradient")
    assert "So do solution.py line 5, solution.py line 8" in message
    assert "and 1 more" in message
