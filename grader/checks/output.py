"""Checks of kind `output`: the named values equal the solution's on every case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.calls import Evaluation, Opaque, Raised, Returned, Value
from grader.checks.ask import Answer, Judging
from grader.checks.asking import StudentAnswers, ask_solution
from grader.checks.compare import DOUBLE, Comparison, Precision, as_array, compare, precision_of
from grader.checks.context import Context, noise_floor
from grader.checks.diagnose import diagnose
from grader.checks.evidence import CaseEvidence
from grader.checks.explain import Failure, Rejection
from grader.checks.penalty_terms import ask_penalties
from grader.checks.pictures import draw_pictures
from grader.checks.raised import judge_raised
from grader.checks.rounding import Suspect, excuse_rounding
from grader.errors import BrokenSolution
from grader.report import Diagnosis, Judgement, Verdict
from grader.spec import Case, CheckSpec, CompareRule, OutputCheck


def judge_output(check: OutputCheck, context: Context) -> Judging:
    """Judge the named values against the solution's, under the check or any accepted variant.

    Parameters
    ----------
    check : OutputCheck
    context : Context

    Yields
    ------
    Ask
        One to the solution and one to the student, each with all cases; again for each
        accepted variant, where the first did not hold.

    Returns
    -------
    Judgement
        passed iff one variant holds on all cases; otherwise what is wrong under the check itself.

    Raises
    ------
    BrokenSolution
        Where the solution raises or returns what cannot be compared.
    """
    first: Judgement | None = None
    student = StudentAnswers()
    for variant in context.variants(check):
        variant_check = variant.check
        assert isinstance(variant_check, OutputCheck)
        cases = context.cases(variant_check)
        returns = tuple(variant_check.compare)
        expected = yield from ask_solution(
            check, [evaluation(case, variant_check.expect, returns) for case in cases]
        )
        reject_incomparable(check, expected, returns)
        given = yield from student.ask(
            [
                evaluation(case, variant_check.run, returns, echoed(variant_check, case))
                for case in cases
            ]
        )
        right = [one.values for one in expected]
        judgement = yield from _judge_values(variant_check, cases, given, right)
        if judgement.verdict is Verdict.PASSED:
            notes = judgement.notes
            return replace(
                judgement, notes=(*notes, f"accepted: {variant.name}") if variant.name else notes
            )
        first = first or judgement
    assert first is not None
    return first


def evaluation(
    case: Case, code: str, returns: tuple[str, ...], echo: tuple[str, ...] = ()
) -> Evaluation:
    """Return the evaluation of a snippet on a case."""
    return Evaluation(code, case.inputs, returns, seed=case.seed, echo=echo)


def echoed(check: CheckSpec, case: Case) -> tuple[str, ...]:
    """Return the inputs to send back, so that in-place changes are seen from outside."""
    if check.mutation == "ignore":
        return ()
    return tuple(n for n, value in case.inputs.items() if isinstance(value, np.ndarray | list))


def reject_incomparable(
    check: CheckSpec, expected: Sequence[Returned], names: Sequence[str]
) -> None:
    """Raise BrokenSolution where the solution's value is nothing that can be compared."""
    for one in expected:
        for name in names:
            if has_opaque(one.values[name]):
                raise BrokenSolution(
                    f"`{name}` is {describe_opaque(one.values[name])}, which cannot be compared",
                    check=check.id,
                    remedy="compare numbers, arrays, text, booleans, or flat lists of these",
                )


def describe_opaque(value: Value) -> str:
    """Return the type of an opaque value in words."""
    return f"a {value.type_name}" if isinstance(value, Opaque) else "a list of objects"


def has_opaque(value: Value) -> bool:
    """Whether a value, or an item of it, could not leave the box."""
    if isinstance(value, list):
        return any(has_opaque(item) for item in value)
    return isinstance(value, Opaque)


@dataclass(frozen=True, slots=True)
class _CaseOutcome:
    case: Case
    comparisons: Mapping[str, Comparison]

    @property
    def wrong(self) -> dict[str, Comparison]:
        return {name: c for name, c in self.comparisons.items() if not c.is_equal}


