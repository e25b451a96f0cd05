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
    """Propose an overflow: not finite wherever it is wrong, and an input there is large."""
    wrong = [case for case in cases if case.is_wrong(name)]
    if any(np.isfinite(case.student[name]).all() for case in wrong):
        return
    if not all(
        np.isfinite(case.solution[name]).all() and _largest_input(case) > _EXP_LIMIT
        for case in wrong
    ):
        return
    is_softmax = all(_scores_and_labels(case) is not None for case in wrong)
    yield Candidate(
        "softmax_unstable" if is_softmax else "overflow",
        f"Your {name} is not finite where an input is large"
        + (": subtract the largest score of each row before exp." if is_softmax else "."),
        lambda case: case.solution[name],
        is_conditional=True,
    )


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
    """Propose that only a batch of one is wrong."""
    wrong = [case for case in cases if case.is_wrong(name)]
    right = [case for case in cases if not case.is_wrong(name)]
    if all(case.batch_size == 1 for case in wrong) and any(case.batch_size > 1 for case in right):
        yield Candidate(
            "batch_of_one",
            f"Your {name} is wrong for a batch of one only.",
            lambda case: case.solution[name],
            is_conditional=True,
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
