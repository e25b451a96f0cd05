"""Which checks a student can judge at home, and why the others wait for the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.answers import ExpectedValues
from grader.authoring.handout.offline.answers import UNKNOWN_NAMES
from grader.authoring.handout.offline.main import PREDICATE
from grader.authoring.handout.offline.stored import LaterCheck
from grader.calls import Evaluation, Raised, Returned, Value
from grader.checks import Context
from grader.checks.ask import Ask
from grader.checks.ask import Side as Asked
from grader.checks.output import evaluation
from grader.checks.property import predicate
from grader.sandbox.pool import Slot
from grader.sandbox.program import Exit, Limits
from grader.sandbox.sides import Side
from grader.spec import Case, CheckSpec, CostCheck, PropertyCheck, Visibility, variants


def sort_checks(
    checks: Sequence[CheckSpec], context: Context, slot: Slot, expected: ExpectedValues
) -> tuple[tuple[CheckSpec, ...], tuple[LaterCheck, ...]]:
    """Return the visible checks that are judged at a student's, and those that are judged later.

    A check that is not visible at once is in neither.
    """
    here: list[CheckSpec] = []
    later: list[LaterCheck] = []
    for check in checks:
        if check.visible is not Visibility.ALWAYS:
            continue
        reason = _why_later(check, context, slot, expected)
        if reason:
            later.append(LaterCheck(check.id, check.title, reason))
        else:
            here.append(check)
    ids = {check.id for check in here}
    return tuple(_standing_alone(one, ids) for one in here), tuple(later)


def _standing_alone(check: CheckSpec, ids: set[str]) -> CheckSpec:
    """Return a check that waits for none which is not here, and for nobody's functions.

    Nor does it draw: there is no page to show a picture on, and its band takes the solution.
    """
    needs = tuple(name for name in check.needs if name in ids)
    left_out = {"carry_forward": (), "trace": None, "boundary": None}
    return check.model_copy(update={"needs": needs, **left_out})


def _why_later(check: CheckSpec, context: Context, slot: Slot, expected: ExpectedValues) -> str:
    if isinstance(check, CostCheck):
        return "it is judged when you hand in: what it costs is compared with the solution"
    if isinstance(check, PropertyCheck):
        for variant in variants(check):
            assert isinstance(variant.check, PropertyCheck)
            if not _stands_without_solution(variant.check, context, slot, expected):
                return "it is judged when you hand in: that takes the solution"
    return ""


def _stands_without_solution(
    check: PropertyCheck, context: Context, slot: Slot, expected: ExpectedValues
) -> bool:
    """Try a predicate where there is neither the solution nor `reference`.

    On the solution's values it must say what it says on the server. On wrong ones it may complain,
    and may take other ways through its conditions, but must not miss a name there either.
    """
    cases = context.cases(check)
    own = [evaluation(case, check.run, check.returns) for case in cases]
    answer = expected.answer(Ask(Asked.SOLUTION, tuple(own)), check)
    values = [one.values for one in answer if isinstance(one, Returned)]
    asked = [predicate(check, case, one) for case, one in zip(cases, values, strict=True)]
    pairs = zip(cases, values, strict=True)
    wrong = [one for case, right in pairs for one in _predicates_of_wrong(check, case, right)]
    limits = Limits(wall_time_s=check.limits.wall_time_s, cpu_time_s=check.limits.cpu_time_s)
    with slot.open(Side.STUDENT, PREDICATE) as session:
        said = session.run([*asked, *wrong], limits)
    on_server = expected.answer(Ask(Asked.SOLUTION, tuple(asked)), check)
    return (
        said.exit is Exit.FINISHED
        and [_held(one) for one in said.answers[: len(asked)]] == [_held(one) for one in on_server]
        and not any(isinstance(one, Raised) and one.kind in UNKNOWN_NAMES for one in said.answers)
    )


def _held(answer: Returned | Raised) -> object:
    return dict(answer.values) if isinstance(answer, Returned) else answer.kind


def _predicates_of_wrong(
    check: PropertyCheck, case: Case, right: Mapping[str, Value]
) -> Iterator[Evaluation]:
    """Yield the predicate on values of another size, sign or shape."""
    changes: tuple[Callable[[Any], Any], ...] = (
        np.zeros_like,
        np.negative,
        np.transpose,
        np.ravel,
        lambda array: array * np.nan,
    )
    for change in changes:
        values = {
            name: change(value) if _is_floating(value) else value for name, value in right.items()
        }
        yield predicate(check, case, values)


def _is_floating(value: Value) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"
