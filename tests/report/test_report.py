"""Points add up exactly, our failures cost nothing, and results.json is Gradescope's."""

import json
import math
from dataclasses import replace
from decimal import Decimal

import pytest

from grader.picture import NOT_FINITE, Picture
from grader.report import (
    STAFF,
    CheckResult,
    Diagnosis,
    Judgement,
    LeaderboardEntry,
    Report,
    RubricMark,
    RunStatus,
    Verdict,
    redact,
)
from grader.results_json import to_results_json
from grader.spec import Hint, Visibility


def result(number=1, verdict=Verdict.PASSED, points="1", **changes):
    return CheckResult(
        check=f"check-{number}",
        title=f"Title {number}",
        number=number,
        points=Decimal(points),
        visible=changes.pop("visible", Visibility.ALWAYS),
        hint=changes.pop("hint", Hint.NAME),
        judgement=changes.pop("judgement", Judgement(verdict)),
        **changes,
    )


def report(*results, **changes):
    return Report(
        assignment="mlp",
        assignment_digest="0" * 64,
        grader_version="0.1.0",
        sandbox_tier="namespaces",
        seed=7,
        results=results,
        **changes,
    )


def test_points_are_exact_decimals():
    ten = report(*(result(n, points="0.1") for n in range(1, 11)))
    assert ten.score == Decimal("1.0")
    assert to_results_json(ten)["score"] == 1


def test_a_check_earns_all_or_nothing():
    mixed = report(result(1, points="2"), result(2, Verdict.WRONG_ANSWER, points="3"))
    assert mixed.score == 2
    assert mixed.max_score == 5
    assert not mixed.is_full_score


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.PASSED])
def test_only_an_explicit_pass_earns_points(verdict):
    assert result(1, verdict).score == 0


def test_our_failure_is_never_zero_points():
    failed = report(result(1), result(2, Verdict.INTERNAL_ERROR))
    assert failed.status is RunStatus.FAILED
    assert failed.score is None
    assert to_results_json(failed)["score"] is None
    assert not failed.is_full_score


def test_our_failure_on_a_hidden_check_is_still_a_failed_run_for_students(audience):
    failed = report(result(1), result(2, Verdict.INTERNAL_ERROR, visible=Visibility.NEVER))
    seen = redact(failed, audience())
    assert seen.status is RunStatus.FAILED
    assert seen.score is None


def test_an_unmarked_rubric_is_not_zero_points():
    unmarked = report(result(1), rubric=(RubricMark("clarity", "Clear", Decimal(2)),))
    assert unmarked.max_score == 3
    assert unmarked.is_full_score
    marked = replace(unmarked, rubric=(RubricMark("clarity", "Clear", Decimal(2), Decimal(1)),))
    assert marked.score == 2
    assert not marked.is_full_score


def test_results_json_has_every_field_of_the_format():
    judgement = Judgement(
        Verdict.WRONG_SHAPE,
        "out has shape (2, 4); (4, 2) is asked for.",
        notes=("float32",),
        diagnosis=(Diagnosis("transposed", "Your out is transposed.", "out"),),
        measured={"relative_error": float("inf")},
        expected_shape={"out": (4, 2)},
        pictures=(PICTURE,),
    )
    one = result(
        3,
        points="1.5",
        judgement=judgement,
        visible=Visibility.AFTER_DUE,
        output="hello\n",
        wall_time_s=0.25,
        cpu_time_s=0.125,
        memory_bytes=1024,
    )
    written = to_results_json(
        report(one, environment={"numpy": "2.4.6"}, notes=("A note.",), leaderboard=(ENTRY,))
    )
    assert json.loads(json.dumps(written, allow_nan=False)) == {
        "score": 0,
        "max_score": 1.5,
        "execution_time": 0.25,
        "output": "0 of 1 passed\nA note.",
        "visibility": "visible",
        "tests": [
            {
                "name": "Title 3",
                "number": "3",
                "score": 0,
                "max_score": 1.5,
                "status": "failed",
                "output": "out has shape (2, 4); (4, 2) is asked for.\n"
                "Your out is transposed.\nPrinted:\nhello\n",
                "output_format": "text",
                "visibility": "after_due_date",
                "tags": ["wrong_shape"],
                "extra_data": {
                    "check": "check-3",
                    "verdict": "wrong_shape",
                    "notes": ["float32"],
                    "diagnosis": [
                        {
                            "code": "transposed",
                            "message": "Your out is transposed.",
                            "where": "out",
                        }
                    ],
                    "measured": {"relative_error": "inf"},
                    "expected_shape": {"out": [4, 2]},
                    "pictures": [
                        {
                            "name": "out",
                            "case": "scale 100",
                            "shape": [2, 3],
                            "row_axes": 1,
                            "block": [1, 1],
                            "n_wrong": 3,
                            "worst": [1, 0],
                            "difference": [".04", "!.."],
                            "student": ["1.25 -3 1e-09", "nan inf 0"],
                            "reference": ["1.25 3 2e-09", "1 inf 0"],
                        }
                    ],
                    "plots": [],
                    "blocked_by": [],
                    "wall_time_s": 0.25,
                    "cpu_time_s": 0.125,
                    "memory_bytes": 1024,
                },
            }
        ],
        "leaderboard": [{"name": "accuracy", "value": 0.9, "order": "desc"}],
        "extra_data": {
            "assignment": "mlp",
            "assignment_digest": "0" * 64,
            "grader_version": "0.1.0",
            "sandbox_tier": "namespaces",
            "seed": 7,
            "environment": {"numpy": "2.4.6"},
            "status": "graded",
            "n_hidden": 0,
            "notes": ["A note."],
            "staff_notes": [],
            "rubric": [],
        },
    }


PICTURE = Picture(
    name="out",
    case="scale 100",
    shape=(2, 3),
    n_row_axes=1,
    block=(1, 1),
    n_wrong=3,
    worst=(1, 0),
    student=((1.25, -3.0, 1e-9), (None, math.inf, 0.0)),
    decades=((None, 0, 4), (NOT_FINITE, None, None)),
    reference=((1.25, 3.0, 2e-9), (1.0, math.inf, 0.0)),
)
ENTRY = LeaderboardEntry("accuracy", 0.9, "desc", "check-3")


@pytest.mark.parametrize(
    ("visible", "written"),
    [
        (Visibility.ALWAYS, "visible"),
        (Visibility.AFTER_DUE, "after_due_date"),
        (Visibility.AFTER_PUBLISHED, "after_published"),
        (Visibility.NEVER, "hidden"),
    ],
)
def test_visibility_has_gradescopes_names(visible, written):
    tests = to_results_json(report(result(1, visible=visible)))["tests"]
    assert isinstance(tests, list)
    assert [written] == [test["visibility"] for test in tests]


def test_staff_see_control_characters_replaced():
    seen = redact(report(result(1, output="\x1b[31mred")), STAFF)
    assert seen.results[0].output == "␛[31mred"
