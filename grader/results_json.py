"""Reports in the format of Gradescope's results.json, which other tools read too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from grader.picture import write_picture
from grader.plot import write_plot
from grader.report import VERDICT_SENTENCES, CheckResult, Report
from grader.spec import Visibility
from grader.text import printable

_GRADESCOPE_VISIBILITY: Mapping[Visibility, str] = {
    Visibility.ALWAYS: "visible",
    Visibility.AFTER_DUE: "after_due_date",
    Visibility.AFTER_PUBLISHED: "after_published",
    Visibility.NEVER: "hidden",
}


def to_results_json(report: Report) -> dict[str, object]:
    """Return the report in Gradescope's results.json format, ready for `json.dumps`."""
    return {
        "score": _number(report.score),
        "max_score": _number(report.max_score),
        "execution_time": round(sum(r.wall_time_s for r in report.results), 6),
        "output": _joined([report.summary, *report.notes]),
        "visibility": "visible",
        "tests": [_test(result) for result in report.results],
        "leaderboard": [
            {"name": entry.name, "value": _plain(entry.value), "order": entry.order}
            for entry in report.leaderboard
        ],
        "extra_data": {
            "assignment": report.assignment,
            "assignment_digest": report.assignment_digest,
            "grader_version": report.grader_version,
            "sandbox_tier": report.sandbox_tier,
            "seed": report.seed,
            **({"student": printable(report.student)} if report.student else {}),
            "environment": _plain(report.environment),
            "status": report.status.value,
            "n_hidden": report.n_hidden,
            "notes": _plain(report.notes),
            "staff_notes": _plain(report.staff_notes),
            "rubric": [
                {
                    "id": item.id,
                    "title": printable(item.title),
                    "points": _number(item.points),
                    "score": _number(item.score),
                }
                for item in report.rubric
            ],
        },
    }


def _test(result: CheckResult) -> dict[str, object]:
    judgement = result.judgement
    return {
        "name": printable(result.title or result.check),
        "number": str(result.number),
        "score": _number(result.score),
        "max_score": _number(result.points),
        "status": "passed" if result.is_passed else "failed",
        "output": _joined(
            [
                judgement.message or VERDICT_SENTENCES[judgement.verdict],
                *(d.message for d in judgement.diagnosis),
                f"Printed:\n{result.output}" if result.output else "",
            ]
        ),
        "output_format": "text",
        "visibility": _GRADESCOPE_VISIBILITY[result.visible],
        "tags": [judgement.verdict.value],
        "extra_data": {
            "check": result.check,
            "verdict": judgement.verdict.value,
            "notes": _plain(judgement.notes),
            "diagnosis": [
                {"code": d.code, "message": printable(d.message), "where": printable(d.where)}
                for d in judgement.diagnosis
            ],
            "measured": _plain(judgement.measured),
            "expected_shape": _plain(judgement.expected_shape),
            "pictures": [write_picture(picture) for picture in judgement.pictures],
            "plots": [write_plot(plot) for plot in judgement.plots],
            "blocked_by": _plain(result.blocked_by),
            "wall_time_s": result.wall_time_s,
            "cpu_time_s": result.cpu_time_s,
            "memory_bytes": result.memory_bytes,
        },
    }


def _joined(parts: Iterable[str]) -> str:
    return printable("\n".join(part for part in dict.fromkeys(parts) if part))


def _number(points: Decimal | None) -> int | float | None:
    if points is None:
        return None
    return int(points) if points == points.to_integral_value() else float(points)


def _plain(value: object) -> object:
    """Return `value` as what JSON has: no NaN, no tuple, no unsafe character."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {printable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        # JSON has no NaN and no infinity, and a reader may refuse the whole file for one
        return value if value - value == 0 else str(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    return printable(str(value))
