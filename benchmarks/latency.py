"""How long a student waits: from an upload over HTTP to a score, on SQLite and the embedded queue.

A private service (web, worker and sweeper, as `grader up` starts them) grades the solution of the
course's first assignment again and again, one upload after the other on a machine that does
nothing else.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from benchmarks.rows import Row, run_benchmark
from grader.assignment_packs import course_pack
from grader.credentials import digest_token, make_token
from grader.queue.enqueue import send_run
from grader.report import RunStatus
from grader.service import Service
from grader.settings import Settings, load_settings
from grader.spec import Policy, load_assignment
from grader.spec.archive import pack_folder
from grader.store import Database, courses, offerings, people, runs, schema
from grader.store.tables import Run

_ASSIGNMENT = "mlp-backprop"
_POLL_S = 0.02
_GIVE_UP_S = 60.0


@dataclass(frozen=True, slots=True)
class _Wait:
    """What one upload took, in seconds."""

    submission_id: int
    receipt_s: float
    queue_s: float
    grading_s: float
    total_s: float


def measure(is_quick: bool) -> list[Row]:
    """Hand in, wait for the score, and do it again; the medians count."""
    n = 7 if is_quick else 21
    with tempfile.TemporaryDirectory() as name:
        settings = replace(
            load_settings(), data_dir=Path(name, "data"), cache_dir=Path(name, "cache"), port=0,
            database_url="", broker_url="", base_url="", max_hourly=10_000,
        )  # fmt: skip
        database = Database.from_settings(settings)
        token = _make_course(database)
        with Service(settings, log_dir=Path(name, "logs")) as service:
            service.wait_ready()
            headers = {"Authorization": f"Bearer {token}"}
            with httpx.Client(base_url=service.url, headers=headers, timeout=30) as client:
                # The first ones meet a worker that still warms up, and are not counted.
                waits = [_hand_in(client, database, number) for number in range(-2, n)][2:]
            last = waits[-1].submission_id
            known = [_grade_again(service.settings, database, last) for _ in range(n)]
        database.dispose()
    of = f"median of {n}"

    def median(seconds: Callable[[_Wait], float]) -> float:
        return statistics.median(map(seconds, waits))

    return [
        Row(f"upload to score, {of}", median(lambda wait: wait.total_s), "s", "<= 1"),
        Row(f"upload to receipt, {of}", median(lambda wait: wait.receipt_s), "s", "<= 0.25"),
        Row(
            f"queued to claimed by a worker, {of}", median(lambda wait: wait.queue_s), "s", "<= 0.2"
        ),
        Row(
            f"claimed to finished, numbers mostly new, {of}",
            median(lambda wait: wait.grading_s),
            "s",
            "<= 0.9",
        ),
        Row(f"claimed to finished, numbers known, {of}", statistics.median(known), "s", "<= 0.45"),
    ]


def _make_course(database: Database) -> str:
    """Publish the assignment to one student, without validating it; return the student's token."""
    schema.upgrade(database)
    now = datetime.datetime.now(datetime.UTC)
    folder = course_pack() / _ASSIGNMENT
    token = make_token()
    with database.begin() as session:
        course = courses.add_course(
            session, slug="bench", title="Benchmark", term="", time_zone="UTC", slip_days=0, now=now
        )
        ada = people.add_person(session, name="ada", now=now)
        people.add_token(session, ada.id, digest=digest_token(token), label="benchmark", now=now)
        courses.enrol(session, ada.id, course_id=course.id, role="student", now=now)
        offering, run = offerings.upload_draft(
            session, course_id=course.id, assignment=load_assignment(folder),
            archive=pack_folder(folder), person_id=None, now=now,
        )  # fmt: skip
        runs.claim(
            session, run.id, token="t", worker="benchmark", tier=None, now=now, lease_s=60,
            seed=lambda _: 1,
        )  # fmt: skip
        outcome = {"holds": True, "findings": [], "error": None}
        runs.finish_validation(session, run.id, "t", outcome, now=now)
        offerings.set_policy(session, offering.id, Policy(), person_id=None, now=now)
        offerings.publish(session, offering.id, person_id=None, now=now)
    return token


def _hand_in(client: httpx.Client, database: Database, number: int) -> _Wait:
    """Upload the solution, with a comment that makes it another file; wait for its score."""
    source = (course_pack() / _ASSIGNMENT / "solution.py").read_bytes() + f"\n# {number}\n".encode()
    place = f"/api/v1/courses/bench/assignments/{_ASSIGNMENT}/submissions"
    started_s = time.perf_counter()
    answer = client.post(place, files={"file": ("solution.py", source)})
    receipt_s = time.perf_counter() - started_s
    submission_id = answer.raise_for_status().json()["id"]
    while True:
        told = client.get(f"/api/v1/submissions/{submission_id}").raise_for_status().json()
        if told["status"] == RunStatus.GRADED:
            break
        if told["status"] == RunStatus.FAILED or time.perf_counter() > started_s + _GIVE_UP_S:
            raise RuntimeError(f"the solution was not graded: {told}")
        time.sleep(_POLL_S)
    total_s = time.perf_counter() - started_s
    if told["score"] != told["max_score"]:
        raise RuntimeError(f"the solution scores {told['score']} of {told['max_score']}")
    with database.read() as session:
        run = runs.latest_run(session, submission_id)
    assert run is not None
    return _Wait(submission_id, receipt_s, _queue_s(run), _grading_s(run), total_s)


def _grade_again(settings: Settings, database: Database, submission_id: int) -> float:
    """Grade a submission again, from the seed that it had; return the seconds that it took."""
    with database.begin() as session:
        now = datetime.datetime.now(datetime.UTC)
        run_id = runs.rerun(session, submission_id, person_id=None, now=now).id
    send_run(settings, run_id)
    give_up_s = time.perf_counter() + _GIVE_UP_S
    while time.perf_counter() < give_up_s:
        with database.read() as session:
            run = runs.get_run(session, run_id)
        if run.status is RunStatus.GRADED:
            return _grading_s(run)
        time.sleep(_POLL_S)
    raise RuntimeError("the solution was not graded again")


def _queue_s(run: Run) -> float:
    assert run.started_at is not None
    return (run.started_at - run.queued_at).total_seconds()


def _grading_s(run: Run) -> float:
    assert run.started_at is not None
    assert run.finished_at is not None
    return (run.finished_at - run.started_at).total_seconds()


if __name__ == "__main__":
    sys.exit(run_benchmark(__doc__, measure))
