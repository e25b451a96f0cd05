"""An assignment as a student sees it: what is asked, what applies, handing in, own submissions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grader.errors import NotFound, Refused, SubmissionRejected, TooMany
from grader.permissions import Permission
from grader.policy import days_late, describe_attempts
from grader.report import Audience
from grader.spec import Counts
from grader.spec.pictures import list_names
from grader.store import Session, blobs, offerings, submissions
from grader.store.submissions import SubmissionRow
from grader.store.tables import Offering
from grader.web import access
from grader.web.intake_room import intake_limits, receive_submission
from grader.web.results import shown_result
from grader.web.site import current_site
from grader.web.student.blueprint import room
from grader.web.student.files import read_picture, read_starter, send_download, send_picture
from grader.web.student.work import (
    COUNTS_SENTENCES,
    OwnSubmission,
    describe_submission,
    describe_terms,
    is_extended,
    read_entry,
    title_of,
)

SHOWN_SUBMISSIONS = 25
"""Of one's own, on one page; each costs a look at its results."""


@room.get("/courses/<course>/<slug>")
@access.allow(access.offering(Permission.SEE_COURSE))
def show_assignment() -> ResponseReturnValue:
    """Show what is asked, what applies to whoever looks, and their own submissions."""
    return _render_page()


@room.post("/courses/<course>/<slug>/submissions")
@access.allow(access.offering(Permission.SUBMIT))
def hand_in() -> ResponseReturnValue:
    """Take an upload, and lead to its receipt; what cannot be taken is said beside the form."""
    here = current_site()
    files = request.files.getlist("file")
    try:
        submission, _ = receive_submission(here, g.offering, g.person, files, here.clock())
    except (SubmissionRejected, Refused) as error:
        status = 422 if isinstance(error, SubmissionRejected) else 403
        headers = {}
        if isinstance(error, TooMany):
            status = 429
            headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
        return _render_page(error=str(error)), status, headers
    flash("Handed in. This page is your receipt.", "success")
    return redirect(url_for("student.show_submission", submission_id=submission.id), code=303)


@room.get("/courses/<course>/<slug>/starter")
@access.allow(access.offering(Permission.SEE_COURSE))
def download_starter() -> ResponseReturnValue:
    """Send what students start from, under the name in which they hand it in."""
    version = g.offering.published_version
    with current_site().database.read() as session:
        starter = _load_starter(session, g.offering)
    if starter is None:
        raise NotFound("this assignment has no file to start from")
    return send_download(starter, version.files[0])


@room.get("/courses/<course>/<slug>/handout")
@access.allow(access.offering(Permission.SEE_COURSE))
def download_handout() -> ResponseReturnValue:
    """Send the zip with which students check their own work, once the assignment has opened."""
    if not _is_open(g.offering):
        raise NotFound("this assignment has not opened yet")
    with current_site().database.read() as session:
        content = offerings.load_handout(session, g.offering)
    if content is None:
        raise NotFound("this assignment has no handout to download")
    return send_download(content, f"{g.offering.slug}.zip")


@room.get("/courses/<course>/<slug>/pictures/<path:name>")
@access.allow(access.offering(Permission.SEE_COURSE))
def show_picture(name: str) -> ResponseReturnValue:
    """Send a picture that the handout on the page shows."""
    if name not in list_names(g.offering.handout):
        raise NotFound("the handout shows no such picture")
    with current_site().database.read() as session:
        zipped = offerings.load_handout(session, g.offering)
    content = None if zipped is None else read_picture(zipped, name)
    if content is None:
        raise NotFound("this picture was not published")
    return send_picture(content, name)


def _is_open(offering: Offering) -> bool:
    """Whether whoever looks may have the checks; staff may before the others."""
    is_staff = Permission.SEE_SUBMISSIONS in g.permissions
    return is_staff or offering.opens_at is None or offering.opens_at <= g.now


def _pictures_url() -> str:
    """Return where the pictures of the page's handout are, before their names."""
    return url_for(".show_picture", course=g.course.slug, slug=g.offering.slug, name="")


def _load_starter(session: Session, offering: Offering) -> bytes | None:
    version = offering.published_version
    if version is None:
        return None
    return read_starter(blobs.load_blob(session, version.archive_digest))


def _render_page(error: str = "") -> str:
    here = current_site()
    has_desk = Permission.SUBMIT in g.permissions and g.offering.published_version is not None
    with here.database.read() as session:
        offering = offerings.get_offering(session, g.offering.id)
        has_handout = offerings.has_handout(session, offering)
        return render_template(
            "student/assignment.html",
            offering=offering,
            title=title_of(offering),
            pictures=_pictures_url() if has_handout else "",
            handout=offering.handout if offering.published_at else offering.draft_handout,
            has_handout=_is_open(offering) and has_handout,
            has_starter=_load_starter(session, offering) is not None,
            limits=intake_limits(here.settings),
            error=error,
            desk=_read_desk(session, offering) if has_desk else None,
        )


def _read_desk(session: Session, offering: Offering) -> dict[str, object]:
    """Return what applies to the student who looks, and what they have handed in."""
    standing = submissions.standing(session, offering, g.person.id, g.now)
    audience = offerings.audience_for(session, offering, g.now)
    own = submissions.list_of_person(session, offering.id, g.person.id)
    rows = [
        OwnSubmission(
            one.submission,
            shown_result(session, one.submission, audience),
            lateness=describe_submission(standing.terms, one.submission.received_at),
            is_late=days_late(standing.terms, one.submission.received_at) > 0,
        )
        for one in own[:SHOWN_SUBMISSIONS]
    ]
    counts = standing.terms.policy.counts
    is_told = counts is not Counts.BEST or _may_tell_best(own, rows, audience)
    return {
        "standing": standing,
        "entry": read_entry(standing, g.now),
        "is_extended": is_extended(offering, standing.terms),
        "lateness": describe_terms(standing),
        "attempts": describe_attempts(standing.terms.policy),
        "counts": COUNTS_SENTENCES[counts],
        "counting_id": standing.counting_id if is_told else None,
        "rows": rows,
        "n_older": len(own) - len(rows),
    }


def _may_tell_best(
    own: Sequence[SubmissionRow], rows: Sequence[OwnSubmission], audience: Audience
) -> bool:
    """Whether to say which one is best tells nothing of hidden checks, not even of older work."""
    if audience.is_published or not all(row.is_all_told for row in rows):
        return audience.is_published
    told = {row.shown.run.version_id for row in rows if row.shown.report}
    older = (one.run for one in own[len(rows) :] if one.run.version_id not in told)
    return all(audience.sees(result.visible) for run in older for result in run.results)
