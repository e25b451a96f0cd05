"""Reports as rows and back, losing nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import NotFound
from grader.picture import read_picture, write_picture
from grader.plot import read_plot, write_plot
from grader.report import (
    CheckResult,
    Diagnosis,
    Judgement,
    LeaderboardEntry,
    Report,
    RubricMark,
    RunStatus,
)
from grader.store.json_values import pack, unpack
from grader.store.tables import CheckRow, Run


def keep_report(session: Session, run: Run, report: Report) -> None:
    """Write a report into its run and a row for each check."""
    run.environment = pack(report.environment)
    run.score, run.max_score = report.score, report.max_score
    run.outcome = pack(
        {
            "assignment": report.assignment,
            "assignment_digest": report.assignment_digest,
            "grader_version": report.grader_version,
            "sandbox_tier": report.sandbox_tier,
            "seed": report.seed,
            "student": report.student,
            "rubric": [[one.id, one.title, one.points, one.score] for one in report.rubric],
            "leaderboard": [
                [one.name, one.value, one.order, one.check] for one in report.leaderboard
            ],
            "notes": report.notes,
            "staff_notes": report.staff_notes,
            "status": report.status.value,
            "n_hidden": report.n_hidden,
        }
    )
    session.add_all(_make_row(run.id, result) for result in report.results)
    session.flush()


def _make_row(run_id: int, result: CheckResult) -> CheckRow:
    judgement = result.judgement
    detail = {
        "message": judgement.message,
        "notes": judgement.notes,
        "diagnosis": [[one.code, one.message, one.where] for one in judgement.diagnosis],
        "measured": judgement.measured,
        "expected_shape": judgement.expected_shape,
        "blocked_by": result.blocked_by,
        "pictures": [write_picture(one) for one in judgement.pictures],
        "plots": [write_plot(one) for one in judgement.plots],
    }
    return CheckRow(
        run_id=run_id,
        number=result.number,
        check_id=result.check,
        title=result.title,
        points=result.points,
        score=result.score,
        visible=result.visible,
        hint=result.hint,
        verdict=judgement.verdict,
        detail=pack(detail),
        output=result.output,
        wall_time_s=result.wall_time_s,
        cpu_time_s=result.cpu_time_s,
        memory_bytes=result.memory_bytes,
    )


def load_report(session: Session, run: Run) -> Report:
    """Return the report that a run was finished with, whatever became of the run since.

    Raises
    ------
    NotFound
        Where the run has none.
    """
    row = session.execute(
        select(Run.outcome, Run.environment).where(Run.id == run.id)
    ).one_or_none()
    if row is None or row.outcome is None or "assignment_digest" not in row.outcome:
        raise NotFound(f"run {run.id} has no results")
    outcome: dict[str, Any] = unpack(row.outcome)
    results = session.scalars(
        select(CheckRow).where(CheckRow.run_id == run.id).order_by(CheckRow.number)
    )
    return Report(
        assignment=outcome["assignment"],
        assignment_digest=outcome["assignment_digest"],
        grader_version=outcome["grader_version"],
        sandbox_tier=outcome["sandbox_tier"],
        seed=outcome["seed"],
        results=tuple(_read_row(result) for result in results),
        environment=unpack(row.environment),
        rubric=tuple(RubricMark(*one) for one in outcome["rubric"]),
        leaderboard=tuple(LeaderboardEntry(*one) for one in outcome["leaderboard"]),
        notes=outcome["notes"],
        staff_notes=outcome["staff_notes"],
        status=RunStatus(outcome["status"]),
        n_hidden=outcome["n_hidden"],
        # Runs from before there were numbers of a student's own have none.
        student=outcome.get("student", ""),
    )


def _read_row(row: CheckRow) -> CheckResult:
    detail = unpack(row.detail)
    return CheckResult(
        check=row.check_id,
        title=row.title,
        number=row.number,
        points=row.points,
        visible=row.visible,
        hint=row.hint,
        judgement=Judgement(
            row.verdict,
            message=detail["message"],
            notes=detail["notes"],
            diagnosis=tuple(Diagnosis(*one) for one in detail["diagnosis"]),
            measured=detail["measured"],
            expected_shape=detail["expected_shape"],
            # Runs from before there were pictures and plots have none.
            pictures=tuple(read_picture(one) for one in detail.get("pictures", ())),
            plots=tuple(read_plot(one) for one in detail.get("plots", ())),
        ),
        output=row.output,
        wall_time_s=row.wall_time_s,
        cpu_time_s=row.cpu_time_s,
        memory_bytes=row.memory_bytes,
        blocked_by=detail["blocked_by"],
    )
