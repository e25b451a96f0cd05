"""One program and its worker: what it answers, what loading showed, how it survives a death."""

from __future__ import annotations

import numpy as np
import pytest

from grader.calls import Evaluation, Inspection, Ladder, Opaque, Probe, Raised, Returned
from grader.sandbox.pool import Slot
from grader.sandbox.program import MIB, Chunk, Exit, Limits, Program, SourceFile
from grader.sandbox.tiers import Side

LIMITS = Limits(wall_time_s=2.0, cpu_time_s=1.0, memory_bytes=512 * MIB)


def evaluate(code: str, **inputs) -> Evaluation:
    return Evaluation(code, inputs, ("r",))


def test_arrays_go_in_and_come_out(result):
    x = np.arange(6.0).reshape(2, 3)
    text = "def double(x): return 2 * x"
    assert np.array_equal(2 * x, result(text, "r = double(x)", inputs={"x": x}))


@pytest.mark.parametrize("value", [1, 1.5, True, "text", None, 2 + 1j])
def test_a_bare_value_is_itself_on_both_ways(result, value):
    returned = result("", "r = [type(x).__name__, x]", inputs={"x": value})
    assert [type(value).__name__, value] == returned


def test_a_list_of_inputs_is_a_list(result):
    assert [1, "a", None] == result("", "r = list(x)", inputs={"x": [1, "a", None]})
    assert "list" == result("", "r = type(x).__name__", inputs={"x": [1.0, 2.0]})


def test_what_cannot_leave_comes_back_as_the_name_of_its_type(result):
    assert Opaque("dict") == result("", "r = {'a': 1}")


def test_an_opaque_value_can_be_passed_on_inside_a_snippet(result):
    text = "class Cache: x = 3\ndef forward(): return Cache()\ndef backward(c): return c.x"
    assert 3 == result(text, "r = backward(forward())")


def test_an_input_changed_in_place_comes_back_changed_and_the_next_one_fresh(slot, program):
    x = np.ones(3)
    ask = Evaluation("r = f(x)", {"x": x}, ("r",), echo=("x",))
    with slot.open(Side.STUDENT, program("def f(x):\n    x += 1\n    return 0")) as session:
        first, second = session.run([ask, ask], LIMITS).answers
    for answer in (first, second):
        assert isinstance(answer, Returned)
        assert [2.0, 2.0, 2.0] == np.asarray(answer.inputs_after["x"]).tolist()
    assert [1.0, 1.0, 1.0] == x.tolist()


def test_state_of_the_module_lasts_from_one_request_to_the_next(slot, program):
    with slot.open(
        Side.STUDENT, program("n = 0\ndef f():\n    global n\n    n += 1\n    return n")
    ) as s:
        numbers = [s.run([evaluate("r = f()")], LIMITS).answers[0] for _ in range(3)]
    assert [1, 2, 3] == [one.values["r"] for one in numbers if isinstance(one, Returned)]


def test_a_dead_worker_costs_its_own_request_and_the_next_one_is_answered(slot, program):
    text = "import os\ndef f(n): return n\ndef die(): os._exit(0)"
    asks = [evaluate("r = f(1)"), evaluate("r = die()"), evaluate("r = f(3)")]
    with slot.open(Side.STUDENT, program(text)) as session:
        outcome = session.run(asks, LIMITS)
        assert Exit.CRASH == outcome.exit
        assert [1] == [one.values["r"] for one in outcome.answers if isinstance(one, Returned)]
        resumed = session.run(asks[2:], LIMITS)
    assert Exit.FINISHED == resumed.exit
    assert [3] == [one.values["r"] for one in resumed.answers if isinstance(one, Returned)]


def test_an_exception_costs_its_own_evaluation_only(ask):
    outcome = ask("def f(x): return 1 / x", "r = f(0)", "r = f(2)")
    raised, returned = outcome.answers
    assert isinstance(raised, Raised)
    assert ("ZeroDivisionError", "solution.py", 1, "f") == (
        raised.kind,
        raised.file,
        raised.line,
        raised.function,
    )
    assert isinstance(returned, Returned)
    assert 0.5 == returned.values["r"]


def test_a_file_that_does_not_parse_is_a_load_failure_with_its_line(ask):
    outcome = ask("x = 1\ndef f(:\n", "r = x")
    [failure] = outcome.failures
    assert ("SyntaxError", 2, "solution.py") == (failure.kind, failure.line, failure.file)


def test_a_file_that_raises_keeps_what_it_defines(ask):
    outcome = ask("x = 1\nraise ValueError('no')\ny = abs(2)\n", "r = x", "r = y")
    [failure] = outcome.failures
    assert ("ValueError", "no", 2) == (failure.kind, failure.message, failure.line)
    first, second = outcome.answers
    assert isinstance(first, Returned)
    assert isinstance(second, Raised)
    assert "NameError" == second.kind


