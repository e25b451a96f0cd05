"""Students' passes in this process, the rules of others, and how their verdicts are counted."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

from benchmarks import checks
from benchmarks.passes import Passes, load_student
from benchmarks.peers import accepts, find_peers, relative_error_below
from grader.spec import Case, GradientCheck, parse_spec

SPEC = """
title = "One"
shims = ["numpy1"]
[[checks]]
id        = "one"
kind      = "gradient"
inputs    = {x = {normal = [3, 2]}, w = {normal = [2]}, up = {normal = [3]}}
forward   = "out = f(x, w)"
backward  = "dx, dw = g(up, x, w)"
value     = "out"
cotangent = "up"
gradient  = {x = "dx", w = "dw"}
"""
RIGHT = """
import numpy as np
def f(x, w):
    x *= np.float(1)
    return np.tanh(x @ w)
def g(up, x, w):
    d = up * (1 - np.tanh(x @ w) ** 2)
    return np.outer(d, w), x.T @ d
"""
WRONG = RIGHT.replace("** 2", "** 3")


@pytest.fixture
def passes():
    """A function that returns the passes of a student's file on one case."""
    spec = parse_spec(SPEC)
    [check] = spec.checks
    assert isinstance(check, GradientCheck)
    rng = np.random.default_rng(3)
    shapes = {"x": (3, 2), "w": (2,), "up": (3,)}
    inputs = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    case = Case("", inputs, 1.0, 0, seed=1)
    return lambda text: Passes(load_student(spec, text), check, case)


def test_the_rule_of_cs231n_tells_a_right_gradient_from_a_wrong_one(passes):
    assert passes(RIGHT).relative_error < 1e-7
    assert passes(WRONG).relative_error > 1e-2


def test_every_call_of_a_pass_gets_the_inputs_as_they_were_drawn(passes):
    one = passes(RIGHT.replace("np.float(1)", "2"))
    assert one.height(one.point) == one.height(one.point)
    assert np.array_equal(one.point[0], one.case.inputs["x"])


def test_a_file_leaves_no_module_and_no_finder_behind(passes):
    modules, finders = set(sys.modules), list(sys.meta_path)
    passes(RIGHT)
    assert (modules, finders) == (set(sys.modules), sys.meta_path)


@pytest.mark.parametrize("body", ["raise KeyError", "return 'text'", "return x @ w[:1]"])
def test_a_program_that_cannot_be_differentiated_is_rejected(passes, body):
    text = RIGHT.replace("    x *= np.float(1)\n", f"    {body}\n")
    assert not accepts(relative_error_below(math.inf), [passes(text)])


def test_a_bug_that_never_ends_is_given_up(passes):
    endless = passes(RIGHT.replace("    x *= np.float(1)\n", "    while True: pass\n"))
    assert not accepts(relative_error_below(math.inf), [endless], limit_s=0.05)


PEERS = ("torch gradcheck, slow", "torch gradcheck, fast", "JAX check_grads", "SciPy check_grad")


@pytest.mark.slow
@pytest.mark.parametrize("name", PEERS)
def test_a_peer_accepts_the_right_gradient_and_rejects_the_wrong_one(passes, require, name):
    peers = {key.partition(" <=")[0]: peer for key, peer in find_peers().items()}
    peer = peers[name]
    require(peer, "installed by `python3 -m grader bench checks` only")
    assert peer is not None
    assert accepts(peer, [passes(RIGHT)])
    assert not accepts(peer, [passes(WRONG)])


def test_a_peer_that_is_not_installed_has_rows_that_do_not_hold():
    rows = checks._rows_of("nobody", [], ">= 0")
    assert [(None, False), (None, False)] == [(row.value, row.holds) for row in rows]


def test_misses_and_false_alarms_are_counted_apart():
    def verdict(*, is_bug, accepted, is_forward_to_blame=False):
        return checks._Verdict(is_bug, is_forward_to_blame, {"ours": accepted})

    verdicts = [
        verdict(is_bug=True, accepted=True, is_forward_to_blame=True),
        verdict(is_bug=True, accepted=True),
        verdict(is_bug=True, accepted=False),
        verdict(is_bug=True, accepted=False),
        verdict(is_bug=False, accepted=False),
        verdict(is_bug=False, accepted=True),
    ]
    assert [
        ("ours: bugs passed, 2 of 4, 1 of 3 in the backward pass", 0.5, False),
        ("ours: right files rejected, 1 of 2", 0.5, False),
    ] == [(row.name, row.value, row.holds) for row in checks._rows_of("ours", verdicts, "<= 0")]
