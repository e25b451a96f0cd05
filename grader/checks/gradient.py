"""Checks of kind `gradient`: an analytic gradient against numeric derivatives.

The right gradient is the solution's analytic one, after it has itself been held against the
numeric derivative of the solution's forward pass. A student's gradient that agrees with it entry
by entry is right, so one wrong entry among 10^5 is found. One that does not agree goes to
`dispute`, where numeric derivatives of the solution decide. Only for the message are derivatives
of the student's own forward pass taken.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.calls import Evaluation, Raised, Returned, Value
from grader.checks.ask import Answer, Ask, Judging
from grader.checks.asking import StudentAnswers
from grader.checks.compare import Comparison, Precision, compare, precision_of
from grader.checks.context import Context, noise_floor
from grader.checks.diagnose import diagnose
from grader.checks.dispute import Finding, Settlement, is_own_gradient, settle
from grader.checks.evidence import CaseEvidence
from grader.checks.explain import Failure, Rejection
from grader.checks.output import (
    compare_case,
    echoed,
    find_mutations,
    find_unfinished,
    judge_mutation,
    largest_errors,
    reject_incomparable,
)
from grader.checks.penalty_terms import ask_penalties
from grader.checks.pictures import draw_pictures
from grader.checks.raised import judge_raised
from grader.checks.reference_point import (
    ReferencePoint,
    examine,
    returned_names,
    solution_code,
    verify,
)
from grader.checks.rounding import Suspect, excuse_rounding
from grader.report import Judgement, Verdict
from grader.spec import Case, CompareRule, GradientCheck


def judge_gradient(check: GradientCheck, context: Context) -> Judging:
    """Judge the gradients, and the values named in `compare`, under any accepted variant.

    Parameters
    ----------
    check : GradientCheck
    context : Context

    Yields
    ------
    Ask
        To the solution: values and gradients, then derivatives of its forward pass. To the
        student: values and gradients on all cases. More of both where they disagree.

    Returns
    -------
    Judgement
        passed; or a wrong answer that tells a wrong backward pass from a right gradient of a
        wrong forward pass; or internal_error where the numbers decide nothing.

    Raises
    ------
    BrokenSolution
        Where the solution's gradient is not the derivative of its forward pass.
    """
    first: Judgement | None = None
    student = StudentAnswers()
    for variant in context.variants(check):
        variant_check = variant.check
        assert isinstance(variant_check, GradientCheck)
        judgement = yield from _judge_variant(variant_check, context, student)
        if judgement.verdict is Verdict.PASSED:
            notes = judgement.notes
            return replace(
                judgement, notes=(*notes, f"accepted: {variant.name}") if variant.name else notes
            )
        first = first or judgement
    assert first is not None
    return first


def _judge_variant(check: GradientCheck, context: Context, student: StudentAnswers) -> Judging:
    cases = context.cases(check)
    points = yield from examine(check, cases)
    expected = [point.values for point in points]
    reject_incomparable(check, [Returned(values) for values in expected], tuple(check.compare))
    rules = gradient_rules(check)
    solution_rtol = max(point.precision.rtol for point in points)
    unsettled = yield from verify(check, points, max(check.rtol or 0.0, solution_rtol))
    if unsettled:
        return _undecided(f"the derivative with which to judge `{unsettled[0]}`")
    names = returned_names(check)
    given = yield from student.ask(
        [
            Evaluation(
                student_code(check), case.inputs, names, seed=case.seed, echo=echoed(check, case)
            )
            for case in cases
        ]
    )
    failure = Failure.of(
        check, student_code(check), solution_code(check), tuple(rules), cases, expected
    )
    for case, one in zip(cases, given, strict=True):
        if isinstance(one, Raised):
            return Rejection.of(judge_raised(one, case.label), failure.by_raising(given))
    returned = [one for one in given if isinstance(one, Returned)]
    unfinished = find_unfinished(cases, returned, expected, names, tuple(rules))
    if unfinished:
        return Judgement(Verdict.NOT_IMPLEMENTED, unfinished)
    comparisons = yield from _compare(check, rules, points, [one.values for one in returned])
    changed = find_mutations(cases, returned)
    notes = _notes(comparisons, changed)
    for point, compared in zip(points, comparisons, strict=True):
        settlement = yield from _settle_case(check, rules, point, compared)
        notes |= dict.fromkeys(settlement.notes)
        if settlement.finding is Finding.RIGHT:
            continue
        if settlement.raised is not None:
            return judge_raised(settlement.raised, point.case.label)
        if settlement.finding is Finding.UNDECIDED:
            return _undecided(f"`{settlement.name}`")
        penalties = yield from ask_penalties(solution_code(check), cases, expected, tuple(rules))
        evidence = [
            CaseEvidence.of(
                one.case,
                c.values,
                one.values,
                tuple(rules),
                c.wrong,
                _parameters(check),
                terms,
                has_cotangent=check.cotangent is not None,
            )
            for one, c, terms in zip(points, comparisons, penalties, strict=True)
        ]
        judgement = _explain(
            point.case,
            compared,
            settlement,
            tuple(check.gradient.values()),
            is_forward_right=all(c.value.is_equal for c in comparisons),
        )
        diagnosis = diagnose(evidence, changed if check.mutation == "fail" else ())
        told = _told(check, compared, settlement)
        pictures = draw_pictures(point.case.label, compared.values, point.values, told)
        judged = replace(judgement, notes=tuple(notes), diagnosis=diagnosis, pictures=pictures)
        wrong = [bool(c.wrong) for c in comparisons]
        return Rejection.of(judged, failure.by_values(wrong, evidence))
    passed = Judgement(
        Verdict.PASSED,
        notes=tuple(notes),
        measured=largest_errors([one for c in comparisons for one in c.by_name.values()]),
    )
    return judge_mutation(check, passed, changed)


def gradient_rules(check: GradientCheck) -> dict[str, CompareRule]:
    """Return the tolerance of every judged value: those in `compare`, and the gradients."""
    own = CompareRule(rtol=check.rtol, atol=check.atol, shape=check.shape)
    return {**check.compare, **{n: check.compare.get(n, own) for n in check.gradient.values()}}


def student_code(check: GradientCheck) -> str:
    """Return what runs on the student's module: forward, and backward if it is apart."""
    return "\n".join(part for part in (check.forward, check.backward) if part)


