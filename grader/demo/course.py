"""The course of the demo: its people, its assignment, and the proof of that before it opens."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.credentials import digest_token, hash_password, make_password, make_token
from grader.demo.scenario import BY_TOKEN, INSTRUCTOR, STUDENTS, TA
from grader.spec import Policy, load_assignment, read_policy
from grader.spec.archive import pack_folder
from grader.store import Database, Session, courses, offerings, people, runs

SLUG = "ml-demo"
ZONE = "Europe/Berlin"
SLIP_DAYS = 4
_LABEL = "demo"


@dataclass(frozen=True, slots=True)
class DemoCourse:
    """A course with an assignment that is not published yet."""

    course_id: int
    offering_id: int
    validation_id: int
    """The run that proves the assignment."""
    instructor_id: int
    path: str
    """The assignment's page."""
    password: str
    """Everybody's; made for this run."""
    token: str
    """Of the student who hands in by the API."""


def make_course(database: Database, folder: Path, own: Path, now: datetime.datetime) -> DemoCourse:
    """Add the people and the course, and upload the assignment.

    Parameters
    ----------
    folder
        Of the assignment.
    own
        Where a copy of it is made without its known submissions: the demo hands some in, and does
        not wait until all of them are judged before.
    """
    own.mkdir(mode=0o700)
    upload = own / folder.name
    shutil.copytree(folder, upload, ignore=shutil.ignore_patterns("submissions", "__pycache__"))
    password, token = make_password(), make_token()
    secret_hash = hash_password(password)
    with database.begin() as session:
        course = courses.add_course(
            session,
            slug=SLUG,
            title="Machine learning",
            term="Demo",
            time_zone=ZONE,
            slip_days=SLIP_DAYS,
            now=now,
        )
        ids = {}
        for name, role in _list_people():
            person = people.add_person(session, name=name, now=now)
            people.add_local_identity(
                session, person.id, username=name, secret_hash=secret_hash, now=now
            )
            courses.enrol(session, person.id, course_id=course.id, role=role, now=now)
            ids[name] = person.id
        people.add_token(session, ids[BY_TOKEN], digest=digest_token(token), label=_LABEL, now=now)
        offering_id, run_id = _upload(session, upload, course.id, ids[INSTRUCTOR], now)
        offerings.set_policy(
            session, offering_id, _make_policy(now), person_id=ids[INSTRUCTOR], now=now
        )
        return DemoCourse(
            course.id,
            offering_id,
            run_id,
            ids[INSTRUCTOR],
            f"/courses/{SLUG}/{upload.name}",
            password,
            token,
        )


def _list_people() -> Sequence[tuple[str, str]]:
    return [*((name, "student") for name in STUDENTS), (TA, "ta"), (INSTRUCTOR, "instructor")]


def _upload(
    session: Session, folder: Path, course_id: int, person_id: int, now: datetime.datetime
) -> tuple[int, int]:
    """Make a folder the draft; return the ids of its offering and of the run that proves it."""
    offering, run = offerings.upload_draft(
        session,
        course_id=course_id,
        assignment=load_assignment(folder),
        archive=pack_folder(folder),
        person_id=person_id,
        now=now,
    )
    return offering.id, run.id


def _make_policy(now: datetime.datetime) -> Policy:
    """Return rules under which everything is on time, with a due date a week ahead."""
    today = now.astimezone(ZoneInfo(ZONE)).replace(second=0, microsecond=0)
    due_at = (today + datetime.timedelta(days=7)).replace(hour=23, minute=59)
    opens_at = (today - datetime.timedelta(days=1)).replace(hour=9, minute=0)
    return read_policy(
        {
            "opens_at": opens_at.isoformat(),
            "due_at": due_at.isoformat(),
            "late": {"grace": "15m", "per_day": 0.1, "days": 3},
            "attempts": {"per_day": 20},
            "counts": "best",
        },
        time_zone=ZONE,
    )


def read_problems(database: Database, course: DemoCourse) -> tuple[str, ...] | None:
    """Return what is wrong with the assignment, nothing where it holds; None while it is judged."""
    with database.read() as session:
        run = runs.get_run(session, course.validation_id)
        if run.finished_at is None:
            return None
        if run.outcome is None:
            return (f"it could not be judged: {run.failure}",)
        problems = [
            f"{finding['name']}: {problem}"
            for finding in run.outcome["findings"]
            for problem in finding["problems"]
        ]
        return tuple([*problems, run.outcome["error"]] if run.outcome["error"] else problems)


def publish(database: Database, course: DemoCourse, now: datetime.datetime) -> None:
    """Let students see the assignment, and hand in."""
    with database.begin() as session:
        offerings.publish(session, course.offering_id, person_id=course.instructor_id, now=now)


def upload_all(database: Database, course: DemoCourse, folder: Path, now: datetime.datetime) -> int:
    """Upload the folder with its known submissions as a new draft; return the run that proves it.

    What students see stays as it is.
    """
    with database.begin() as session:
        _, run_id = _upload(session, folder, course.course_id, course.instructor_id, now)
        return run_id
