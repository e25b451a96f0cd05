"""`carry_forward`: an early mistake costs its own check, and nobody learns right values by it."""

from __future__ import annotations

import json

import pytest

from grader.authoring.validation import validate
from grader.errors import BrokenSolution
from grader.expected import SolutionJail
from grader.report import Audience, Verdict, redact
from grader.results_json import to_results_json
from grader.spec import load_assignment

SOLUTION = """
import numpy as np
def affine_forward(x, w, b):
    return x @ w + b, (x, w, b)
def affine_backward(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
def net(x, w, b):
    out, cache = affine_forward(x, w, b)
    dx, dw, db = affine_backward(np.ones_like(out), cache)
    return dx, dw, db
def mean(x): return x.mean()
"""
BACKWARD = """
[[checks]]
id = "backward"
kind = "gradient"
inputs = "batch"
forward = "out, cache = affine_forward(x, w, b)"
backward = "dx, dw, db = affine_backward(dout, cache)"
value = "out"
cotangent = "dout"
gradient = {x = "dx", w = "dw", b = "db"}
"""
NET = """
[[checks]]
id = "net"
kind = "output"
inputs = "batch"
run = "dx, dw, db = net(x, w, b)"
compare = ["dx", "dw", "db"]
carry_forward = ["affine_backward"]
"""
HEAD = """
title = "T"
files = ["solution.py"]
[inputs.batch]
x = {normal = [4, 3]}
w = {normal = [3, 2]}
b = {normal = [2]}
dout = {normal = [4, 2]}
"""
MISTAKE = SOLUTION.replace("x.T @ dout", "-x.T @ dout")


@pytest.fixture
def folder(tmp_path):
    """A function that writes and loads an assignment."""

    def write(*checks, solution=SOLUTION, head=HEAD, **files):
        (tmp_path / "assignment.toml").write_text(head + "".join(checks or (BACKWARD, NET)))
        (tmp_path / "solution.py").write_text(solution)
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        return load_assignment(tmp_path)

    return write


def verdicts(report):
    return {result.check: result.judgement.verdict.value for result in report.results}


def test_a_right_file_passes_without_any_note(folder, judge):
    report = judge(folder(), SOLUTION)
    assert report.is_full_score
    assert [(), ()] == [one.judgement.notes for one in report.results]


def test_an_early_mistake_costs_once_and_is_named(folder, judge):
    report = judge(folder(), MISTAKE)
    assert {"backward": "wrong_answer", "net": "passed"} == verdicts(report)
    judgement = report.results[1].judgement
    assert ("carried_forward",) == judgement.notes
    assert "our affine_backward in place of yours" in judgement.message


@pytest.mark.parametrize(
    "mistake",
    [
        "raise NotImplementedError",
        "return None",
        "import os; os._exit(0)",
        "while True: pass",
        "return 1 / 0",
        "print('x' * 10**6)",
        "bytearray(10**12)",
    ],
)
def test_it_does_not_matter_how_the_early_function_fails(folder, judge, mistake):
    text = f"{SOLUTION}\ndef affine_backward(dout, cache):\n    {mistake}\n"
    head = HEAD.replace("[inputs", "limits = {cpu_time = '0.4s'}\n[inputs", 1)
    report = judge(folder(BACKWARD, NET, head=head), text)
    assert "passed" == verdicts(report)["net"]
    assert "passed" != verdicts(report)["backward"]


def test_a_function_that_is_not_there_is_carried_too(folder, judge):
    text = SOLUTION.replace("def affine_backward", "def backward")
    assert {"backward": "missing", "net": "passed"} == verdicts(judge(folder(), text))


def test_a_mistake_of_its_own_is_not_excused(folder, judge):
    report = judge(folder(), MISTAKE.replace("np.ones_like(out)", "2 * np.ones_like(out)"))
    assert {"backward": "wrong_answer", "net": "wrong_answer"} == verdicts(report)
    assert "in place of yours" not in report.results[1].judgement.message


def test_of_several_names_the_one_that_was_wrong_is_told(folder, judge):
    check = NET.replace('["affine_backward"]', '["affine_forward", "affine_backward"]')
    report = judge(folder(BACKWARD, check), MISTAKE)
    assert "our affine_backward in place" in report.results[1].judgement.message
    both = MISTAKE.replace("x @ w + b, (x, w, b)", "x @ w + b, {'x': x}").replace(
        "np.ones_like(out)", "np.ones_like(out) * 1.0"
    )
    judgement = judge(load_assignment(folder(BACKWARD, check).folder), both).results[1].judgement
    assert Verdict.PASSED is judgement.verdict
    assert "our affine_forward and affine_backward in place" in judgement.message


def test_a_cache_may_be_a_dictionary_of_arrays(folder, judge):
    solution = SOLUTION.replace("(x, w, b)\ndef affine_b", "{'x': x, 'w': w, 'b': b}\ndef affine_b")
    solution = solution.replace("x, w, b = cache", "x, w, b = cache['x'], cache['w'], cache['b']")
    report = judge(folder(solution=solution), solution.replace("x.T @ dout", "-x.T @ dout"))
    assert {"backward": "wrong_answer", "net": "passed"} == verdicts(report)


@pytest.mark.parametrize(
    ("cache", "told"),
    [("Cache(x, w, b)", "Cache"), ("(x, w, lambda: b)", "function")],
)
def test_an_object_that_cannot_leave_the_box_is_told_to_the_author(folder, judge, cache, told):
    solution = "class Cache(list):\n    pass\n" + SOLUTION.replace(
        "return x @ w + b, (x, w, b)", f"return x @ w + b, {cache}"
    ).replace("Cache(x, w, b)", "Cache([x, w, b])")
    with pytest.raises(BrokenSolution, match=rf"affine_backward is given a {told}.*leave the box"):
        judge(folder(solution=solution), solution.replace("x.T @ dout", "-x.T @ dout"))


