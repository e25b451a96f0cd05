"""`grader assignment publish`: proves a folder here, and makes it what students hand in to."""

from __future__ import annotations

import datetime
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from grader.cli.assignment import print_findings
from grader.cli.installation import open_database
from grader.cli.people import require_course
from grader.cli.render import print_line, show_state
from grader.cli.slots import open_slot
from grader.errors import OperationError
from grader.settings import Settings, load_settings

if TYPE_CHECKING:
    from grader.queue.validation import Outcome
    from grader.sandbox.pool import Slot
    from grader.spec import Assignment, Policy
    from grader.store import Database, Session

_LEASE_S = 3600.0


def run_publish(name: str, *, course: str, seed: int, tier: str) -> int:
    """Validate what would be kept, as a worker does; publish it where it holds."""
    from grader.assignment_packs import course_pack
    from grader.policy import format_moment
    from grader.spec import find_assignment, load_assignment

    settings = load_settings()
    source = find_assignment(name, [course_pack()]).resolve()
    with open_database() as database:
        with database.read() as session:
            time_zone = require_course(session, course).time_zone
        load_assignment(source, time_zone=time_zone)
        with show_state("") as show, open_slot(settings, tier) as slot:
            show(f"proving {source.name}")
            publisher = Publisher(database, course, time_zone, settings, slot, seed)
            outcome = publisher.publish(source)
        if not outcome.holds:
            print_failure(source.name, outcome)
            return 1
        with database.read() as session:
            due_at = publisher.find_due(session, source.name)
    due = format_moment(due_at, ZoneInfo(time_zone)) if due_at else "no due date"
    print_line(f"{source.name} is published in {course}: {due}.")
    return 0


def print_failure(slug: str, outcome: Outcome) -> None:
    """Say why an assignment is not published."""
    print_findings(outcome.findings)
    if outcome.error:
        print_line(outcome.error)
    print_line(f"{slug} does not hold what it claims and is not published.")


class Publisher:
    """Proves assignments in one slot, and publishes them in one course."""

    def __init__(
        self,
        database: Database,
        course: str,
        time_zone: str,
        settings: Settings,
        slot: Slot,
        seed: int,
    ) -> None:
        self._database = database
        self._course = course
        self._time_zone = time_zone
        self._cache_dir = settings.cache_dir
        self._slot = slot
        self._seed = seed

    def move_dates(self, source: Path, date: Callable[[Policy], Policy]) -> bool:
        """Return whether a folder is published as it is; its dates are then those of `date`."""
        from grader.spec import load_assignment, write_policy
        from grader.spec.archive import pack_folder
        from grader.store import offerings

        assignment = load_assignment(source, time_zone=self._time_zone)
        archive = pack_folder(source)
        now = datetime.datetime.now(datetime.UTC)
        with self._database.begin() as session:
            course_id = require_course(session, self._course).id
            offering = offerings.find_offering(session, course_id, source.name)
            if offering is None or not offerings.is_published_as(session, offering, archive):
                return False
            policy = date(assignment.spec.policy)
            if offering.policy != write_policy(policy):
                offerings.set_policy(session, offering.id, policy, person_id=None, now=now)
        return True

    def publish(
        self, source: Path, date: Callable[[Policy], Policy] = lambda policy: policy
    ) -> Outcome:
        """Publish a folder where it holds, with the policy that `date` makes of its own."""
        from grader.queue.validation import validate_folder
        from grader.spec import load_assignment
        from grader.spec.archive import pack_folder, unpack_archive

        # What is proved is what is kept: the archive, not the folder around it.
        archive = pack_folder(source)
        with tempfile.TemporaryDirectory(prefix="grader-") as parent:
            folder = Path(parent, source.name)
            folder.mkdir()
            unpack_archive(archive, folder)
            assignment = load_assignment(folder, time_zone=self._time_zone)
            outcome = validate_folder(folder, self._slot, self._cache_dir, self._seed)
        if outcome.holds:
            spec = assignment.spec.model_copy(update={"policy": date(assignment.spec.policy)})
            self._keep(replace(assignment, spec=spec), archive, outcome)
        return outcome

    def _keep(self, assignment: Assignment, archive: bytes, outcome: Outcome) -> None:
        from grader.store import offerings, runs

        now = datetime.datetime.now(datetime.UTC)
        token = secrets.token_hex(16)
        # In one transaction: no worker sees the run that is judged already.
        with self._database.begin() as session:
            offering, run = offerings.upload_draft(
                session,
                course_id=require_course(session, self._course).id,
                assignment=assignment,
                archive=archive,
                person_id=None,
                now=now,
            )
            claim = runs.claim(
                session,
                run.id,
                token=token,
                worker="command line",
                tier=self._slot.tier,
                now=now,
                lease_s=_LEASE_S,
                seed=lambda _: self._seed,
            )
            if claim is None or not runs.finish_validation(
                session, run.id, token, outcome.to_json(), handout=outcome.handout, now=now
            ):
                raise OperationError(
                    "the validation could not be recorded", remedy="run the command again"
                )
            offerings.publish(session, offering.id, person_id=None, now=now)

    def find_due(self, session: Session, slug: str) -> datetime.datetime | None:
        """Return when a published assignment is due."""
        from grader.store import offerings

        course_id = require_course(session, self._course).id
        offering = offerings.find_offering(session, course_id, slug)
        return None if offering is None else offering.due_at
