"""Files as they lie on people's disks: old dialects, scripts around the functions, other names."""

from __future__ import annotations

import json

import pytest

from grader.report import Verdict
from grader.spec import load_assignment

SOLUTION = """
import numpy as np
def first(x): return 2 * x
def last(x): return x + 1
"""
CHECK = """
[[checks]]
id = "{name}"
kind = "output"
inputs = "batch"
run = "y = {name}(x)"
compare = ["y"]
"""


@pytest.fixture
def graded(tmp_path, judge):
    """A function that grades a text; it returns the judgements by check, and the report."""

    def grade(text, *keys, name="solution.py"):
        head = ["title = 'T'", *keys, "[inputs.batch]\nx = {normal = [4]}"]
        checks = [CHECK.format(name=one) for one in ("first", "last")]
        (tmp_path / "assignment.toml").write_text("\n".join([*head, *checks]))
        (tmp_path / "solution.py").write_text(SOLUTION)
        report = judge(load_assignment(tmp_path), text, name=name)
        return {one.check: one.judgement for one in report.results}, report

    return grade


def verdicts(judgements):
    return {name: one.verdict.value for name, one in judgements.items()}


PASSED = {"first": "passed", "last": "passed"}
OLD = 'shims = ["past.builtins", "matplotlib", "python2-builtins", "numpy1", "cs231n.vis"]'


# Python 2


def test_a_print_statement_is_an_exception_with_its_line_and_the_remedy(graded):
    judgements, _ = graded(f"{SOLUTION}\nprint first(3)\n")
    assert {"first": "exception", "last": "exception"} == verdicts(judgements)
    for judgement in judgements.values():
        assert "solution.py, line 6" in judgement.message
        assert "this is Python 2: write print(...)" in judgement.message
        assert "python2" in judgement.notes


@pytest.mark.parametrize(
    "text",
    [
        "def first(x): return sum([x for _ in xrange(2)])\ndef last(x): return unicode and x + 1",
        "from past.builtins import xrange\ndef first(x): return sum(x for _ in xrange(2))",
        "from past.utils import old_div\ndef first(x): return old_div(5, 2) * x",
        "from past.utils import old_div\ndef first(x): return old_div(4 * x, 2)",
        "from builtins import range, object\ndef first(x): return sum(x for _ in range(2))",
        "from __future__ import print_function, division\ndef first(x): return x / 0.5",
        "import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = (10., 8.)\n"
        "def first(x):\n    plt.plot(x); plt.show()\n    return 2 * x",
        "from cs231n.vis import show\ndef first(x):\n    show(x)\n    return 2 * x",
        "def first(x): return x.astype(np.float) * np.int(2)",
        "def first(x): return np.product([2, x[0] * 0 + 1]) * x",
        "def first(x): return 2 * x * np.in1d([1], [1, 2])[0]",
        "def first(x): return x * np.trapz([2, 2]) * np.math.sqrt(1) if np.bool(1) else x",
        "def first(x): return np.row_stack([x, x]).sum(axis=0)",
        "def first(x): return x * np.array([2], dtype=np.object)[0] if np.alltrue([1]) else x",
    ],
)
def test_what_two_versions_ago_was_usual_is_judged_by_what_it_means(graded, text):
    if text.startswith("from __future__"):
        text = f"{text}\nimport numpy as np\ndef last(x): return x + 1"
    else:
        text = f"import numpy as np\ndef last(x): return x + 1\n{text}"
    judgements, report = graded(text, OLD)
    assert PASSED == verdicts(judgements), report.notes


def test_without_the_stand_ins_an_old_name_is_an_exception_with_its_line(graded):
    judgements, _ = graded(f"{SOLUTION}\ndef first(x): return x.astype(np.float)\n")
    assert {"first": "exception", "last": "passed"} == verdicts(judgements)
    assert "solution.py line 6, in first" in judgements["first"].message


# Names, places, letters


@pytest.mark.parametrize("name", ["solution.py", "hw1_final (2).py"])
def test_arguments_go_by_position_and_the_file_may_bear_any_name(graded, name):
    text = "def first(batch, verbose=True): return batch + batch\nlast = lambda z: 1 + z\n"
    assert PASSED == verdicts(graded(text, name=name)[0])


@pytest.mark.parametrize(
    "content",
    [
        f"# -*- coding: latin-1 -*-\n# d\xe9riv\xe9e\n{SOLUTION}".encode("latin-1"),
        f"# coding: cp1252\n# \u201cright\u201d\n{SOLUTION}".encode("cp1252"),
        f"\ufeff# d\xe9riv\xe9e\r\n{SOLUTION}".replace("\n", "\r\n").encode(),
        f"# \u4e2d\u6587\n{SOLUTION}\n\xe9 = 1\n".encode(),
    ],
    ids=["latin-1", "cp1252", "BOM and Windows line ends", "UTF-8"],
)
def test_comments_may_be_in_any_declared_encoding(graded, content):
    assert PASSED == verdicts(graded(content)[0])


