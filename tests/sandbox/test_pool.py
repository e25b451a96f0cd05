"""A slot's jails: a spare worker waits, and a worn zygote is replaced without a pause."""

from __future__ import annotations

import os
import select
import signal
from pathlib import Path

import pytest

from grader.calls import Evaluation, Returned
from grader.errors import SandboxUnavailable
from grader.sandbox import pool
from grader.sandbox.guest.confine import WorkerLimits
from grader.sandbox.jail import Jail
from grader.sandbox.pool import Slot, Wear
from grader.sandbox.program import MIB, Limits
from grader.sandbox.session import Session
from grader.sandbox.tiers import Side
from tests.service.processes import is_running, wait_until

SMALL, LARGE = WorkerLimits(256 * MIB, 60), WorkerLimits(512 * MIB, 60)
ONE = "def f(x): return x + 1"


def ask(session: Session) -> object:
    [answer] = session.run([Evaluation("r = f(1)", {}, ("r",))], Limits()).answers
    assert isinstance(answer, Returned)
    return answer.values["r"]


@pytest.fixture
def jail(tier):
    with Jail(tier, Side.STUDENT) as jail:
        yield jail


def test_a_worker_that_is_given_back_ends_and_another_is_ready_before_it_is_asked_for(jail):
    first = jail.take(SMALL)
    jail.give_back(first)
    assert 2 == jail.n_workers
    second = jail.take(SMALL)
    assert 2 == jail.n_workers
    assert first.pid != second.pid
    wait_until(lambda: not is_running(first.pid))


def test_a_spare_that_stands_under_other_limits_is_not_used(jail):
    jail.give_back(jail.take(SMALL))
    spare_number = jail.n_workers
    worker = jail.take(LARGE)
    assert spare_number + 1 == worker.number
    assert select.select([worker.results], [], [], 10)[0], "it did not say READY"
    limit = Path(f"/proc/{worker.pid}/limits").read_text()
    assert str(LARGE.address_space_bytes) in limit


def test_a_jail_that_keeps_no_spare_forks_for_those_who_ask_alone(tier):
    with Jail(tier, Side.STUDENT, keeps_spare=False) as jail:
        jail.give_back(jail.take(SMALL))
        assert 1 == jail.n_workers


def test_a_spare_is_used_once(jail):
    jail.prepare(SMALL)
    workers = [jail.take(SMALL) for _ in range(3)]
    assert 3 == len({worker.pid for worker in workers})
    assert all(is_running(worker.pid) for worker in workers)


def test_a_spare_that_was_killed_costs_no_submission(tier, program):
    with Slot(tier) as slot, slot.open(Side.STUDENT, program(ONE)) as session:
        jail = slot.start(Side.STUDENT)
        jail.wait_until_warm()
        limits = WorkerLimits(Limits().memory_bytes, 3600)
        spare = jail.take(limits)
        jail._control._born[spare.number] = spare  # as it lies there when nobody has taken it
        jail._spare = limits, spare.number
        os.kill(spare.pid, signal.SIGKILL)
        assert 2 == ask(session)


def test_a_worn_zygote_is_replaced_and_nobody_waits(tier, program):
    pids, n_jails = set(), 0
    with Slot(tier, wear=Wear(workers=5)) as slot:
        for _ in range(400):
            with slot.open(Side.STUDENT, program(ONE)) as session:
                assert 2 == ask(session)
                pids.add(slot.start(Side.STUDENT).pid)
                n_jails = max(n_jails, len(slot.jails))
            if len(pids) > 2:
                break
        assert len(pids) > 2
        assert n_jails <= 3
    assert not any(is_running(pid) for pid in pids if pid)


def test_a_zygote_wears_with_time_too(tier):
    with Slot(tier, wear=Wear(seconds=0.0)) as slot:
        first = slot.start(Side.STUDENT)
        first.wait_until_warm()
        while slot.start(Side.STUDENT) is first:
            pass
        assert slot.start(Side.STUDENT) is not first


def test_a_worn_zygote_stays_for_the_session_that_uses_it(tier, program):
    counting = "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n"
    with Slot(tier, wear=Wear(workers=1)) as slot:
        with slot.open(Side.STUDENT, program(counting)) as session:
            ask(session)
            first = slot.start(Side.STUDENT)
            while slot.start(Side.STUDENT) is first:
                pass
            assert first in slot.jails
            assert 2 == ask(session)
        slot.start(Side.STUDENT)
        assert first not in slot.jails
        assert first.pid is not None
        assert not is_running(first.pid)


def test_a_successor_that_does_not_start_leaves_the_worn_one_at_work(tier, program, monkeypatch):
    with Slot(tier, wear=Wear(workers=1)) as slot, slot.open(Side.STUDENT, program(ONE)) as session:
        ask(session)

        def refuse(*_, **__):
            raise SandboxUnavailable("the disk is on fire")

        monkeypatch.setattr(pool, "Jail", refuse)
        session.renew()
        assert 2 == ask(session)
