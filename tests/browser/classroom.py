"""A course on a running service: real pages, a real worker, people who sign in by the form."""

from __future__ import annotations

import dataclasses
import datetime
import io
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.credentials import hash_password
from grader.errors import GraderError
from grader.intake import Upload, accept_uploads
from grader.queue.enqueue import send_run
from grader.queue.slots import choose_tier
from grader.service import Service
from grader.settings import load_settings
from grader.spec import load_assignment, read_policy
from grader.spec.archive import pack_folder
from grader.store import Database, courses, offerings, people, runs, schema, submissions

PASSWORD = "correct horse battery"
COURSE = "ml-2026"
SLUG = "mlp-backprop"
PAGE = f"/courses/{COURSE}/{SLUG}"
PEOPLE = {
    "ada": "student", "blaise": "student", "carl": "student", "emmy": "student",
    "grace": "ta", "david": "instructor",
}  # fmt: skip
PACK = Path(__file__).parents[2] / "assignments" / SLUG
LIMITS = submissions.QuotaLimits(max_waiting=1000, max_hourly=1_000_000)

SMALL = """
title = "Doubling"
files = ["solution.py"]

[inputs.some]
x = {normal = [4, 3]}

[[checks]]
id = "double"
kind = "output"
title = "double returns 2 x"
inputs = "some"
run = "out = double(x)"
compare = ["out"]
points = 2

[[checks]]
id = "shift"
kind = "output"
title = "shift returns x + 1"
inputs = "some"
run = "out = shift(x)"
compare = ["out"]
visible = "after_published"
"""
"""An assignment whose validation takes a second."""


@dataclasses.dataclass
class Classroom:
    """The running service, and what tests put into it past the pages."""

    url: str
    service: Service
    database: Database
    ids: dict[str, int]
    offering_id: int

    def hand_in(self, name: str, source: str) -> int:
        """Hand in past the pages, and have it graded."""
        uploads = [Upload("solution.py", source.encode())]
        with self.database.begin() as session:
            submission, run = submissions.hand_in(
                session, offerings.get_offering(session, self.offering_id), self.ids[name],
                uploads=uploads, submitted=accept_uploads(uploads, ["solution.py"]),
                is_attempt=True, limits=LIMITS, now=now(),
            )  # fmt: skip
        assert send_run(self.service.settings, run.id)
        return submission.id

    def wait_graded(self, submission_id: int, timeout_s: float = 120.0) -> None:
        """Come back once the newest run of a submission is over."""
        ends_s = time.monotonic() + timeout_s
        while time.monotonic() < ends_s:
            with self.database.read() as session:
                found = submissions.find_submission(session, submission_id)
                assert found is not None
                if found.runs[-1].status in ("graded", "failed"):
                    return
            time.sleep(0.2)
        raise AssertionError(f"submission {submission_id} is not graded after {timeout_s:g} s")


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def wrong_source(name: str) -> str:
    """Return one of the assignment's known-wrong submissions."""
    return (PACK / "submissions" / f"{name}.py").read_text("utf-8")


def small_archive() -> bytes:
    """Return a zip of a small assignment folder, as an instructor packs it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("doubling/assignment.toml", SMALL)
        solution = "def double(x): return 2 * x\ndef shift(x): return x + 1\n"
        archive.writestr("doubling/solution.py", solution)
        archive.writestr("doubling/README.md", "# Doubling\n\nReturn twice of what comes.\n")
        wrong = "# fails: double\n" + solution.replace("2 * x", "3 * x")
        archive.writestr("doubling/submissions/tripled.py", wrong)
    return stream.getvalue()


@contextmanager
def opened(folder: Path, require: Callable[[object, str], None]) -> Iterator[Classroom]:
    """Yield a running service with a course in it; nothing of it runs after the block."""
    settings = dataclasses.replace(
        load_settings(), data_dir=folder / "data", database_url="", broker_url="", port=0,
        slots=2, log_format="json", base_url="", max_waiting=1000, max_hourly=100_000,
    )  # fmt: skip
    try:
        choose_tier(settings)
    except GraderError as error:
        require(False, str(error))
    database = Database.from_settings(settings)
    schema.upgrade(database)
    ids = _add_people(database)
    offering_id = _publish(database, folder / SLUG, ids["david"])
    try:
        with Service(settings, log_dir=folder / "logs") as service:
            service.wait_ready(60)
            yield Classroom(service.url, service, database, ids, offering_id)
    finally:
        database.dispose()


def _add_people(database: Database) -> dict[str, int]:
    ids = {}
    secret_hash = hash_password(PASSWORD)
    with database.begin() as session:
        course = courses.add_course(
            session, slug=COURSE, title="Machine learning", term="Autumn 2026",
            time_zone="America/New_York", slip_days=4, now=now(),
        )  # fmt: skip
        for name, role in PEOPLE.items():
            person = people.add_person(session, name=name.title(), now=now())
            people.add_local_identity(
                session, person.id, username=name, secret_hash=secret_hash, now=now()
            )
            courses.enrol(session, person.id, course_id=course.id, role=role, now=now())
            ids[name] = person.id
    return ids


def _publish(database: Database, folder: Path, person_id: int) -> int:
    """Publish an assignment of the course pack; its validation is taken as done."""
    shutil.copytree(PACK, folder, ignore=shutil.ignore_patterns("submissions", "__pycache__"))
    due_at = now() + datetime.timedelta(days=5)
    policy = read_policy(
        {
            "opens_at": (now() - datetime.timedelta(days=9)).isoformat(),
            "due_at": due_at.replace(hour=4, minute=59, second=0).isoformat(),
            "late": {"grace": "15m", "per_day": 0.10, "days": 3},
            "attempts": {"per_day": 200},
        }
    )
    with database.begin() as session:
        course = courses.find_course(session, COURSE)
        assert course is not None
        offering, run = offerings.upload_draft(
            session, course_id=course.id, assignment=load_assignment(folder),
            archive=pack_folder(folder), person_id=person_id, now=now(),
        )  # fmt: skip
        offerings.set_policy(session, offering.id, policy, person_id=person_id, now=now())
        assert runs.claim(
            session, run.id, token="t" * 32, worker="test", tier="namespaces", now=now(),
            lease_s=60, seed=lambda _: 1,
        )  # fmt: skip
        outcome = {"holds": True, "findings": [], "error": None}
        assert runs.finish_validation(session, run.id, "t" * 32, outcome, now=now())
        offerings.publish(session, offering.id, person_id=person_id, now=now())
        return offering.id
