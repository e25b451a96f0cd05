"""Uploading assignment folders, and the list of what a course has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grader.errors import SpecError
from grader.permissions import Permission
from grader.spec.archive import ARCHIVE_LIMITS
from grader.store import offerings
from grader.web import access
from grader.web.author.blueprint import room
from grader.web.author.drafts import describe_state
from grader.web.author.folders import InvalidSlug, read_folder
from grader.web.site import FORM_OVERHEAD_BYTES, current_site

UPLOAD_BYTES = ARCHIVE_LIMITS.packed_bytes + FORM_OVERHEAD_BYTES
SHOWN_ERRORS = 100


@room.get("/courses/<course>/author")
@access.allow(access.course(Permission.AUTHOR))
def show_uploads() -> ResponseReturnValue:
    """Show the course's assignments, drafts too, and the form to upload one."""
    return _uploads_page({}, {}, ())


@room.post("/courses/<course>/author")
@access.allow(access.course(Permission.AUTHOR), max_bytes=UPLOAD_BYTES)
def upload_assignment() -> ResponseReturnValue:
    """Make a draft of an uploaded folder and queue its validation, or say all that is wrong."""
    typed = {"slug": request.form.get("slug", "").strip()}
    upload = request.files.get("archive")
    if upload is None or not upload.filename:
        wrong = {"archive": "Choose a .zip or .tar.gz of the assignment's folder."}
        return _uploads_page(typed, wrong, ()), 422
    try:
        folder = read_folder(
            upload.read(), upload.filename, slug=typed["slug"], time_zone=g.course.time_zone
        )
    except InvalidSlug as error:
        return _uploads_page(typed, {"slug": str(error)}, ()), 422
    except ExceptionGroup as group:
        errors = [error for error in group.exceptions if isinstance(error, SpecError)]
        return _uploads_page(typed, {}, errors), 422
    here = current_site()
    try:
        with here.database.begin() as session:
            offering, run = offerings.upload_draft(
                session,
                course_id=g.course.id,
                assignment=folder.assignment,
                archive=folder.archive,
                person_id=g.person.id,
                now=g.now,
            )
    except SpecError as error:
        return _uploads_page(typed, {}, [error]), 422
    here.send_run(run.id)
    flash("The folder is uploaded. It is being validated now.", "success")
    page = url_for("author.show_assignment", course=g.course.slug, slug=offering.slug)
    return redirect(page, code=303)


def _uploads_page(
    typed: Mapping[str, str], wrong: Mapping[str, str], errors: Sequence[SpecError]
) -> str:
    with current_site().database.read() as session:
        found = offerings.list_offerings(session, g.course.id, published_only=False)
        return render_template(
            "author/uploads.html",
            works=[
                (one, describe_state(one, offerings.latest_validation(session, one.id)))
                for one in found
            ],
            typed=typed,
            wrong=wrong,
            errors=errors[:SHOWN_ERRORS],
            n_errors=len(errors),
            packed_bytes=ARCHIVE_LIMITS.packed_bytes,
        )
