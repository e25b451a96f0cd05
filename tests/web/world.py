"""A site with people, courses and judged work: what the tests of pages go through.

Fast: the schema is copied from a template, nobody's password is hashed twice, nothing is graded:
the reports are written here, with a marker in everything that a student must not see.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
import secrets
import shutil
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from werkzeug.test import TestResponse

from grader.credentials import digest_token, hash_password, make_token
from grader.intake import SubmittedFiles, Upload, accept_uploads
from grader.report import LeaderboardEntry, Report, Verdict
from grader.settings import Settings
from grader.spec import Assignment, Visibility, load_assignment
from grader.spec.archive import pack_folder
from grader.store import Database, Session, courses, offerings, people, runs, schema, submissions
from grader.store import sessions as session_rows
from grader.store.database import FILE_NAME
from grader.store.tables import Offering, Person, Run, Submission
from grader.web import create_app, sessions
from grader.web.site import EXTENSION, Site
from tests.web.marked import POINTS, SEED, make_result, marker

START = datetime.datetime(2026, 10, 5, 9, 0, tzinfo=datetime.UTC)
DUE = datetime.datetime(2026, 10, 14, 22, 0, tzinfo=datetime.UTC)
PASSWORD = "correct horse battery"
ROLES: dict[str, tuple[str | None, str]] = {
    "ada": ("ml-2026", "student"),
    "blaise": ("ml-2026", "student"),
    "carl": ("other-2026", "student"),
    "emmy": ("ml-2026", "observer"),
    "grace": ("ml-2026", "ta"),
    "david": ("ml-2026", "instructor"),
    "sophie": ("other-2026", "ta"),
    "leonhard": (None, "admin"),
}


def write_assignment(folder: Path, *, title: str = "Affine layers") -> Path:
    """Write an assignment with one visible check, and a hidden one of every visibility."""
    checks = []
    for visible, points in POINTS.items():
        mark = marker(visible, "{}").format
        check = "affine" if visible is Visibility.ALWAYS else mark("id")
        checks.append(
            f"""
[inputs.{mark("inputs")}]
x = {{normal = [3, 2]}}

