"""What happens in the demo, from the first line about the course to the last score."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from grader.demo.course import make_course, publish, read_problems, upload_all
from grader.demo.demo import Ending, Interrupted
from grader.demo.display import Display
from grader.demo.people import Campus, look_in, study
from grader.demo.progress import Observer, Row, format_points
from grader.demo.scenario import INSTRUCTOR, SHOWN, STUDENTS, TA, Work, plan_work
from grader.errors import OperationError
from grader.queue.enqueue import send_run
from grader.service import Service
from grader.store import Database

_LOOK_EVERY_S = 0.2
"""Each look costs time that the processes could use."""
_MOST_FAILURES = 4
"""More than somebody makes who kills the worker to see what comes of it."""
_Seen = TypeVar("_Seen")


class Performance:
    """One course and its hand-ins, over a service whose processes start at this moment."""

    def __init__(
        self,
        service: Service,
        database: Database,
        folder: Path,
        display: Display,
        stopped: threading.Event,
        deadline_s: float,
    ) -> None:
        self._service = service
        self._database = database
        self._folder = folder
        self._display = display
        self._stopped = stopped
        self._deadline_s = deadline_s
        data_dir = service.settings.data_dir
        assert data_dir is not None
        self._course = make_course(database, folder, data_dir / "upload", _now())
        self._is_sent = send_run(service.settings, self._course.validation_id)
        works = plan_work(folder)
        self._campus = Campus(service.url, self._course, works)
        self._observer = Observer(database, works)
        self._students: list[Future[None]] = []

    def run(self, *, stays: bool) -> Ending:
        """Do everything; return how it ended."""
        self._service.wait_ready(self._deadline_s - time.monotonic(), self._stopped)
        if self._stopped.is_set():
            raise Interrupted
        with self._students_come():
            problems = self._publish()
            rows = () if problems else self._wait_for(self._look, self._name_what_waits)
        if problems:
            return Ending.NOT_AS_EXPECTED
        self._display.rest()
        ending = self._compare(rows)
        if stays:
            self._invite(rows)
            self._service.wait(self._stopped)
        return ending

    @contextmanager
    def _students_come(self) -> Iterator[None]:
        """Let the students do at the site what they do there, each in a thread."""
        with ThreadPoolExecutor(len(STUDENTS)) as threads:
            try:
                self._students += [threads.submit(study, self._campus, name) for name in STUDENTS]
                yield
            finally:
                self._campus.is_over.set()

    def _publish(self) -> Sequence[str]:
        """Publish the assignment once it is validated; return what is wrong with it."""
        name, say = self._folder.name, self._display.say
        say(f"{self._service.url} answers. {name} is validated before it is published.")
        problems = self._wait_for(
            self._read_problems, lambda: f"the validation of {name} has not ended"
        )
        for problem in problems:
            say(f"{name} does not hold and is not published: {problem}")
        if not problems:
            publish(self._database, self._course, _now())
            self._campus.is_open.set()
            say(f"{name} holds and is published. Students hand in.")
        return problems

    def _read_problems(self) -> Sequence[str] | None:
        # Whoever makes the queue's file in the same moment may have held it for too long.
        if not self._is_sent:
            self._is_sent = send_run(self._service.settings, self._course.validation_id)
        return read_problems(self._database, self._course)

    def _look(self) -> Sequence[Row] | None:
        """Show how far the work is; return it once there is nothing more to wait for."""
        self._campus.rows = rows = self._observer.look(dict(self._campus.handed_in))
        self._display.show(rows)
        is_over = all(row.is_over for row in rows) and all(one.done() for one in self._students)
        return rows if is_over else None

    def _name_what_waits(self) -> str:
        names = [_name(row.work) for row in self._campus.rows if not row.is_over]
        return f"no score yet for {', '.join(names)}" if names else "a page is not shown yet"

    def _wait_for(self, look: Callable[[], _Seen | None], describe: Callable[[], str]) -> _Seen:
        """Return what there is to see, once there is something."""
        while True:
            for one in self._students:
                if one.done():
                    one.result()
            seen = look()
            if seen is not None:
                return seen
            if self._service.count_failures("worker") >= _MOST_FAILURES:
                raise OperationError("the worker ends again and again", remedy="see its last lines")
            if self._stopped.wait(_LOOK_EVERY_S):
                raise Interrupted
            if time.monotonic() > self._deadline_s:
                raise OperationError(f"the demo has no more time, and {describe()}")

    def _compare(self, rows: Sequence[Row]) -> Ending:
        """Say which scores are not the expected ones."""
        for row in rows:
            if row.score is None:
                raise OperationError(f"{_name(row.work)} could not be graded: {row.remark}")
        wrong = [row for row in rows if not row.is_expected]
        for row in wrong:
            assert row.score is not None
            got, expected = format_points(row.score), format_points(row.work.expected)
            reason = row.remark or "every check passed"
            self._display.say(f"{_name(row.work)} got {got} and should get {expected}: {reason}")
        self._display.say(f"{len(rows) - len(wrong)} of {len(rows)} scores are as expected.")
        return Ending.NOT_AS_EXPECTED if wrong else Ending.AS_EXPECTED

    def _invite(self, rows: Sequence[Row]) -> None:
        """Say where to look, and as whom; let the instructor have something that goes on."""
        validation_id = upload_all(self._database, self._course, self._folder, _now())
        send_run(self._service.settings, validation_id)
        pages = {TA: f"{self._course.path}/review", INSTRUCTOR: f"{self._course.path}/author"}
        for name, page in pages.items():
            look_in(self._campus, name, page)
        number = next(n for n, row in enumerate(rows) if row.work.name == SHOWN)
        student = rows[number].work.student
        url = self._service.url
        self._display.say(
            f"""\
Look around at {url}
  students    {", ".join(STUDENTS)}
  TA          {TA}
  instructor  {INSTRUCTOR}
  password    {self._course.password} (everybody's)
What to see
  {url}/submissions/{self._campus.handed_in[number]}
    as {student}: what is wrong, check by check
  {url}{pages[TA]}
    as {TA}: everybody's submissions
  {url}{pages[INSTRUCTOR]}
    as {INSTRUCTOR}: the assignment, whose known wrong submissions are validated now
Ctrl-C stops everything and removes the folder."""
        )


def _name(work: Work) -> str:
    return f"{work.student}'s {work.name}"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
