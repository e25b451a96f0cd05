"""What staff take with them: the scores of an assignment, the results of one submission."""

from __future__ import annotations

import json

from flask import Response, g
from flask.typing import ResponseReturnValue

from grader.errors import NotFound
from grader.export import list_scores, write_csv
from grader.permissions import Permission
from grader.report import STAFF, redact
from grader.results_json import to_results_json
from grader.store import offerings, runs
from grader.web import access
from grader.web.review.blueprint import room
from grader.web.site import current_site


@room.get("/courses/<course>/<slug>/scores.csv")
@access.allow(access.offering(Permission.EXPORT))
def download_scores() -> ResponseReturnValue:
    """Send a line for every student, with the submission that counts."""
    with current_site().database.read() as session:
        offering = offerings.get_offering(session, g.offering.id)
        lines = list_scores(session, offering, STAFF)
    return _download(write_csv(lines), "text/csv", f"{g.course.slug}-{g.offering.slug}-scores.csv")


@room.get("/submissions/<int:submission_id>/results.json")
@access.allow(access.submission(Permission.EXPORT))
def download_results() -> ResponseReturnValue:
    """Send what the shown run of a submission concluded, hidden checks included."""
    with current_site().database.read() as session:
        run = runs.current_run(session, g.submission.id)
        if run is None:
            raise NotFound(access.NOTHING_HERE)
        report = redact(runs.load_report(session, run), STAFF)
    text = json.dumps(to_results_json(report), indent=2) + "\n"
    return _download(text, "application/json", f"submission-{g.submission.id}-results.json")


def _download(text: str, kind: str, name: str) -> Response:
    response = Response(text, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
