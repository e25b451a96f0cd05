"""A course with one published assignment, and the processes that grade what is handed in."""

from __future__ import annotations

import contextlib
import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import service
from grader.intake import Upload, accept_uploads
from grader.queue.commands import sweeper_command, worker_command
from grader.report import RunStatus
from grader.service.service import environment_of
from grader.settings import Settings
from grader.spec import Assignment, load_assignment
from grader.spec.archive import pack_folder
from grader.store import Database, courses, offerings, people, runs, schema, submissions
from grader.store.tables import LedgerEntry, Run, Submission
from grader.store.tables.records import EntryKind

SPEC = """
title = "Doubling"
files = ["solution.py"]

[policy]
opens_at = 2026-01-01T00:00:00+00:00
due_at = 2099-12-31T00:00:00+00:00

[inputs.some]
x = {normal = [4, 3]}

[[checks]]
id = "double"
kind = "output"
inputs = "some"
run = "out = double(x)"
compare = ["out"]
points = 2

[[checks]]
id = "shift"
kind = "output"
inputs = "some"
run = "out = shift(x)"
compare = ["out"]
points = 1
"""
SOLUTION = "def double(x): return 2 * x\ndef shift(x): return x + 1\n"
HALF_RIGHT = "def double(x): return 2 * x\ndef shift(x): return x - 1\n"
SLOW = """
import time
def double(x):
    time.sleep({seconds})
    return 2 * x
def shift(x): return x - 1
"""
"""Takes its time and scores 2 of 3."""
TETHER = Path(service.__file__).with_name("tether.py")
LIMITS = submissions.QuotaLimits(max_waiting=1000, max_hourly=1_000_000)


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def wait_until(is_true: Callable[[], object], what: str, timeout_s: float = 60.0) -> None:
    """Come back as soon as it is true."""
    deadline_s = time.monotonic() + timeout_s
    while not is_true():
        assert time.monotonic() < deadline_s, f"not within {timeout_s:g} s: {what}"
        time.sleep(0.05)


def write_folder(folder: Path, spec: str = SPEC, solution: str = SOLUTION) -> Path:
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(spec)
    (folder / "solution.py").write_text(solution)
    return folder


