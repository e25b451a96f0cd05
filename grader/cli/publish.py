"""`grader assignment publish`: proves a folder here, and makes it what students hand in to."""

from __future__ import annotations

import datetime
import secrets
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.cli.assignment import print_findings
from grader.cli.installation import open_database
from grader.cli.people import require_course
from grader.cli.render import print_line, show_state
from grader.cli.slots import open_slot
from grader.errors import OperationError
from grader.settings import load_settings

_LEASE_S = 3600.0


def run_publish(name: str, *, course: str, seed: int, tier: str) -> int:
    """Validate what would be kept, as a worker does; publish it where it holds."""
    from grader.assignment_packs import course_pack
    from grader.policy import format_moment
    from grader.queue.validation import validate_folder
    from grader.spec import find_assignment, load_assignment
    from grader.spec.archive import pack_folder, unpack_archive
    from grader.store import offerings, runs

    settings = load_settings()
    source = find_assignment(name, [course_pack()]).resolve()
    with open_database() as database, tempfile.TemporaryDirectory(prefix="grader-") as parent:
        with database.read() as session:
            time_zone = require_course(session, course).time_zone
        load_assignment(source, time_zone=time_zone)
        # What is proved is what is kept: the archive, not the folder around it.
        archive = pack_folder(source)
        folder = Path(parent, source.name)
        folder.mkdir()
        unpack_archive(archive, folder)
        assignment = load_assignment(folder, time_zone=time_zone)
        with (
            show_state("") as show,
            open_slot(settings, tier) as slot,
        ):
            show(f"proving {assignment.slug}")
            outcome = validate_folder(folder, slot, settings.cache_dir, seed)
        if not outcome.holds:
            print_findings(outcome.findings)
            if outcome.error:
                print_line(outcome.error)
            print_line(f"{assignment.slug} does not hold what it claims and is not published.")
            return 1
        now = datetime.datetime.now(datetime.UTC)
        token = secrets.token_hex(16)
        # In one transaction: no worker sees the run that is judged already.
        with database.begin() as session:
            offering, run = offerings.upload_draft(
                session,
                course_id=require_course(session, course).id,
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
                tier=slot.tier,
                now=now,
                lease_s=_LEASE_S,
                seed=lambda _: seed,
            )
            if claim is None or not runs.finish_validation(
                session, run.id, token, outcome.to_json(), handout=outcome.handout, now=now
            ):
                raise OperationError(
                    "the validation could not be recorded", remedy="run the command again"
                )
            offering = offerings.publish(session, offering.id, person_id=None, now=now)
    due = format_moment(offering.due_at, ZoneInfo(time_zone)) if offering.due_at else "no due date"
    print_line(f"{assignment.slug} is published in {course}: {due}.")
    return 0