def test_an_object_of_the_students_leaves_the_plain_verdict(folder, judge):
    text = MISTAKE.replace("+ b, (x, w, b)", "+ b, iter((x, w, b))")
    report = judge(folder(), text)
    assert {"backward": "wrong_answer", "net": "wrong_answer"} == verdicts(report)


@pytest.mark.parametrize(
    "body",
    ["x, w, b = cache; dout *= 1; x *= 2; return dout @ w.T, x.T @ dout, dout.sum(axis=0)",
     "return np.random.rand(4, 3), np.random.rand(3, 2), np.random.rand(2)"],
    ids=["changes its argument", "draws"],
)  # fmt: skip
def test_what_cannot_be_called_from_outside_is_told_to_the_author(folder, judge, body, slot):
    solution = SOLUTION + f"def affine_backward(dout, cache): {body}\n"
    solution += (
        "def net(x, w, b):\n    x, one = x.copy(), np.random.rand()\n"
        "    out, cache = affine_forward(x, w, b)\n"
        "    dx, dw, db = affine_backward(np.ones_like(out), cache)\n"
        "    return dx, dw, db + x.sum()\n"
    )
    assignment = folder(NET, solution=solution)
    with pytest.raises(BrokenSolution, match="carry_forward"):
        judge(assignment, "def net(x, w, b): return x, w, b")
    findings = list(validate(assignment, slot, SolutionJail(assignment, slot), 1))
    assert any("carry_forward" in problem for one in findings for problem in one.problems)


# Nobody learns right values


SPY = """
import os, numpy as np
kept = []
try:
    with open("kept.txt") as file: kept.append(file.read())
except OSError: pass
def affine_forward(x, w, b): return x @ w + b, (x, w, b)
def affine_backward(dout, cache):
    return eval(kept[0]) if kept else (cache[0], cache[1], cache[2])
def net(x, w, b):
    answer = affine_backward(np.ones((4, 2)), (x, w, b))
    kept.append(repr(tuple(np.asarray(one).tolist() for one in answer)))
    with open("kept.txt", "w") as file: file.write(kept[-1])
    print("SECRET", answer)
    KIND
"""


@pytest.mark.parametrize("kind", ["raise ValueError(f'SECRET {answer}')", "return answer",
                                  "return answer[0]", "os._exit(3)"])  # fmt: skip
def test_what_a_stub_answers_cannot_be_kept_printed_or_raised(folder, judge, kind):
    late = """
[[checks]]
id = "late"
kind = "output"
inputs = "batch"
run = "dx, dw, db = affine_backward(np.ones((4, 2)), (x, w, b))"
compare = ["dx", "dw", "db"]
"""
    report = judge(folder(NET, late), SPY.replace("KIND", kind))
    assert "passed" != verdicts(report)["late"]
    right = judge(folder(late), SOLUTION)
    assert right.is_full_score
    shown = json.dumps(to_results_json(redact(report, Audience(is_staff=True))))
    # What it printed with its own wrong function is told, and no more than once.
    assert 2 >= shown.count("SECRET")


@pytest.mark.parametrize(
    "attack",
    [
        "for _ in range(10**6): affine_backward(x, (x, w, b))",
        "while True: affine_backward(np.ones((2000, 2000)), (x, np.ones((2000, 2000)), b))",
        "affine_backward('x' * 10**8, None)",
        "affine_backward(*[None] * 10**5)",
        "affine_backward(affine_backward, lambda: 0)",
        "import os; [os.write(n, b'GRD1' * 99) for n in range(3, 9)]",
        "a = []; a.append(a); affine_backward(a, a)",
        "import sys; sys.modules.clear(); affine_backward(x, (x, w, b))",
        "globals().clear()",
    ],
)
def test_who_abuses_a_stub_has_his_own_verdict_and_harms_no_other_check(folder, judge, attack):
    text = MISTAKE + f"\ndef net(x, w, b):\n    {attack}\n    return 0, 0, 0\n"
    last = NET.replace('"net"', '"last"', 1).replace("net(x, w, b)", "(mean(x),) * 3")
    head = HEAD.replace("[inputs", "limits = {cpu_time = '1s', wall_time = '3s'}\n[inputs", 1)
    report = judge(folder(NET, last, head=head), text)
    assert Verdict.PASSED is not report.results[0].judgement.verdict
    assert Verdict.PASSED is report.results[1].judgement.verdict


def test_the_solutions_code_never_enters_the_students_box(folder, judge):
    text = MISTAKE + (
        "\ndef net(x, w, b):\n"
        "    import inspect, sys\n"
        "    seen = inspect.getsource(affine_backward) + repr(affine_backward.__globals__)\n"
        "    seen += repr([vars(one) for one in list(sys.modules.values()) if vars(one)])\n"
        "    if '_'.join(['SECRET', 'OF', 'SOLUTION']) in seen: return 0, 0, 0\n"
        "    out, cache = affine_forward(x, w, b)\n"
        "    return affine_backward(np.ones_like(out), cache)\n"
    )
    solution = SOLUTION + "SECRET_OF_SOLUTION = 1\n"
    report = judge(folder(NET, solution=solution), text)
    assert {"net": "passed"} == verdicts(report)
