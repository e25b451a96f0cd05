"""Running out of memory is told as what it is, with the limit and the measured value."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from grader.calls import Evaluation, Raised, Returned
from grader.sandbox.program import MIB, Exit, Limits
from grader.sandbox.tiers import Side

PATIENT = Limits(wall_time_s=10.0, cpu_time_s=5.0, memory_bytes=512 * MIB)


RUNS_OUT_OF_MEMORY = {
    "at once": "def f(): return len(bytearray(1 << 30))",
    "numpy": "import numpy as np\ndef f(): return np.ones((1 << 27,))",
    "bit by bit": "def f():\n    kept = []\n    while True: kept.append(bytearray(1 << 20))",
    "raised again": """
def f():
    kept = []
    try:
        while True: kept.append(bytearray(1 << 20))
    except MemoryError as error:
        raise MemoryError("no more") from error
""",
}


@pytest.mark.parametrize("text", RUNS_OUT_OF_MEMORY.values(), ids=RUNS_OUT_OF_MEMORY)
def test_memory_beyond_the_limit_is_told_with_the_limit_and_the_measured_value(ask, text):
    outcome = ask(text, "r = f()", limits=PATIENT)
    assert Exit.MEMORY_LIMIT == outcome.exit
    assert () == outcome.answers
    told = re.fullmatch(
        r"the limit is 512 MiB, it held (\d+) MiB at its peak( and asked for more than was left)?"
        r", line \d of solution.py",
        outcome.detail,
    )
    assert told, outcome.detail
    assert 30 <= int(told[1]) <= 512


@pytest.mark.parametrize("text", RUNS_OUT_OF_MEMORY.values(), ids=RUNS_OUT_OF_MEMORY)
def test_memory_that_runs_out_while_the_file_is_loaded_is_told_as_well(ask, text):
    outcome = ask(f"{text}\ndel f\nf()", "r = f()", limits=PATIENT)
    assert ["NameError"] == [failure.kind for failure in outcome.failures]
    outcome = ask(f"{text}\nf()", "r = f()", limits=PATIENT)
    [failure] = outcome.failures
    assert failure.is_out_of_memory
    assert failure.message.startswith("the limit is 512 MiB, it held ")


@pytest.mark.parametrize(
    "text",
    [
        "def f(): raise MemoryError('so I say')",
        "class Own(MemoryError): pass\ndef f(): raise Own",
        "def f():\n    try: raise MemoryError\n    except MemoryError as error: raise error",
    ],
    ids=["raised", "of its own class", "raised twice"],
)
def test_a_memory_error_that_somebody_raises_is_an_exception_as_any_other(ask, text):
    outcome = ask(text, "r = f()", limits=PATIENT)
    assert Exit.FINISHED == outcome.exit
    [answer] = outcome.answers
    assert isinstance(answer, Raised)
    outcome = ask(f"{text}\nf()", "r = f()", limits=PATIENT)
    assert [False] == [failure.is_out_of_memory for failure in outcome.failures]


def test_a_memory_error_that_is_swallowed_is_nobodys_business(ask):
    text = """
def f():
    kept = []
    try:
        while True: kept.append(bytearray(1 << 20))
    except MemoryError:
        kept.clear()
    return 1
"""
    outcome = ask(text, "r = f()", limits=PATIENT)
    [answer] = outcome.answers
    assert isinstance(answer, Returned)
    assert {"r": 1} == answer.values


@pytest.mark.parametrize("end", ["os.abort()", "ctypes.string_at(0)"])
def test_a_worker_that_dies_at_the_limit_of_memory_dies_of_memory(ask, end):
    text = f"""
import ctypes, os
def f(n):
    kept = []
    try:
        while n: kept.append(bytearray(b"x") * (1 << 20)); n -= 1
    except MemoryError:
        pass
    {end}
"""
    full = ask(text, "r = f(-1)", limits=PATIENT)
    assert Exit.MEMORY_LIMIT == full.exit
    assert "the limit is 512 MiB, it held " in full.detail
    assert Exit.CRASH == ask(text, "r = f(100)", limits=PATIENT).exit


def test_what_ran_out_of_memory_in_one_request_is_not_held_in_the_next(slot, program):
    text = "kept = []\ndef f():\n    while True: kept.append(bytearray(1 << 20))"
    with slot.open(Side.STUDENT, program(text)) as session:
        first = session.run([Evaluation("r = f()", {}, ("r",))], PATIENT)
        second = session.run([Evaluation("r = len(bytearray(300 << 20))", {}, ("r",))], PATIENT)
    assert [Exit.MEMORY_LIMIT, Exit.FINISHED] == [first.exit, second.exit]
    assert isinstance(second.answers[0], Returned)


def test_the_limit_of_memory_is_that_of_the_request(ask):
    text = "def f(): return len(bytearray(600 << 20))"
    small = ask(text, "r = f()", limits=PATIENT)
    large = ask(text, "r = f()", limits=replace(PATIENT, memory_bytes=1024 * MIB))
    assert Exit.MEMORY_LIMIT == small.exit
    assert isinstance(large.answers[0], Returned)
