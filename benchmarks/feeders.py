"""Processes that keep slots busy: submissions a second, confined and not, and one that hangs."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Self

from grader.calls import Evaluation, Value
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Exit, Limits, Program, SourceFile
from grader.sandbox.tiers import Side, Tier

TEXT = "def f(x):\n    return x + 1\n"
_PROGRAM = Program((SourceFile("solution.py", (Chunk(TEXT),)),))
_TIERS = (Tier.NONE, Tier.NAMESPACES)
_LOOP = Program((SourceFile("loop.py", (Chunk("def f():\n    while True: pass\n"),)),))
_FOREVER = Limits(wall_time_s=3600.0, cpu_time_s=3600.0)
WARM_S = 9.0
"""In so much time a zygote that has nothing to do imports what it would import later."""


class Feeders:
    """Processes on some cores, each with a warm slot of both tiers; idle until they are counted."""

    def __init__(self, cores: list[int], n: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._lines, self._processes = [], []
        for _ in range(n):
            ours, theirs = context.Pipe()
            process = context.Process(target=_feed, args=(theirs, cores))
            process.start()
            self._lines.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for line, process in zip(self._lines, self._processes, strict=True):
            line.send(None)
            process.join()

    def measure(self, slice_s: float, n_slices: int) -> tuple[float, float]:
        """Return submissions a second, all together: confined, and as a plain fork."""
        counts: dict[Tier, list[int]] = {tier: [] for tier in _TIERS}
        for line in self._lines:
            assert line.recv() == "warm"
        for _ in range(n_slices):
            for tier in _TIERS:
                for line in self._lines:
                    line.send((tier, slice_s))
                counts[tier].append(sum(line.recv() for line in self._lines))
        confined, plain = (statistics.median(counts[tier]) for tier in reversed(_TIERS))
        return confined / slice_s, plain / slice_s


def _feed(line: Connection, cores: list[int]) -> None:
    os.sched_setaffinity(0, cores)
    slots = {tier: Slot(tier) for tier in _TIERS}
    for slot in slots.values():
        submit(slot)
    time.sleep(WARM_S)
    line.send("warm")
    while (order := line.recv()) is not None:
        tier, seconds = order
        until_s, n = time.monotonic() + seconds, 0
        while time.monotonic() < until_s:
            submit(slots[tier])
            n += 1
        line.send(n)
    for slot in slots.values():
        slot.close()


def submit(slot: Slot, value: Value = 1) -> None:
    """Run the program once in a session of its own, as a submission."""
    with slot.open(Side.STUDENT, _PROGRAM) as session:
        ask = Evaluation("r = f(x)", {"x": value}, ("r",))
        assert session.run([ask], Limits()).exit is Exit.FINISHED


@contextlib.contextmanager
def endless_loop() -> Iterator[None]:
    """Have a submission that never ends in another process's slot."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    looping = context.Process(target=_loop, args=(theirs,))
    looping.start()
    assert ours.recv() == "looping"
    try:
        yield
    finally:
        looping.kill()  # and all that it has started ends with it
        looping.join()


def _loop(line: Connection) -> None:
    with Slot(Tier.NAMESPACES) as slot, slot.open(Side.STUDENT, _LOOP) as session:
        session.run([Evaluation("pass", {}, ())], _FOREVER)
        line.send("looping")
        session.run([Evaluation("f()", {}, ())], _FOREVER)