@dataclass(frozen=True, slots=True)
class _Compared:
    """One case: every judged value of the student beside the solution's."""

    by_name: Mapping[str, Comparison]
    value: Comparison
    """The value that is differentiated, whether it is judged or not."""
    precision: Precision
    values: Mapping[str, Value]
    """What the student returned."""
    wrong: Mapping[str, Comparison] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        check: GradientCheck,
        rules: Mapping[str, CompareRule],
        point: ReferencePoint,
        values: Mapping[str, Value],
    ) -> _Compared:
        precision = precision_of(values.values())
        by_name = compare_case(point.case, values, point.values, rules, precision)
        value = by_name.get(check.value) or compare(
            check.value,
            values[check.value],
            point.values[check.value],
            CompareRule(),
            precision=precision,
            floor=noise_floor(point.case, precision, [point.values[check.value]]),
        )
        wrong = {name: c for name, c in by_name.items() if not c.is_equal}
        return cls(by_name, value, precision, values, wrong)

    def judged_anew(self, by_name: Mapping[str, Comparison]) -> _Compared:
        """Return the case with other comparisons."""
        wrong = {name: c for name, c in by_name.items() if not c.is_equal}
        return replace(self, by_name=by_name, wrong=wrong)


def _compare(
    check: GradientCheck,
    rules: Mapping[str, CompareRule],
    points: Sequence[ReferencePoint],
    given: Sequence[Mapping[str, Value]],
) -> Generator[Ask, Answer, list[_Compared]]:
    """Compare every case; what differs by the solution's own rounding counts as equal."""
    compared = [
        _Compared.of(check, rules, point, values)
        for point, values in zip(points, given, strict=True)
    ]
    suspects = [
        Suspect(point.case, values, point.values, one.by_name, one.precision)
        for point, values, one in zip(points, given, compared, strict=True)
    ]
    excused = yield from excuse_rounding(solution_code(check), suspects, rules)
    return [one.judged_anew(by_name) for one, by_name in zip(compared, excused, strict=True)]


