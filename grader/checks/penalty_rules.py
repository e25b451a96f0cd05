"""Rules for the term of an L2 regulariser in a loss or in a gradient."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from grader.checks.evidence import CaseEvidence, Floats
from grader.checks.rules import Candidate

_STRENGTH = re.compile(r"(?i)(reg|lam|l2|weight_decay|wd)")
_WEIGHT = re.compile(r"(?i)(w|theta)")
_BIAS = re.compile(r"(?i)b")
_SAYS = {
    "regulariser_missing": "lacks the term of the regulariser",
    "regulariser_doubled": "has the term of the regulariser twice",
    "regulariser_halved": "has half the term of the regulariser",
    "regulariser_sign": "has the term of the regulariser with the wrong sign",
}

_EXCESS = (
    ("regulariser_missing", -1.0),
    ("regulariser_doubled", 1.0),
    ("regulariser_halved", -0.5),
    ("regulariser_sign", -2.0),
)
"""By how many whole terms a mistake exceeds the right value."""


def find_gradient_penalty(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose a wrong regulariser in the gradient by one parameter.

    The term is k * strength * W with k = 1 (penalty strength / 2 * ||W||^2) or k = 2, as the
    course has it. Where the data tell k, only that one is proposed.
    """
    parameter = cases[0].parameters.get(name)
    strength = _strength(cases)
    if parameter is None or strength is None:
        return
    is_bias = cases[0].inputs[parameter].ndim <= 1

    def term(case: CaseEvidence) -> Floats:
        return np.asarray(float(case.inputs[strength].flat[0]) * case.inputs[parameter])

    known = None if is_bias else _known_convention(cases, name, parameter, strength)
    conventions = (1.0, 2.0) if known is None else (known,)
    if is_bias:
        for k in conventions:
            yield Candidate(
                "bias_regularised",
                f"Your {name} holds a term of the regulariser; biases are not regularised.",
                lambda case, k=k: case.student[name] - k * term(case),  # type: ignore[misc]
            )
        return
    for code, excess in _EXCESS:
        for k in conventions:
            yield Candidate(
                code,
                f"Your {name} {_SAYS[code]}.",
                lambda case, c=excess * k: case.student[name] - c * term(case),  # type: ignore[misc]
            )


def find_summed_data_term(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that the data's part is a sum over the batch, beside a right regulariser."""
    parameter = cases[0].parameters.get(name)
    strength = _strength(cases)
    if parameter is None or strength is None or max(case.batch_size for case in cases) < 2:
        return
    for k in (1.0, 2.0):

        def correct(case: CaseEvidence, k: float = k) -> Floats:
            term = k * float(case.inputs[strength].flat[0]) * case.inputs[parameter]
            return np.asarray((case.student[name] - term) / case.batch_size + term)

        yield Candidate(
            "missing_batch_mean",
            f"The data's part of your {name} is a sum over the batch; a mean is asked for.",
            correct,
        )


def find_loss_penalty(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose a wrong regulariser in a scalar loss."""
    strength = _strength(cases)
    if strength is None or any(case.solution[name].size != 1 for case in cases):
        return
    weights = _named(cases, _WEIGHT, least_ndim=2)
    biases = _named(cases, _BIAS, least_ndim=1)

    def term(case: CaseEvidence, names: Sequence[str]) -> float:
        total = sum(float(np.sum(case.inputs[given] ** 2)) for given in names)
        return float(case.inputs[strength].flat[0]) * total

    for k in (0.5, 1.0):
        if biases:
            yield Candidate(
                "bias_regularised",
                f"Your {name} penalises the biases too.",
                lambda case, k=k: case.student[name] - k * term(case, biases),  # type: ignore[misc]
            )
    for code, excess in _EXCESS:
        for k in (0.5, 1.0):
            if weights:
                yield Candidate(
                    code,
                    f"Your {name} {_SAYS[code]}.",
                    lambda case, c=excess * k: case.student[name] - c * term(case, weights),  # type: ignore[misc]
                )


def _strength(cases: Sequence[CaseEvidence]) -> str | None:
    for given, value in cases[0].inputs.items():
        if value.size == 1 and _STRENGTH.match(given) and value.flat[0] != 0:
            return given
    return None


def _named(cases: Sequence[CaseEvidence], pattern: re.Pattern[str], least_ndim: int) -> list[str]:
    return [
        given
        for given, value in cases[0].inputs.items()
        if pattern.match(given) and value.ndim >= least_ndim
    ]


def _known_convention(
    cases: Sequence[CaseEvidence], name: str, parameter: str, strength: str
) -> float | None:
    """Return k where the solution's gradient shows it.

    In X^T delta + k * strength * W the first term lies in the row space of X, so where that is
    not everything, what sticks out of it is the regulariser alone.
    """
    for case in cases:
        W, right = case.inputs[parameter], case.solution[name]
        for given, X in case.inputs.items():
            if given == parameter or X.ndim != 2 or X.shape[1:] != W.shape[:1]:
                continue
            if X.shape[0] >= X.shape[1] or not np.isfinite(X).all():
                continue
            outside = np.eye(X.shape[1]) - np.linalg.pinv(X) @ X
            term = float(case.inputs[strength].flat[0]) * (outside @ W)
            size = float(np.sum(term * term))
            if size == 0:
                continue
            k = float(np.sum(term * (outside @ right))) / size
            residual = outside @ right - k * term
            if np.abs(residual).max() <= 1e-9 * np.abs(right).max():
                return round(k) if k > 0.5 and abs(k - round(k)) < 1e-6 else None
    return None
