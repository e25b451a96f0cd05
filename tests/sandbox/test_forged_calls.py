"""Frames that look like a stub's call and were made by nobody but the program itself."""

from __future__ import annotations

import time

import numpy as np
import pytest

from grader.calls import Evaluation, Raised, Returned
from grader.sandbox.program import MIB, Exit, Limits, Stub
from grader.sandbox.tiers import Side

LIMITS = Limits(wall_time_s=5.0, cpu_time_s=3.0, memory_bytes=512 * MIB)

CALL = """
import os, struct
def send(body, index=0):
    os.write(4, struct.pack("<4sIBQ", b"GRD1", index, 9, len(body)) + body)
def name(text):
    return struct.pack("<BI", 8, len(text)) + text
def items(*parts):
    return struct.pack("<BI", 9, len(parts)) + b"".join(parts)
def ask(text=b"g", index=0):
    send(items(name(text), items()), index)
"""


def test_who_computes_behind_his_own_call_pays_for_it(call):
    def answer(*_):
        time.sleep(0.4)
        return 1

    text = f"""{CALL}
import time
def f():
    ask()
    started = time.process_time()
    while time.process_time() - started < 0.3:
        pass
    os.read(3, 1000)
    return 1
"""
    usage = call(text, "r = f()", stub=Stub(answer, 1)).usage
    assert usage.cpu_time_s >= 0.3
    assert usage.wall_time_s >= 0.9 * usage.cpu_time_s


@pytest.mark.parametrize(
    "body",
    [
        "ask(b'h')",
        "ask(index=1)",
        "ask(index=2**32 - 1)",
        "send(b'')",
        "send(b'\\0')",
        "send(items())",
        "send(items(name(b'g')))",
        "send(items(name(b'g'), items(name(b'a'))))",
        "send(items(name(b'g'), items(name(b'a'), name(b'a')), b'\\0', b'\\0'))",
        "send(items(name(b'g'), b'\\0'))",
        "send(items(name(b'g'), items()) + b'\\0')",
        "send(items(name(b'g\\xff'), items()))",
    ],
)
def test_a_forged_call_is_a_crash(call, body):
    text = f"{CALL}\nimport time\ndef f():\n    {body}\n    time.sleep(60)"
    outcome = call(text, "r = f()", "r = 1")
    assert Exit.CRASH == outcome.exit
    assert outcome.detail.startswith("what it sent is not an answer: ")
    assert {"g": 0} == outcome.stub_calls


def test_a_call_that_claims_to_be_huge_is_over_its_limit(call):
    huge = "os.write(4, struct.pack('<4sIBQ', b'GRD1', 0, 9, 2**40))"
    outcome = call(f"{CALL}\nimport time\ndef f():\n    {huge}\n    time.sleep(60)", "r = f()")
    assert Exit.OUTPUT_LIMIT == outcome.exit
    assert {"g": 0} == outcome.stub_calls


def test_a_forged_call_of_the_right_form_is_a_call(call):
    text = f"{CALL}\ndef f():\n    ask()\n    return len(os.read(3, 1000))"
    outcome = call(text, "r = f()")
    [answer] = outcome.answers
    assert isinstance(answer, Returned)
    assert {"r": 33} == answer.values
    assert {"g": 1} == outcome.stub_calls


@pytest.mark.parametrize("where", ["load", "no stub", "after the end"])
def test_a_call_that_cannot_be_answered_is_a_crash(slot, program, where):
    text = f"{CALL}\ndef f(): ask()\n"
    if where == "load":
        text += "ask()\n"
    if where == "after the end":
        text += """
def f():
    answer, call = items(b"\\0"), items(name(b"g"), items())
    head = struct.Struct("<4sIBQ").pack
    frames = head(b"GRD1", 0, 6, len(answer)) + answer + head(b"GRD1", 2, 8, 0)
    os.write(4, frames + head(b"GRD1", 0, 9, len(call)) + call)
"""
    stubs = () if where == "no stub" else ("g",)
    asked = Evaluation("r = f()", {}, ("r",), stubs=stubs)
    with slot.open(Side.STUDENT, program(text)) as session:
        outcome = session.run([asked], LIMITS, {"g": Stub(lambda *_: 0, 9)})
    assert Exit.CRASH == outcome.exit
    assert 0 == outcome.stub_calls.get("g", 0)


def test_who_never_reads_the_answers_cannot_make_us_keep_them(call):
    text = f"{CALL}\nimport time\ndef f():\n    for _ in range(100): ask()\n    time.sleep(60)"
    stub = Stub(lambda *_: np.ones(100_000), 100)
    outcome = call(text, "r = f()", stub=stub)
    assert Exit.CRASH == outcome.exit
    assert "before it had read what was sent to it" in outcome.detail
    assert {"g": 1} == outcome.stub_calls


def test_who_closes_the_pipe_of_the_answers_harms_himself_alone(call):
    [answer] = call("import os", "import os; os.close(3); r = g()").answers
    assert isinstance(answer, Raised)
    assert "OSError" == answer.kind


def test_a_stub_that_nobody_answers_is_a_mistake_of_ours(slot, program):
    asked = Evaluation("r = g()", {}, ("r",), stubs=("g",))
    with slot.open(Side.STUDENT, program("")) as session, pytest.raises(KeyError):
        session.run([asked], LIMITS)
