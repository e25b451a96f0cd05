"""Taking in what somebody hands in: the same for the page and for the API."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from werkzeug.datastructures import FileStorage

from grader.errors import Conflict
from grader.intake import IntakeLimits, Upload, accept_uploads
from grader.settings import Settings
from grader.store import offerings, submissions
from grader.store.submissions import QuotaLimits
from grader.store.tables import Offering, Person, Run, Submission
from grader.web.parsing import has_code_that_parses
from grader.web.site import Site


def receive_submission(
    site: Site,
    offering: Offering,
    person: Person,
    files: Sequence[FileStorage],
    now: datetime.datetime,
) -> tuple[Submission, Run]:
    """Keep what was handed in, queue its grading, and tell the queue after the commit.

    Parameters
    ----------
    files
        The uploads of the form. A form without a file has one with an empty name.
    now
        When the upload was complete: `site.clock()` after the form was read.

    Raises
    ------
    SubmissionRejected
        Where the files cannot be taken as they are.
    Refused, TooMany
        Where the course's policy, or a limit of this site, says no.
    """
    # No database keeps a NUL, and no system of a student has one in a name.
    uploads = [Upload(one.filename.replace("\0", ""), one.read()) for one in files if one.filename]
    version = offering.published_version
    if version is None:
        raise Conflict("this assignment is not published", remedy="come back later")
    limits = QuotaLimits(site.settings.max_waiting, site.settings.max_hourly)
    with site.database.read() as session:
        submissions.check_quotas(session, person.id, limits, now)
    submitted = accept_uploads(uploads, version.files, intake_limits(site.settings))
    # A process of its own, seconds at worst: on SQLite nobody else could write meanwhile.
    is_attempt = has_code_that_parses(submitted)
    with site.database.begin() as session:
        submission, run = submissions.hand_in(
            session,
            offerings.get_offering(session, offering.id),
            person.id,
            uploads=uploads,
            submitted=submitted,
            is_attempt=is_attempt,
            limits=limits,
            now=now,
        )
    site.send_run(run.id)
    return submission, run


def intake_limits(settings: Settings) -> IntakeLimits:
    """Return how much a student may hand in on this site."""
    return IntakeLimits(
        source_bytes=settings.upload_source_bytes,
        packed_bytes=settings.upload_packed_bytes,
        unpacked_bytes=settings.upload_unpacked_bytes,
        members=settings.upload_members,
    )
