"""results.json of a server, read back into the report that it was written from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grader.errors import OperationError
from grader.picture import read_picture
from grader.plot import read_plot
from grader.report import CheckResult, Diagnosis, Judgement, Report, RubricMark, Verdict
from grader.spec import Hint, Visibility

_PRINTED = "Printed:\n"


def read_report(results: dict[str, Any]) -> Report:
    """Return the report that `to_results_json` wrote, as far as a table shows it.

    Raises
    ------
    OperationError
        Where it is not written as this version writes it.
    """
    try:
        extra = results["extra_data"]
        return Report(
            assignment=str(extra["assignment"]),
            assignment_digest=str(extra["assignment_digest"]),
            grader_version=str(extra["grader_version"]),
            sandbox_tier=str(extra["sandbox_tier"]),
            seed=None,
            results=tuple(_read_result(test) for test in results["tests"]),
            rubric=tuple(_read_mark(item) for item in extra["rubric"]),
            notes=tuple(str(note) for note in extra["notes"]),
            n_hidden=int(extra["n_hidden"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise OperationError(
            "the server's results are not in the form of this version",
            remedy="look at them on its page, or install the server's version of the grader",
        ) from error


def _read_result(test: dict[str, Any]) -> CheckResult:
    extra = test["extra_data"]
    said, _, printed = f"\n{test['output']}".partition(f"\n{_PRINTED}")
    message, *diagnosis = said.removeprefix("\n").split("\n")
    return CheckResult(
        check=str(extra["check"]),
        title=str(test["name"]),
        number=int(test["number"]),
        points=Decimal(str(test["max_score"])),
        visible=Visibility.ALWAYS,
        hint=Hint.NAME,
        judgement=Judgement(
            Verdict(extra["verdict"]),
            message,
            tuple(str(note) for note in extra["notes"]),
            tuple(Diagnosis("", line) for line in diagnosis),
            pictures=tuple(map(read_picture, extra.get("pictures", ()))),
            plots=tuple(map(read_plot, extra.get("plots", ()))),
        ),
        output=printed,
    )


def _read_mark(item: dict[str, Any]) -> RubricMark:
    score = item["score"]
    return RubricMark(
        id=str(item["id"]),
        title=str(item["title"]),
        points=Decimal(str(item["points"])),
        score=None if score is None else Decimal(str(score)),
    )
