"""Judges mutants in several processes, each with jails of its own; this one judges, too."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from grader.authoring.mutation.judging import Judge, Knowledge
from grader.authoring.mutation.mutants import Mutant
from grader.authoring.mutation.results import Judged
from grader.errors import AssignmentError, GraderError, OperationError
from grader.expected import expected_values
from grader.sandbox.pool import Slot
from grader.sandbox.tiers import Tier
from grader.spec import Assignment

_AHEAD = 2
"""Mutants that a process has before it: it need not wait while this one is busy."""
_PARTING_S = 20.0


@dataclass(frozen=True, slots=True)
class Order:
    """What a process must know to judge as this one does."""

    assignment: Assignment
    tier: Tier
    uid: int | None
    environments: Path | None
    cache_dir: Path | None
    seed: int
    knowledge: Knowledge


@dataclass(frozen=True, slots=True)
class _Failed:
    """An error of another process, as far as it can be told here."""

    problem: str
    remedy: str
    is_authors: bool


class Crew:
    """Processes that judge mutants; they end when this one does, whatever way that is."""

    def __init__(self, order: Order, size: int) -> None:
        self._links: list[Connection] = []
        self._processes: list[BaseProcess] = []
        # A fork of a process with jails would hold on to their pipes.
        spawning = multiprocessing.get_context("spawn")
        for _ in range(size):
            ours, theirs = spawning.Pipe()
            process = spawning.Process(target=_serve, args=(theirs, order), daemon=True)
            with _ignoring_interrupts():
                process.start()
            theirs.close()
            self._links.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for link in self._links:
            link.close()
        for process in self._processes:
            process.join(_PARTING_S)
            if process.is_alive():
                process.terminate()

    def judge(self, judge: Judge, mutants: Sequence[Mutant]) -> Iterator[Judged]:
        """Yield what became of each mutant, in the order in which that is known."""
        waiting = list(reversed(mutants))
        given = dict.fromkeys(self._links, 0)
        while waiting or any(given.values()):
            for link, n in given.items():
                for _ in range(min(_AHEAD - n, len(waiting))):
                    link.send(waiting.pop())
                    given[link] += 1
            if waiting:
                yield judge.judge(waiting.pop())
            busy = [link for link, n in given.items() if n]
            # To wait for none of them would be to wait for ever.
            for ready in wait(busy, timeout=0.0 if waiting else None) if busy else ():
                link = next(one for one in busy if one is ready)
                given[link] -= 1
                yield _receive(link)


@contextlib.contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Start processes that no Ctrl-C reaches: they end when who is interrupted closes the pipe."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _receive(link: Connection) -> Judged:
    try:
        told = link.recv()
    except EOFError as error:
        raise OperationError(
            "a process that judges mutants has ended", remedy="is there enough memory? try again"
        ) from error
    if isinstance(told, _Failed):
        kind = AssignmentError if told.is_authors else OperationError
        raise kind(told.problem, remedy=told.remedy)
    assert isinstance(told, Judged)
    return told


def _serve(link: Connection, order: Order) -> None:
    """Judge what comes in until the other end is closed."""
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            _judge_all(link, order)
        except GraderError as error:
            is_authors = isinstance(error, AssignmentError)
            problem = f"{error.place}: {error.problem}" if error.place else error.problem
            link.send(_Failed(problem, error.remedy, is_authors))


def _judge_all(link: Connection, order: Order) -> None:
    with (
        Slot(order.tier, order.uid, keeps_spares=False, environments=order.environments) as slot,
        expected_values(order.assignment, slot, order.cache_dir) as expected,
    ):
        judge = Judge(order.assignment, slot, expected, order.seed, order.knowledge)
        while True:
            link.send(judge.judge(link.recv()))
