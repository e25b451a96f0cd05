"""Rules on imports: what the text shows, and what the program does while it runs."""

from __future__ import annotations

import pytest

from grader.report import Verdict
from grader.spec import load_assignment

SOLUTION = "def double(x): return 2 * x\n"
TOML = """
title = "T"
[[checks]]
id = "by-hand"
kind = "source"
forbid = ["statistics", "numpy.linalg"]
visible = "{visible}"
[[checks]]
id = "double"
kind = "output"
inputs = {{x = {{normal = [3]}}}}
run = "y = double(x)"
compare = ["y"]
"""


@pytest.fixture
def graded(tmp_path, judge):
    """A function that grades a text; it returns the judgements by check."""

    def grade(text, visible="always"):
        (tmp_path / "assignment.toml").write_text(TOML.format(visible=visible))
        (tmp_path / "solution.py").write_text(SOLUTION)
        report = judge(load_assignment(tmp_path), text)
        return {one.check: one.judgement for one in report.results}

    return grade


def verdicts(judgements):
    return {name: one.verdict.value for name, one in judgements.items()}


def test_a_forbidden_import_costs_its_own_check_and_every_line_is_told(graded):
    judgements = graded("import statistics as s\n" + SOLUTION + "def f(x): return s.mean(x)\n")
    assert {"by-hand": "forbidden", "double": "passed"} == verdicts(judgements)
    assert (
        "solution.py line 1 uses statistics, which this check forbids. So do solution.py line 3."
        == judgements["by-hand"].message
    )
    assert ["forbidden_name"] == [one.code for one in judgements["by-hand"].diagnosis]


TRICKS = {
    "by a made-up name": "import importlib as i\n    i.import_module(''.join(['stat', 'istics']))",
    "by a call": "__import__(''.join(['stat', 'istics']))",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_forbidden_import_by_a_trick_is_refused_and_told_with_its_line(graded, trick):
    judgements = graded(f"def double(x):\n    {TRICKS[trick]}\n    return 2 * x\n")
    assert {"by-hand": "forbidden", "double": "exception"} == verdicts(judgements)
    n = 3 if trick == "by a made-up name" else 2
    assert f"solution.py line {n} uses statistics" in judgements["by-hand"].message


def test_a_forbidden_import_in_a_text_that_is_executed_is_told_too(graded):
    judgements = graded("def double(x):\n    exec('import stat' + 'istics')\n    return 2 * x\n")
    assert {"by-hand": "forbidden", "double": "passed"} == verdicts(judgements)


def test_of_a_hidden_rule_nothing_is_in_the_box(graded):
    text = "import importlib\ndef double(x):\n    importlib.import_module('stat' + 'istics'[:])\n"
    text += "    return 2 * x\n"
    judgements = graded(text, visible="never")
    assert {"by-hand": "forbidden", "double": "passed"} == verdicts(judgements)


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos._exit(0)\n",
        "while True: pass\n",
        "import gc, sys\nfor one in gc.get_objects():\n"
        "    if type(one).__name__ == 'Importer': one.facts = None\n",
    ],
)
def test_a_program_that_cannot_or_will_not_tell_is_judged_by_its_text(graded, text):
    judgements = graded(f"{text}{SOLUTION}")
    assert Verdict.PASSED is judgements["by-hand"].verdict


def test_what_loading_showed_is_told_behind_a_rule_too(graded, tmp_path, judge):
    graded(SOLUTION)
    report = judge(load_assignment(tmp_path), f"{SOLUTION}\n1 / 0\n")
    assert report.is_full_score
    assert any("line 3: ZeroDivisionError" in note for note in report.notes)


def test_an_import_is_known_after_its_worker_has_made_way(graded, tmp_path, judge):
    graded(SOLUTION)
    toml = tmp_path / "assignment.toml"
    own = 'run = "y = double(x)"\nlimits = {memory = "600MiB"}\n'
    again = 'compare = ["y"]\n[[checks]]\nid = "again"\nkind = "output"\n'
    again += 'inputs = {x = {normal = [3]}}\nrun = "y = 2 * x"\ncompare = ["y"]\n'
    text = toml.read_text().replace('run = "y = double(x)"\n', own)
    toml.write_text(text.replace('compare = ["y"]\n', again))
    text = "def double(x):\n    exec('import stat' + 'istics')\n    return 2 * x\n"
    results = judge(load_assignment(tmp_path), text).results
    assert ["forbidden", "passed", "passed"] == [one.judgement.verdict.value for one in results]


def test_two_rules_are_told_the_same(graded, tmp_path, judge):
    graded(SOLUTION)
    text = (tmp_path / "assignment.toml").read_text()
    rule = '[[checks]]\nid = "again"\nkind = "source"\nforbid = ["statistics"]\n'
    (tmp_path / "assignment.toml").write_text(text + rule)
    report = judge(
        load_assignment(tmp_path),
        "def double(x):\n    exec('import stat' + 'istics')\n    return 2 * x\n",
    )
    assert ["forbidden", "passed", "forbidden"] == [
        one.judgement.verdict.value for one in report.results
    ]


def test_what_numpy_imports_is_its_own_business(graded):
    text = "import numpy as np\ndef double(x):\n    np.testing.assert_allclose(x, x)\n"
    text += "    return x + x\n"
    assert {"by-hand": "passed", "double": "passed"} == verdicts(graded(text))
