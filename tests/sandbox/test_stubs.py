"""Calls that leave the box are answered by us, counted by us, and harm nobody but their caller."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.calls import Call, Evaluation, Ladder, Opaque, Probe, Raised, Returned
from grader.errors import SandboxFailure
from grader.sandbox.program import (
    MIB,
    Chunk,
    Exit,
    Limits,
    Outcome,
    Program,
    SourceFile,
    Stub,
)
from grader.sandbox.tiers import Side

LIMITS = Limits(wall_time_s=5.0, cpu_time_s=3.0, memory_bytes=512 * MIB)


def values_of(outcome: Outcome) -> list[Any]:
    return [one.values["r"] for one in outcome.answers if isinstance(one, Returned)]


def test_a_call_brings_its_arguments_out_and_the_answer_in(call):
    given = []

    def answer(arguments, keywords):
        given.append((arguments, keywords))
        return [np.arange(2.0), "text", None, 3, [True]]

    code = "a, *r = g(x, 2, [1, 2], ((x,), 'a'), name='n', o={1: [2]}, f={'f': len})"
    outcome = call("", code, stub=Stub(answer, 1))
    assert [["text", None, 3, [True]]] == values_of(outcome)
    [((first, second, third, fourth), keywords)] = given
    assert [1.0, 1.0, 1.0] == first.tolist()
    assert 2 == second
    assert [1, 2] == third
    assert (([1.0, 1.0, 1.0],), "a") == ((fourth[0][0].tolist(),), fourth[1])
    function = Opaque("builtin_function_or_method")
    assert {"name": "n", "o": {1: [2]}, "f": {"f": function}} == keywords
    assert {"g": 1} == outcome.stub_calls


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("ValueError", "ValueError: no"), ("LinAlgError", "RuntimeError: LinAlgError: no")],
)
@pytest.mark.parametrize("kind_of_code", ["caught", "not caught"])
def test_an_exception_for_an_answer_is_raised_where_the_call_is(call, kind, expected, kind_of_code):
    stub = Stub(lambda *_: Raised(kind, (), "no", in_snippet=False), 1)
    text = """
def f(g):
    try:
        g()
    except Exception as error:
        return type(error).__name__ + ": " + str(error)
"""
    if kind_of_code == "caught":
        assert [expected] == values_of(call(text, "r = f(g)", stub=stub))
    else:
        [answer] = call("", "r = g()", stub=stub).answers
        assert isinstance(answer, Raised)
        assert expected == f"{answer.kind}: {answer.message}"


@pytest.mark.parametrize("kind", ["SystemExit", "KeyboardInterrupt", "UnicodeDecodeError", "print"])
def test_only_exceptions_that_take_a_text_are_raised_by_their_names(call, kind):
    stub = Stub(lambda *_: Raised(kind, (), "no", in_snippet=False), 1)
    [answer] = call("", "r = g()", stub=stub).answers
    assert isinstance(answer, Raised)
    assert ("RuntimeError", f"{kind}: no") == (answer.kind, answer.message)


def test_calls_are_counted_outside_until_the_worker_has_died(call):
    outcome = call("import os", "g(); r = g()", "g(); os._exit(0)")
    assert Exit.CRASH == outcome.exit
    assert {"g": 3} == outcome.stub_calls


def test_a_ladder_may_call_a_stub_at_every_step(slot, program):
    probe = Probe("x", np.array([1.0]), (0.0, 1.0, 2.0))
    ladder = Ladder("r = g(x)", {"x": np.ones(1)}, "r", None, (probe,), stubs=("g",))
    stub = Stub(lambda arguments, _: np.asarray(arguments[0]).sum() ** 2, 3)
    with slot.open(Side.STUDENT, program("")) as session:
        outcome = session.run([ladder], LIMITS, {"g": stub})
    [answer] = outcome.answers
    assert [1.0, 4.0, 9.0] == answer.values["ladder"].tolist()
    assert {"g": 3} == outcome.stub_calls


def test_the_time_that_we_take_to_answer_is_not_the_students(call):
    def answer(*_):
        time.sleep(0.6)
        return 1

    outcome = call("", "r = g()", stub=Stub(answer, 1), limits=replace(LIMITS, wall_time_s=0.4))
    assert Exit.FINISHED == outcome.exit
    [returned] = outcome.answers
    assert returned.wall_time_s < 0.4
    assert outcome.usage.wall_time_s < 0.4


@pytest.mark.parametrize(
    ("stub", "code", "told"),
    [
        (
            Stub(lambda *_: 0, 5),
            "for _ in range(6): g()",
            "the limit is 5 calls of g, this is call 6",
        ),
        (
            Stub(lambda *_: 0, 99, max_argument_bytes=10_000),
            "for _ in range(6): g(np.ones(500))",
            "the limit is 10000 bytes of arguments of g in all, these are 12078",
        ),
        (
            Stub(lambda *_: np.ones(500), 99, max_answer_bytes=10_000),
            "for _ in range(6): g()",
            "the limit is 10000 bytes of answers of g in all, these are 12045",
        ),
    ],
    ids=["calls", "arguments", "answers"],
)
def test_each_cap_ends_the_request_with_its_own_message(call, stub, code, told):
    outcome = call("", f"{code}\nr = 0", stub=stub)
    assert Exit.OUTPUT_LIMIT == outcome.exit
    assert told == outcome.detail


@pytest.mark.parametrize("error", [LookupError("ours"), SandboxFailure("ours too")])
def test_what_answering_raises_is_our_failure_and_is_not_tried_again(slot, program, error):
    n_asked = 0

    def answer(*_):
        nonlocal n_asked
        n_asked += 1
        raise error

    text = "def f(g):\n try: g()\n except BaseException: return 1\n return 2\n"
    with slot.open(Side.STUDENT, program(text)) as session:
        asked = Evaluation("r = f(g)", {}, ("r",), stubs=("g",))
        with pytest.raises(type(error), match="ours"):
            session.run([asked], LIMITS, {"g": Stub(answer, 9)})
        assert 1 == n_asked
        outcome = session.run([asked], LIMITS, {"g": Stub(lambda *_: 0, 9)})
    assert [2] == values_of(outcome)


# In place of functions of the program


MODULES = {
    "net.py": """
