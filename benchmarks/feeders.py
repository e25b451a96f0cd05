"""Processes that keep slots busy: submissions a second, confined and not, and one that hangs."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

from grader.calls import Evaluation
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Limits, Program, SourceFile
from grader.sandbox.tiers import Side, Tier

_PROGRAM = Program((SourceFile("solution.py", (Chunk("def f(x):\n    return x + 1\n"),)),))
_TIERS = (Tier.NONE, Tier.NAMESPACES)
_LOOP = Program((SourceFile("loop.py", (Chunk("def f():\n    while True: pass\n"),)),))
_FOREVER = Limits(wall_time_s=3600.0, cpu_time_s=3600.0)
_WARM_S = 10.0


def measure_throughput(slice_s: float, n_slices: int) -> Iterator[tuple[str, float, str]]:
    """Yield name, ratio of medians and goal: on one core with two in flight, then on all."""
    cores = sorted(os.sched_getaffinity(0))
    for name, used, n_feeders, goal in (
        ("one core, two in flight", cores[:1], 2, ">= 0.85"),
        (f"{len(cores)} cores, one in flight each", cores, len(cores), ">= 0.85"),
    ):
        counts = _count(used, n_feeders, slice_s, n_slices)
        confined = statistics.median(counts[Tier.NAMESPACES])
        yield (
            f"{name} ({confined / slice_s:.0f} confined)",
            confined / statistics.median(counts[Tier.NONE]),
            goal,
        )


def _count(
    cores: list[int], n_feeders: int, slice_s: float, n_slices: int
) -> dict[Tier, list[int]]:
    """Return how many submissions all feeders together did in each slice, the tiers in turns."""
    context = multiprocessing.get_context("spawn")
    lines, feeders = [], []
    for _ in range(n_feeders):
        ours, theirs = context.Pipe()
        feeder = context.Process(target=_feed, args=(theirs, cores), daemon=False)
        feeder.start()
        lines.append(ours)
        feeders.append(feeder)
    counts: dict[Tier, list[int]] = {tier: [] for tier in _TIERS}
    for line in lines:
        assert line.recv() == "warm"
    for _ in range(n_slices):
        for tier in _TIERS:
            for line in lines:
                line.send((tier, slice_s))
            counts[tier].append(sum(line.recv() for line in lines))
    for line, feeder in zip(lines, feeders, strict=True):
        line.send(None)
        feeder.join()
    return counts


def _feed(line: Connection, cores: list[int]) -> None:
    os.sched_setaffinity(0, cores)
    slots = {tier: Slot(tier) for tier in _TIERS}
    for slot in slots.values():
        _submit(slot)
    time.sleep(_WARM_S)  # what a zygote imports in its spare time
    line.send("warm")
    while (order := line.recv()) is not None:
        tier, seconds = order
        until_s, n = time.monotonic() + seconds, 0
        while time.monotonic() < until_s:
            _submit(slots[tier])
            n += 1
        line.send(n)
    for slot in slots.values():
        slot.close()


def _submit(slot: Slot) -> None:
    with slot.open(Side.STUDENT, _PROGRAM) as session:
        session.run([Evaluation("r = f(1)", {}, ("r",))], Limits())


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
