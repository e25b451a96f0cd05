"""Every limit is held from outside, ends as what it is, and leaves the slot as good as new."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import numpy as np
import pytest

from grader.calls import Evaluation, Raised, Returned
from grader.sandbox.program import KIB, MIB, Exit, Limits, Outcome, Stub
from grader.sandbox.tiers import Side

LIMITS = Limits(wall_time_s=1.0, cpu_time_s=0.3, memory_bytes=512 * MIB, output_bytes=4 * KIB)
PATIENT = replace(LIMITS, wall_time_s=10.0, cpu_time_s=5.0)


@pytest.fixture(autouse=True)
def _still_answers(ask):
    yield
    outcome = ask("def f(x): return x + 1", "r = f(1)")
    assert [Returned({"r": 2})] == [replace(one, wall_time_s=0.0) for one in outcome.answers]


def run_timed(ask, text: str, limits: Limits = LIMITS) -> tuple[Outcome, float]:
    started = time.monotonic()
    outcome = ask(text, "r = f()", limits=limits)
    return outcome, time.monotonic() - started


def test_sleeping_ends_at_the_limit_of_wall_time(ask):
    text = "import time\ndef f(): time.sleep(60)"
    outcome, elapsed_s = run_timed(ask, text, replace(LIMITS, wall_time_s=0.3))
    assert Exit.TIME_LIMIT == outcome.exit
    assert "0.3 s of wall time" in outcome.detail
    assert 0.3 <= outcome.usage.wall_time_s < 5.0
    assert elapsed_s < 8.0
    assert outcome.usage.cpu_time_s < 0.2


def test_a_loop_ends_at_the_limit_of_cpu_time(ask):
    outcome, elapsed_s = run_timed(ask, "def f():\n    while True: pass")
    assert Exit.TIME_LIMIT == outcome.exit
    assert "0.3 s of CPU time" in outcome.detail
    assert 0.3 <= outcome.usage.cpu_time_s < 0.9  # not at the next full second
    assert elapsed_s < 8.0


def test_a_loop_while_the_file_is_loaded_says_so(ask):
    outcome, _ = run_timed(ask, "while True: pass")
    assert Exit.TIME_LIMIT == outcome.exit
    assert outcome.detail.startswith("while the file was loaded: ")
    assert () == outcome.answers


def test_our_own_start_up_does_not_count(ask):
    outcome, _ = run_timed(ask, "def f(): return 1", replace(LIMITS, wall_time_s=0.05))
    assert Exit.FINISHED == outcome.exit


def test_what_goes_in_does_not_count_either(slot, program):
    asked = Evaluation("r = x[0]", {"x": np.zeros(100 << 17)}, ("r",))
    limits = replace(LIMITS, wall_time_s=5.0, cpu_time_s=3.0)
    with slot.open(Side.STUDENT, program("")) as session:
        started = time.monotonic()
        outcome = session.run([asked], limits)
        elapsed_s = time.monotonic() - started
    assert Exit.FINISHED == outcome.exit
    assert outcome.usage.wall_time_s < 0.8 * elapsed_s


def test_who_does_not_take_what_goes_in_has_no_more_than_a_time_of_his_own(slot, program):
    text = "import os, time\ndef f():\n    g(); time.sleep(60)"
    asked = Evaluation("f.__globals__['g'] = g; r = f()", {}, ("r",), stubs=("g",))
    stub = Stub(lambda *_: np.zeros(1 << 20), 9)
    with slot.open(Side.STUDENT, program(text)) as session:
        outcome = session.run([asked], LIMITS, {"g": stub})
    assert Exit.TIME_LIMIT == outcome.exit
    assert "1 s of wall time" in outcome.detail


def test_cpu_time_of_one_request_does_not_count_in_the_next(slot, program):
    text = """
import time
def f():
    started = time.process_time()
    while time.process_time() - started < 0.2:
        pass
    return 1
