"""Where submissions are graded, and several of them at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeAlias, TypeVar

from grader.environments import find_packages
from grader.expected import ExpectedValues
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import Report
from grader.sandbox.pool import Slot
from grader.sandbox.sides import Side
from grader.spec import Assignment

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Place:
    """A slot, and what the solution answers there; one submission at a time."""

    slot: Slot
    expected: ExpectedValues


def start_jails(assignment: Assignment, places: Iterable[Place]) -> None:
    """Start what grading will need, from this thread: a jail ends with the thread that started it.

    (bubblewrap asks the kernel for a signal at its parent's death, and to the kernel the parent is
    a thread.)
    """
    for place in places:
        packages = find_packages(assignment, place.slot.environments)
        for side in Side:
            place.slot.start(side, packages)


Job: TypeAlias = Callable[[Place], _T]


def run_jobs(jobs: Iterable[Job[_T]], places: Sequence[Place]) -> Iterator[_T]:
    """Yield what the jobs return, in their order; as many run at once as there are places.

    With one place nothing is started beside: a worker of the queue may have no threads of its own.
    """
    if len(places) == 1:
        for job in jobs:
            yield job(places[0])
        return
    free: SimpleQueue[Place] = SimpleQueue()
    for place in places:
        free.put(place)

    def run(job: Job[_T]) -> _T:
        place = free.get()
        try:
            return job(place)
        finally:
            free.put(place)

    with ThreadPoolExecutor(len(places)) as pool:
        futures = [pool.submit(run, job) for job in jobs]
        try:
            for future in futures:
                yield future.result()
        finally:
            for future in futures:
                future.cancel()


@dataclass(frozen=True, slots=True)
class Grading:
    """How the submissions of one validation are graded."""

    assignment: Assignment
    seed: int

    def grade(
        self,
        place: Place,
        content: bytes,
        *,
        seed: int | None = None,
        only: str | None = None,
        explains_until: Collection[str] = (),
        slot: Slot | None = None,
    ) -> Report:
        """Return the report on a submission whose first file is this one, the rest the solution's.

        What failed is explained as far as the codes in `explains_until` go: the verdicts are those
        of any other run, and diagnoses that nobody asked for are not searched.
        """
        first, *others = self.assignment.spec.files
        uploads = [Upload(first, content)]
        uploads += [Upload(name, self.assignment.solution[name].encode()) for name in others]
        return grade(
            self.assignment,
            accept_uploads(uploads, self.assignment.spec.files),
            slot or place.slot,
            place.expected,
            seed=self.seed if seed is None else seed,
            only=only,
            explains_until=explains_until,
        )
