"""Defences that no program sees from inside: switched off, they are missed from outside."""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from grader.calls import Evaluation
from grader.errors import SandboxFailure
from grader.sandbox import runtime
from grader.sandbox.guest.confine import WorkerLimits
from grader.sandbox.jail import Jail
from grader.sandbox.pool import Slot
from grader.sandbox.program import MIB, Chunk, Exit, Limits, Program, SourceFile
from grader.sandbox.tiers import Side, Tier
from tests.hostile.ablations.alterations import SELF_CHECK, switched_off
from tests.hostile.ablations.switches import (
    NO_CORE_LIMIT,
    NO_PARENT_DEATH,
    VISIBLE,
    unshare_all_but,
)


@contextmanager
def endless_worker(slot):
    """A worker of a jail that neither reads nor ends by itself."""
    jail = slot.start(Side.STUDENT)
    worker = jail.take(WorkerLimits(512 << 20, 60))
    assert select.select([worker.results], [], [], 10)[0], "it did not say READY"
    try:
        yield jail, worker
    finally:
        jail.give_back(worker)


@pytest.mark.parametrize("off", [[], [NO_PARENT_DEATH]], ids=["signal", "no signal"])
def test_a_worker_ends_with_its_zygote_by_a_signal_or_by_the_namespace_of_the_jail(
    off, tier, bench, tmp_path
):
    bench(tier)
    with (
        switched_off([*off, SELF_CHECK], tmp_path),
        Slot(tier) as slot,
        endless_worker(slot) as (jail, worker),
    ):
        jail.kill()
        is_left = bool(off) and tier is Tier.LANDLOCK
        is_dead = bool(select.select([worker.pidfd], [], [], 0.5 if is_left else 10.0)[0])
        assert is_left is not is_dead


def test_without_the_pid_namespace_of_the_jail_no_worker_is_forked(bench, tmp_path):
    """The zygote returns to it after each fork, which takes a namespace that it owns."""
    bench(Tier.NAMESPACES)
    with (
        switched_off([unshare_all_but("pid")], tmp_path),
        Slot(Tier.NAMESPACES) as slot,
        pytest.raises(SandboxFailure, match="could not fork: setns"),
    ):
        slot.start(Side.STUDENT).take(WorkerLimits(512 * MIB, 60))


@pytest.mark.parametrize("is_hidden", [True, False])
def test_a_process_of_the_same_user_cannot_look_into_a_worker(is_hidden, tier, bench, tmp_path):
    bench(tier)
    if not is_hidden and tier is Tier.LANDLOCK and os.geteuid() == 0:
        pytest.skip("the kernel itself hides a process that has become another user")
    off = set() if is_hidden else {SELF_CHECK, *VISIBLE}
    with switched_off(off, tmp_path), Slot(tier) as slot, endless_worker(slot) as (_, worker):
        assert is_hidden is not can_be_read(f"/proc/{worker.pid}/environ")


def can_be_read(path):
    """Try to read a file as the user that the workers are, without any further right."""
    uid = runtime.DEFAULT_SERVICE_UID
    user = {"user": uid, "group": uid, "extra_groups": []} if os.geteuid() == 0 else {}
    return not subprocess.run(
        ["/bin/cat", path], capture_output=True, check=False, **user
    ).returncode


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_crash_leaves_no_image_of_memory(is_kept, bench, tmp_path, monkeypatch):
    """Only in this tier is there a folder in which it could be left."""
    bench(Tier.NAMESPACES)
    if Path("/proc/sys/kernel/core_pattern").read_text()[:1] in "|/":
        pytest.skip("this machine hands images of memory to a program, or keeps them elsewhere")
    if not resource.getrlimit(resource.RLIMIT_CORE)[1]:
        pytest.skip("these tests run under a limit that forbids images of memory")
    off = {SELF_CHECK, *VISIBLE, NO_CORE_LIMIT} if is_kept else {SELF_CHECK, *VISIBLE}
    reports = []
    true_wait = Jail.await_exit
    monkeypatch.setattr(
        Jail, "await_exit", lambda *given: reports.append(true_wait(*given)) or reports[-1]
    )
    with switched_off(off, tmp_path), Slot(Tier.NAMESPACES) as slot:
        ended = hand_over(slot, "import ctypes; r = ctypes.string_at(0)")
    assert Exit.CRASH is ended.exit
    assert [is_kept] == [os.WCOREDUMP(report.status) for report in reports]


HASH = "r = hash('the order of a set depends on this')"


def test_two_jails_put_the_items_of_a_set_into_the_same_order(tier, bench):
    slot, _ = bench(tier)
    with Slot(tier) as other:
        assert [one.values for one in hand_over(slot, HASH).answers] == [
            one.values for one in hand_over(other, HASH).answers
        ]


def hand_over(slot, code):
    program = Program((SourceFile("solution.py", (Chunk(""),)),), allow=("*",))
    with slot.open(Side.STUDENT, program) as session:
        return session.run([Evaluation(code, {}, ("r",))], Limits(memory_bytes=300 * MIB))