def _judge_values(
    check: OutputCheck,
    cases: Sequence[Case],
    given: Answer,
    expected: Sequence[Mapping[str, Value]],
) -> Judging:
    """Judge what a student's code returned on every case against what the solution returned.

    Parameters
    ----------
    check : OutputCheck
    cases : sequence of Case
    given : Answer
        One a case; what raised is judged first.
    expected : sequence of mappings
        The solution's values, one mapping a case.

    Yields
    ------
    Ask
        To the solution, where values differ by what may be its own rounding.
    """
    rules = check.compare
    failure = Failure.of(check, check.run, check.expect, tuple(rules), cases, expected)
    for case, one in zip(cases, given, strict=True):
        if isinstance(one, Raised):
            return Rejection.of(judge_raised(one, case.label), failure.by_raising(given))
    returned = [one for one in given if isinstance(one, Returned)]
    unfinished = find_unfinished(cases, returned, expected, tuple(rules), tuple(rules))
    if unfinished:
        return Judgement(Verdict.NOT_IMPLEMENTED, unfinished)
    suspects = []
    for case, one, right in zip(cases, returned, expected, strict=True):
        precision = precision_of(one.values[name] for name in rules)
        compared = compare_case(case, one.values, right, rules, precision)
        suspects.append(Suspect(case, one.values, right, compared, precision))
    is_single = any(suspect.precision.is_single for suspect in suspects)
    excused = yield from excuse_rounding(check.expect, suspects, rules)
    outcomes = [_CaseOutcome(case, one) for case, one in zip(cases, excused, strict=True)]
    notes = dict.fromkeys(
        note
        for outcome in outcomes
        for comparison in outcome.comparisons.values()
        for note in comparison.notes
    )
    if is_single:
        notes["float32"] = None
    changed = find_mutations(cases, returned)
    if changed:
        notes["mutation"] = None
    forbidden = changed if check.mutation == "fail" else ()
    wrong = next((outcome for outcome in outcomes if outcome.wrong), None)
    if wrong is not None:
        penalties = yield from ask_penalties(check.expect, cases, expected, tuple(rules))
        evidence = [
            CaseEvidence.of(
                outcome.case, one.values, right, tuple(rules), outcome.wrong, penalties=terms
            )
            for outcome, one, right, terms in zip(
                outcomes, returned, expected, penalties, strict=True
            )
        ]
        judgement = _judge_wrong(wrong, tuple(notes), diagnose(evidence, forbidden))
        shown = next(suspect for suspect in suspects if suspect.case is wrong.case)
        pictures = draw_pictures(wrong.case.label, shown.values, shown.right, wrong.wrong)
        failure = failure.by_values([bool(one.wrong) for one in outcomes], evidence)
        return Rejection.of(replace(judgement, pictures=pictures), failure)
    all_compared = [c for outcome in outcomes for c in outcome.comparisons.values()]
    passed = Judgement(Verdict.PASSED, notes=tuple(notes), measured=largest_errors(all_compared))
    return judge_mutation(check, passed, changed)


def largest_errors(comparisons: Sequence[Comparison]) -> dict[str, object]:
    """Return how far right values are from the solution's at the most."""
    return {
        "relative_error": max((float(c.relative_error) for c in comparisons), default=0.0),
        "absolute_error": max((float(c.absolute_error) for c in comparisons), default=0.0),
    }


def judge_mutation(check: CheckSpec, passed: Judgement, changed: Sequence[str]) -> Judgement:
    """Return the judgement on right values whose inputs may have been changed in place."""
    if not changed or check.mutation != "fail":
        return passed
    diagnosis = Diagnosis(
        "in_place_mutation", f"Your code changes its input `{changed[0]}` in place.", changed[0]
    )
    return replace(
        passed,
        verdict=Verdict.WRONG_ANSWER,
        message=f"The values are right, but the input `{changed[0]}` is no longer what it was.",
        diagnosis=(diagnosis,),
    )


def compare_case(
    case: Case,
    values: Mapping[str, Value],
    expected: Mapping[str, Value],
    rules: Mapping[str, CompareRule],
    precision: Precision,
) -> dict[str, Comparison]:
    """Compare every named value of one case."""
    floor = noise_floor(case, precision, [expected[name] for name in rules])
    return {
        name: compare(name, values[name], expected[name], rule, precision=precision, floor=floor)
        for name, rule in rules.items()
    }


