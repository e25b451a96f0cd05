"""Rules for the term of an L2 regulariser in a loss or in a gradient."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from grader.checks.evidence import CaseEvidence, Floats
from grader.checks.penalty_terms import find_strength
from grader.checks.rules import Candidate

_WEIGHT = re.compile(r"(?i)(w|theta)")
_BIAS = re.compile(r"(?i)(b|.*bias)")
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
_OTHER_FACTORS = (3.0, 4.0, 1 / 3, 0.25, -2.0, -0.5)


def find_gradient_penalty(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose a wrong regulariser in the gradient by one parameter.

    Where the solution's own term is not known, it is k * strength * W with k = 1 (penalty
    strength / 2 * ||W||^2) or k = 2, as the course has it. Half of one is a quarter of the other,
    so unless the data tell k, no more is said than that the factor is wrong.
    """
    parameter = cases[0].parameters.get(name)
    strength = _strength(cases)
    if parameter is None or strength is None:
        return

    def unit(case: CaseEvidence) -> Floats:
        return np.asarray(float(case.inputs[strength].flat[0]) * case.inputs[parameter])

    if _is_penalised(cases, name):
        yield from _propose_known_term(name, lambda case: case.penalties[name])
    elif cases[0].is_bias(name):
        for k in (1.0, 2.0):
            yield Candidate(
                "bias_regularised",
                f"Your {name} holds a term of the regulariser; biases are not regularised.",
                lambda case, k=k: case.student[name] - k * unit(case),  # type: ignore[misc]
            )
    elif name not in cases[0].penalties:
        known = _known_convention(cases, name, parameter, strength)
        if known is None:
            yield from _propose_unknown_term(name, unit, (1.0, 2.0))
        else:
            yield from _propose_known_term(name, lambda case: known * unit(case))


def _is_penalised(cases: Sequence[CaseEvidence], name: str) -> bool:
    """Whether the solution's own term of the regulariser is known, and is not zero."""
    return all(name in case.penalties and np.any(case.penalties[name]) for case in cases)


def _propose_known_term(name: str, term: Callable[[CaseEvidence], Floats]) -> Iterator[Candidate]:
    """Propose that the term is missing, or has a wrong factor."""
    for code, excess in _EXCESS:
        yield Candidate(
            code,
            f"Your {name} {_SAYS[code]}.",
            lambda case, c=excess: case.student[name] - c * term(case),  # type: ignore[misc]
        )
    for times in _OTHER_FACTORS:
        yield Candidate(
            "regulariser_strength",
            f"Your {name} has the term of the regulariser {times:.3g} times.",
            lambda case, c=times - 1: case.student[name] - c * term(case),  # type: ignore[misc]
        )


def _propose_unknown_term(
    name: str, unit: Callable[[CaseEvidence], Floats], conventions: Sequence[float]
) -> Iterator[Candidate]:
    """Propose that the term has a wrong factor, perhaps 0."""
    for _, excess in _EXCESS:
        for k in conventions:
            yield Candidate(
                "regulariser_strength",
                f"Your {name} lacks the term of the regulariser, or has a wrong factor there.",
                lambda case, c=excess * k: case.student[name] - c * unit(case),  # type: ignore[misc]
            )


def find_summed_data_term(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that the data's part is a sum over the batch, beside a right regulariser."""
    parameter = cases[0].parameters.get(name)
    strength = _strength(cases)
    if parameter is None or strength is None or max(case.batch_size for case in cases) < 3:
        return
    conventions = (1.0,) if _is_penalised(cases, name) else (1.0, 2.0)
    for k in conventions:

        def correct(case: CaseEvidence, k: float = k) -> Floats:
            term = case.penalties.get(name)
            if term is None:
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

    def unit(case: CaseEvidence, names: Sequence[str]) -> Floats:
        total = sum(float(np.sum(case.inputs[given] ** 2)) for given in names)
        return np.asarray(float(case.inputs[strength].flat[0]) * total)

    for k in (0.5, 1.0):
        if biases:
            yield Candidate(
                "bias_regularised",
                f"Your {name} penalises the biases too.",
                lambda case, k=k: case.student[name] - k * unit(case, biases),  # type: ignore[misc]
            )
    if _is_penalised(cases, name):
        yield from _propose_known_term(name, lambda case: case.penalties[name])
    elif weights and name not in cases[0].penalties:
        yield from _propose_unknown_term(name, lambda case: unit(case, weights), (0.5, 1.0))


def _strength(cases: Sequence[CaseEvidence]) -> str | None:
    return find_strength(cases[0].inputs)


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