[[checks]]
id = "{check}"
kind = "output"
title = "{"affine returns x" if visible is Visibility.ALWAYS else mark("title")}"
inputs = "{mark("inputs")}"
run = "out = affine(x)  # {mark("run")}"
compare = ["out"]
points = {points}
visible = "{visible.value}"
"""
        )
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(
        f'title = "{title}"\nfiles = ["solution.py"]\n\n[policy]\n'
        f"opens_at = {START:%Y-%m-%dT%H:%M:%SZ}\ndue_at = {DUE:%Y-%m-%dT%H:%M:%SZ}\n"
        'late = {grace = "15m", per_day = 0.10, days = 2}\n' + "".join(checks)
    )
    (folder / "solution.py").write_text(
        "def affine(x):\n    # BEGIN SOLUTION\n    return x  # zq-never-solution\n"
        "    # END SOLUTION\n"
    )
    (folder / "starter.py").write_text("def affine(x):\n    raise NotImplementedError\n")
    (folder / "README.md").write_text("# Handout\n\nReturn `x`.\n")
    return folder


def judge(assignment: Assignment, *, seed: int = SEED, is_right: bool = False) -> Report:
    """Return a report with markers in all that its hidden checks say."""
    verdict = Verdict.PASSED if is_right else Verdict.WRONG_ANSWER
    results = [
        dataclasses.replace(
            make_result(number, check.id, check.title, check.visible, verdict=verdict),
            points=check.points,
        )
        for number, check in enumerate(assignment.spec.checks, 1)
    ]
    hidden_id = marker(Visibility.NEVER, "id")
    results[0] = dataclasses.replace(results[0], blocked_by=() if is_right else (hidden_id,))
    return Report(
        assignment=assignment.slug,
        assignment_digest=assignment.digest,
        grader_version="0.1.0",
        sandbox_tier="namespaces",
        seed=seed,
        results=tuple(results),
        leaderboard=(LeaderboardEntry(marker(Visibility.NEVER, "leader"), 1.0, "asc", hidden_id),),
        staff_notes=(marker(Visibility.NEVER, "staff-note"),),
    )


class World:
    """A site of two courses, with one published assignment, one draft, and work handed in."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.now = START + datetime.timedelta(days=1)
        self.sent: list[int] = []
        bare: Site = app.extensions[EXTENSION]
        self.site = dataclasses.replace(bare, clock=lambda: self.now, send_run=self._send)
        app.extensions[EXTENSION] = self.site
        self.database = self.site.database
        # A power cut during a test may lose what it likes.
        self.database.dispose()
        event.listen(self.database.engine, "connect", _write_without_waiting)
        self.folder = folder
        self._people: dict[str, int] = {}

    def _send(self, run_id: int, queue: str = "grade.interactive") -> bool:
        del queue
        self.sent.append(run_id)
        return True

    def populate(self, secret_hash: str) -> None:
        """Add people, courses, an assignment that is published and one that is not, and work."""
        at = START - datetime.timedelta(days=3)
        with self.database.begin() as session:
            for slug in ("ml-2026", "other-2026"):
                courses.add_course(
                    session, slug=slug, title=f"Course {slug}", time_zone="UTC", now=at
                )
            for name, (place, role) in ROLES.items():
                person = people.add_person(session, name=name.title(), now=at)
                people.add_local_identity(
                    session, person.id, username=name, secret_hash=secret_hash, now=at
                )
                course = courses.find_course(session, place) if place else None
                courses.enrol(
                    session, person.id, course_id=course.id if course else None, role=role, now=at
                )
                self._people[name] = person.id
        self.assignment = load_assignment(write_assignment(self.folder / "hw1"))
        self.offering = self.publish(self.folder / "hw1", at)
        self.draft = self.validate(
            write_assignment(self.folder / "hw2", title="zq-draft-title"), at
        )
        self.submission = self.hand_in("ada")
        self.grade(self.submission)

    def adopt(self, template: World) -> None:
        """Know what is in a database that is a copy of another site's."""
        self._people = template._people
        self.assignment = template.assignment
        self.offering, self.draft = template.offering, template.draft
        self.submission = template.submission

    def upload(self, folder: Path, at: datetime.datetime) -> tuple[Offering, Run]:
        """Upload a folder as a draft of the first course."""
        with self.database.begin() as session:
            course = courses.find_course(session, "ml-2026")
            assert course is not None
            return offerings.upload_draft(
                session,
                course_id=course.id,
                assignment=load_assignment(folder),
                archive=pack_folder(folder),
                person_id=self.person_id("david"),
                now=at,
            )

    def validate(
        self, folder: Path, at: datetime.datetime, *, handout: bytes | None = None
    ) -> Offering:
        """Upload a folder as a draft, and find it valid."""
        offering, run = self.upload(folder, at)
        finding = {
            "name": "zq-draft-finding",
            "expectation": "full score",
            "score": "25.109375",
            "max_score": "25.109375",
            "holds": True,
            "problems": [],
        }
        with self.database.begin() as session:
            token = self.claim(session, run.id, at)
            outcome: dict[str, Any] = {"holds": True, "findings": [finding], "error": None}
            zipped = handout or f"the zip of {run.archive_digest}".encode()
            assert runs.finish_validation(
                session, run.id, token, outcome, handout=zipped, now=at
            )  # fmt: skip
        return offering

    def publish(
        self, folder: Path, at: datetime.datetime, *, handout: bytes | None = None
    ) -> Offering:
        """Upload a folder, find it valid, and publish it."""
        offering = self.validate(folder, at, handout=handout)
        with self.database.begin() as session:
            return offerings.publish(
                session, offering.id, person_id=self.person_id("david"), now=at
            )

    def claim(self, session: Session, run_id: int, at: datetime.datetime) -> str:
        """Claim a run, as a worker does, and return the token of its lease."""
        token = secrets.token_hex(16)
        assert runs.claim(
            session,
            run_id,
            token=token,
            worker="test",
            tier="namespaces",
            now=at,
            lease_s=30.0,
            seed=lambda _: SEED,
        )
        return token

    def submitted(self, text: str = "def affine(x):\n    return -x\n") -> SubmittedFiles:
        """Return a submission as intake leaves it."""
        return accept_uploads([Upload("solution.py", text.encode())], ["solution.py"])

    def hand_in(self, name: str, text: str = "def affine(x):\n    return -x\n") -> Submission:
        """Hand work in, past the pages."""
        with self.database.begin() as session:
            submission, _ = submissions.hand_in(
                session,
                offerings.get_offering(session, self.offering.id),
                self.person_id(name),
                uploads=[Upload("solution.py", text.encode())],
                submitted=self.submitted(text),
                is_attempt=True,
                limits=submissions.QuotaLimits(1000, 1000),
                now=self.now,
            )
            return submission

    def grade(self, submission: Submission, *, is_right: bool = False) -> None:
        """Finish the open run of a submission with a report full of markers."""
        with self.database.begin() as session:
            found = submissions.find_submission(session, submission.id)
            assert found is not None
            run = found.runs[-1]
            token = self.claim(session, run.id, self.now)
            report = judge(self.assignment, is_right=is_right)
            assert runs.finish(session, run.id, token, report, now=self.now)

    def person_id(self, name: str) -> int:
        """Return the id of somebody."""
        return self._people[name]

    def person(self, name: str) -> Person:
        """Return somebody."""
        with self.database.read() as session:
            found = people.find_person(session, self.person_id(name))
        assert found is not None
        return found

    def client(self, name: str | None = None) -> Browser:
        """Return a browser, of somebody who is signed in where a name is given."""
        browser = Browser(self)
        if name is not None:
            browser.open_session(name)
        return browser

    def personal_token(self, name: str, expires_at: datetime.datetime | None = None) -> str:
        """Return a new personal token of somebody."""
        token = make_token()
        with self.database.begin() as session:
            people.add_token(
                session,
                self.person_id(name),
                digest=digest_token(token),
                label="test",
                now=self.now,
                expires_at=expires_at,
            )
        return token


