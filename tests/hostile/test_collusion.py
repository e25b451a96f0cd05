"""Two submissions that are there at the same time cannot tell each other anything.

A program of the corpus whose name begins with `colluding_` has `tell` and `hear`: one submission
tells, and another, in the same jail or in that of another slot, must hear nothing.

The times at which files were last read are hidden by the read-only mounts of the better tier. The
other tier shows them wherever the machine keeps them: `docs/security.md` does not promise it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.calls import Evaluation, Returned
from grader.sandbox.pool import Slot
from grader.sandbox.program import MIB, Chunk, Limits, Program, SourceFile
from grader.sandbox.tiers import CONFINING, Side, Tier
from tests.hostile.ablations.alterations import SELF_CHECK, Permit, switched_off
from tests.hostile.ablations.switches import (
    DATA_WRITABLE,
    KILL,
    NO_IPC_NAMESPACE,
    NO_LANDLOCK,
    NO_MOUNT_NAMESPACE,
    NO_PID_NAMESPACE,
    NO_SIGNAL_SCOPE,
    NO_SOCKET_SCOPE,
    SOCKETS,
)

HERE = Path(__file__).parent
COLLUDING = sorted(folder.name for folder in HERE.glob("colluding_*"))
LIMITS = Limits(wall_time_s=5.0, cpu_time_s=3.0, memory_bytes=300 * MIB)
TIMES = "colluding_by_times_of_files"
HEARD = """
try:
    r = hear()
except OSError:
    r = False
"""
TOLD = """
try:
    tell()
except OSError:
    pass
r = 1
"""


@contextmanager
def two_sessions(name, slots):
    text = (HERE / name / "program.py").read_text()
    support = {"attack.py": (HERE / "assignment" / "attack.py").read_text()}
    data = {"table.txt": b"1 2 3"}
    program = Program((SourceFile("solution.py", (Chunk(text),)),), support, data, allow=("*",))
    with (
        slots[0].open(Side.STUDENT, program) as one,
        slots[-1].open(Side.STUDENT, program) as other,
    ):
        yield one, other


def ask(session, code):
    outcome = session.run([Evaluation(code, {}, ("r",))], LIMITS)
    assert not outcome.failures, outcome.failures
    [answer] = outcome.answers
    assert isinstance(answer, Returned), answer
    return answer.values["r"]


def is_heard(name, *slots):
    with two_sessions(name, slots) as (one, other):
        assert ask(one, "r = 0") == 0  # both are there before either says a word
        assert ask(other, "r = 0") == 0
        make_old(slots)
        ask(other, HEARD)
        assert ask(other, HEARD) is False
        assert ask(one, TOLD) == 1
        return ask(other, HEARD)


def make_old(slots):
    """Let the data have been read long ago: its times change when it is read again."""
    for slot in slots:
        for file in slot.start(Side.STUDENT).data.rglob("*.txt"):
            os.utime(file, (0, 1))


@pytest.fixture(scope="session")
def neighbours():
    """A function that returns a second slot of a tier."""
    opened = {}
    yield lambda tier: opened.setdefault(tier, Slot(tier))
    for slot in opened.values():
        slot.close()


@pytest.mark.parametrize("name", COLLUDING)
@pytest.mark.parametrize("n_slots", [1, 2])
def test_two_submissions_at_once_cannot_tell_each_other_anything(
    name, n_slots, tier, bench, neighbours
):
    if name == TIMES and tier is Tier.LANDLOCK:
        pytest.skip("the landlock tier shows when a file was last read, and does not promise less")
    slot, _ = bench(tier)
    assert is_heard(name, *([slot] if n_slots == 1 else [slot, neighbours(tier)])) is False


CHANNELS = [
    (TIMES, {DATA_WRITABLE}, {}, (Tier.NAMESPACES,)),
    ("colluding_by_locks", {Permit("flock")}, {}, CONFINING),
    (
        "colluding_by_sockets",
        {SOCKETS, NO_SOCKET_SCOPE},
        {"Landlock: sockets without a file": {SOCKETS}},
        CONFINING,
    ),
    (
        "colluding_by_shared_memory",
        {Permit("shmget"), NO_IPC_NAMESPACE},
        {"ipc namespace of the worker": {Permit("shmget")}},
        (Tier.NAMESPACES,),
    ),
    (
        "colluding_by_files",
        {NO_MOUNT_NAMESPACE, NO_LANDLOCK},
        {
            "mount namespace of the worker": {NO_LANDLOCK},
            "Landlock": {NO_MOUNT_NAMESPACE},
        },
        (Tier.NAMESPACES,),
    ),
    (
        "colluding_by_signals",
        {KILL, NO_SIGNAL_SCOPE, NO_PID_NAMESPACE},
        {"pid namespace of the worker": {KILL, NO_SIGNAL_SCOPE}},
        (Tier.NAMESPACES,),
    ),
    (
        "colluding_by_signals",
        {KILL, NO_SIGNAL_SCOPE},
        {"Landlock: signals": {KILL}},
        (Tier.LANDLOCK,),
    ),
]


def channels():
    for name, off, alone, tiers in CHANNELS:
        for tier in tiers:
            yield pytest.param(name, tier, off, True, id=f"{tier}-{name}")
            for defence, behind in alone.items():
                yield pytest.param(name, tier, behind, False, id=f"{tier}-{name}-only {defence}")


def keeps_times(folder):
    file = folder / "read.txt"
    file.write_text("read")
    os.utime(file, (0, 1))
    file.read_text()
    return file.stat().st_atime > 0


@pytest.mark.parametrize(("name", "tier", "off", "hears"), list(channels()))
def test_without_its_defence_a_submission_hears_another(name, tier, off, hears, bench, tmp_path):
    bench(tier)
    if name == TIMES and not keeps_times(tmp_path):
        pytest.skip("this file system does not keep the times at which a file was read")
    with switched_off({*off, SELF_CHECK}, tmp_path), Slot(tier) as slot:
        assert is_heard(name, slot) is hears
