"""The solution's own term of a regulariser in each value, seen by doubling its strength."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence

import numpy as np

from grader.calls import Evaluation, Returned, Value
from grader.checks.ask import Answer, Ask, Side
from grader.checks.compare import as_array
from grader.spec import Case

_STRENGTH = re.compile(r"(?i)(reg|lam|l2|weight_decay|wd)")


def find_strength(inputs: Mapping[str, Value]) -> str | None:
    """Return the name of the scalar input that is the strength of a regulariser."""
    for given, value in inputs.items():
        array = as_array(value)
        if array is None or array.dtype.kind not in "iuf" or array.size != 1:
            continue
        if _STRENGTH.match(given) and array.flat[0] != 0:
            return given
    return None


def ask_penalties(
    code: str,
    cases: Sequence[Case],
    right: Sequence[Mapping[str, Value]],
    names: Sequence[str],
) -> Generator[Ask, Answer, list[dict[str, Value]]]:
    """Return, a mapping a case, what each value gains when the strength is doubled.

    A loss and its gradient are affine in the strength, so that is the term itself. Empty where a
    case has no regulariser, or its solution no values at the doubled strength.
    """
    strengths = [find_strength(case.inputs) for case in cases]
    if not all(strengths):
        return [{} for _ in cases]
    evaluations = [
        Evaluation(code, _with_doubled(case.inputs, given), tuple(names), seed=case.seed)
        for case, given in zip(cases, strengths, strict=True)
        if given
    ]
    answer = yield Ask(Side.SOLUTION, tuple(evaluations))
    return [
        _gain(one.values, values, names) if isinstance(one, Returned) else {}
        for one, values in zip(answer, right, strict=True)
    ]


def _with_doubled(inputs: Mapping[str, Value], strength: str) -> dict[str, Value]:
    array = np.asarray(inputs[strength], dtype=np.float64) * 2
    return {**inputs, strength: array if array.ndim else float(array)}


def _gain(
    doubled: Mapping[str, Value], right: Mapping[str, Value], names: Sequence[str]
) -> dict[str, Value]:
    terms: dict[str, Value] = {}
    for name in names:
        more, once = as_array(doubled[name]), as_array(right[name])
        if more is None or once is None or more.shape != once.shape:
            continue
        if more.dtype.kind in "iuf" and once.dtype.kind in "iuf":
            terms[name] = more.astype(np.float64) - once.astype(np.float64)
    return terms
