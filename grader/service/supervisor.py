"""Keeps child processes running: starts them, starts dead ones again, ends them together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence

from grader.service.children import Child, Plan

_LOOK_EVERY_S = 0.1
_PAUSES_S = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Before a dead child is started again; the last one from then on."""
_STEADY_S = 30.0
"""A child that has lived so long has not failed again and again: its pauses begin anew."""


class Supervisor:
    """Runs one process for each plan until it is stopped.

    One thread starts all of them and outlives them: the kernel ties a child to the thread that
    made it (`tether.py`).
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._parts: list[_Part] = []
        self._say = say
        self._is_started = threading.Event()
        self._is_stopping = threading.Event()
        self._is_forced = threading.Event()
        self._stop_timeout_s = 0.0
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    @property
    def children(self) -> Mapping[str, Child]:
        """What runs now, by name; a child that waits to be started again is left out."""
        return {part.plan.name: part.child for part in self._parts if part.child is not None}

    def count_failures(self, name: str) -> int:
        """Return how often a child has ended without having run for long."""
        return next(part.n_failures for part in self._parts if part.plan.name == name)

    def start(self, plans: Sequence[Plan]) -> None:
        """Start every child; return when the kernel has all of them."""
        self._parts = [_Part(plan) for plan in plans]
        self._thread.start()
        self._is_started.wait()
        self.assert_running()

    def assert_running(self) -> None:
        """Raise what made the supervisor itself give up, if anything did."""
        if self._failure is not None:
            raise self._failure

    def stop(self, timeout_s: float) -> None:
        """Ask every child to end, wait so long, then kill what is left."""
        self._stop_timeout_s = timeout_s
        self._is_stopping.set()
        self._thread.join()

    def force(self) -> None:
        """Cut the wait of a `stop` short."""
        self._is_forced.set()

    def _run(self) -> None:
        try:
            for part in self._parts:
                part.child = Child(part.plan)
            self._is_started.set()
            while not self._is_stopping.wait(_LOOK_EVERY_S):
                for part in self._parts:
                    self._look_after(part, time.monotonic())
        except BaseException as error:  # noqa: BLE001 - raised where somebody sees it
            self._failure = error
        finally:
            self._is_started.set()
            self._end_all()

    def _look_after(self, part: _Part, now_s: float) -> None:
        if part.child is None:
            if now_s >= part.next_start_s:
                self._start_again(part, now_s)
            return
        if part.child.is_alive():
            return
        if now_s - part.started_s > _STEADY_S:
            part.n_failures = 0
        pause_s = _PAUSES_S[min(part.n_failures, len(_PAUSES_S) - 1)]
        part.n_failures += 1
        part.next_start_s = now_s + pause_s
        how = part.child.reap()
        words = part.child.last_words() if part.child.has_failed() else ""
        part.child = None
        when = f"in {pause_s:g} s" if pause_s else "now"
        self._say(f"{part.plan.name} {how}; starting it again {when}{words and f' ({words})'}")

    def _start_again(self, part: _Part, now_s: float) -> None:
        try:
            part.child = Child(part.plan)
        except OSError as error:  # no memory or no process left, for the moment
            part.next_start_s = now_s + _PAUSES_S[-1]
            self._say(f"{part.plan.name} cannot be started: {error.strerror}; trying again")
        else:
            part.started_s = now_s

    def _end_all(self) -> None:
        children = list(self.children.values())
        for child in children:
            child.ask_to_end()
        deadline_s = time.monotonic() + self._stop_timeout_s
        while any(child.is_alive() for child in children) and time.monotonic() < deadline_s:
            if self._is_forced.wait(_LOOK_EVERY_S / 4):
                break
        for child in children:
            if child.is_alive():
                self._say(f"{child.name} did not end in time and was killed")
            child.reap()
        for part in self._parts:
            part.child = None


class _Part:
    """A plan, the process that runs it now, and how often it has failed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.child: Child | None = None
        self.started_s = time.monotonic()
        self.next_start_s = 0.0
        self.n_failures = 0