@dataclass
class Started:
    """A worker or a sweeper of the test's own, with all that it has started."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def children(self) -> list[int]:
        """The processes that it has started itself: of a worker the pool children."""
        return children_of(self.popen.pid)

    def descendants(self) -> set[int]:
        """All processes below it, however deep."""
        found: set[int] = set()
        waiting = [self.popen.pid]
        while waiting:
            new = set(children_of(waiting.pop())) - found
            found |= new
            waiting += new
        return found

    def kill(self) -> None:
        """End it as the kernel does when memory is short."""
        self.popen.kill()
        self.popen.wait(30)

    def stop(self, timeout_s: float = 30.0) -> int:
        """Ask it to end; return its exit status."""
        if self.popen.poll() is None:
            self.popen.terminate()
        return self.popen.wait(timeout_s)

    def said(self) -> str:
        return self.log.read_text(errors="replace")


def children_of(pid: int) -> list[int]:
    children = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            status = (folder / "stat").read_text()
            if int(status.rpartition(")")[2].split()[1]) == pid:
                children.append(int(folder.name))
    return children


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


def wait_until_ended(pids: set[int], timeout_s: float = 10.0) -> None:
    """Come back once none of these processes lives."""
    wait_until(lambda: not any(map(is_alive, pids)), f"{pids} have ended", timeout_s)


@dataclass
class Scene:
    """The service without its web: a data folder, a database, and a course in it."""

    settings: Settings
    folder: Path
    database: Database = field(init=False)
    assignment: Assignment = field(init=False)
    student_id: int = field(init=False)
    instructor_id: int = field(init=False)
    course_id: int = field(init=False)
    offering_id: int = field(init=False)
    _processes: list[Started] = field(default_factory=list)

    def open(self, spec: str = SPEC, solution: str = SOLUTION) -> None:
        """Make the schema, the people, the course and its assignment."""
        self.database = Database.from_settings(self.settings)
        schema.upgrade(self.database)
        with self.database.begin() as session:
            ada = people.add_person(session, name="ada", now=now())
            david = people.add_person(session, name="david", now=now())
            course = courses.add_course(
                session, slug="ml-2026", title="Machine learning", term="autumn",
                time_zone="UTC", slip_days=0, now=now(),
            )  # fmt: skip
            courses.enrol(session, ada.id, course_id=course.id, role="student", now=now())
            courses.enrol(session, david.id, course_id=course.id, role="instructor", now=now())
            self.student_id, self.instructor_id, self.course_id = ada.id, david.id, course.id
        self.publish(spec, solution)

    def upload_draft(self, spec: str = SPEC, solution: str = SOLUTION, **files: str) -> int:
        """Upload an assignment folder; return the id of the run that is to validate it."""
        number = len(list(self.folder.iterdir()))
        folder = write_folder(self.folder / str(number) / "doubling", spec, solution)
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_py", ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.assignment = load_assignment(folder)
        with self.database.begin() as session:
            offering, run = offerings.upload_draft(
                session, course_id=self.course_id, assignment=self.assignment,
                archive=pack_folder(folder), person_id=self.instructor_id, now=now(),
            )  # fmt: skip
            self.offering_id = offering.id
            return run.id

    def publish(self, spec: str = SPEC, solution: str = SOLUTION, **files: str) -> None:
        """Publish an assignment whose validation is taken as done."""
        run_id = self.upload_draft(spec, solution, **files)
        with self.database.begin() as session:
            runs.claim(
                session, run_id, token="t", worker="test", tier="landlock", now=now(),
                lease_s=60, seed=lambda _: 1,
            )  # fmt: skip
            outcome = {"holds": True, "findings": [], "error": None}
            assert runs.finish_validation(session, run_id, "t", outcome, now=now())
            offerings.publish(session, self.offering_id, person_id=self.instructor_id, now=now())

    def hand_in(self, source: str) -> int:
        """Hand in one file as the student; return the id of its queued run."""
        uploads = [Upload("solution.py", source.encode())]
        submitted = accept_uploads(uploads, self.assignment.spec.files)
        with self.database.begin() as session:
            offering = offerings.get_offering(session, self.offering_id)
            _, run = submissions.hand_in(
                session, offering, self.student_id, uploads=uploads, submitted=submitted,
                is_attempt=True, limits=LIMITS, now=now(),
            )  # fmt: skip
            return run.id

    def run(self, run_id: int) -> Run:
        with self.database.read() as session:
            return session.get_one(Run, run_id)

    def status(self, run_id: int) -> RunStatus:
        return self.run(run_id).status

    def wait_for(self, run_id: int, *wanted: RunStatus, timeout_s: float = 60.0) -> Run:
        """Return the run once it has one of these states; graded, if none is named."""
        states = wanted or (RunStatus.GRADED,)
        said = [process.said()[-3000:] for process in self._processes]
        wait_until(
            lambda: self.status(run_id) in states,
            f"run {run_id} is {states}; it is {self.status(run_id)}\n{said}",
            timeout_s,
        )
        return self.run(run_id)

    def scores(self, run_id: int) -> list[Any]:
        """All lines of the ledger that give the run's submission a score, by any run of it."""
        from sqlalchemy import select

        with self.database.read() as session:
            submission_id = session.get_one(Run, run_id).submission_id
            entries = select(LedgerEntry).where(
                LedgerEntry.submission_id == submission_id,
                LedgerEntry.kind.in_([EntryKind.SCORE, EntryKind.REGRADE]),
            )
            return [entry.points for entry in session.scalars(entries)]

    def is_attempt(self, run_id: int) -> bool:
        with self.database.read() as session:
            submission_id = session.get_one(Run, run_id).submission_id
            return session.get_one(Submission, submission_id).is_attempt

    # Processes

    def start_worker(self, *, is_ready: bool = True, **environment: str) -> Started:
        worker = self._start("worker", worker_command(self.settings), environment)
        if is_ready:
            wait_until(lambda: "worker ready" in worker.said(), "the worker is ready")
        return worker

    def start_sweeper(self) -> Started:
        return self._start("sweeper", sweeper_command(), {})

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> Started:
        log = self.folder / f"{name}-{len(self._processes)}.log"
        with log.open("wb") as file:
            # Whoever ends pytest by force leaves no worker behind.
            tethered = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *command]
            popen = subprocess.Popen(
                tethered, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                env=environment_of(self.settings, name) | environment, start_new_session=True,
            )  # fmt: skip
        process = Started(popen, log)
        self._processes.append(process)
        return process

    def close(self) -> None:
        """End whatever still runs, and see that nothing of it stays behind."""
        for process in self._processes:
            below = process.descendants()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if process.popen.poll() is None:
                    os.killpg(process.popen.pid, signal.SIGKILL)
            process.popen.wait(30)
            wait_until_ended(below)
        if hasattr(self, "database"):
            self.database.dispose()


@contextlib.contextmanager
def opened(settings: Settings, folder: Path, **options: str) -> Iterator[Scene]:
    """Yield a scene; nothing of it is left after the block."""
    folder.mkdir(parents=True, exist_ok=True)
    scene = Scene(settings, folder)
    try:
        scene.open(**options)
        yield scene
    finally:
        scene.close()
