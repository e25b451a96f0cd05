"""One run: in which order checks go, what stops them, what they may use, what is told."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from decimal import Decimal

import pytest

from grader.errors import SandboxFailure
from grader.report import Audience, RunStatus, Verdict, redact
from grader.results_json import to_results_json
from grader.sandbox.jail import Jail
from grader.sandbox.pool import Slot
from grader.sandbox.tiers import Side
from grader.spec import load_assignment

RIGHT = """
def double(x): return x + x
def shift(x): return 1 + x
def negate(x): return 0 - x
"""
LOOP = "    while True: pass\n"


def verdicts(report) -> dict[str, Verdict]:
    return {result.check: result.judgement.verdict for result in report.results}


def message(report, check: str):
    [result] = [one for one in report.results if one.check == check]
    return result.judgement.message


def test_a_right_submission_has_every_point(make, judge):
    report = judge(make("double points=2", "shift points=0.5", "negate"), RIGHT)
    assert Decimal("3.5") == report.score == report.max_score
    assert report.is_full_score
    assert [1, 2, 3] == [result.number for result in report.results]


def test_a_wrong_function_costs_its_own_check_only(make, judge):
    report = judge(make("double", "shift"), RIGHT.replace("x + x", "x"))
    assert {"double": "wrong_answer", "shift": "passed"} == verdicts(report)
    assert 1 == report.score


# Order


def test_visible_checks_go_before_hidden_ones_and_are_told_in_the_authors_order(make, judge):
    assignment = make(
        'double visible="never"', "shift", 'negate visible="after_due"', 'double id="last"'
    )
    order: list[str] = []
    report = judge(assignment, RIGHT, on_result=lambda result: order.append(result.check))
    assert ["shift", "last", "negate", "double"] == order
    assert ["double", "shift", "negate", "last"] == [one.check for one in report.results]


def test_a_check_goes_after_those_that_it_needs(make, judge):
    order: list[str] = []
    assignment = make('double needs=["shift"]', "shift", "negate")
    judge(assignment, RIGHT, on_result=lambda result: order.append(result.check))
    assert ["shift", "double", "negate"] == order


def test_a_check_whose_needs_are_not_passed_is_skipped_and_says_why(make, judge):
    assignment = make("double", 'shift needs=["double"]', 'negate needs=["shift"]')
    report = judge(assignment, RIGHT.replace("x + x", "x"))
    assert {"double": "wrong_answer", "shift": "skipped", "negate": "skipped"} == verdicts(report)
    assert ("double",) == report.results[1].blocked_by
    assert "double" in message(report, "shift")
    assert 0 == report.score


def test_one_check_alone_is_judged_without_its_needs_and_is_all_there_is(make, judge):
    assignment = make("double points=2", 'shift needs=["double"]; points=3')
    report = judge(assignment, RIGHT.replace("x + x", "x"), only="shift")
    assert {"shift": "passed"} == verdicts(report)
    assert 3 == report.score == report.max_score


# Limits


def test_after_two_time_outs_the_rest_is_skipped(make, judge):
    assignment = make("double", "shift", "negate", head="limits = {cpu_time = '0.1s'}")
    text = f"def double(x):\n{LOOP}\nshift = double\ndef negate(x): return -x"
    report = judge(assignment, text)
    assert {"double": "time_limit", "shift": "time_limit", "negate": "skipped"} == verdicts(report)
    assert "2 checks ran out of time" in message(report, "negate")


def test_one_time_out_costs_its_own_check_only(make, judge):
    assignment = make("double", "shift", "negate", head="limits = {cpu_time = '0.1s'}")
    report = judge(assignment, RIGHT + f"def shift(x):\n{LOOP}")
    assert {"double": "passed", "shift": "time_limit", "negate": "passed"} == verdicts(report)
    assert "0.1 s of CPU time" in message(report, "shift")


def test_the_time_of_the_whole_submission_is_bounded(make, judge):
    assignment = make("double", "shift", "negate", head="limits = {total_time = '0.4s'}")
    text = RIGHT + "import time\ndef double(x): time.sleep(60)"
    report = judge(assignment, text)
    assert {"double": "time_limit", "shift": "skipped", "negate": "skipped"} == verdicts(report)
    for check in ("double", "shift"):
        assert "0.4 s for the whole submission are used up" in message(report, check)
    # Loading the file has its part of the 0.4 s.
    assert 0.3 <= sum(result.wall_time_s for result in report.results) < 5.0


def test_a_check_may_have_limits_of_its_own(make, judge):
    text = RIGHT + "import time\ndef double(x):\n    time.sleep(0.3)\n    return 2 * x"
    strict = 'double id="strict"; limits={wall_time="0.1s"}'
    report = judge(make("double", strict), text)
    assert {"double": "passed", "strict": "time_limit"} == verdicts(report)


def test_a_check_may_have_its_own_limit_of_memory(make, judge):
    text = RIGHT + "def double(x):\n    kept = bytearray(500 << 20)\n    return 2 * x"
    strict = 'double id="strict"; limits={memory="300MiB"}'
    report = judge(make("double", strict, "shift"), text)
    assert {"double": "passed", "strict": "memory_limit", "shift": "passed"} == verdicts(report)


def test_a_flood_of_output_costs_its_own_check_only(make, judge):
    text = RIGHT + "def double(x):\n    while True: print('x' * 100)"
    report = judge(make("double", "shift", head="limits = {output = '2KiB'}"), text)
    assert {"double": "output_limit", "shift": "passed"} == verdicts(report)
    assert 2048 == len(report.results[0].output)


def test_a_crash_costs_its_own_check_only(make, judge):
    text = RIGHT + "import os\ndef double(x): os._exit(0)"
    report = judge(make("double", "shift", "negate"), text)
    assert {"double": "crash", "shift": "passed", "negate": "passed"} == verdicts(report)


def test_what_a_check_has_cost_is_told(make, judge):
    text = RIGHT + "def double(x):\n    sum(range(10**6))\n    print('hello')\n    return 2 * x"
    [double, _] = judge(make("double", "shift"), text).results
    assert double.wall_time_s > 0
    assert double.cpu_time_s > 0
    assert double.memory_bytes > 10 << 20
    assert "hello\n" == double.output


# Files that cannot be run


def test_a_file_that_does_not_parse_fails_every_check_with_its_line(make, judge):
    report = judge(make("double", "shift"), "def double(x): return 2 * x\n\ndef shift(x:\n")
    assert {"double": "exception", "shift": "exception"} == verdicts(report)
    for check in ("double", "shift"):
        assert "solution.py, line 3: SyntaxError" in message(report, check)
    assert RunStatus.GRADED is report.status
    assert any("line 3" in note for note in report.notes)


def test_a_file_that_raises_keeps_what_it_defines(make, judge):
    text = "def double(x): return 2 * x\n1 / 0\nshift = abs(1) and (lambda x: x + 1)"
    report = judge(make("double", "shift"), text)
    assert {"double": "passed", "shift": "exception"} == verdicts(report)
    assert "line 2: ZeroDivisionError" in message(report, "shift")


def test_a_missing_function_is_missing(make, judge):
    report = judge(make("double", "shift"), "def double(x): return 2 * x")
    assert {"double": "passed", "shift": "missing"} == verdicts(report)
    assert "`shift` is not defined" in message(report, "shift")


def notebook(*cells: str) -> bytes:
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {"cell_type": "code", "id": str(n), "metadata": {}, "outputs": [],
                 "execution_count": None, "source": text}
                for n, text in enumerate(cells)
            ],
        }
    ).encode()  # fmt: skip


def test_a_cell_that_fails_costs_itself_with_a_note_that_names_it(make, judge):
    cells = ("def double(x): return 2 * x", "oops", "def shift(x): return x + 1", "def (")
    report = judge(make("double", "shift", "negate"), notebook(*cells), name="solution.ipynb")
    assert {"double": "passed", "shift": "passed", "negate": "exception"} == verdicts(report)
    notes = "\n".join(report.notes)
    assert "cell 2" in notes
    assert "NameError" in notes
    assert "cell 4" in notes


# What students may see


def test_nothing_of_a_hidden_check_is_shown_to_a_student(make, judge):
    text = RIGHT + "def double(x):\n    print('SECRET', x)\n    raise ValueError('SECRET')"
    assignment = make('double visible="never"; title="SECRET"', "shift")
    report = judge(assignment, text)
    shown = json.dumps(to_results_json(redact(report, Audience())))
    assert "SECRET" not in shown
    assert "double" not in shown
    assert "SECRET" in json.dumps(to_results_json(report))


def test_a_hidden_input_that_was_kept_cannot_be_printed_by_a_visible_check(make, judge):
    text = """
