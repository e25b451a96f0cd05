"""The API for programs: JSON, personal tokens, no cookies; the same rules as the pages."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from grader.errors import Conflict
from grader.permissions import Permission
from grader.results_json import to_results_json
from grader.store import Session, courses, offerings, runs, submissions
from grader.store.tables import Offering, Submission
from grader.web import access
from grader.web.intake_room import receive_submission
from grader.web.results import ShownResult, audience_of, shown_result
from grader.web.site import current_site

room = Blueprint("api", __name__, url_prefix="/api/v1")


@room.get("/health")
@access.allow(access.OPEN)
def answer() -> ResponseReturnValue:
    """Say that the API answers."""
    return jsonify(status="ok")


@room.get("/courses")
@access.allow(access.SIGNED_IN.by_token)
def list_courses() -> ResponseReturnValue:
    """List the courses of whoever calls."""
    with current_site().database.read() as session:
        found = courses.list_courses(session, g.person.id)
    return jsonify(
        courses=[
            {
                "slug": one.slug,
                "title": one.title,
                "term": one.term,
                "time_zone": one.time_zone,
            }
            for one in found
        ]
    )


@room.get("/courses/<course>/assignments")
@access.allow(access.course(Permission.SEE_COURSE).by_token)
def list_assignments() -> ResponseReturnValue:
    """List a course's published assignments, with the dates of whoever calls."""
    with current_site().database.read() as session:
        found = offerings.list_offerings(session, g.course.id, published_only=True)
        return jsonify(assignments=[_describe_offering(session, one) for one in found])


@room.post("/courses/<course>/assignments/<slug>/submissions")
@access.allow(access.offering(Permission.SUBMIT).by_token)
def hand_in() -> ResponseReturnValue:
    """Take a submission: the files of the form's field `file`."""
    here = current_site()
    files = request.files.getlist("file")
    submission, run = receive_submission(here, g.offering, g.person, files, here.clock())
    with here.database.read() as session:
        place = runs.place_in_queue(session, run.id)
    return jsonify({**_describe(submission), "status": run.status.value, "place": place}), 201


@room.get("/courses/<course>/assignments/<slug>/submissions")
@access.allow(access.offering(Permission.SUBMIT).by_token)
def list_own() -> ResponseReturnValue:
    """List what the caller's team handed in, the last one first.

    A client whose connection broke finds out here, by the digest, whether its upload arrived.
    """
    with current_site().database.read() as session:
        found = submissions.list_of_person(session, g.offering.id, g.person.id)
        told = [{**_describe(row.submission), "status": row.run.status.value} for row in found]
    return jsonify(submissions=told)


@room.get("/submissions/<int:submission_id>")
@access.allow(access.submission(Permission.SEE_SUBMISSIONS, or_own=True).by_token)
def show_submission() -> ResponseReturnValue:
    """Say how far a submission is, and its score once it has one."""
    submission, shown = _load_shown()
    return jsonify(
        {
            **_describe(submission),
            "status": shown.status.value,
            "place": shown.place,
            "score": _number(shown.score),
            "max_score": _number(shown.max_score),
            "n_hidden": shown.n_hidden,
            "final_score": _number(shown.final),
            "penalty": _number(shown.penalty),
            "summary": shown.report.summary if shown.report else None,
        }
    )


@room.get("/submissions/<int:submission_id>/results")
@access.allow(access.submission(Permission.SEE_SUBMISSIONS, or_own=True).by_token)
def show_results() -> ResponseReturnValue:
    """Return results.json, with what the caller may not see left out."""
    submission, shown = _load_shown()
    if shown.report is None:
        raise Conflict(
            f"submission {submission.id} has no results, it is {shown.status.value}",
            remedy="ask again when its status is graded",
        )
    return jsonify(to_results_json(shown.report))


def _load_shown() -> tuple[Submission, ShownResult]:
    with current_site().database.read() as session:
        submission = submissions.find_submission(session, g.submission.id)
        if submission is None:
            raise Conflict("the submission is gone")
        audience = audience_of(session, submission.offering, g.permissions, g.now)
        return submission, shown_result(session, submission, audience)


def _describe(submission: Submission) -> dict[str, Any]:
    return {
        "id": submission.id,
        "course": g.course.slug,
        "assignment": g.offering.slug,
        "number": submission.number,
        "received_at": _write(submission.received_at),
        "digest": submission.digest,
        "notes": list(submission.notes),
        "url": _address(f"/submissions/{submission.id}"),
    }


def _describe_offering(session: Session, offering: Offering) -> dict[str, object]:
    terms = offerings.terms_for(session, offering, g.person.id)
    version = offering.published_version
    return {
        "slug": offering.slug,
        "title": version.title if version else offering.slug,
        "files": list(version.files) if version else [],
        "opens_at": _write(terms.opens_at),
        "due_at": _write(terms.due_at),
        "url": _address(f"/courses/{g.course.slug}/{offering.slug}"),
    }


def _address(path: str) -> str:
    base = current_site().settings.base_url or request.host_url.rstrip("/")
    return base + path


def _write(at: datetime.datetime | None) -> str | None:
    return at.isoformat() if at else None


def _number(points: Decimal | None) -> int | float | None:
    if points is None:
        return None
    return int(points) if points == points.to_integral_value() else float(points)
