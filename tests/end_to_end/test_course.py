"""The course that comes with the program, published in one command, and a student in it."""

from __future__ import annotations

import dataclasses
import datetime
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select

from grader.assignment_packs import course_pack
from grader.credentials import digest_token, hash_password, make_token
from grader.errors import GraderError
from grader.queue.slots import choose_tier
from grader.service import Service
from grader.service.service import environment_of
from grader.settings import Settings, load_settings
from grader.spec import load_assignment, load_course
from grader.store import Database, courses, people
from grader.store.tables import EntryKind, LedgerEntry
from tests.queue.scene import wait_until

COURSE = "machine-learning"
LATE, WRONG = "graph-basics", "neurons"
KEPT = {"optimizers/velocities_in_place.py", "backprop-by-hand/updated_in_place.py"}
"""Known submissions without which nothing shows that a check can fail."""
LATE_H = 20
PASSWORD = "correct horse battery"
PENALTY = Decimal("0.10")


@dataclass
class Term:
    """A running service with the course, and two people's connections to it."""

    service: Service
    database: Database
    student: httpx.Client
    ta: httpx.Client

    def hand_in(self, slug: str, file: Path) -> int:
        """Hand in one file by the API; return the submission's id."""
        answer = self.student.post(
            f"/api/v1/courses/{COURSE}/assignments/{slug}/submissions",
            files={"file": ("solution.py", file.read_bytes())},
        )
        assert 201 == answer.status_code, answer.text
        return int(answer.json()["id"])

    def wait_for(self, submission_id: int) -> dict[str, Any]:
        """Return what the API says once the submission is graded."""
        seen: dict[str, Any] = {}

        def has_come() -> bool:
            seen.update(self.student.get(f"/api/v1/submissions/{submission_id}").json())
            return seen["status"] in ("graded", "failed")

        wait_until(has_come, f"submission {submission_id}: {seen}", 180)
        return seen

    def entries(self, submission_id: int) -> list[tuple[EntryKind, Decimal]]:
        """What the ledger says of a submission."""
        query = (
            select(LedgerEntry.kind, LedgerEntry.points)
            .where(LedgerEntry.submission_id == submission_id)
            .order_by(LedgerEntry.id)
        )
        with self.database.read() as session:
            return [(kind, points) for kind, points in session.execute(query)]


@pytest.fixture(scope="module")
def term(
    tmp_path_factory: pytest.TempPathFactory, require: Callable[[object, str], None]
) -> Iterator[Term]:
    folder = tmp_path_factory.mktemp("term")
    settings = dataclasses.replace(
        load_settings(), data_dir=folder / "data", database_url="", broker_url="", port=0,
        slots=2, log_format="json", max_waiting=100, max_hourly=10_000, base_url="",
    )  # fmt: skip
    try:
        choose_tier(settings)
    except GraderError as error:
        require(False, str(error))
    file = write_course(folder / "pack")
    said = publish(settings, file)
    assert "12 of 12 are published in machine-learning." in said
    database = Database.from_settings(settings)
    token = make_token()
    now = datetime.datetime.now(datetime.UTC)
    with database.begin() as session:
        course = courses.find_course(session, COURSE)
        assert course is not None
        for name, role in (("ada", "student"), ("grace", "ta")):
            person = people.add_person(session, name=name, now=now)
            people.add_local_identity(
                session, person.id, username=name, secret_hash=hash_password(PASSWORD), now=now
            )
            courses.enrol(session, person.id, course_id=course.id, role=role, now=now)
            if role == "student":
                people.add_token(
                    session, person.id, digest=digest_token(token), label="test", now=now
                )
    with Service(settings, log_dir=folder / "logs") as service:
        service.wait_ready(60)
        with (
            httpx.Client(
                base_url=service.url, headers={"Authorization": f"Bearer {token}"}, timeout=60
            ) as student,
            httpx.Client(base_url=service.url, timeout=60, follow_redirects=True) as ta,
        ):
            fields = {"username": "grace", "password": PASSWORD}
            post(ta, "/sign-in", "/sign-in", **fields)
            yield Term(service, database, student, ta)
    database.dispose()


