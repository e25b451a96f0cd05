"""A program is run with small edits made; afterwards it is what it was."""

from __future__ import annotations

import linecache
import signal
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.sandbox.guest.trials import Trials

# an alarm may ring while a callback of the garbage collector runs, which passes nothing on
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

X = np.arange(1.0, 7.0).reshape(2, 3)
WEIGHTS = np.ones((2, 3))


@pytest.fixture(autouse=True)
def own_alarm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def trials() -> Callable[..., Trials]:
    """A function that makes trials of a text; its snippet is `out = f(x)`."""

    def make(text: str, seconds: float = 20.0, x: Any = X, order: Any = ()) -> Trials:
        scope: dict[str, Any] = {}
        linecache.cache["student.py"] = (len(text), None, text.splitlines(True), "student.py")
        exec(compile(text, "student.py", "exec"), scope)

        def run(given: dict[str, Any]) -> dict[str, Any]:
            return {"out": scope["f"](given["x"])}

        files = {"student.py": text.split("\n")}
        return Trials(run, files, [{"x": x}], [[("out", WEIGHTS)]], order, seconds)

    return make


def told(trial: Trials, wanted: float) -> set[str]:
    """The parts of the text whose edit gives a number."""
    base, indices, numbers, _, following = trial.answer([], None, 0, [])
    assert -1 == following
    assert [[X.sum()]] != base.tolist()
    hits = [int(i) for i, row in zip(indices, numbers, strict=True) if row[0, 0] == wanted]
    return {row[2] for row in trial.answer([], hits, 0, [])[3]}


def test_the_edit_that_mends_a_value_is_found_by_its_number(trials):
    text = "def f(x):\n    return x * 1 - x * 2 + x * 4\n"
    assert {"return x * 1 - x * 2 + x * 4"} == told(trials(text), 7 * X.sum())


def test_a_method_and_a_function_that_it_calls_are_edited_too(trials):
    text = (
        "class A:\n    def double(self, x):\n        return helper(x) * 3\n"
        "def helper(x):\n    return x * 5\n"
        "def f(x): return A().double(x)\n"
    )
    trial = trials(text)
    _, indices, _, _, _ = trial.answer([], None, 0, [])
    edited = {row[-1] for row in trial.answer([], indices.tolist(), 0, [])[3]}
    assert {"double", "helper", "f"} == edited


def test_after_a_trial_the_program_is_what_it_was(trials):
    trial = trials("def f(x):\n    return x * 2\n")
    assert trial.answer([], None, 0, [])[0].tolist() == trial.answer([], (), 0, [])[0].tolist()


def test_an_edit_that_is_made_stays_for_those_after_it(trials):
    trial = trials("def f(x):\n    return x * 2 + 1\n")
    _, indices, numbers, _, _ = trial.answer([], None, 0, [])
    one = next(int(i) for i, row in zip(indices, numbers, strict=True) if row[0, 0] == 2 * X.sum())
    assert [[2 * X.sum()]] == trial.answer([one], (), 0, [])[0].tolist()


def test_two_edits_together_mend_what_none_mends_alone(trials):
    trial = trials("def f(x):\n    y = x - 1\n    return y - x\n")
    wanted = (2 * X + 1).sum()
    _, _, single, _, _ = trial.answer([], None, 0, [])
    assert wanted not in single[:, 0, 0].tolist()
    trial = trials("def f(x):\n    y = x - 1\n    return y - x\n")
    _, indices, numbers, _, _ = trial.answer([], None, 0, ["sign"])
    pair = next(int(i) for i, n in zip(indices, numbers[:, 0, 0], strict=True) if n == wanted)
    rows = trial.answer([], [pair], 0, [])[3]
    assert [(pair, 2), (pair, 3)] == [(row[0], row[7]) for row in rows]


def test_an_edited_program_that_never_ends_is_ended(trials):
    text = "def f(x):\n    i = 0\n    while i < 3:\n        i += 1\n    return x * i\n"
    trial = trials(text)
    _, _, numbers, _, following = trial.answer([], None, 0, [])
    assert -1 == following
    assert np.isnan(numbers).any()


def test_what_time_is_left_for_is_tried_and_where_to_go_on_is_told(trials):
    trial = trials("def f(x):\n    return x * 2 + x * 3 - x * 4\n", seconds=0.0)
    _, indices, _, _, following = trial.answer([], None, 5, [])
    assert ([], 5) == (indices.tolist(), following)


def test_nothing_that_is_printed_meanwhile_comes_out(trials, capfd):
    trials("def f(x):\n    print('noise')\n    return x + x\n").answer([], None, 0, [])
    assert ("", "") == capfd.readouterr()


def test_a_program_that_raises_has_no_number(trials):
    base, *_ = trials("def f(x):\n    return x @ x\n").answer([], (), 0, [])
    assert np.isnan(base).all()


def test_a_value_of_another_shape_has_no_number_but_for_leading_ones(trials):
    assert np.isnan(trials("def f(x):\n    return x.T\n").answer([], (), 0, [])[0]).all()
    base, *_ = trials("def f(x):\n    return x[None] * 1\n").answer([], (), 0, [])
    assert [[X.sum()]] == base.tolist()


def test_kinds_are_tried_in_the_order_that_is_asked_for(trials):
    text = "def f(x):\n    return x * 2 + x\n"
    trial = trials(text, order=["constant", "sign"])
    trial.answer([], None, 0, [])
    kinds = [edit.kind for _, edit in trial.edits]
    assert ["constant", "sign"] == list(dict.fromkeys(kinds))[:2]
