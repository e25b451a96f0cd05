"""Thousands of submissions through one pool: nothing grows."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from grader.calls import Evaluation, Returned
from grader.sandbox.pool import Slot, Wear
from grader.sandbox.proc import read_field
from grader.sandbox.program import Limits
from grader.sandbox.tiers import Side
from tests.service.processes import find_descendants, is_running, wait_until

PROGRAMS = {
    "right": "def f(x): return x + 1",
    "raises": "def f(x): raise ValueError(x)",
    "exits": "import os\ndef f(x): os._exit(3)",
    "crashes": "import ctypes\ndef f(x): ctypes.string_at(0)",
    "writes": "def f(x):\n    open('a.txt', 'w').write('x' * 1000)\n    return x",
    "large": "import numpy as np\ndef f(x): return np.zeros(40_000)",
    "prints": "def f(x):\n    print('x' * 10_000)\n    return x",
    "does not load": "def f(x:",
}


def held() -> tuple[int, int]:
    """Return how many descriptors this process holds, and how much memory, in bytes."""
    gc.collect()
    memory = int(read_field("/proc/self/status", b"VmRSS:").removesuffix(b" kB")) * 1024
    return len(list(Path("/proc/self/fd").iterdir())), memory


def count_processes() -> int:
    return sum(map(is_running, find_descendants([os.getpid()])))


def submit(slot: Slot, program, name: str) -> None:
    with slot.open(Side.STUDENT, program(PROGRAMS[name])) as session:
        outcome = session.run([Evaluation("r = f(1)", {}, ("r",))], Limits(wall_time_s=5.0))
        if name == "right":
            [answer] = outcome.answers
            assert isinstance(answer, Returned)
            assert 2 == answer.values["r"]


def settle(slot: Slot, program) -> None:
    """Go on until no jail is on its way and none waits for its end."""
    submit(slot, program, "right")
    while len(slot.jails) > 1:
        submit(slot, program, "right")


@pytest.mark.parametrize(
    ("n", "wear"),
    [(240, Wear(workers=60)), pytest.param(10_000, Wear(), marks=pytest.mark.slow)],
    ids=["240", "10000"],
)
def test_nothing_grows_with_the_number_of_submissions(tier, program, n, wear):
    names = list(PROGRAMS)
    n_others = count_processes()
    with Slot(tier, wear=wear) as slot:
        first = slot.start(Side.STUDENT)
        for k in range(80):
            submit(slot, program, names[k % len(names)])
        settle(slot, program)
        descriptors, memory = held()
        for k in range(n):
            submit(slot, program, names[k % len(names)])
        settle(slot, program)
        assert first is not slot.start(Side.STUDENT), "the zygote was never replaced"
        now = held()
        # While a spare is on its way, its descriptor may be counted or not.
        assert descriptors + 1 >= now[0]
        assert memory * 1.05 >= now[1]
        # The zygote, its bubblewrap, one spare, and a worker that is just ending.
        wait_until(lambda: count_processes() - n_others <= 4, 30.0)
    wait_until(lambda: count_processes() == n_others, 5.0)