def test_a_cell_that_fails_costs_itself(slot):
    cells = (Chunk("x = 1", "cell 1"), Chunk("x = oops", "cell 2"), Chunk("y = x", "cell 3"))
    program = Program((SourceFile("solution.ipynb", cells),))
    with slot.open(Side.STUDENT, program) as session:
        outcome = session.run([evaluate("r = y")], LIMITS)
    [failure] = outcome.failures
    assert ("cell 2", "NameError") == (failure.label, failure.kind)
    assert isinstance(outcome.answers[0], Returned)


def test_files_import_one_another_and_support_files(slot):
    files = (
        SourceFile("main.py", (Chunk("import other, cases\ny = other.x + cases.z"),)),
        SourceFile("other.py", (Chunk("x = 1"),)),
    )
    program = Program(files, support={"cases.py": "z = 2"})
    with slot.open(Side.STUDENT, program) as session:
        outcome = session.run([evaluate("r = y")], LIMITS)
    assert () == outcome.failures
    assert [3] == [one.values["r"] for one in outcome.answers if isinstance(one, Returned)]


def test_data_files_lie_in_the_working_folder(result):
    data = {"iris.csv": b"1,2\n3,4\n"}
    text = "import numpy as np\ndef f(): return np.loadtxt('iris.csv', delimiter=',')"
    assert [[1.0, 2.0], [3.0, 4.0]] == np.asarray(result(text, "r = f()", data=data)).tolist()
    listing = result("import os", "r = sorted(os.listdir('.'))", data=data)
    assert ["iris.csv"] == listing


def test_data_files_are_there_again_after_the_program_has_damaged_them(slot, program):
    text = """
import os
def damage():
    try:
        open('d.txt', 'w').close()
    except OSError:
        pass
    os._exit(0)
def read(): return open('d.txt').read()
"""
    with slot.open(Side.STUDENT, program(text, data={"d.txt": b"whole"})) as session:
        assert Exit.CRASH == session.run([evaluate("damage()")], LIMITS).exit
        outcome = session.run([evaluate("r = read()")], LIMITS)
    assert ["whole"] == [one.values["r"] for one in outcome.answers if isinstance(one, Returned)]


def test_one_submission_does_not_see_the_data_of_another(slot, program):
    with (
        slot.open(Side.STUDENT, program("", data={"one.txt": b"1"})) as one,
        slot.open(Side.STUDENT, program("import os", data={"two.txt": b"2"})) as other,
    ):
        one.run([evaluate("r = 0")], LIMITS)
        outcome = other.run([evaluate("r = os.listdir('.')")], LIMITS)
    [answer] = outcome.answers
    assert isinstance(answer, Returned)
    assert ["two.txt"] == answer.values["r"]


DRAW = "r = [np.random.rand(), random.random(), hash('text'), np.random.default_rng(1).random()]"


def test_random_numbers_and_hashes_come_from_the_seed_alone(result):
    first = np.asarray(result("import random", DRAW, seed=5))
    again = np.asarray(result("import random", DRAW, seed=5))
    other = np.asarray(result("import random", DRAW, seed=6))
    assert first.tolist() == again.tolist()
    assert first[2:].tolist() == other[2:].tolist()
    assert not set(first[:2]) & set(other[:2])


def test_hashes_are_those_of_every_other_zygote(result, tier, program):
    with Slot(tier) as other, other.open(Side.STUDENT, program("")) as session:
        [answer] = session.run([evaluate("r = hash('text')")], LIMITS).answers
    assert isinstance(answer, Returned)
    assert answer.values["r"] == result("", "r = hash('text')")


def test_every_evaluation_is_seeded_afresh(ask):
    outcome = ask("import random\nrandom.random()", "r = random.random()", "r = random.random()")
    first, second = (one.values["r"] for one in outcome.answers if isinstance(one, Returned))
    assert first == second


def test_a_seed_beyond_32_bits_is_as_good_as_any(result):
    assert isinstance(result("", "r = np.random.rand()", seed=2**40), float)


def test_settings_that_a_program_changes_are_as_they_were_for_the_next_evaluation(ask):
    outcome = ask(
        "import warnings\ndef f():\n    np.seterr(all='raise')\n",
        "import numpy as np; globals()['np'] = np; np.seterr(all='raise'); r = 0",
        "r = np.array([1.0]) / 0.0",
    )
    assert Exit.FINISHED == outcome.exit
    last = outcome.answers[1]
    assert isinstance(last, Returned)
    assert [float("inf")] == np.asarray(last.values["r"]).tolist()


def test_blas_has_one_thread(result):
    code = "r = __import__('os').sched_getaffinity(0) and len(__import__('sys')._current_frames())"
    assert 1 == result("", code)


