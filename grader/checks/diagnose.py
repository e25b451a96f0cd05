"""Which mistake it is: the first rule, for each wrong value, that its own values prove.

A rule proposes a mistake and its correction; only where the correction, applied to the student's
own values, gives the right ones on all cases is it reported. Where nothing is proved, nothing is
said: a wrong name for a mistake costs a student more than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grader.checks.evidence import CaseEvidence
from grader.checks.factor_rules import (
    find_batch_factor,
    find_constant,
    find_input_factor,
    find_sign,
    find_size_factor,
)
from grader.checks.layout_rules import (
    find_mask,
    find_swapped,
    find_transposed,
    find_wrong_axis,
    find_zero_block,
)
from grader.checks.penalty_rules import (
    find_gradient_penalty,
    find_loss_penalty,
    find_summed_data_term,
)
from grader.checks.rules import Candidate, Rule
from grader.checks.stability_rules import (
    find_batch_of_one,
    find_cut_probabilities,
    find_overflow,
    find_single_precision,
)
from grader.report import Diagnosis

RULES: tuple[Rule, ...] = (
    find_zero_block,
    find_single_precision,
    find_swapped,
    find_sign,
    find_transposed,
    find_wrong_axis,
    find_mask,
    find_batch_factor,
    find_gradient_penalty,
    find_loss_penalty,
    find_summed_data_term,
    find_constant,
    find_input_factor,
    find_size_factor,
    find_overflow,
    find_cut_probabilities,
    find_batch_of_one,
)
"""Tried in this order; the first that is proved speaks for a value."""


def diagnose(cases: Sequence[CaseEvidence], changed: Sequence[str] = ()) -> tuple[Diagnosis, ...]:
    """Return the proved diagnoses of all wrong values, in the order of the values.

    Parameters
    ----------
    cases : sequence of CaseEvidence
        At least one: every case of the check, the right ones too: they tell N from a constant.
    changed : sequence of str
        Inputs that were changed in place although the check forbids it.
    """
    found = [
        Diagnosis("in_place_mutation", f"Your code changes its input `{name}` in place.", name)
        for name in changed[:1]
    ]
    comparable = _with_shared_inputs(cases)
    for name in _numeric_names(cases):
        if any(case.is_wrong(name) for case in cases):
            diagnosis = _diagnose_value(comparable, name)
            if diagnosis is not None:
                found.append(diagnosis)
    return tuple(found)


def _diagnose_value(cases: Sequence[CaseEvidence], name: str) -> Diagnosis | None:
    for rule in RULES:
        candidate = _first_proved(rule, cases, name)
        if candidate is not None:
            return candidate.as_diagnosis(name)
    return None


def _first_proved(rule: Rule, cases: Sequence[CaseEvidence], name: str) -> Candidate | None:
    try:
        with np.errstate(all="ignore"):
            return next((c for c in rule(cases, name) if c.is_proved(cases, name)), None)
    except (ArithmeticError, LookupError, ValueError):
        # A student may return any numbers in any shape. A rule that cannot be worked out on them
        # proves nothing, and a verdict must not fail for want of an explanation.
        return None


def _with_shared_inputs(cases: Sequence[CaseEvidence]) -> list[CaseEvidence]:
    """Leave out the inputs that not every case has, or not with as many axes."""
    shared = [
        given
        for given, value in cases[0].inputs.items()
        if all(given in case.inputs and case.inputs[given].ndim == value.ndim for case in cases)
    ]
    return [replace(case, inputs={given: case.inputs[given] for given in shared}) for case in cases]


def _numeric_names(cases: Sequence[CaseEvidence]) -> list[str]:
    """Return the values that are numeric on both sides in every case."""
    return [
        name
        for name in cases[0].solution
        if all(name in case.solution and name in case.student for case in cases)
    ]