"""
    with slot.open(Side.STUDENT, program(text)) as session:
        for _ in range(3):
            outcome = session.run([Evaluation("r = f()", {}, ("r",))], LIMITS)
            assert Exit.FINISHED == outcome.exit
            assert 0.15 < outcome.usage.cpu_time_s < 0.3


def test_the_peak_of_memory_is_measured_from_outside(ask):
    text = "def f():\n    kept = bytearray(b'x') * (100 << 20)\n    return 1"
    outcome, _ = run_timed(ask, text, PATIENT)
    assert 100 * MIB < outcome.usage.memory_bytes < 300 * MIB


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    while True: print('x' * 100)",
        "import os\ndef f():\n    while True: os.write(1, b'x' * 100)",
        "import os\ndef f():\n    while True: os.write(2, b'x' * 100)",
        "import sys\ndef f():\n    while True: sys.stderr.write('x' * 100)",
    ],
    ids=["print", "descriptor 1", "descriptor 2", "stderr"],
)
def test_a_flood_of_output_ends_at_its_limit(ask, text):
    outcome, elapsed_s = run_timed(ask, text)
    assert Exit.OUTPUT_LIMIT == outcome.exit
    told = re.fullmatch(
        r"the limit is 4096 bytes of printed text, it printed (\d+) or more", outcome.detail
    )
    assert told, outcome.detail
    assert int(told[1]) > 4096
    assert 4 * KIB == len(outcome.output)
    assert elapsed_s < 8.0


def test_output_up_to_the_limit_is_kept_whole(ask):
    outcome, _ = run_timed(ask, f"def f():\n    print('x' * {4 * KIB - 1})")
    assert Exit.FINISHED == outcome.exit
    assert "x" * (4 * KIB - 1) + "\n" == outcome.output


def test_output_that_is_not_utf8_is_shown_with_replacements(ask):
    outcome, _ = run_timed(ask, "import os\ndef f(): os.write(1, b'a\\xffb')")
    assert "a\ufffdb" == outcome.output


def test_a_result_over_the_cap_is_told_not_sent(ask):
    text = "import numpy as np\ndef f(): return np.broadcast_to(np.float64(1), (10**9,))"
    outcome, _ = run_timed(ask, text)
    [answer] = outcome.answers
    assert isinstance(answer, Raised)
    assert "ResultTooLarge" == answer.kind
    assert re.fullmatch(r"the limit is \d+ bytes, these are 8000000000", answer.message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import ctypes\ndef f(): ctypes.CDLL(None).ptrace(0, 0, 0, 0)", Exit.FORBIDDEN),
        ("import ctypes\ndef f(): ctypes.string_at(0)", Exit.CRASH),
        ("import os\ndef f(): os.abort()", Exit.CRASH),
        *((f"import os\ndef f(): os._exit({n})", Exit.CRASH) for n in (0, 1, 97, 255)),
        *((f"import os\nos._exit({n})", Exit.CRASH) for n in (0, 97)),
        ("import os\ndef f(): os.close(4)", Exit.CRASH),
        ("import os\ndef f(): os.write(4, b'x' * 100)", Exit.CRASH),
    ],
    ids=[
        "ptrace",
        "segmentation fault",
        "abort",
        "exit 0",
        "exit 1",
        "exit 97",
        "exit 255",
        "exit 0 at load",
        "exit 97 at load",
        "closed pipe",
        "garbage",
    ],
)
def test_an_end_of_its_own_making_is_the_programs(ask, text, expected):
    outcome, elapsed_s = run_timed(ask, text)
    assert expected == outcome.exit
    assert () == outcome.answers
    assert outcome.detail
    assert elapsed_s < 8.0


def test_a_closed_output_costs_us_no_processor_time(ask):
    text = "import os, time\ndef f():\n    os.close(1)\n    os.close(2)\n    time.sleep(0.5)\n"
    before = time.process_time()
    outcome, _ = run_timed(ask, text, replace(LIMITS, wall_time_s=2.0))
    assert Exit.FINISHED == outcome.exit
    assert time.process_time() - before < 0.25