def test_relative_imports_name_members_of_the_package(graded):
    text = f"from .missing import helper\nfrom cs231n.missing import other\n{SOLUTION}"
    assert PASSED == verdicts(graded(text, 'package = "cs231n"')[0])


def test_what_is_printed_is_told_and_costs_nothing(graded):
    text = f"{SOLUTION}\ndef first(x):\n    print('shape', x.shape)\n    return 2 * x\n"
    judgements, report = graded(text)
    assert PASSED == verdicts(judgements)
    assert "shape (4,)\n" == report.results[0].output


# Scripts around the functions


SCRIPTS = {
    "a file that is not there": "data = np.loadtxt('cifar10.csv')",
    "a network that is trained": "for epoch in range(3):\n    loss = undefined + epoch",
    "the end of a script": "import sys; sys.exit(0)",
    "quit": "quit()",
    "an interrupt": "raise KeyboardInterrupt",
    "an exception of its own": "class Stop(BaseException): pass\nraise Stop()",
    "an exception that lies": (
        "class Liar(Exception):\n    __traceback__ = property(lambda s: 1 / 0)\n"
        "    def __str__(self): raise Stop\nraise Liar"
    ),
    "in a function": "def main():\n    return [1][2]\nmain()",
    "recursion": "def deep(): deep()\ndeep()",
    "a check of its own": "assert first(np.ones(2))[0] == 3",
    "an argument that nobody gives": "import argparse\nparser = argparse.ArgumentParser()\n"
    "parser.add_argument('file')\nparser.parse_args([])",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_file_that_fails_half_way_is_judged_by_all_that_it_defines(graded, script):
    text = (
        "from __future__ import annotations\nimport numpy as np\ndef first(x): return 2 * x\n"
        f"{SCRIPTS[script]}\n"
        "import math\nfrom math import sqrt as root\nONE = -(-1)\n"
        "try:\n    import json\nexcept ImportError:\n    json = None\n"
        "class Net:\n    rate: Unknown = 1\n    def add(self, x): return x + ONE\n"
        "data = launch_missiles()\nif print('asked'):\n    def first(x): return None\n"
        "def last(x: Unknown) -> Unknown: return Net().add(x) * root(math.sqrt(1.0))\n"
        "print('behind')\nfor _ in range(3): print('looped')\n"
    )
    judgements, report = graded(text)
    assert PASSED == verdicts(judgements)
    assert "" == "".join(one.output for one in report.results)
    [note] = [one for one in report.notes if "line" in one]
    assert "solution.py" in note


def test_the_line_that_failed_is_named_and_what_depends_on_it_fails(graded):
    text = f"{SOLUTION}\nraise ValueError('no data')\n"
    text += "def last(x): return scale * x\nscale = float(1)\n"
    judgements, report = graded(text)
    assert {"first": "passed", "last": "exception"} == verdicts(judgements)
    assert any("solution.py, line 6: ValueError: no data" in note for note in report.notes)


def test_a_definition_that_fails_costs_itself(graded):
    text = (
        "import numpy as np\n1 / 0\n@undefined\ndef helper(x): return x\n"
        "def first(x): return 2 * x\ndef last(x, by=undefined): return x + by\n"
    )
    judgements, _ = graded(text)
    assert "passed" == judgements["first"].verdict
    assert Verdict.EXCEPTION is judgements["last"].verdict
    assert "solution.py, line 2: ZeroDivisionError" in judgements["last"].message


def test_the_last_definition_counts_as_in_a_file_that_does_not_fail(graded):
    judgements, _ = graded(f"{SOLUTION}\n1 / 0\ndef first(x): return 3 * x\n")
    assert {"first": "wrong_answer", "last": "passed"} == verdicts(judgements)


def test_a_file_that_ends_its_process_is_a_crash_everywhere(graded):
    judgements, _ = graded(f"{SOLUTION}\nimport os\nos._exit(0)\ndef last(x): return x + 1\n")
    assert {"first": "crash", "last": "crash"} == verdicts(judgements)


def test_a_cell_of_a_notebook_that_fails_costs_itself(graded):
    cells = ["import numpy as np", "1 / 0\ndef first(x): return 2 * x", "def last(x): return x + 1"]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "id": str(n), "metadata": {}, "outputs": [],
             "execution_count": None, "source": text}
            for n, text in enumerate(cells)
        ],
    }  # fmt: skip
    judgements, _ = graded(json.dumps(notebook), name="solution.ipynb")
    assert {"first": "exception", "last": "passed"} == verdicts(judgements)
