"""Rules for values that are wrong on some inputs only: large ones, a batch of one, few digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from grader.checks.compare import SINGLE_RTOL
from grader.checks.evidence import CaseEvidence, Floats
from grader.checks.rules import Candidate

_EXP_LIMIT = 700.0
"""exp overflows in double precision from 709 on, and underflows from -745 on."""
_CUT_RTOL = 1e-6
_AVERAGES: tuple[Callable[..., float], ...] = (np.mean, np.sum)


def find_overflow(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose an overflow: not finite where an input is large, right where none is.

    It is named after the softmax only where the solution's value is made of one.
    """
    wrong = [case for case in cases if case.is_wrong(name)]
    if any(np.isfinite(case.student[name]).all() for case in wrong):
        return
    if not all(
        np.isfinite(case.solution[name]).all() and _largest_input(case) > _EXP_LIMIT
        for case in wrong
    ):
        return
    smallest = min(map(_largest_input, wrong), default=0.0)
    if not any(not case.is_wrong(name) and _largest_input(case) < smallest for case in cases):
        return
    remedy = ""
    if all(_is_of_softmax(case, name) for case in wrong):
        is_undefined = any(np.isnan(case.student[name]).any() for case in wrong)
        remedy = (
            ": subtract the largest score of each row before exp"
            if is_undefined
            else ": take the logarithm of the softmax as a whole"
        )
    yield Candidate(
        "softmax_unstable" if remedy else "overflow",
        f"Your {name} is not finite where an input is large{remedy}.",
        lambda case: case.solution[name],
        is_conditional=True,
    )


def _is_of_softmax(case: CaseEvidence, name: str) -> bool:
    """Whether the right value is a cross-entropy of the scores, its gradient, or a softmax."""
    pair = _scores_and_labels(case)
    if pair is None:
        return False
    scores, labels = pair
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    softmax = exponentials / exponentials.sum(axis=1, keepdims=True)
    gradient = softmax - np.eye(scores.shape[1])[labels.astype(int)]
    surprises = _surprises(case)
    candidates = (surprises.mean(), surprises.sum(), softmax, gradient, gradient / len(labels))
    return any(case.agrees(np.asarray(candidate), name) for candidate in candidates)


def find_cut_probabilities(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose a cross-entropy whose probabilities were kept above a small number.

    The bound is found from the first wrong case; with it, the loss computed here must be the
    student's on all others.
    """
    wrong = [case for case in cases if case.is_wrong(name)]
    if any(case.student[name].size != 1 or _scores_and_labels(case) is None for case in wrong):
        return
    if len(wrong) < 2 or not all(np.isfinite(case.student[name]).all() for case in wrong):
        return
    tallest = max(wrong, key=lambda case: float(np.max(_surprises(case))))
    for average in _AVERAGES:
        surprises = _surprises(tallest)
        target = float(tallest.student[name].flat[0])
        low, high = 0.0, float(surprises.max())
        for _ in range(100):
            middle = (low + high) / 2
            is_below = float(average(np.minimum(surprises, middle))) < target
            low, high = (middle, high) if is_below else (low, middle)
        bound = high
        if bound >= surprises.max() * (1 - 1e-9) or bound < 1:
            continue
        yield Candidate(
            "softmax_unstable",
            f"Your {name} never takes a probability below {np.exp(-bound):.0e}: "
            "take the logarithm of the softmax as a whole.",
            partial(_uncut, name, bound, average),
            is_conditional=True,
        )


def _uncut(
    name: str, bound: float, average: Callable[..., float], case: CaseEvidence
) -> Floats | None:
    """Return the cross-entropy without the bound, if with it the loss is the student's."""
    surprises = _surprises(case)
    student = float(case.student[name].flat[0])
    cut = float(average(np.minimum(surprises, bound)))
    if abs(cut - student) > _CUT_RTOL * max(abs(student), 1.0):
        return None
    return np.asarray(average(surprises)).reshape(case.solution[name].shape)


def find_batch_of_one(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that only a batch of one is wrong: all else alike, a larger one is right."""
    wrong = [case for case in cases if case.is_wrong(name)]
    right = [case for case in cases if not case.is_wrong(name) and case.batch_size > 1]
    if all(
        case.batch_size == 1 and any(_differ_in_batch_size(case, other) for other in right)
        for case in wrong
    ):
        yield Candidate(
            "batch_of_one",
            f"Your {name} is wrong for a batch of one only.",
            lambda case: case.solution[name],
            is_conditional=True,
        )


def _differ_in_batch_size(single: CaseEvidence, batch: CaseEvidence) -> bool:
    """Whether the inputs of two cases have the same scale and, but for N, the same shapes."""
    return single.scale == batch.scale and all(
        single.inputs[given].shape == value.shape
        or ((1, *value.shape[1:]) == single.inputs[given].shape and len(value) == batch.batch_size)
        for given, value in batch.inputs.items()
    )


def find_single_precision(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that only the digits that single precision lacks are wrong."""

    def correct(case: CaseEvidence) -> Floats | None:
        student, right = case.student[name], case.solution[name]
        if not case.precision.is_single or student.shape != right.shape:
            return None
        scale = float(np.abs(right).max(initial=0.0))
        is_close = np.all(np.abs(student - right) <= SINGLE_RTOL * scale)
        return right if is_close else None

    if any(case.precision.is_single for case in cases):
        yield Candidate(
            "float32_precision",
            f"Your {name} is right to single precision; this check asks for more.",
            correct,
            is_conditional=True,
        )


def _largest_input(case: CaseEvidence) -> float:
    return max((float(np.abs(value).max(initial=0.0)) for value in case.inputs.values()), default=0)


def _scores_and_labels(case: CaseEvidence) -> tuple[Floats, Floats] | None:
    """Return an (N, K) input and an (N,) input of integers below K, if there is such a pair."""
    for scores in case.inputs.values():
        for labels in case.inputs.values():
            if scores.ndim != 2 or labels.shape != scores.shape[:1] or not labels.size:
                continue
            if np.all(labels == np.round(labels)) and 0 <= labels.min() <= labels.max() < len(
                scores[0]
            ):
                return scores, labels
    return None


def _surprises(case: CaseEvidence) -> Floats:
    """Return -log of the probability of each row's label, the scores being logits."""
    pair = _scores_and_labels(case)
    assert pair is not None
    scores, labels = pair
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return np.asarray(log_sum - shifted[np.arange(len(labels)), labels.astype(int)])