def find_mutations(cases: Sequence[Case], returned: Sequence[Returned]) -> tuple[str, ...]:
    """Return the inputs that came back as something else than was sent."""
    return tuple(
        dict.fromkeys(
            name
            for case, one in zip(cases, returned, strict=True)
            for name, after in one.inputs_after.items()
            if not _is_unchanged(case.inputs[name], after)
        )
    )


def _is_unchanged(sent: Value, after: Value) -> bool:
    """Whether an input came back with the numbers it had; on the way its dtype may widen."""
    if isinstance(sent, np.ndarray) or isinstance(after, np.ndarray):
        was, now = as_array(sent), as_array(after)
        if was is None or now is None or was.shape != now.shape:
            return False
        return np.array_equal(was, now, equal_nan=was.dtype.kind in "fc")
    if isinstance(sent, list) and isinstance(after, list):
        return len(sent) == len(after) and all(map(_is_unchanged, sent, after))
    return type(sent) is type(after) and sent == after


def find_unfinished(
    cases: Sequence[Case],
    returned: Sequence[Returned],
    expected: Sequence[Mapping[str, Value]],
    names: Sequence[str],
    judged: Sequence[str],
) -> str:
    """Return why the values are those of a template nobody has filled in, or an empty text.

    Any of `names` may not be None or empty; those that are `judged` may not all be zero.
    """
    for one, right in zip(returned, expected, strict=True):
        for name in names:
            if is_none(one.values[name]) and not is_none(right[name]):
                return f"`{name}` is {'None' if one.values[name] is None else 'a list of None'}."
            if is_empty(one.values[name]) and not is_empty(right[name]):
                return f"`{name}` is empty."
    if judged and is_all_zero(cases, returned, expected, judged):
        return "Every value that is compared is zero."
    return ""


def is_all_zero(
    cases: Sequence[Case],
    returned: Sequence[Returned],
    expected: Sequence[Mapping[str, Value]],
    names: Sequence[str],
) -> bool:
    """Whether every named value is zero on every case, while the solution's are not.

    What of the solution's is below the rounding of the inputs may be 0 in a right program.
    """
    return all(_is_zero(one.values[name]) for one in returned for name in names) and not all(
        _is_zero(right[name], noise_floor(case, DOUBLE, [right[n] for n in names]))
        for case, right in zip(cases, expected, strict=True)
        for name in names
    )


def is_none(value: Value) -> bool:
    """Whether a value is None, or a list of nothing else."""
    return value is None or (isinstance(value, list) and bool(value) and all(map(is_none, value)))


def is_empty(value: Value) -> bool:
    """Whether a value is a container with nothing in it."""
    if isinstance(value, np.ndarray):
        return value.size == 0
    return isinstance(value, list) and not value


def _is_zero(value: Value, noise: float = 0.0) -> bool:
    array = as_array(value)
    if array is None:
        items = value if isinstance(value, list) else []
        return bool(items) and all(_is_zero(item, noise) for item in items)
    # False is an answer, not a template's zero
    return array.dtype.kind != "b" and bool(np.all(np.abs(array) <= noise))


def _judge_wrong(
    wrong: _CaseOutcome,
    notes: tuple[str, ...],
    diagnosis: tuple[Diagnosis, ...],
) -> Judgement:
    bad = wrong.wrong
    name, worst = next(iter(bad.items()))
    message = worst.message
    label = wrong.case.label
    if label:
        message += f" This is with {label}."
    if len(bad) > 1:
        message += f" Also wrong: {', '.join(list(bad)[1:])}."
    measured: dict[str, object] = {"value": name, "relative_error": worst.relative_error}
    if worst.worst is not None:
        measured["index"] = list(worst.worst)
    if label:
        measured["case"] = label
    return Judgement(
        worst.verdict,
        message,
        notes=notes,
        diagnosis=diagnosis,
        measured=measured,
        expected_shape={
            n: c.expected_shape for n, c in bad.items() if c.verdict is Verdict.WRONG_SHAPE
        },
    )
