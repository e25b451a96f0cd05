"""`calls` of a cost check: functions that are handed to a program are counted outside of it."""

from __future__ import annotations

import pytest

from grader.errors import BrokenSolution, SpecError
from grader.report import Verdict
from grader.spec import load_assignment

SUPPORT = """
import numpy as np
def square(x): return float(np.sum(x ** 2))
"""
SOLUTION = """
import numpy as np
def numerical_gradient(f, x):
    grad = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[i] = 1e-5
        grad[i] = (f(x + step) - f(x - step)) / 2e-5
    return grad
def cube(x): return float(np.sum(x ** 3))
"""
WASTEFUL = SOLUTION.replace("/ 2e-5", "/ 2e-5 + 0 * f(x)")
RUN = "from cases import square\\ngrad = numerical_gradient(square, x)"


@pytest.fixture
def counted(tmp_path):
    """A function that writes and loads an assignment that counts calls."""

    def write(run=RUN, keys="calls = 12", solution=SOLUTION, support=SUPPORT):
        (tmp_path / "assignment.toml").write_text(
            'title = "T"\nsupport = ["cases.py"]\n[[checks]]\nid = "calls"\nkind = "cost"\n'
            f'inputs = {{x = {{normal = [6]}}}}\nrun = "{run}"\n{keys}\n'
        )
        (tmp_path / "solution.py").write_text(solution)
        (tmp_path / "cases.py").write_text(support)
        return load_assignment(tmp_path)

    return write


def judged(report):
    [result] = report.results
    return result.judgement


WAYS = {
    "imported": RUN,
    "of a module": "import cases\\ngrad = numerical_gradient(cases.square, x)",
    "a name": "grad = numerical_gradient(square, x)",
    "a function of the solution": "grad = numerical_gradient(cube, x)",
    "wrapped": "from cases import square\\ngrad = numerical_gradient(lambda v: square(v), x)",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_hand_a_function_on_is_counted(counted, judge, way):
    keys = "calls = 12" + ('\ncount = ["square"]' if way == "wrapped" else "")
    assignment = counted(WAYS[way], keys)
    right = judged(judge(assignment, SOLUTION))
    name = "cube" if "cube" in WAYS[way] else "square"
    assert Verdict.PASSED is right.verdict
    assert ({name: 12}, {name: 12}) == (right.measured["calls"], right.measured["solution_calls"])
    wrong = judged(judge(assignment, WASTEFUL))
    assert Verdict.TIME_LIMIT is wrong.verdict
    assert f"calls {name} 18 times; 12 times is the most" in wrong.message
    assert {name: 18} == wrong.measured["calls"]


@pytest.mark.parametrize(("ratio", "verdict"), [("100.0", "passed"), ("0.001", "time_limit")])
def test_calls_and_time_are_judged_together(counted, judge, ratio, verdict):
    assignment = counted(keys=f"calls = 12\nratio = {ratio}")
    judgement = judged(judge(assignment, SOLUTION))
    assert verdict == judgement.verdict
    assert {"calls", "ratio"} <= set(judgement.measured)


def test_too_many_calls_are_told_before_any_time_is_taken(counted, judge):
    judgement = judged(judge(counted(keys="calls = 12\nratio = 100.0"), WASTEFUL))
    assert Verdict.TIME_LIMIT is judgement.verdict
    assert "ratio" not in judgement.measured


def test_a_student_that_imports_the_function_himself_is_counted_too(counted, judge):
    text = "import cases\nfrom cases import square as own\n" + WASTEFUL.replace(
        "* f(x)", "* own(x)"
    )
    assert {"square": 18} == judged(judge(counted(), text)).measured["calls"]


def test_the_case_with_too_many_calls_is_named(counted, judge):
    assignment = counted(keys="calls = 12\nshapes = [{x = [2]}]")
    text = SOLUTION.replace(
        "    return grad", "    return [f(x) for _ in range(8 * (len(x) == 2))]"
    )
    judgement = judged(judge(assignment, text))
    assert Verdict.PASSED is judgement.verdict
    text = text.replace("8 *", "90 *")
    judgement = judged(judge(assignment, text))
    assert "94 times" in judgement.message
    assert "x 2" in judgement.message


def test_a_solution_that_does_not_keep_to_it_is_its_authors_mistake(counted, judge):
    with pytest.raises(BrokenSolution, match="calls square 12 times, and `calls` allows 11"):
        judge(counted(keys="calls = 11"), SOLUTION)


@pytest.mark.parametrize(
    ("attack", "verdict"),
    [
        ("while True: f(x)", "output_limit time_limit"),
        ("return f(f)", "exception"),
        ("return f('x' * 10**8)", "exception"),
        ("return f(np.ones((5000, 5000)))", "output_limit"),
        ("import os; os.write(4, b'x' * 99); return f(x)", "crash"),
        ("return 1 / 0", "exception"),
        ("raise NotImplementedError", "not_implemented"),
    ],
)
def test_who_calls_it_with_nonsense_has_his_own_verdict(counted, judge, attack, verdict):
    text = f"import numpy as np\ndef numerical_gradient(f, x):\n    {attack}\n"
    keys = "calls = 12\nlimits = {cpu_time = '1s', wall_time = '2s'}"
    assert judged(judge(counted(keys=keys), text)).verdict in verdict.split()


@pytest.mark.parametrize(
    ("run", "keys", "key", "told"),
    [
        ("affine(x)", "calls = 3", "calls", "nothing to count"),
        (RUN, 'calls = 3\ncount = ["nowhere"]', "count[0]", "does not occur"),
        ("numerical_gradient(where, x)", 'calls = 3\ncount = ["where"]', "count[0]", "defines"),
        (RUN, 'ratio = 3.0\ncount = ["square"]', "count", "without a limit"),
        (RUN, 'calls = 3\ncount = ["x"]', "count[0]", "an input"),
        ("square(x)", 'calls = 3\ncount = ["square"]', "count", "everything"),
    ],
)
def test_a_count_of_nothing_is_told_to_the_author(counted, run, keys, key, told):
    with pytest.raises(SpecError, match=told) as raised:
        counted(run, keys)
    assert f"checks.calls.{key}" == raised.value.key
