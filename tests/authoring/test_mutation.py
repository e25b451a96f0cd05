"""Mutants are made in the box, judged by the checks, and survivors are told from equivalents."""

from __future__ import annotations

import pytest

from grader.authoring.mutation.accepted import (
    compare_accepted,
    find_form_problems,
    read_accepted,
    write_accepted,
)
from grader.authoring.mutation.mutants import make_mutants
from grader.authoring.mutation.mutating import Workplace, judge_some, keep, mutate, read_kept
from grader.authoring.mutation.results import Judged, MutationResult, State
from grader.errors import AssignmentError, SandboxUnavailable
from grader.expected import expected_values
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING, Tier
from grader.spec import load_assignment
from grader.spec.archive import pack_folder, unpack_archive

TOML = """\
title = "Small"

[limits]
wall_time = "8s"
cpu_time = "4s"

[inputs.scores]
z = {normal = [4, 3]}

[[checks]]
id = "softmax"
kind = "output"
inputs = "scores"
run = "p = softmax(z)"
compare = ["p"]

[[checks]]
id = "rounds"
kind = "output"
inputs = {n = 3}
run = "i = rounds(n)"
compare = ["i"]
needs = ["softmax"]

[[checks]]
id = "total"
kind = "output"
inputs = "scores"
run = "total = softmax(z).sum(axis=0)"
compare = ["total"]
"""
SOLUTION = """\
import numpy as np


def softmax(z):
    # BEGIN SOLUTION
    shifted = z - z.max(axis=1, keepdims=True)
    odds = np.exp(shifted)
    odds = odds.copy()
    return odds / odds.sum(axis=1, keepdims=True)
    # END SOLUTION


def rounds(n):
    i = 0
    while i < n:
        # BEGIN SOLUTION
        i += 1
        # END SOLUTION
    return i


def forgotten(x):
    # BEGIN SOLUTION
    return -x
    # END SOLUTION
"""


@pytest.fixture(scope="module")
def slot(require):
    try:
        tier, reason = select_tier(CONFINING), ""
    except SandboxUnavailable as error:
        tier, reason = Tier.LANDLOCK, str(error)
    require(not reason, reason)
    with Slot(tier) as slot:
        yield slot


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("small"))


def write_folder(folder, solution=SOLUTION, toml=TOML):
    (folder / "assignment.toml").write_text(toml)
    (folder / "solution.py").write_text(solution)
    return folder


@pytest.fixture(scope="module")
def assignment(folder):
    return load_assignment(folder)


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def expected(assignment, slot, cache_dir):
    with expected_values(assignment, slot, cache_dir) as expected:
        yield expected


@pytest.fixture(scope="module")
def result(assignment, slot, expected, cache_dir):
    """All mutants of the small assignment, judged in this process and another."""
    made: list[int] = []
    n_judged: list[None] = []
    result = mutate(
        Workplace(assignment, slot, expected, cache_dir=cache_dir, n_processes=2),
        on_made=made.append,
        on_judged=lambda: n_judged.append(None),
    )
    assert made == [len(n_judged)] == [len(result.mutants)]
    return result


def by_edit(result):
    return {(one.before, one.after): one for one in result.mutants}


def test_a_wrong_value_is_found_by_every_check_that_calls_the_function(result):
    wrong = by_edit(result)["odds = np.exp(shifted)", "odds = shifted"]
    assert (State.KILLED, ("softmax", "total")) == (wrong.state, wrong.killed_by)
    assert wrong.killed_by == wrong.judged_by, "rounds never calls softmax"


def test_a_loop_without_end_is_found(result):
    endless = by_edit(result)["i += 1", "i -= 1"]
    assert (State.KILLED, ("rounds",)) == (endless.state, endless.killed_by)


def test_a_check_that_needs_another_judges_by_itself(result):
    assert "rounds" in by_edit(result)["i += 1", "i += 2"].killed_by


def test_what_overflows_for_large_numbers_only_survives_and_scales_are_suggested(result):
    unstable = by_edit(result)["shifted = z - z.max(axis=1, keepdims=True)", "shifted = z"]
    assert State.SURVIVED is unstable.state
    assert "write scales = [1, 1000] into softmax" == unstable.suggestion


def test_what_never_shows_is_equivalent(result):
    assert State.EQUIVALENT is by_edit(result)["odds = odds.copy()", "odds = odds"].state