import layers
from layers import back as ab, other
from lazy import *
table = {"back": ab}
def ways():
    from late import late
    return [back(), ab(), layers.back(), other(), late(), table["back"]()]
""",
    "layers.py": "def back(): return 'mine'\ndef other(): return back()",
    "lazy.py": "from layers import back",
    "late.py": "def back(): return 'mine'\ndef late(): return back()",
}


def test_every_module_of_the_program_calls_the_stub_and_later_its_own(slot):
    files = tuple(SourceFile(name, (Chunk(text),)) for name, text in MODULES.items())
    codes = [("r = back(), *ways()", ("back",)), ("r = back(), *ways()", ())]
    asked = [Evaluation(code, {}, ("r",), stubs=stubs) for code, stubs in codes]
    with slot.open(Side.STUDENT, Program(files)) as session:
        outcome = session.run(asked, LIMITS, {"back": Stub(lambda *_: "ours", 9)})
    # What a table holds of it is not replaced.
    assert [["ours"] * 6 + ["mine"], ["mine"] * 7] == values_of(outcome)


@pytest.mark.parametrize("value", ["None", "1", "'text'"])
def test_a_name_that_stood_for_no_function_is_put_back_and_no_other_is_touched(call, value):
    text = f"g = {value}\nother = {value}\n"
    stub = Stub(lambda *_: 7, 9)
    outcome = call(text, f"r = g(), repr(other) == repr({value})", f"r = g == {value}",
                   stub=stub, n_stubs=1)  # fmt: skip
    [first, second] = values_of(outcome)
    assert [7, True] == np.asarray(first).tolist()
    assert second is True


def test_a_name_that_was_not_there_is_gone_afterwards(call):
    text = "def f():\n    return g()\n"
    outcome = call(text, "r = f()", "r = f()", stub=Stub(lambda *_: 7, 9), n_stubs=1)
    assert [7] == values_of(outcome)
    last = outcome.answers[1]
    assert isinstance(last, Raised)
    assert ("NameError", "g") == (last.kind, last.name)


# Calls of a program's functions


def call_of(slot, program, text, *asked: Call, **beside):
    with slot.open(Side.REFERENCE, program(text, **beside)) as session:
        return [session.run([one], LIMITS).answers[0] for one in asked]


def test_a_call_keeps_what_its_arguments_and_its_value_are(slot, program):
    value: Any = (1, [2.0, (None, "text")], {"a": np.ones(2, np.float32), 3: True}, np.float16(0.5))
    text = "def same(x, *, y): return x, y, type(x).__name__"
    [answer] = call_of(slot, program, text, Call("same", (value,), {"y": []}))
    assert isinstance(answer, Returned)
    returned: Any = answer.values["returned"]
    given, empty, kind = returned
    assert ([], "tuple") == (empty, kind)
    assert (1, [2.0, (None, "text")]) == given[:2]
    assert ["a", 3] == list(given[2])
    assert np.float32 == given[2]["a"].dtype
    assert 0.5 == given[3]


def test_a_call_finds_a_support_files_function_after_the_programs_own(slot, program):
    support = {"cases.py": "def mine(): return 'support'\ndef f(): return 2"}
    text = "def mine(): return 1"
    own, other, none = call_of(
        slot, program, text, Call("mine"), Call("f"), Call("g"), support=support
    )
    assert [1, 2] == [own.values["returned"], other.values["returned"]]
    assert ("NameError", "g") == (none.kind, none.name)


# What a program may do with a stub


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import copy; r = copy.deepcopy(g)()", 7),
        ("import copy; r = copy.copy(g)() + g()", 14),
        ("r = [g.__name__, g.__qualname__]", ["g", "g"]),
        ("r = sorted(map(g, [3, 1, 2]))[0]", 7),
        ("r = (lambda *, deep: g(deep=deep))(deep=[[1], [[2]]])", 7),
    ],
)
def test_it_is_a_function_as_any_other(call, code, expected):
    [value] = values_of(call("", code, stub=Stub(lambda *_: 7, 9)))
    assert expected == (value.tolist() if isinstance(value, np.ndarray) else value)


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("", "import pickle; r = pickle.dumps(g)", ("AttributeError", "PicklingError")),
        ("", "r = g(np.broadcast_to(x[0], (10**9,)))", ("ResultTooLarge",)),
        ("", "r = g([b''] * 200_000)", ("ResultTooLarge",)),
        (
            "class T(tuple):\n def __iter__(self): raise KeyError('mine')",
            "r = g(T((1, 2)))",
            ("KeyError",),
        ),
    ],
    ids=["pickled", "too large", "too many", "an argument that raises"],
)
def test_what_cannot_be_done_with_it_is_an_exception_there(call, text, code, kind):
    [answer] = call(text, code).answers
    assert isinstance(answer, Raised)
    assert answer.kind in kind


def test_a_call_within_the_encoding_of_another_comes_before_it(call):
    order = []

    def answer(arguments, _):
        order.append(np.asarray(arguments[0]).tolist())
        return len(order)

    text = """
