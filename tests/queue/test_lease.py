"""A lease is renewed while a run is judged; who loses it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from grader.errors import DatabaseUnavailable
from grader.queue.lease import Ending, Lease
from grader.queue.stopping import StopNotice

LEASE_S = 0.4


def _hold(
    renew: Callable[[], bool],
    *,
    for_s: float = 1.0,
    longest_s: float = 60.0,
    is_stopping: Callable[[], bool] = lambda: False,
) -> tuple[Lease, float | None]:
    """Hold a lease for a while, or until it is abandoned; return it and when that was."""
    abandoned = threading.Event()
    lease = Lease(
        renew, LEASE_S, longest_s=longest_s, is_stopping=is_stopping, abandon=abandoned.set
    )
    started_s = time.monotonic()
    with lease:
        is_abandoned = abandoned.wait(for_s)
    return lease, time.monotonic() - started_s if is_abandoned else None


def test_it_is_renewed_every_quarter_for_as_long_as_the_run_lasts() -> None:
    times: list[float] = []

    def renew() -> bool:
        times.append(time.monotonic())
        return True

    lease, abandoned_s = _hold(renew, for_s=2.0)
    assert (None, None) == (lease.ending, abandoned_s)
    assert lease.is_held
    assert 6 <= len(times) <= 20
    n_renewals = len(times)
    time.sleep(LEASE_S)
    assert n_renewals == len(times)


def test_a_lease_that_somebody_else_has_ends_the_run_at_once() -> None:
    lease, abandoned_s = _hold(lambda: False)
    assert lease.ending is Ending.LEASE_LOST
    assert not lease.is_held
    assert abandoned_s is not None
    assert abandoned_s < LEASE_S


def test_a_database_that_is_gone_for_a_moment_ends_nothing() -> None:
    started_s = time.monotonic()

    def renew() -> bool:
        if time.monotonic() < started_s + 0.25:
            raise DatabaseUnavailable("gone")
        return True

    lease, _ = _hold(renew)
    assert lease.ending is None


def test_a_database_that_stays_away_ends_the_run_when_the_lease_is_over() -> None:
    def renew() -> bool:
        raise DatabaseUnavailable("gone")

    lease, abandoned_s = _hold(renew, for_s=3.0)
    assert lease.ending is Ending.LEASE_LOST
    assert abandoned_s is not None
    assert abandoned_s >= LEASE_S


def test_a_run_that_hangs_is_ended_and_its_lease_kept() -> None:
    lease, abandoned_s = _hold(lambda: True, longest_s=0.3, for_s=3.0)
    assert lease.ending is Ending.TOO_LONG
    assert abandoned_s is not None
    assert lease.is_held


def test_a_worker_that_stops_ends_the_run_and_keeps_the_lease() -> None:
    lease, abandoned_s = _hold(lambda: True, is_stopping=lambda: True, for_s=3.0)
    assert lease.ending is Ending.WORKER_STOPS
    assert abandoned_s is not None
    assert lease.is_held


def test_a_notice_posted_by_the_parent_is_read_by_a_forked_child() -> None:
    import os

    notice = StopNotice()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        deadline_s = time.monotonic() + 10
        while not notice.is_posted and time.monotonic() < deadline_s:
            time.sleep(0.01)
        os.write(writing, b"1" if notice.is_posted and not notice.is_over else b"0")
        os._exit(0)
    notice.post()
    os.waitpid(pid, 0)
    assert b"1" == os.read(reading, 1)
    for descriptor in (reading, writing):
        os.close(descriptor)
