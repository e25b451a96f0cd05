"""What a sandbox costs over a plain fork, and what the ways in which others isolate cost.

`plain fork` is the same zygote and the same worker with every wall left out (tier `none`). All
that is compared runs in turns, in random order, in one run; medians count.
"""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmarks.feeders import TEXT, WARM_S, Feeders, endless_loop, submit
from benchmarks.rows import Row, run_benchmark
from grader.calls import Evaluation
from grader.expected import expected_values
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.sandbox.pool import Slot
from grader.sandbox.proc import read_field
from grader.sandbox.program import Chunk, Limits, Program, SourceFile
from grader.sandbox.selftest import assert_confines
from grader.sandbox.tiers import Side, Tier, find_bubblewrap
from grader.spec import load_assignment

_FRESH = f"import numpy as np\n{TEXT}\nprint(f(1))"
_TEN_CHECKS = Path(__file__).parent / "ten_checks"
_UNTIL_SPARE_IS_READY_S = 0.03
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "PATH": os.environ.get("PATH", "")}
_MIB = 1 << 20


def measure(is_quick: bool) -> list[Row]:
    """Measure one after the other what must not disturb each other."""
    for tier in (Tier.NAMESPACES, Tier.LANDLOCK):
        assert_confines(tier)
    cores = sorted(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        one_core = stack.enter_context(Feeders(cores[:1], 2))
        all_cores = stack.enter_context(Feeders(cores, len(cores)))
        slots = {
            name: stack.enter_context(Slot(tier, keeps_spares=keeps))
            for name, tier, keeps in (
                ("plain", Tier.NONE, False),
                ("namespaces", Tier.NAMESPACES, False),
                ("landlock", Tier.LANDLOCK, False),
                ("spare", Tier.NAMESPACES, True),
            )
        }
        for slot in slots.values():
            submit(slot)
        time.sleep(WARM_S)
        rows = _measure_latency(slots, 60 if is_quick else 300)
        rows += _measure_neighbour(slots["spare"], 30 if is_quick else 150)
        rows += _measure_sizes(slots["spare"], 3 if is_quick else 9)
        rows += _measure_trickle(slots["spare"], 3 if is_quick else 9)
        rows += _measure_memory(slots["spare"])
        rows += _measure_ten_checks(slots["spare"], 40 if is_quick else 200)
        slices = (0.5, 5) if is_quick else (2.0, 9)
        rows += _compare("one core, two in flight", *one_core.measure(*slices))
        rows += _compare("all cores, one in flight each", *all_cores.measure(*slices))
    return rows


def _compare(name: str, confined: float, plain: float) -> list[Row]:
    return [
        Row(f"submissions a second, {name}", confined, "/s", ">= 1"),
        Row(f"submissions a second, {name} / plain fork", confined / plain, "x", ">= 0.85"),
    ]


def _time_in_turns(
    actions: Mapping[str, Callable[[], object]], n: int, pause_s: float = 0.0
) -> dict[str, float]:
    """Return the median seconds of each action."""
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(n):
        for name in random.sample(list(actions), len(actions)):
            time.sleep(pause_s)
            started = time.perf_counter()
            actions[name]()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(times) for name, times in seconds.items()}


def _measure_latency(slots: Mapping[str, Slot], n: int) -> list[Row]:
    actions: dict[str, Callable[[], object]] = {
        name: lambda slot=slot: submit(slot)  # type: ignore[misc]
        for name, slot in slots.items()
    }
    median = _time_in_turns(actions, n, _UNTIL_SPARE_IS_READY_S)
    fresh = [sys.executable, "-c", _FRESH]
    box = [find_bubblewrap(), "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev"]
    median |= _time_in_turns(
        {
            "numpy": lambda: _run([sys.executable, "-c", "import numpy"]),
            "bubblewrap": lambda: _run([*box, "/dev", *fresh]),
            "beside": actions["namespaces"],
        },
        max(7, n // 10),
    )
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    for _ in range(n):
        submit(slots["spare"])
    cpu_s, wall_s = time.process_time() - started_cpu_s, time.perf_counter() - started_s
    plain = median["plain"]
    return [
        Row(f"plain fork, median of {n}", plain * 1e3, "ms", "<= 20"),
        Row("namespaces on demand / plain fork", median["namespaces"] / plain, "x", "<= 1.25"),
        Row("landlock on demand / plain fork", median["landlock"] / plain, "x", "<= 1.25"),
        Row("namespaces, spare ready / plain fork", median["spare"] / plain, "x", "<= 1.0"),
        Row("`import numpy` / namespaces", median["numpy"] / median["beside"], "x", ">= 8"),
        Row(
            "bubblewrap + python + numpy each time / namespaces",
            median["bubblewrap"] / median["beside"], "x", ">= 12",
        ),
        Row("supervisor's CPU a submission", cpu_s / n * 1e3, "ms", "<= 0.5"),
        Row("wall time a submission, one after the other", wall_s / n * 1e3, "ms", "<= 20"),
    ]  # fmt: skip


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_ENVIRONMENT)