def write_course(pack: Path) -> Path:
    """Write the course as it is today for somebody who may hand in all of it: one is late.

    Without most known submissions, which other tests hold: proving them takes minutes.
    """
    shutil.copytree(course_pack(), pack, ignore=shutil.ignore_patterns("submissions"))
    for name in KEPT:
        slug, file_name = name.split("/")
        (pack / slug / "submissions").mkdir()
        shutil.copy(course_pack() / slug / "submissions" / file_name, pack / slug / "submissions")
    file = pack / "course.toml"
    text = file.read_text("utf-8")
    zone = ZoneInfo(load_course(file).time_zone)
    due = datetime.datetime.now(zone) - datetime.timedelta(hours=LATE_H)
    monday = due.date() - datetime.timedelta(days=7 + due.weekday())
    text = re.sub(r"due = \"week (\d)", lambda found: f'due = "week {int(found[1]) + 2}', text)
    text = re.sub(r'opens = "[^"]+"', 'opens = "week 1 Mon 00:00"', text)
    text = re.sub(rf'({LATE} .*due = )"[^"]+"', rf'\1"week 2 {due:%a %H:%M}"', text)
    text = re.sub(r"starts_on .*", f"starts_on = {monday.isoformat()}", text)
    text = text.replace("slip_days   = 4", "slip_days   = 0").replace(', cooldown = "30s"', "")
    file.write_text(text, "utf-8")
    return file


def publish(settings: Settings, file: Path) -> str:
    """Run the command in a process of its own; return what it prints."""
    command = [sys.executable, "-m", "grader", "course", "publish", str(file)]
    ran: subprocess.CompletedProcess[str] = subprocess.run(
        command,
        env=environment_of(settings, "command"),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    return ran.stdout


def post(client: httpx.Client, page: str, address: str, **fields: str) -> None:
    """Send a form of a page as a browser does."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    answer = client.post(
        address, data={"csrf_token": found[1], **fields}, headers={"Referer": str(client.base_url)}
    )
    assert 200 == answer.status_code, answer.text


def test_a_student_goes_through_the_whole_course(term: Term):
    """Right in each, wrong before that in one, late with one, graded again in one."""
    listed = term.student.get(f"/api/v1/courses/{COURSE}/assignments").json()["assignments"]
    slugs = [one["slug"] for one in listed]
    assert 12 == len(slugs)
    wrong = term.hand_in(
        WRONG, course_pack() / WRONG / "submissions" / "prints_instead_of_returning.py"
    )
    right = {slug: term.hand_in(slug, course_pack() / slug / "solution.py") for slug in slugs}
    for slug, submission_id in right.items():
        seen = term.wait_for(submission_id)
        assert ("graded", seen["max_score"]) == (seen["status"], seen["score"]), (slug, seen)
        points = load_assignment(course_pack() / slug).spec.points
        taken = [(EntryKind.PENALTY, PENALTY * points)] if slug == LATE else []
        # hidden checks too, of which a student is told nothing yet
        assert [(EntryKind.SCORE, points), *taken] == term.entries(submission_id), slug

    assert 0 == term.wait_for(wrong)["score"]
    results = term.student.get(f"/api/v1/submissions/{wrong}/results").json()
    codes = {one["code"] for test in results["tests"] for one in test["extra_data"]["diagnosis"]}
    assert "printed_not_returned" in codes

    again = right["svm"]
    before = term.entries(again)
    post(term.ta, f"/submissions/{again}", f"/submissions/{again}/rerun")
    wait_until(lambda: len(term.entries(again)) > len(before), "the svm is graded again", 120)
    (_, points), *_, (kind, points_again) = term.entries(again)
    assert (EntryKind.REGRADE, points) == (kind, points_again)

    page = term.ta.get(f"/submissions/{right['svm']}").text
    assert "What is told of each place of the plane" in page
    assert "<script" not in page.split("<svg", 1)[1].rsplit("</svg>", 1)[0]
