"""A submission: its receipt, how far it is, its feedback, and what was handed in."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from grader.errors import NotFound
from grader.permissions import Permission
from grader.report import VERDICT_SENTENCES
from grader.spec import Counts
from grader.store import Session, blobs, offerings, submissions
from grader.store.tables import Submission
from grader.web import access
from grader.web.live import read_status
from grader.web.results import shown_result
from grader.web.review.page import show_submission as show_to_staff
from grader.web.site import current_site
from grader.web.student.blueprint import room
from grader.web.student.feedback import read_feedback
from grader.web.student.files import pack_uploads, send_download
from grader.web.student.work import COUNTS_SENTENCES, describe_submission, read_entry

_CAN_SEE = access.submission(Permission.SEE_SUBMISSIONS, or_own=True)


@room.get("/submissions/<int:submission_id>")
@access.allow(_CAN_SEE)
def show_submission() -> ResponseReturnValue:
    """Show a submission: to those who handed it in their page, to staff the one of review."""
    if not g.is_own:
        return show_to_staff()
    with current_site().database.read() as session:
        submission = _find(session)
        offering = submission.offering
        standing = submissions.standing(session, offering, g.person.id, g.now)
        audience = offerings.audience_for(session, offering, g.now)
        shown = shown_result(session, submission, audience)
        counts = standing.terms.policy.counts
        status = read_status(session, submission)
        return render_template(
            "student/submission.html",
            submission=submission,
            status=status,
            poll_s=status.poll_s if status.is_open else None,
            feedback=read_feedback(session, offering, shown, audience),
            sentences=VERDICT_SENTENCES,
            command=_command(submission),
            lateness=describe_submission(standing.terms, submission.received_at),
            entry=read_entry(standing, g.now),
            counts_line=COUNTS_SENTENCES[counts],
            is_counting=counts is not Counts.BEST and standing.counting_id == submission.id,
            may_choose=counts is Counts.CHOSEN and standing.counting_id != submission.id,
        )


@room.post("/submissions/<int:submission_id>/choose")
@access.allow(access.submission(None, or_own=True))
def choose() -> ResponseReturnValue:
    """Let this submission be the one that counts."""
    with current_site().database.begin() as session:
        submissions.choose(session, _find(session), g.person.id, g.now)
    flash(f"Submission {g.submission.number} counts now.", "success")
    return redirect(url_for("student.show_submission", submission_id=g.submission.id), code=303)


@room.get("/submissions/<int:submission_id>/files")
@access.allow(_CAN_SEE)
def download_files() -> ResponseReturnValue:
    """Send what was handed in, byte for byte: one file as it is, several as a zip."""
    with current_site().database.read() as session:
        uploads = submissions.load_uploads(session, _find(session))
    if len(uploads) == 1:
        return send_download(uploads[0].content, uploads[0].name)
    name = f"{g.offering.slug}-submission-{g.submission.number}.zip"
    return send_download(pack_uploads(uploads), name)


@room.get("/submissions/<int:submission_id>/files/<int:number>")
@access.allow(_CAN_SEE)
def download_file(number: int) -> ResponseReturnValue:
    """Send one of the files that were handed in."""
    with current_site().database.read() as session:
        for file in _find(session).files:
            if file.number == number:
                return send_download(blobs.load_blob(session, file.blob_digest), file.name)
    raise NotFound(access.NOTHING_HERE)


def _find(session: Session) -> Submission:
    """Return the submission that the rule let pass, as it is now."""
    submission = submissions.find_submission(session, g.submission.id)
    if submission is None:
        raise NotFound(access.NOTHING_HERE)
    return submission


def _command(submission: Submission) -> str:
    """Return how to run a check at home; without the seed, which makes hidden numbers too."""
    version = submission.runs[-1].version
    return f"grader check {version.slug} {' '.join(version.files)}"
