"""One submission as staff see it: source, results, runs, account; graded again, scored by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grader.errors import NotFound, UsageError
from grader.permissions import Permission
from grader.policy import Terms, days_late, late_share, slip_days_for
from grader.report import STAFF, VERDICT_SENTENCES, Report, redact
from grader.store import Session, ledger, offerings, runs, submissions
from grader.store.tables import Run, Submission
from grader.web import access
from grader.web.filters import write_points
from grader.web.intake_room import intake_limits
from grader.web.live import read_status
from grader.web.review.account import list_account, name_people
from grader.web.review.blueprint import room
from grader.web.review.listing import find_neighbours, read_filters
from grader.web.review.source import show_files
from grader.web.site import current_site

REASON_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run in the list of all runs of a submission."""

    run: Run
    who: str


def show_submission() -> ResponseReturnValue:
    """Show everything about a submission, hidden checks included: its page, as staff see it."""
    return _submission_page({}, {})


@room.post("/submissions/<int:submission_id>/rerun")
@access.allow(access.submission(Permission.RERUN))
def rerun() -> ResponseReturnValue:
    """Queue another run: same files, same version, same seed."""
    here = current_site()
    with here.database.begin() as session:
        run = runs.rerun(session, g.submission.id, person_id=g.person.id, now=g.now)
    here.send_run(run.id)
    flash("It is graded again. What is shown stays until that is done.", "success")
    return _back()


@room.post("/submissions/<int:submission_id>/override")
@access.allow(access.submission(Permission.SET_SCORES))
def override() -> ResponseReturnValue:
    """Set the final score by hand, with a reason that stays in the account."""
    typed = {name: request.form.get(name, "").strip() for name in ("points", "reason")}
    wrong: dict[str, str] = {}
    points = _read_points(typed["points"])
    if points is None:
        wrong["points"] = "Write a number of points, such as 7.5."
    if not 0 < len(typed["reason"]) <= REASON_CHARACTERS:
        wrong["reason"] = f"Write a reason of at most {REASON_CHARACTERS} characters."
    if not wrong and points is not None:
        try:
            with current_site().database.begin() as session:
                ledger.override(
                    session,
                    g.submission.id,
                    points=points,
                    person_id=g.person.id,
                    remark=typed["reason"],
                    now=g.now,
                )
        except UsageError as error:
            wrong["points"] = str(error)
    if wrong:
        return _submission_page(typed, wrong), 422
    flash("The score is set. The account below says by whom and why.", "success")
    return _back()


def _read_points(text: str) -> Decimal | None:
    try:
        points = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return points if points.is_finite() and abs(points) < 10**9 else None


def _submission_page(typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    here = current_site()
    filters = read_filters(request.args)
    with here.database.read() as session:
        submission = submissions.find_submission(session, g.submission.id)
        if submission is None:
            raise NotFound(access.NOTHING_HERE)
        offering = offerings.get_offering(session, submission.offering_id)
        shown = _choose_run(submission)
        report = _read_report(session, shown)
        files, problem = show_files(
            submissions.load_uploads(session, submission),
            shown.version.files,
            intake_limits(here.settings),
        )
        terms = offerings.terms_for(session, offering, submission.person_id)
        return render_template(
            "review/submission.html",
            submission=submission,
            offering=offering,
            students=[one.person for one in submission.team.members],
            shown=shown,
            report=report,
            sentences=VERDICT_SENTENCES,
            runs=_name_runs(session, submission),
            status=read_status(session, submission),
            score=ledger.current_score(session, submission.id),
            account=list_account(session, submission.id),
            files=files,
            file_problem=problem,
            terms=terms,
            lateness=_describe_lateness(terms, submission.received_at),
            command=_write_command(shown, report),
            neighbours=find_neighbours(session, offering, submission.id, filters),
            filters=filters,
            typed=typed,
            wrong=wrong,
        )


def _choose_run(submission: Submission) -> Run:
    """Return the run that the address asks for, else the one that the submission shows."""
    asked = request.args.get("run", "")
    for run in submission.runs:
        if asked == str(run.id):
            return run
    if asked:
        raise NotFound(access.NOTHING_HERE)
    return next((run for run in submission.runs if run.is_current), submission.runs[-1])


def _read_report(session: Session, run: Run) -> Report | None:
    try:
        return redact(runs.load_report(session, run), STAFF)
    except NotFound:
        return None


def _write_command(run: Run, report: Report | None) -> str:
    """Return what makes the same numbers again on any machine that has the assignment."""
    files = " ".join(run.version.files)
    seed = report.seed if report is not None else run.seed
    return f"grader check {run.version.slug} {files}" + ("" if seed is None else f" --seed {seed}")


def _describe_lateness(terms: Terms, received_at: datetime) -> str:
    """Return how late a submission is, and what that costs if it counts."""
    days = days_late(terms, received_at)
    if not days:
        return "none"
    spent, share = slip_days_for(terms, received_at), late_share(terms, received_at)
    costs = [f"spends {spent} of the slip days"] if spent else []
    costs += [f"costs {write_points(100 * share)} % of the earned points"] if share else []
    late = f"{days} started {'day' if days == 1 else 'days'}"
    return f"{late}: if it counts, it {' and '.join(costs) or 'costs nothing'}"


def _name_runs(session: Session, submission: Submission) -> list[ShownRun]:
    names = name_people(session, {run.requested_by for run in submission.runs})
    return [
        ShownRun(run, names.get(run.requested_by, "the hand-in"))
        for run in reversed(submission.runs)
    ]


def _back() -> ResponseReturnValue:
    query: dict[str, Any] = {**read_filters(request.args).as_query()}
    page = url_for("student.show_submission", submission_id=g.submission.id, **query)
    return redirect(page, code=303)