def _write_without_waiting(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF").close()


class Browser:
    """A browser with its cookies, which sends a valid CSRF token unless it is told not to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.flask: FlaskClient = world.app.test_client()

    def open_session(self, name: str) -> None:
        """Sign in, past the form."""
        token = make_token()
        with self.world.database.begin() as session:
            opened = session_rows.open_session(
                session,
                self.world.person_id(name),
                token_digest=digest_token(token),
                now=self.world.now,
                expires_at=self.world.now
                + datetime.timedelta(hours=self.world.site.settings.session_hours),
            )
        self.session_id = opened.id
        self.flask.set_cookie(sessions.cookie_name(self.world.site), token)

    def get(self, path: str, **options: Any) -> TestResponse:
        """Ask for a page."""
        return self.flask.get(path, **options)

    def post(
        self,
        path: str,
        form: dict[str, Any] | None = None,
        *,
        has_csrf: bool = True,
        **options: Any,
    ) -> TestResponse:
        """Send a form; bytes in it are files."""
        fields = {
            key: (io.BytesIO(value), "solution.py") if isinstance(value, bytes) else value
            for key, value in (form or {}).items()
        }
        if has_csrf:
            fields["csrf_token"] = self.csrf_token()
        is_upload = any(isinstance(value, tuple) for value in fields.values())
        kind = "multipart/form-data" if is_upload else "application/x-www-form-urlencoded"
        return self.flask.post(path, data=fields, content_type=kind, **options)

    def csrf_token(self) -> str:
        """Return what a form of a page of this browser would hold."""
        with self.flask.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", "c" * 40)
        signer = URLSafeTimedSerializer(self.world.app.secret_key or "", salt="wtf-csrf-token")
        return str(signer.dumps(raw))


def make_settings(folder: Path, **chosen: Any) -> Settings:
    """Return settings of a site in a folder."""
    return Settings(data_dir=folder, secret_key="k" * 32, log_format="json", **chosen)


def make_template(folder: Path) -> World:
    """Make a site with people and work, to be copied: each test changes its own."""
    folder.chmod(0o700)
    settings = make_settings(folder)
    database = Database.from_settings(settings)
    schema.upgrade(database)
    database.dispose()
    world = World(create_app(settings), folder)
    world.populate(hash_password(PASSWORD))
    world.database.dispose()
    return world


def copy(template: World, folder: Path, **chosen: Any) -> World:
    """Return a site with these settings, and all that is in another one."""
    folder.mkdir(mode=0o700)
    shutil.copy(template.folder / FILE_NAME, folder)
    world = World(create_app(make_settings(folder, **chosen)), folder)
    world.adopt(template)
    return world