def test_a_ladder_returns_the_value_at_every_step(slot, program):
    probes = (
        Probe("x", np.array([1.0, 0.0]), (0.0, 0.5)),
        Probe("x", np.array([0.0, 1.0]), (1.0,)),
    )
    ladder = Ladder("r = f(x)", {"x": np.array([1.0, 2.0])}, "r", None, probes)
    with slot.open(Side.STUDENT, program("def f(x): return (x ** 2).sum()")) as session:
        [answer] = session.run([ladder], LIMITS).answers
    assert isinstance(answer, Returned)
    assert [5.0, 6.25, 10.0] == np.asarray(answer.values["ladder"]).tolist()


def test_a_ladder_moves_the_entry_of_a_number(slot, program):
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    ladder = Ladder("r = f(x)", {"x": x}, "r", None, (Probe("x", 2, (0.0, 0.5)),))
    with slot.open(Side.STUDENT, program("def f(x): return x[1, 0] * 10 + x.sum()")) as session:
        [answer] = session.run([ladder], LIMITS).answers
    assert isinstance(answer, Returned)
    assert [40.0, 45.5] == np.asarray(answer.values["ladder"]).tolist()


@pytest.mark.parametrize("direction", [0, np.ones(())], ids=["its axis", "an array"])
def test_a_ladder_moves_a_bare_number(slot, program, direction):
    ladder = Ladder("r = f(x)", {"x": 3.0}, "r", None, (Probe("x", direction, (0.0, 0.5)),))
    with slot.open(Side.STUDENT, program("def f(x): return x ** 2 + isinstance(x, float)")) as s:
        [answer] = s.run([ladder], LIMITS).answers
    assert isinstance(answer, Returned)
    assert [10.0, 13.25] == np.asarray(answer.values["ladder"]).tolist()


@pytest.mark.parametrize(
    "body",
    [
        "y *= 2; return (x * y).sum()",
        "y *= 2.0 if x[1] > 2 else 1.0; return (x * y).sum()",
        "y -= 1; return (x * np.sqrt(2 - y)).sum() / (1 if y[0] == 0 else None)",
    ],
    ids=["always", "on the second line", "so that it raises"],
)
def test_every_step_of_a_ladder_finds_the_inputs_as_they_were_sent(slot, program, body):
    inputs = {"x": np.array([1.0, 2.0]), "y": np.ones(2)}
    probes = tuple(Probe("x", entry, (0.0, 1.0, 2.0)) for entry in (0, 1))
    text = f"import numpy as np\ndef f(x, y):\n    {body}"
    with slot.open(Side.STUDENT, program(text)) as session:
        [ladder] = session.run([Ladder("r = f(x, y)", inputs, "r", None, probes)], LIMITS).answers
    with slot.open(Side.STUDENT, program(text)) as session:
        moved = [np.array([1.0 + t, 2.0]) for t in (0, 1, 2)]
        moved += [np.array([1.0, 2.0 + t]) for t in (0, 1, 2)]
        evaluations = [Evaluation("r = f(x, y)", {**inputs, "x": x}, ("r",)) for x in moved]
        each = session.run(evaluations, LIMITS).answers
    assert isinstance(ladder, Returned)
    expected = [one.values["r"] for one in each if isinstance(one, Returned)]
    assert expected == np.asarray(ladder.values["ladder"]).tolist()


def test_a_ladder_weighs_an_array_by_the_cotangent(slot, program):
    inputs = {"x": np.array([1.0, 2.0]), "dout": np.array([10.0, 100.0])}
    probes = (Probe("x", np.array([1.0, 0.0]), (0.0, 1.0)),)
    ladder = Ladder("r = f(x)", inputs, "r", "dout", probes)
    with slot.open(Side.STUDENT, program("def f(x): return 3 * x")) as session:
        [answer] = session.run([ladder], LIMITS).answers
    assert isinstance(answer, Returned)
    assert [630.0, 660.0] == np.asarray(answer.values["ladder"]).tolist()


def test_the_facts_of_a_source_are_told_without_running_it(slot, program):
    text = "import scipy\nprint('ran')\nimport os; os._exit(1)\ndef f(x): return x\n"
    with slot.open(Side.STUDENT, program(text)) as session:
        outcome = session.run([Inspection()], LIMITS)
    assert Exit.FINISHED == outcome.exit
    assert "" == outcome.output
    [answer] = outcome.answers
    assert isinstance(answer, Returned)
    facts = answer.values["facts"]
    assert isinstance(facts, list)
    assert any(isinstance(fact, list) and ["import", "scipy"] == fact[:2] for fact in facts)


MODULES = (
    "asyncio collections.abc concurrent.futures encodings.cp1252 html.parser importlib.resources"
    " numpy.ctypeslib numpy.lib.recfunctions numpy.testing sqlite3 unittest.mock urllib.request"
    " xml.etree.ElementTree"
)


@pytest.mark.parametrize("statement", [f"import {name}" for name in MODULES.split()])
def test_all_of_the_standard_library_and_of_numpy_can_be_imported(ask, statement):
    outcome = ask(statement, "r = 1")
    assert () == outcome.failures
    assert Exit.FINISHED == outcome.exit