kept = []
def double(x):
    kept.append(x)
    return 2 * x
def shift(x):
    print("KEPT", kept)
    return x + 1
"""
    report = judge(make('double visible="never"', "shift"), text)
    assert ["", "KEPT []\n"] == [result.output for result in report.results]


def test_the_seed_stays_with_the_staff(make, judge):
    report = judge(make("double"), RIGHT, seed=987_654)
    assert 987_654 == report.seed
    assert "987654" not in json.dumps(to_results_json(redact(report, Audience())))


# Seeds


def without_times(report) -> str:
    results = to_results_json(report)
    assert isinstance(results["tests"], list)
    del results["execution_time"]
    for test in results["tests"]:
        for key in ("wall_time_s", "cpu_time_s", "memory_bytes"):
            del test["extra_data"][key]
    return json.dumps(results)


PRINTS = RIGHT + "import random\ndef double(x):\n    print(x, random.random())\n    return x"


def test_the_same_seed_gives_the_same_report_byte_for_byte(make, judge):
    assignment = make("double", "shift")
    first, again = (judge(assignment, PRINTS, seed=5) for _ in range(2))
    assert without_times(first) == without_times(again)


def test_another_seed_gives_other_numbers_and_the_same_verdicts(make, judge):
    assignment = make("double", "shift")
    first, other = (judge(assignment, PRINTS, seed=seed) for seed in (5, 6))
    assert verdicts(first) == verdicts(other)
    assert first.results[0].output != other.results[0].output


def test_a_seed_in_the_assignment_fixes_the_numbers(make, judge):
    assignment = make("double seed=3")
    first, other = (judge(assignment, PRINTS, seed=seed) for seed in (5, 6))
    assert first.results[0].output == other.results[0].output


def test_a_named_set_has_the_same_numbers_in_every_check(make, judge):
    text = RIGHT + "def double(x):\n    print(x)\n    return 2 * x\n"
    report = judge(make("double", 'double id="again"'), text)
    assert report.results[0].output == report.results[1].output != ""


# The rest of an assignment


def test_support_and_data_files_are_there(make, judge):
    head = 'files = ["solution.py"]\nsupport = ["cases.py"]\ndata = ["numbers.txt"]'
    solution = (
        "import cases\ndef double(x): return x * cases.factor * len(open('numbers.txt').read())"
    )
    assignment = make(
        "double", head=head, solution=solution, cases__py=b"factor = 2", numbers__txt=b"12345"
    )
    assert judge(assignment, "def double(x): return 10 * x").is_full_score
    assert judge(assignment, solution).is_full_score


def test_a_returned_value_is_ranked(make, judge):
    # A top-level table would swallow the keys that follow: dotted keys do not.
    head = 'files = ["solution.py"]\nleaderboard.value = "y"\nleaderboard.order = "desc"'
    solution = "def best(x): return 0.25"
    report = judge(make("best", head=head, solution=solution), solution)
    [entry] = report.leaderboard
    assert ("y", 0.25, "desc", "best") == (entry.name, entry.value, entry.order, entry.check)


def test_the_report_says_what_is_needed_to_replay_it(make, judge, slot):
    assignment = make("double")
    report = judge(assignment, RIGHT)
    assert (assignment.slug, assignment.digest) == (report.assignment, report.assignment_digest)
    assert slot.tier == report.sandbox_tier
    assert {"python", "numpy", "blas_threads", "processor_flags"} <= set(report.environment)


# Our failures


def test_a_jail_that_cannot_start_is_nobodys_zero(make, judge, monkeypatch):
    assignment = make("double")

    def fail(*_):
        raise SandboxFailure("no processes left")

    monkeypatch.setattr(Jail, "take", fail)
    with pytest.raises(SandboxFailure, match="no processes left"):
        judge(assignment, RIGHT)


def test_a_zygote_that_dies_between_two_checks_costs_nothing(make, judge, slot: Slot):
    def kill(_: object) -> None:
        for side in Side:
            jail = slot.start(side)
            jail.wait_until_warm()
            assert jail.pid is not None
            with contextlib.suppress(ProcessLookupError):  # killed before and not needed since
                os.kill(jail.pid, signal.SIGKILL)

    assert judge(make("double", "shift", "negate"), RIGHT, on_result=kill).is_full_score


def test_a_visible_check_after_a_hidden_one_that_it_needs_has_seen_nothing_of_it(make, judge):
    assignment = make('double visible="never"', 'shift needs=["double"]')
    text = RIGHT + (
        "seen = []\n"
        "def double(x):\n    seen.append(x)\n    return 2 * x\n"
        "def shift(x):\n    print('stashed', len(seen))\n    return x + 1\n"
    )
    report = judge(assignment, text)
    assert report.is_full_score
    assert "stashed 0" in {one.check: one.output for one in report.results}["shift"]


def test_an_empty_container_of_a_template_is_not_implemented(make, judge):
    report = judge(make("double", "shift"), RIGHT + "def double(x): return {}")
    assert {"double": "not_implemented", "shift": "passed"} == verdicts(report)


def test_a_predicate_that_dies_of_a_students_value_is_the_students_wrong_answer(tmp_path, judge):
    (tmp_path / "solution.py").write_text(
        "def one(): return 1\ndef is_one(y):\n    while y != 1: pass\n    return True\n"
    )
    (tmp_path / "assignment.toml").write_text(
        'title = "T"\n[limits]\nwall_time = "0.5s"\ncpu_time = "0.3s"\n[[checks]]\nid = "c"\n'
        'kind = "property"\nrun = "y = one()"\nreturns = ["y"]\nholds = "is_one(y)"\n'
    )
    report = judge(load_assignment(tmp_path), "def one(): return 2")
    assert {"c": "wrong_answer"} == verdicts(report)
    assert "cannot be judged" in message(report, "c")