class T(tuple):
    def __iter__(self):
        return iter([self[0]("inner")])
"""
    outcome = call(text, "r = g(T((g,)))", stub=Stub(answer, 9))
    assert [2] == values_of(outcome)
    assert ["inner", [1]] == order


@pytest.mark.parametrize(
    ("code", "n_stubs"),
    [("r = kept[0]()", 1), ("r = kept[0]()", 2), ("g(); r = kept[0]()", 2)],
    ids=["where there is none", "where there is another", "after a call of another"],
)
def test_a_stub_that_was_kept_raises_in_a_later_evaluation(call, code, n_stubs):
    outcome = call("kept = []", "kept.append(g); r = 1", code, n_stubs=n_stubs)
    assert Exit.FINISHED == outcome.exit
    last = outcome.answers[1]
    assert isinstance(last, Raised)
    assert "g was called after the check that it belongs to" == last.message


@pytest.mark.parametrize("names", [(), ("g",)])
def test_a_stub_that_was_kept_raises_in_a_later_request(slot, program, names):
    stubs = {"g": Stub(lambda *_: 0, 9)}
    with slot.open(Side.STUDENT, program("kept = []")) as session:
        first = Evaluation("kept.append(g); r = 1", {}, ("r",), stubs=("g",))
        session.run([first], LIMITS, stubs)
        later = Evaluation("r = kept[0]()", {}, ("r",), stubs=names)
        outcome = session.run([later], LIMITS, stubs)
    assert Exit.FINISHED == outcome.exit
    assert isinstance(outcome.answers[0], Raised)
    assert 0 == outcome.stub_calls.get("g", 0)


def test_calls_of_a_dying_object_change_nothing(call):
    text = """
class Last:
    def __init__(self, g): self.g = g
    def __del__(self): self.g()
"""
    outcome = call(text, "a = Last(g); del a; b = Last(g); r = 1", "r = 2")
    assert [1, 2] == values_of(outcome)
    assert Exit.FINISHED == outcome.exit
    assert {"g": 1} == outcome.stub_calls


def test_a_call_from_a_signal_within_a_call_is_refused_in_the_box(call):
    text = """
import signal
def f(g):
    def handler(*_):
        try: g()
        except RuntimeError as error: told.append(str(error))
    told = []
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    g()
    return told[0]
"""

    def answer(*_):
        time.sleep(0.3)
        return 1

    outcome = call(text, "r = f(g)", stub=Stub(answer, 9))
    assert ["g was called while an earlier call was not answered"] == values_of(outcome)
    assert {"g": 1} == outcome.stub_calls


def test_the_line_stays_taken_where_a_handler_raised_within_a_call(call):
    text = """
import signal
def f(g):
    def handler(*_): raise KeyError
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try: g()
    except KeyError: return g()
"""

    def answer(*_):
        time.sleep(0.3)
        return 1

    [answered] = call(text, "r = f(g)", stub=Stub(answer, 9)).answers
    assert isinstance(answered, Raised)
    assert "g was called while an earlier call was not answered" == answered.message
