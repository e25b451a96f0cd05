"""Results of checks in which every word and number is a marker that is found wherever it gets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from grader.picture import Picture
from grader.report import CheckResult, Diagnosis, Judgement, Verdict
from grader.spec import Hint, Visibility

SEED = 7_771_777_177
POINTS = {
    Visibility.ALWAYS: "2",
    Visibility.AFTER_DUE: "5.0625",
    Visibility.AFTER_PUBLISHED: "7.03125",
    Visibility.NEVER: "11.015625",
}
"""So odd that a page which shows one of them, or a sum, is found out."""
TIMES = {
    Visibility.ALWAYS: "0.25",
    Visibility.AFTER_DUE: "3.172839",
    Visibility.AFTER_PUBLISHED: "5.394174",
    Visibility.NEVER: "9.718293",
}
"""Seconds, as odd."""
RIGHT_VALUE = 8.47e33
"""Right values of the pictures, also of checks that everybody sees."""
OWN_VALUES: Mapping[Visibility, float] = {
    Visibility.ALWAYS: 1.5,
    Visibility.AFTER_DUE: 2.63e34,
    Visibility.AFTER_PUBLISHED: 5.81e35,
    Visibility.NEVER: 7.29e36,
}
"""What the student's code returned in them: pictures of hidden checks show it to nobody."""
ODD_SIZES = {
    Visibility.ALWAYS: 3,
    Visibility.AFTER_DUE: 60_493,
    Visibility.AFTER_PUBLISHED: 70_607,
    Visibility.NEVER: 80_713,
}
"""Lengths, and memory in bytes."""


def marker(visible: Visibility, field: str) -> str:
    """A word that stands in one field of one hidden check and nowhere else."""
    return f"zq-{visible.value.replace('_', '-')}-{field}"


def make_result(
    number: int,
    check: str,
    title: str,
    visible: Visibility,
    *,
    verdict: Verdict = Verdict.WRONG_ANSWER,
    hint: Hint = Hint.NAME,
) -> CheckResult:
    """Return a result whose every field says which visibility it is of."""
    mark = marker(visible, "{}").format
    size = ODD_SIZES[visible]
    picture = Picture(
        name=mark("picture"),
        case=mark("case"),
        shape=(2, 2),
        n_row_axes=1,
        block=(1, 1),
        n_wrong=2,
        worst=(0, 1),
        student=((0.5, OWN_VALUES[visible]), (0.5, OWN_VALUES[visible])),
        decades=((None, 0), (None, 3)),
        reference=((RIGHT_VALUE, 0.5), (RIGHT_VALUE, 0.5)),
    )
    judgement = Judgement(
        verdict,
        message=mark("message"),
        notes=(mark("note"),),
        diagnosis=(Diagnosis(mark("code"), mark("diagnosis"), mark("where")),),
        measured={"error": mark("measured")},
        expected_shape={mark("shape"): (size,)},
        pictures=() if verdict is Verdict.PASSED else (picture,),
    )
    return CheckResult(
        check=check,
        title=title,
        number=number,
        points=Decimal(POINTS[visible]),
        visible=visible,
        hint=hint,
        judgement=judgement,
        output=mark("output"),
        wall_time_s=float(TIMES[visible]),
        cpu_time_s=float(TIMES[visible]),
        memory_bytes=size,
    )