def _measure_neighbour(slot: Slot, n: int) -> list[Row]:
    """Time submissions while another slot's submission never ends, and while none does."""
    seconds: dict[str, list[float]] = {"alone": [], "beside": []}
    for _ in range(3):
        for name in seconds:
            with endless_loop() if name == "beside" else contextlib.nullcontext():
                times = _time_in_turns({name: lambda: submit(slot)}, n, _UNTIL_SPARE_IS_READY_S)
                seconds[name].append(times[name])
    ratio = statistics.median(seconds["beside"]) / statistics.median(seconds["alone"])
    return [Row("latency beside an endless loop in another slot / alone", ratio, "x", "<= 2")]


def _measure_sizes(slot: Slot, n: int) -> list[Row]:
    sizes = {f"{mib} MiB": np.zeros(mib * _MIB // 8) for mib in (1, 16, 48)}
    median = _time_in_turns(
        {name: lambda array=array: submit(slot, array) for name, array in sizes.items()},  # type: ignore[misc]
        n,
        _UNTIL_SPARE_IS_READY_S,
    )
    return [
        Row(f"{name} in and {name} out", median[name] * 1e3 / int(name.split()[0]), "ms/MiB", goal)
        for name, goal in (("1 MiB", "<= 20"), ("16 MiB", "<= 10"), ("48 MiB", "<= 10"))
    ]


def _measure_trickle(slot: Slot, n: int) -> list[Row]:
    """Measure how busy a program keeps us that sends an answer byte by byte."""
    header = 'os.write(4, struct.pack("<4sIBQ", b"GRD1", 0, 6, 60 << 10))'
    trickle = f"{header}\n    while True: os.write(4, b'\\x09'); time.sleep(1e-4)"
    # Where idle pages are taken from a process, to wake up at all costs more than a trickle.
    shares = [
        _share_of_a_core(slot, trickle) - _share_of_a_core(slot, "time.sleep(60)") for _ in range(n)
    ]
    name = f"our share of a core while a program sends byte by byte, min of {n}"
    return [Row(name, max(min(shares), 0.0), "", "<= 0.02")]


def _share_of_a_core(slot: Slot, body: str) -> float:
    text = f"import os, struct, time\ndef f():\n    {body}"
    program = Program((SourceFile("solution.py", (Chunk(text),)),))
    with slot.open(Side.STUDENT, program) as session:
        session.run([Evaluation("r = 1", {}, ("r",))], Limits())
        started_s, started_cpu_s = time.perf_counter(), time.process_time()
        session.run([Evaluation("r = f()", {}, ("r",))], Limits(wall_time_s=1.0))
        return (time.process_time() - started_cpu_s) / (time.perf_counter() - started_s)


def _measure_memory(slot: Slot) -> list[Row]:
    time.sleep(_UNTIL_SPARE_IS_READY_S)
    jail = slot.start(Side.STUDENT)
    children = Path(f"/proc/{jail.pid}/task/{jail.pid}/children").read_text().split()
    shares = [
        read_field(f"/proc/{pid}/smaps_rollup", b"Pss:").removesuffix(b" kB")
        for pid in (jail.pid, *children)
    ]
    # An ordinary user may not look into a jail, not even his own.
    mebibytes = sum(map(int, shares)) / 1024 if all(shares) else None
    name = "memory of a jail with its spare, shared pages split"
    return [Row(name, mebibytes, "MiB", "<= 60")]


def _measure_ten_checks(slot: Slot, n: int) -> list[Row]:
    """Measure the CPU time of a whole submission, from fork to reap, judging included."""
    assignment = load_assignment(_TEN_CHECKS)
    upload = Upload("solution.py", assignment.solution["solution.py"].encode())
    submitted = accept_uploads([upload], assignment.spec.files)
    with tempfile.TemporaryDirectory() as folder:

        def run() -> None:
            with expected_values(assignment, slot, Path(folder)) as expected:
                assert grade(assignment, submitted, slot, expected, seed=1).is_full_score

        run()
        run()  # the solution's answers are kept now
        jail = slot.start(Side.STUDENT)
        ours_s, theirs_s = time.process_time(), _cpu_time(jail.pid)
        for _ in range(n):
            run()
        assert jail is slot.start(Side.STUDENT), "another zygote: the figures do not fit"
        ours_s = time.process_time() - ours_s
        theirs_s = _cpu_time(jail.pid) - theirs_s
    return [
        Row(
            "ten checks: CPU of zygote and worker, fork to reap", theirs_s / n * 1e3, "ms", "<= 16"
        ),
        Row("ten checks: CPU of all, judging too", (ours_s + theirs_s) / n * 1e3, "ms", "<= 32"),
    ]


def _cpu_time(pid: int | None) -> float:
    """Return the CPU seconds of a process and of its children that were waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(run_benchmark(__doc__ or "", measure))
