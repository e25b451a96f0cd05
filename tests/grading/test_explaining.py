"""A failed check says which mistake it is and in which line, proved by what mends or makes it."""

from __future__ import annotations

import textwrap

import pytest

from grader.report import Audience, CheckResult, Report, Verdict, redact
from grader.spec import load_assignment

SOLUTION = """
import numpy as np

def loss(W, b, X, y, reg):
    N = X.shape[0]
    scores = X @ W + b
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    value = -np.log(p[np.arange(N), y]).mean() + 0.5 * reg * np.sum(W * W)
    dscores = p.copy()
    dscores[np.arange(N), y] -= 1
    dscores /= N
    return value, X.T @ dscores + reg * W, dscores.sum(axis=0)
"""
SPEC = """
title = "Softmax"
files = ["solution.py"]
[inputs.batch]
W = {normal = [4, 3]}
b = {normal = [3]}
X = {normal = [6, 4]}
y = {labels = 3, size = 6}
reg = 0.7
[[checks]]
inputs = "batch"
id = "loss"
kind = "gradient"
hint = "HINT"
forward = "value, dW, db = loss(W, b, X, y, reg)"
value = "value"
gradient = {W = "dW", b = "db"}
compare = ["value"]
"""
STYLE = """
import numpy as np

def softmax(z):
    e = np.exp(z - np.max(z, 1)[:, np.newaxis])
    return e / np.sum(e, 1)[:, np.newaxis]

def loss(weights, bias, inputs, labels, lam):
    n = len(inputs)
    probs = softmax(np.dot(inputs, weights) + bias)
    total = 0.0
    for i in range(n):
        total -= np.log(probs[i, labels[i]])
    total = total / n + lam / 2 * (weights ** 2).sum()
    delta = probs
    for i in range(n):
        delta[i, labels[i]] -= 1
    delta = delta / n
    dweights = np.dot(inputs.T, delta)
    dweights += lam * weights
    dbias = delta.sum(0)
    return total, dweights, dbias
"""


@pytest.fixture
def failed(tmp_path, judge):
    """A function that grades the style with some of its text replaced."""

    def grade(*changes: tuple[str, str], hint: str = "name") -> CheckResult:
        text = STYLE
        for old, new in changes:
            assert 1 == text.count(old), old
            text = text.replace(old, new)
        (tmp_path / "assignment.toml").write_text(SPEC.replace("HINT", hint))
        (tmp_path / "solution.py").write_text(SOLUTION)
        report: Report = judge(load_assignment(tmp_path), text)
        return report.results[0]

    return grade


def line_of(text: str) -> str:
    """The place of a line of the style."""
    number = 1 + next(i for i, line in enumerate(STYLE.split("\n")) if text in line)
    return f"solution.py line {number}"


def test_the_style_itself_is_right(failed):
    assert Verdict.PASSED is failed().judgement.verdict


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("delta = delta / n", "delta = delta * n", "missing_batch_mean"),
        ("dbias = delta.sum(0)", "dbias = delta.sum(1)[:3]", "wrong_axis"),
        ("total -= np.log", "total += np.log", "sign_flipped"),
        ("lam / 2 *", "lam *", "regulariser_doubled"),
        ("dweights += lam * weights", "dweights -= lam * weights", "regulariser_sign"),
        ("delta[i, labels[i]] -= 1", "delta[i, labels[i]] -= 2", "wrong_constant"),
    ],
)
def test_one_mistake_is_named_with_its_line(failed, old, new, code):
    result = failed((old, new))
    assert Verdict.PASSED is not result.judgement.verdict
    assert [code] == [one.code for one in result.judgement.diagnosis]
    if "dbias" not in old:
        assert line_of(old) in result.judgement.diagnosis[0].where


def test_two_mistakes_are_named_each_with_its_line(failed):
    first = ("delta = delta / n", "delta = -delta / n")
    second = ("lam / 2 *", "lam *")
    diagnosis = failed(first, second).judgement.diagnosis
    assert {"sign_flipped", "regulariser_doubled"} == {one.code for one in diagnosis}
    places = " ".join(one.where for one in diagnosis)
    assert line_of("delta = delta / n") in places
    assert line_of("lam / 2 *") in places


def test_what_is_left_out_altogether_is_named_by_what_the_solution_gives_without_it(failed):
    mistakes = failed(("        delta[i, labels[i]] -= 1\n", "        pass\n")).judgement.diagnosis
    assert ["one_hot_missing"] == [one.code for one in mistakes]


def test_a_formula_of_another_kind_gets_no_name(failed):
    wrong = ("    dbias = delta.sum(0)\n", "    dbias = np.sin(delta).max(0) ** 3 + bias * lam\n")
    assert () == failed(wrong).judgement.diagnosis


def test_only_the_place_is_shown_where_the_author_says_locate(failed):
    report = redacted(failed(("delta = delta / n", "delta = delta * n"), hint="locate"))
    assert [("located", True)] == [
        (one.code, "line" in one.where) for one in report.judgement.diagnosis
    ]


def test_nothing_is_shown_where_the_author_says_none(failed):
    result = redacted(failed(("delta = delta / n", "delta = delta * n"), hint="none"))
    assert () == result.judgement.diagnosis


def redacted(result: CheckResult) -> CheckResult:
    report = Report("a", "d", "v", "t", 1, (result,))
    return redact(report, Audience()).results[0]


def test_an_exception_in_the_students_text_is_explained_too(failed):
    result = failed(("np.dot(inputs.T, delta)", "np.dot(inputs, delta)"))
    assert Verdict.EXCEPTION is result.judgement.verdict
    assert ["transposed"] == [one.code for one in result.judgement.diagnosis]


@pytest.mark.parametrize(
    "hostile",
    [
        "import sys\n    sys.settrace(None); sys.settrace = None",
        "import sys\n    if sys.gettrace(): sys.exit(3)",
        "import signal\n    signal.signal = None",
        "import gc\n    gc.get_objects = lambda: [][0]",
        "import sys\n    sys.stdout = None",
        "import ast\n    ast.parse = ast.unparse = lambda *_, **__: 1 / 0",
        "import os, sys\n    if sys.gettrace(): os.write(4, b'x' * 100)",
        "import sys\n    while sys.gettrace(): pass",
    ],
    ids=lambda text: text.rpartition("\n")[2].strip()[:30],
)
def test_a_program_that_disturbs_the_search_keeps_its_verdict(make, judge, hostile):
    text = f"def double(x):\n    {hostile}\n    return 3 * x\n"
    assignment = make("double", "shift")
    report = judge(assignment, text + "def shift(x): return x + 1\n")
    verdicts = {one.check: one.judgement.verdict for one in report.results}
    assert {"double": Verdict.WRONG_ANSWER, "shift": Verdict.PASSED} == verdicts


def test_the_search_costs_the_student_neither_time_nor_output(make, judge):
    head = 'files = ["solution.py"]\n[limits]\ntotal_time = "2s"\noutput = "1KiB"'
    text = textwrap.dedent(
        """
        import time
        def double(x):
            print("once")
            time.sleep(0.05)
            return 2 * x + x - x - x
        def shift(x): return x + 1
        """
    )
    report = judge(make("double", "shift", head=head), text)
    double, shift = report.results
    assert Verdict.PASSED is shift.judgement.verdict
    assert "once\n" == double.output
    assert double.wall_time_s < 1.0