def test_what_overwrites_an_input_is_told_apart(result):
    overwriting = next(one for one in result.mutants if "out=z" in one.after)
    assert State.SURVIVED is overwriting.state
    assert 'write mutation = "fail" into softmax' in overwriting.suggestion


def test_a_function_that_no_check_calls_is_told(result):
    forgotten = by_edit(result)["-x", "x"]
    assert State.SURVIVED is forgotten.state
    assert "no check calls forgotten: add one" == forgotten.suggestion


def test_scores_are_shares_of_what_is_wrong(result):
    killed = len(result.of_state(State.KILLED))
    n_equivalent = len(result.of_state(State.EQUIVALENT))
    assert len(result.mutants) - n_equivalent == result.n_active
    assert killed / result.n_active == result.score
    scores = {one.check: one for one in result.check_scores()}
    assert scores["rounds"].killed == scores["rounds"].alone > 0
    assert 0 == scores["total"].alone < scores["total"].killed
    assert killed == scores["rounds"].killed + scores["softmax"].killed


def test_what_was_judged_is_kept_for_this_version_seed_and_number(result, assignment, cache_dir):
    assert result == read_kept(assignment, 0, cache_dir)
    assert read_kept(assignment, 1, cache_dir) is None
    assert read_kept(assignment, 0, cache_dir, most=5) is None
    assert read_kept(assignment, 0, None) is None


def test_a_kept_run_that_left_out_what_is_needed_does_not_count(result, assignment, tmp_path):
    few = MutationResult(result.digest, 0, result.checks, result.mutants[1:], ("f:sign:1234",))
    keep(few, tmp_path)
    assert few == read_kept(assignment, 0, tmp_path)
    assert read_kept(assignment, 0, tmp_path, needed=["f:sign:1234"]) is None


def test_of_general_mutants_only_so_many_are_made_and_needed_ones_are_among_them(assignment, slot):
    everything = make_mutants(assignment, slot, 1000)
    assert () == everything.left_out
    last = everything.mutants[-1].id
    few = make_mutants(assignment, slot, 5, [last])
    assert 5 == len(few.mutants)
    assert last in {one.id for one in few.mutants}
    assert {one.id for one in everything.mutants} == {
        *few.left_out,
        *(one.id for one in few.mutants),
    }


def test_an_id_that_no_mutant_has_is_left_out(assignment, slot, expected):
    assert {} == judge_some(Workplace(assignment, slot, expected), frozenset(["f:sign:0000"]))


@pytest.mark.parametrize(
    ("solution", "told"),
    [
        (SOLUTION.replace("return i\n", "return i + np.random.default_rng().random()\n"), "twice"),
        ("def softmax(:\n", "SyntaxError"),
        ("def softmax(z):\n    return " + "(" * 300 + "z" + ")" * 300 + "\n", "SyntaxError"),
    ],
)
def test_a_broken_solution_is_its_authors_mistake(tmp_path, slot, solution, told):
    assignment = load_assignment(write_folder(tmp_path, solution))
    with (
        expected_values(assignment, slot, None) as expected,
        pytest.raises(AssignmentError, match=told),
    ):
        mutate(Workplace(assignment, slot, expected))


def test_what_a_check_takes_for_an_earlier_mistake_is_not_found_by_it(tmp_path, slot):
    toml = """title = "Carried"
[[checks]]
id = "sign-of-one"
kind = "output"
inputs = {x = 1.0}
run = "out = ramp(x)"
compare = ["out"]
[[checks]]
id = "total"
kind = "output"
inputs = {x = 0.0}
run = "out = total(x)"
compare = ["out"]
carry_forward = ["ramp"]
"""
    solution = (
        "def ramp(x):\n    # BEGIN SOLUTION\n    return 1.0 if x >= 0 else 0.0\n"
        "    # END SOLUTION\n\n\ndef total(x):\n    return 2 + ramp(x)\n"
    )
    assignment = load_assignment(write_folder(tmp_path, solution, toml))
    with expected_values(assignment, slot, None) as expected:
        result = mutate(Workplace(assignment, slot, expected))
    carried = by_edit(result)["1.0 if x >= 0 else 0.0", "1.0 if x > 0 else 0.0"]
    assert (State.SURVIVED, ()) == (carried.state, carried.killed_by)
    assert carried.suggestion.startswith("total takes it for the mistake of an earlier check")
    found = by_edit(result)["1.0 if x >= 0 else 0.0", "1.0 if not (x >= 0) else 0.0"]
    assert (State.KILLED, ("sign-of-one", "total")) == (found.state, found.killed_by)


