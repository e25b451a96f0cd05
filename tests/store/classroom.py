"""A course with a published assignment, and the steps by which work travels through the store."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from grader.intake import SubmittedFiles, Upload
from grader.report import CheckResult, Judgement, Report, RunStatus, Verdict
from grader.spec import Assignment, Hint, Policy, Visibility, load_assignment, read_policy
from grader.store import Database, courses, ledger, offerings, people, runs, submissions
from grader.store.submissions import QuotaLimits
from grader.store.tables import AdjustmentKind, Offering, Run, Submission, Team, TeamMember

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LEASE_S = 30.0
MANY = QuotaLimits(max_waiting=1000, max_hourly=1000)
N_POINTS = 10


def write_folder(folder: Path, *, title: str = "Affine layer", handout: str = "Do it.") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "assignment.toml").write_text(
        f'title = "{title}"\n'
        "[policy]\ndue_at = 2026-11-10T12:00:00+00:00\nlate = {per_day = 0.10, days = 3}\n"
        '[[checks]]\nid = "affine"\nkind = "output"\nrun = "out = f(1.0)"\ncompare = ["out"]\n'
        f"points = {N_POINTS}\n"
    )
    (folder / "solution.py").write_text("def f(x):\n    return 2 * x\n")
    (folder / "README.md").write_text(handout)
    return folder


def make_report(earned: int, *, points: int = N_POINTS, **changes: Any) -> Report:
    """A report of checks of one point each, so many of which passed."""
    results = tuple(
        CheckResult(
            check=f"check-{number}",
            title=f"Check {number}",
            number=number,
            points=Decimal(1),
            visible=Visibility.ALWAYS,
            hint=Hint.NAME,
            judgement=Judgement(
                Verdict.PASSED if number <= earned else Verdict.WRONG_ANSWER, message="said"
            ),
        )
        for number in range(1, points + 1)
    )
    report = Report("affine", "d" * 64, "0.1.0", "landlock", 7, results)
    return replace(report, **changes)


def failed_report() -> Report:
    report = make_report(0)
    first = replace(report.results[0], judgement=Judgement(Verdict.INTERNAL_ERROR))
    return replace(report, results=(first, *report.results[1:]), staff_notes=("the jail broke",))


class Classroom:
    """Ada, Blaise (students), Grace (TA), David (instructor) and what they do."""

    def __init__(self, database: Database, folder: Path, *, slip_days: int = 0) -> None:
        self.database = database
        self.folder = folder
        self.assignment: Assignment = load_assignment(write_folder(folder / "affine"))
        self._tokens = (f"token-{number}" for number in itertools.count())
        roles = {"ada": "student", "blaise": "student", "grace": "ta", "david": "instructor"}
        with database.begin() as session:
            course = courses.add_course(
                session, slug="ml", title="Machine Learning", slip_days=slip_days, now=NOW
            )
            self.course_id = course.id
            self.ids: dict[str, int] = {}
            for name, role in roles.items():
                self.ids[name] = people.add_person(session, name=name.title(), now=NOW).id
                courses.enrol(session, self.ids[name], course_id=course.id, role=role, now=NOW)
        self.offering = self.publish(self.assignment)

    def publish(self, assignment: Assignment, **policy: Any) -> Offering:
        """Upload, validate and publish an assignment, then set its policy."""
        with self.database.begin() as session:
            offering, run = offerings.upload_draft(
                session,
                course_id=self.course_id,
                assignment=assignment,
                archive=f"the folder {assignment.slug}".encode(),
                person_id=self.ids["david"],
                now=NOW,
            )
        self.validate(run.id)
        with self.database.begin() as session:
            published = offerings.publish(
                session, offering.id, person_id=self.ids["david"], now=NOW
            )
        return self.set_policy(policy, published) if policy else published

    def publish_another(self, slug: str, **policy: Any) -> Offering:
        return self.publish(load_assignment(write_folder(self.folder / slug, title=slug)), **policy)

    def validate(self, run_id: int, *, holds: bool = True) -> bool:
        token = self.claim(run_id)
        with self.database.begin() as session:
            return runs.finish_validation(session, run_id, token, {"holds": holds}, now=NOW)

    def set_policy(
        self, table: dict[str, Any], offering: Offering | None = None, *, now: datetime = NOW
    ) -> Offering:
        policy: Policy = read_policy(table)
        with self.database.begin() as session:
            return offerings.set_policy(
                session,
                (offering or self.offering).id,
                policy,
                person_id=self.ids["david"],
                now=now,
            )

    def extend(self, due_at: datetime, **target: int) -> int:
        with self.database.begin() as session:
            return offerings.adjust(
                session,
                self.offering.id,
                kind=AdjustmentKind.EXTENSION,
                due_at=due_at,
                reason="ill",
                by=self.ids["david"],
                now=NOW,
                **target,
            ).id

    def team_up(self, *names: str, offering: Offering | None = None) -> int:
        """Make a team of these people."""
        offering_id = (offering or self.offering).id
        with self.database.begin() as session:
            team = Team(offering_id=offering_id, created_at=NOW)
            session.add(team)
            session.flush()
            for name in names:
                member = TeamMember(person_id=self.ids[name], offering_id=offering_id)
                member.team_id = team.id
                session.add(member)
            return team.id

    def hand_in(
        self,
        person: str = "ada",
        *,
        now: datetime = NOW,
        text: str = "def f(x): return x",
        offering: Offering | None = None,
        is_attempt: bool = True,
        limits: QuotaLimits = MANY,
    ) -> tuple[Submission, Run]:
        content = text.encode()
        with self.database.begin() as session:
            return submissions.hand_in(
                session,
                offering or self.offering,
                self.ids[person],
                uploads=[Upload("solution.py", content)],
                submitted=SubmittedFiles((), (), hashlib.sha256(content).hexdigest()),
                is_attempt=is_attempt,
                limits=limits,
                now=now,
            )

    def claim(self, run_id: int, *, now: datetime = NOW, worker: str = "worker-1") -> str:
        """Claim a run and return the token, "" where there was nothing to claim."""
        token = next(self._tokens)
        with self.database.begin() as session:
            claimed = runs.claim(
                session,
                run_id,
                token=token,
                worker=worker,
                tier="landlock",
                now=now,
                lease_s=LEASE_S,
                seed=lambda digest: int(digest[:6], 16),
            )
        return token if claimed else ""

    def finish(
        self, run_id: int, token: str, report: Report | int = 10, *, now: datetime = NOW
    ) -> bool:
        made = report if isinstance(report, Report) else make_report(report)
        with self.database.begin() as session:
            return runs.finish(session, run_id, token, made, now=now)

    def give_back(self, run_id: int, token: str, *, now: datetime = NOW) -> RunStatus | None:
        with self.database.begin() as session:
            return runs.give_back(session, run_id, token, "the jail broke", now=now)

    def expire(self, now: datetime) -> list[int]:
        with self.database.begin() as session:
            return runs.expire_leases(session, now=now, lease_s=LEASE_S)

    def rerun(self, submission: Submission, *, now: datetime = NOW) -> Run:
        with self.database.begin() as session:
            return runs.rerun(session, submission.id, person_id=self.ids["grace"], now=now)

    def graded(self, person: str = "ada", earned: int = 10, **how: Any) -> Submission:
        """Hand in and grade at once."""
        submission, run = self.hand_in(person, **how)
        now = how.get("now", NOW)
        assert self.finish(run.id, self.claim(run.id, now=now), earned, now=now)
        return submission

    def fail(self, run_id: int) -> None:
        """Fail a run through our fault, three times over."""
        for _ in range(runs.MOST_ATTEMPTS):
            self.give_back(run_id, self.claim(run_id))

    def run(self, run_id: int) -> Run:
        with self.database.read() as session:
            return runs.get_run(session, run_id)

    def score(self, submission: Submission) -> ledger.CurrentScore | None:
        with self.database.read() as session:
            return ledger.current_score(session, submission.id)

    def lines(self, submission: Submission) -> list[tuple[str, Decimal]]:
        """Kind and points of each line of the ledger, the oldest first."""
        with self.database.read() as session:
            history = ledger.history(session, submission.id)
            return [(line.kind.value, line.points) for line in history]

    def standing(
        self, person: str = "ada", *, now: datetime = NOW, offering: Offering | None = None
    ) -> submissions.Standing:
        with self.database.read() as session:
            return submissions.standing(session, offering or self.offering, self.ids[person], now)
