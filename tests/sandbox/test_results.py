"""What comes out of a box costs us no more memory and no more time than it should."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from grader.calls import Evaluation, Returned
from grader.sandbox import taps
from grader.sandbox.exchange import Exchange
from grader.sandbox.program import KIB, MIB, Exit, Limits, Stub
from grader.sandbox.tiers import Side

LIMITS = Limits(wall_time_s=1.0, cpu_time_s=0.3, memory_bytes=512 * MIB, output_bytes=4 * KIB)
PATIENT = replace(LIMITS, wall_time_s=10.0, cpu_time_s=5.0)


FLOOD = """
import os, struct
import numpy as np
def f():
    os.write(4, struct.pack("<4sIBQ", b"GRD1", 0, 6, {announced}))
    while True:
        os.write(4, bytes(1 << 20))
"""


@pytest.mark.parametrize("announced", [16 * MIB, 64 * MIB, 1 << 30])
def test_a_flood_of_results_ends_at_its_limit(ask, announced):
    outcome = ask(FLOOD.format(announced=announced), "r = f()", limits=PATIENT)
    assert outcome.exit in (Exit.OUTPUT_LIMIT, Exit.CRASH)
    if announced > 16 * MIB + 64 * KIB:
        assert "bytes of results, it sent " + str(announced) in outcome.detail


@pytest.mark.parametrize("result_bytes", [MIB, 16 * MIB])
@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\ndef f(): return np.ones(15 << 17)",
        "import numpy as np\ndef f(): return np.ones(60 << 17)",
        "import numpy as np\ndef f(): return [np.ones(1 << 17)] * 15",
        "def f(): return ['x' * 60_000] * 9_000",
        FLOOD.format(announced=15 * MIB),
        FLOOD.format(announced=64 * MIB),
    ],
    ids=["near the cap", "over the cap", "in a list", "texts", "forged", "forged and larger"],
)
def test_our_memory_does_not_grow_beyond_what_results_may_have(slot, program, text, result_bytes):
    limits = replace(PATIENT, result_bytes=result_bytes)
    asked = Evaluation("r = f()", {}, ("r",))
    with slot.open(Side.STUDENT, program(text)) as session:
        session.run([Evaluation("r = 1", {}, ("r",))], limits)
        tracemalloc.start()
        try:
            for _ in range(2):
                session.run([asked, asked], limits)
            grown = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    # What arrives and what it is decoded into, for a moment both at once.
    assert 2.5 * result_bytes + 2 * MIB > grown


def test_inputs_may_come_back_however_large_they_are(slot, program):
    x = np.zeros(20 << 17)
    asked = Evaluation("r = x + 1", {"x": x}, ("r",), echo=("x",))
    with slot.open(Side.STUDENT, program("")) as session:
        [answer] = session.run([asked], replace(PATIENT, result_bytes=MIB)).answers
    assert isinstance(answer, Returned)
    assert x.shape == np.asarray(answer.inputs_after["x"]).shape


# A byte at a time

HEADER = 'os.write(4, struct.pack("<4sIBQ", b"GRD1", 0, 6, 60 << 10))'
TRICKLES = {
    "results": f"{HEADER}\n    while True: os.write(4, b'\\x09'); time.sleep(1e-4)",
    "printed": "while True: os.write(1, b'x'); time.sleep(1e-4)",
    "both": f"""{HEADER}
    while True: os.write(1, b'x'); os.write(4, b'\\x09'); time.sleep(1e-4)""",
    "flushed": "while True: print('x', flush=True); time.sleep(1e-4)",
    "pages": f"{HEADER}\n    for _ in range(14): os.write(4, bytes(4096)); time.sleep(0.1)",
    "frames of calls": """
    body = b'\\x09\\x02\\0\\0\\0\\x08\\x01\\0\\0\\0g\\x09\\0\\0\\0\\0'
    while True:
        for one in struct.pack("<4sIBQ", b"GRD1", 0, 9, len(body)) + body:
            os.write(4, bytes([one]))
            time.sleep(1e-4)
        os.read(3, 1000)
""",
    "just below the limit of CPU time": """
    while time.process_time() < 0.599: pass
    time.sleep(60)
""",
}


@pytest.mark.parametrize("body", TRICKLES.values(), ids=TRICKLES)
def test_what_comes_byte_by_byte_is_looked_at_in_intervals(slot, program, monkeypatch, body):
    """What that costs is a row of `benchmarks/sandbox.py`: at most a fiftieth of a core."""
    looks = 0
    true_wait = Exchange._wait

    def wait(exchange: Exchange) -> dict[int, int]:
        nonlocal looks
        looks += 1
        return true_wait(exchange)

    text = f"import os, struct, time\ndef f():\n    {body}"
    limits = replace(PATIENT, wall_time_s=1.0, cpu_time_s=0.6, output_bytes=64 * KIB)
    asked = Evaluation("r = f()", {}, ("r",), stubs=("g",))
    with slot.open(Side.STUDENT, program(text)) as session:
        session.run([Evaluation("r = 1", {}, ("r",))], limits)
        monkeypatch.setattr(Exchange, "_wait", wait)
        outcome = session.run([asked], limits, {"g": Stub(lambda *_: 0, 1000)})
    assert outcome.exit in (Exit.TIME_LIMIT, Exit.CRASH)
    # Thousands of bytes came, one by one.
    assert 150 > looks


def test_a_result_in_very_many_pieces_is_a_crash(ask, monkeypatch):
    monkeypatch.setattr(taps, "_INTERVAL_S", 0.0)
    outcome = ask(
        f"import os, struct, time\ndef f():\n    {TRICKLES['results']}", "r = f()", limits=PATIENT
    )
    assert Exit.CRASH == outcome.exit
    assert "it sent what is no answer yet in 201 small pieces" == outcome.detail


def test_lines_that_are_flushed_one_by_one_all_arrive(ask):
    text = "def f():\n    for n in range(2000): print(n, flush=True)\n    return 1"
    outcome = ask(text, "r = f()", limits=replace(PATIENT, output_bytes=64 * KIB))
    assert Exit.FINISHED == outcome.exit
    assert list(map(str, range(2000))) == outcome.output.split()


# What a program can do to the pipes


def test_pipes_that_do_not_block_bring_in_and_out_what_is_larger_than_they_are(slot, program):
    text = "import os\nos.set_blocking(3, False)\nos.set_blocking(4, False)\n"
    x = np.arange(500_000.0)
    asked = Evaluation("r = x + g(x)", {"x": x}, ("r",), stubs=("g",))
    stub = Stub(lambda arguments, _: arguments[0], 9)
    with slot.open(Side.STUDENT, program(text)) as session:
        for _ in range(3):
            [answer] = session.run([asked], PATIENT, {"g": stub}).answers
            assert isinstance(answer, Returned)
            assert np.array_equal(2 * x, np.asarray(answer.values["r"]))


@pytest.mark.parametrize("how", ["os.close(3)", "sys._getframe(3).f_locals['self'].requests = 99"])
def test_a_worker_whose_exit_is_replaced_ends_all_the_same(slot, program, how):
    text = f"""
import os, sys
os._exit = sys.exit = lambda *_: None
def f():
    {how}
    return 1
"""
    with slot.open(Side.STUDENT, program(text)) as session:
        asked = Evaluation("r = f()", {}, ("r",))
        assert [Exit.FINISHED, Exit.CRASH] == [session.run([asked], LIMITS).exit for _ in range(2)]