def _settle_case(
    check: GradientCheck,
    rules: Mapping[str, CompareRule],
    point: ReferencePoint,
    compared: _Compared,
) -> Generator[Ask, Answer, Settlement]:
    """Find out whether a case is right: at once where values agree or cannot be numbers' noise."""
    gradients = set(check.gradient.values())
    wrong_gradients = [name for name in compared.wrong if name in gradients]
    for name in wrong_gradients:
        if compared.wrong[name].is_structural:
            return Settlement(Finding.WRONG, name=name, wrong=(name,))
    settlement = Settlement(Finding.RIGHT)
    if wrong_gradients:
        settlement = yield from settle(
            check, rules, point, compared.values, wrong_gradients, compared.precision
        )
    wrong_values = [name for name in compared.wrong if name not in gradients]
    if settlement.finding is Finding.WRONG:
        is_own = False
        if not compared.value.is_equal:
            is_own = yield from is_own_gradient(check, settlement, compared.precision)
        return replace(settlement, is_own_gradient=is_own)
    if wrong_values and settlement.finding is Finding.RIGHT:
        return Settlement(Finding.WRONG, name=wrong_values[0], notes=settlement.notes)
    if not compared.value.is_equal and settlement.finding is Finding.RIGHT:
        return replace(settlement, notes=(*settlement.notes, "value"))
    return settlement


def _explain(
    case: Case,
    compared: _Compared,
    settlement: Settlement,
    gradients: Sequence[str],
    *,
    is_forward_right: bool,
) -> Judgement:
    """Say which of the two passes is wrong, and where."""
    worst = compared.wrong[settlement.name]
    value = compared.value
    wrong_gradients = settlement.wrong
    if not wrong_gradients:
        outcome = "forward"
        told = f"{worst.message} Your gradient is right, the forward pass is not."
    elif worst.verdict is Verdict.WRONG_SHAPE or worst.is_structural:
        outcome, told = "backward", worst.message
    elif value.is_equal:
        outcome = "backward"
        told = worst.message
        if is_forward_right:
            told += " Your forward pass is right, but this is not its gradient."
    elif settlement.is_own_gradient:
        outcome = "forward"
        told = (
            "Your backward pass is the right gradient of your forward pass, "
            f"but the forward pass is not the one asked for: {value.message}"
        )
    else:
        outcome = "both"
        told = (
            f"{value.message} The forward pass is not the one asked for, and {settlement.name} "
            f"is not its gradient either: {worst.message}"
        )
    # where the forward pass is to blame, the message has named no gradient yet
    named = "" if outcome == "forward" else settlement.name
    others = [name for name in gradients if name in wrong_gradients and name != named]
    if others:
        told += f" Also wrong: {', '.join(others)}."
    if case.label:
        told += f" This is with {case.label}."
    measured: dict[str, object] = {
        "value": settlement.name,
        "relative_error": worst.relative_error,
        "wrong_pass": outcome,
    }
    if worst.worst is not None:
        measured["index"] = list(worst.worst)
    if case.label:
        measured["case"] = case.label
    return Judgement(
        worst.verdict,
        told,
        measured=measured,
        expected_shape={
            name: c.expected_shape
            for name, c in compared.wrong.items()
            if c.verdict is Verdict.WRONG_SHAPE
        },
    )


def _told(
    check: GradientCheck, compared: _Compared, settlement: Settlement
) -> dict[str, Comparison]:
    """Return what is wrong here, without the gradients that a kink leaves free."""
    free = set(check.gradient.values()) - set(settlement.wrong)
    told = {name: one for name, one in compared.wrong.items() if name not in free}
    return told if compared.value.is_equal else {check.value: compared.value, **told}


def _undecided(what: str) -> Judgement:
    """Return the judgement that is neither a pass nor a fail: people must look."""
    return Judgement(
        Verdict.INTERNAL_ERROR,
        f"Numeric derivatives decide nothing about {what}, at this point or at any nearby; "
        "the inputs of this check are saturated, or full of kinks",
    )


def _notes(comparisons: Sequence[_Compared], changed: Sequence[str]) -> dict[str, None]:
    notes = dict.fromkeys(
        note for c in comparisons for one in c.by_name.values() for note in one.notes
    )
    if any(c.precision.is_single for c in comparisons):
        notes["float32"] = None
    if changed:
        notes["mutation"] = None
    return notes


def _parameters(check: GradientCheck) -> dict[str, str]:
    return {name: block for block, name in check.gradient.items()}