def test_a_solution_that_does_not_pass_is_refused(tmp_path, slot):
    toml = TOML.replace('compare = ["p"]', 'compare = ["p"]\nmutation = "fail"')
    solution = SOLUTION.replace("return odds /", "z *= 0\n    return odds /")
    assignment = load_assignment(write_folder(tmp_path, solution, toml))
    with (
        expected_values(assignment, slot, None) as expected,
        pytest.raises(AssignmentError, match="does not pass softmax"),
    ):
        mutate(Workplace(assignment, slot, expected))


# MUTANTS.md


def survivor(id="f:sign:1234", line=3, before="a", after="-a"):
    return Judged(id, "sign", "f", line, before, after, State.SURVIVED)


def problems_of(folder, text):
    (folder / "MUTANTS.md").write_text(text)
    return [str(one) for one in find_form_problems(read_accepted(folder))]


def test_survivors_are_added_once_and_their_reasons_are_left_to_write(tmp_path):
    assert 2 == write_accepted(tmp_path, [survivor(), survivor("f:name:5678")])
    assert 1 == write_accepted(tmp_path, [survivor(), survivor("f:name:9abc")])
    assert ["f:sign:1234", "f:name:5678", "f:name:9abc"] == [
        one.id for one in read_accepted(tmp_path)
    ]
    assert "- `f:sign:1234` (line 3, a -> -a): TODO" in (tmp_path / "MUTANTS.md").read_text()
    problems = [str(one) for one in find_form_problems(read_accepted(tmp_path))]
    assert 3 == len(problems)
    assert "MUTANTS.md:6: f:sign:1234 has no reason: say why no check finds it" == problems[0]


def test_reasons_may_go_on_in_the_next_line(tmp_path):
    text = "# Title\n\n- `f:sign:1234` (line 3, a -> (b): c):\n  because\n  of that\n\nMore.\n"
    (tmp_path / "MUTANTS.md").write_text(text)
    [accepted] = read_accepted(tmp_path)
    assert ("f:sign:1234", "because of that", 3) == (accepted.id, accepted.reason, accepted.line)


def test_entries_that_are_none_or_stand_there_twice_are_told_with_their_line(tmp_path):
    entry = "- `f:sign:1234` (line 3, a -> -a): because\n"
    assert [] == problems_of(tmp_path, entry)
    assert ["MUTANTS.md:2: f:sign:1234 stands in line 1 already"] == problems_of(
        tmp_path, entry * 2
    )
    [problem] = problems_of(tmp_path, f"{entry}- softmax, whatever\n")
    assert problem.startswith("MUTANTS.md:2: is no entry")
    assert () == read_accepted(tmp_path / "nowhere")


def test_accepted_mutants_are_judged_again(result, folder, assignment, slot, expected, cache_dir):
    survivors = result.of_state(State.SURVIVED)
    killed = by_edit(result)["odds = np.exp(shifted)", "odds = shifted"]
    entries = [f"- `{one.id}` (): because" for one in (survivors[0], killed)]
    (folder / "MUTANTS.md").write_text("\n".join([*entries, "- `f:sign:0000` (): because", ""]))
    try:
        problems = list(map(str, compare_accepted(assignment, slot, expected, 0, cache_dir)))
    finally:
        (folder / "MUTANTS.md").unlink()
    assert [
        f"MUTANTS.md:2: {killed.id} does not survive, a check finds it: remove the line",
        "MUTANTS.md:3: there is no mutant f:sign:0000: remove the line",
    ] == problems[:2]
    assert len(survivors) - 1 == len(problems[2:])
    assert f"MUTANTS.md:1: {survivors[1].id} survives and is not named" in problems[2]


def test_a_packed_folder_holds_its_accepted_survivors(tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    write_folder(folder)
    digest = load_assignment(folder).digest
    (folder / "MUTANTS.md").write_text("text")
    unpack_archive(pack_folder(folder), tmp_path / "two")
    assert "text" == (tmp_path / "two" / "MUTANTS.md").read_text()
    assert digest == load_assignment(tmp_path / "two").digest
