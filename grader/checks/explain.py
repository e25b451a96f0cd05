"""Which mistakes explain wrong values, and where in the student's text they are.

Three witnesses are heard. The values alone: a correction of the student's own numbers that gives
the right ones (`diagnose`). The student's program: an edit of one place that makes values right,
which tells the line. The solution: an edit of it that gives the student's values, whatever the
style they were computed in. Each holds on every case, or it is not heard.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Self, TypeGuard

import numpy as np

from grader.calls import Raised, Value
from grader.checks.ask import Answer, Ask, Interrupted, Judging, Side
from grader.checks.compare import DOUBLE, Precision
from grader.checks.context import Context
from grader.checks.edit_kinds import PAIRED, likelihood
from grader.checks.evidence import CaseEvidence
from grader.checks.mistakes import PLAIN, Facts, Mistake, Role, name_mistake
from grader.checks.probes import Floats
from grader.checks.trial_point import Flags, Told, Trialled, TrialPoint
from grader.report import Diagnosis, Judgement
from grader.spec import Case, CheckSpec, GradientCheck

_OF_NUMBERS = frozenset({"softmax_unstable", "overflow", "float32_precision", "batch_of_one"})
"""What is wrong for some numbers only: that an edit gives the same there means less."""
_MOST_MISTAKES = 3
_MOST_CONFIRMED = 40
"""Edits that are tried on every case, of those that explain something on the first."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that failed, and what is known of it."""

    check: CheckSpec
    code: str
    """What ran on the student's program."""
    solution_code: str
    names: tuple[str, ...]
    """The values that are judged."""
    cases: tuple[Case, ...]
    expected: tuple[Mapping[str, Value], ...]
    wrong: tuple[bool, ...] = ()
    """Whether something is wrong, case by case."""
    batch_sizes: frozenset[int] = frozenset()
    precision: Precision = DOUBLE

    @classmethod
    def of(
        cls,
        check: CheckSpec,
        code: str,
        solution_code: str,
        names: tuple[str, ...],
        cases: Sequence[Case],
        expected: Sequence[Mapping[str, Value]],
    ) -> Self:
        """Return the failure of a check of which it is not known yet where it failed."""
        return cls(check, code, solution_code, names, tuple(cases), tuple(expected))

    def by_raising(self, given: Answer) -> Self | None:
        """Return the failure of a program that raised; None where it was not in its own text."""
        raised = [one for one in given if isinstance(one, Raised)]
        if not all(one.file and not one.in_snippet for one in raised):
            return None
        if any("NameError" in (one.kind, *one.bases) for one in raised):
            return None
        return replace(self, wrong=tuple(isinstance(one, Raised) for one in given))

    def by_values(self, wrong: Sequence[bool], evidence: Sequence[CaseEvidence]) -> Self:
        """Return the failure of a program that returned wrong values."""
        return replace(
            self,
            wrong=tuple(wrong),
            batch_sizes=frozenset(one.batch_size for one in evidence),
            precision=evidence[0].precision,
        )

    def explain(self, judgement: Judgement, context: Context) -> Judging:
        """Return the judgement with the proved diagnoses, those of the values alone among them."""
        known = judgement.diagnosis
        if {one.code for one in known} & _OF_NUMBERS:
            return judgement
        cases = context.trial_cases(self.check)
        point = TrialPoint.of(cases, self.expected, self.names, self.wrong, self.precision)
        if point is None:
            return judgement
        search = _Search(self, point, {one.where: one for one in known}, context.enough)
        # The box may claim anything, and the verdict must not fail for want of an explanation.
        with contextlib.suppress(Interrupted, ArithmeticError, LookupError, ValueError):
            yield from search.run()
        said = {name for names, _ in search.told for name in names}
        left = [one for one in known if one.where not in said]
        found = (diagnosis for _, diagnoses in search.told for diagnosis in diagnoses)
        return replace(judgement, diagnosis=(*found, *left))

    @property
    def facts(self) -> Facts:
        """What tells one factor from another."""
        scalars = {
            name: float(value)
            for case in self.cases
            for name, value in case.inputs.items()
            if isinstance(value, float | int) and not isinstance(value, bool)
        }
        return Facts(self.batch_sizes, scalars, isinstance(self.check, GradientCheck))


@dataclass(frozen=True, slots=True)
class Rejection(Judgement):
    """A judgement on a failure of which more can be said."""

    failure: Failure | None = None

    @classmethod
    def of(cls, judgement: Judgement, failure: Failure | None) -> Judgement:
        """Return the judgement, with what failed."""
        known = {one.name: getattr(judgement, one.name) for one in fields(Judgement)}
        return cls(**known, failure=failure)


def conclude(judgement: Judgement) -> Judgement:
    """Return a judgement with nothing beside it."""
    return Judgement(**{one.name: getattr(judgement, one.name) for one in fields(Judgement)})


def explain(judgement: Judgement, context: Context) -> Judging:
    """Return a judgement with the proved diagnoses of what failed.

    Parameters
    ----------
    judgement
        With what the values alone have told: one diagnosis for each value at the most.
    context
        The run.
    """
    if not isinstance(judgement, Rejection) or judgement.failure is None:
        return judgement
    return (yield from judgement.failure.explain(judgement, context))


@dataclass(frozen=True, slots=True)
class Witness:
    """An edit, or two, the mistakes that they stand for, and which values they explain."""

    index: int
    edits: tuple[tuple[Told, Mistake], ...]
    explained: Flags

    @property
    def codes(self) -> set[str]:
        """The codes of the mistakes."""
        return {mistake.code for _, mistake in self.edits}

    @property
    def rank(self) -> tuple[int, bool, int, int]:
        """Sort the one first that explains most, then one that says what was misunderstood."""
        is_plain = bool(self.codes & PLAIN)
        rank = sum(likelihood(told.kind) for told, _ in self.edits)
        return -int(self.explained.sum()), is_plain, rank, self.index


class _Search:
    """Looks for edits that explain a failure."""

    def __init__(
        self,
        failure: Failure,
        point: TrialPoint,
        known: Mapping[str, Diagnosis],
        enough: frozenset[str] = frozenset(),
    ) -> None:
        self.enough = enough
        self.failure = failure
        self.point = point
        self.known = known
        self.facts = failure.facts
        self.told: list[tuple[tuple[str, ...], list[Diagnosis]]] = []
        """Values, and the diagnoses that explain them."""
        self.caused: Flags | bool = False
        """Values that an edit of the solution gives."""

    @property
    def has_told_enough(self) -> bool:
        """Whether every mistake that is asked for has been told."""
        codes = {one.code for _, diagnoses in self.told for one in diagnoses}
        return bool(self.enough) and self.enough <= codes

    def run(self) -> Generator[Ask, Answer, None]:
        """Fill `told`."""
        point, failure = self.point, self.failure
        solution = yield from point.search(Side.SOLUTION, failure.solution_code)
        right = yield from point.confirm(Side.SOLUTION, failure.solution_code, ())
        student = yield from point.confirm(Side.STUDENT, failure.code, ())
        if solution is None or right is None or student is None:
            return
        wrong = ~self.point.is_same(student.base, right.base)
        causes = yield from self._find_causes(solution, student, wrong)
        self.caused = np.logical_or.reduce([one.explained for one in causes], initial=False)
        wrong = yield from self._cure(right, wrong)
        for cause in causes:
            if (cause.explained & wrong).any() and not self.has_told_enough:
                self._tell(cause, Role.CAUSE, cause.explained & wrong)
                wrong = wrong & ~cause.explained

    def _find_causes(
        self, solution: Trialled, student: Trialled, wrong: Flags
    ) -> Generator[Ask, Answer, list[Witness]]:
        """Return the edits of the solution that give the student's wrong values."""
        first = student.base[:1]
        hits = [
            (-int((same & wrong).sum()), not same.all(), index)
            for index, numbers in zip(solution.indices, solution.numbers, strict=True)
            if ((same := self.point.is_same(numbers, first)) & wrong).any()
        ]
        chosen = [index for *_, index in sorted(hits)[:_MOST_CONFIRMED]]
        if not chosen:
            return []
        tried = yield from self.point.confirm(Side.SOLUTION, self.failure.solution_code, chosen)
        return self._witnesses(tried, Role.CAUSE, student.base, wrong)

    def _cure(self, right: Trialled, wrong: Flags) -> Generator[Ask, Answer, Flags]:
        """Make edits of the student's program while they make values right; return what is left."""
        made: list[int] = []
        while wrong.any() and len(made) < _MOST_MISTAKES and not self.has_told_enough:
            cure = yield from self._find_cure(right, wrong, made)
            if cure is None:
                break
            self._tell(cure, Role.CURE, cure.explained)
            made.append(cure.index)
            wrong = wrong & ~cure.explained
        return wrong

    def _find_cure(
        self, right: Trialled, wrong: Flags, made: Sequence[int]
    ) -> Generator[Ask, Answer, Witness | None]:
        code = self.failure.code
        tried = yield from self.point.search(Side.STUDENT, code, made)
        chosen = self._curing(tried, right, wrong)
        if not chosen and (wrong & ~self.caused).any():
            # One edit of the solution that gives the very numbers says more than two that mend.
            tried = yield from self.point.search_pairs(Side.STUDENT, code, PAIRED, made)
            chosen = self._curing(tried, right, wrong)
        if not chosen:
            return None
        tried = yield from self.point.confirm(Side.STUDENT, code, chosen, made)
        found = self._witnesses(tried, Role.CURE, right.base, wrong, keeps=True)
        return found[0] if found else None

    def _curing(self, tried: Trialled | None, right: Trialled, wrong: Flags) -> list[int]:
        """Return the edits that make a value right on the first case, and spoil none."""
        if tried is None:
            return []
        first = right.base[:1]
        was_right = self.point.is_same(tried.base, first)
        hits = []
        for index, numbers in zip(tried.indices, tried.numbers, strict=True):
            is_right = self.point.is_same(numbers, first)
            if (is_right & wrong).any() and not (was_right & ~is_right).any():
                hits.append((-int((is_right & wrong).sum()), index))
        return [index for _, index in sorted(hits)[:_MOST_CONFIRMED]]

    def _witnesses(
        self,
        tried: Trialled | None,
        role: Role,
        target: Floats,
        wrong: Flags,
        *,
        keeps: bool = False,
    ) -> list[Witness]:
        """Return the edits that give the target's numbers on every case, the best first."""
        if tried is None:
            return []
        found = []
        was_same = self.point.is_same(tried.base, target)
        for index, numbers in zip(tried.indices, tried.numbers, strict=True):
            same = self.point.is_same(numbers, target)
            edits = tuple(
                (told, name_mistake(told, role, self.facts))
                for told in tried.edits
                if told.index == index
            )
            is_spoiling = keeps and bool((was_same & ~same).any())
            if edits and (same & wrong).any() and not is_spoiling:
                found.append(Witness(index, edits, same & wrong))
        return sorted(found, key=lambda one: one.rank)

    def _tell(self, witness: Witness, role: Role, explained: Flags) -> None:
        names = tuple(n for n, is_it in zip(self.point.names, explained, strict=True) if is_it)
        known = self._known_of(names) if len(witness.edits) == 1 else None
        tell = _tell_cure if role is Role.CURE else _tell_cause
        self.told.append(tell(witness, names, known))

    def _known_of(self, names: Sequence[str]) -> Diagnosis | None:
        """Return what the values alone have told, where they tell the same of all of these."""
        known = [self.known[n] for n in names if n in self.known]
        is_agreed = len(known) == len(names) and len({one.code for one in known}) == 1
        return known[0] if is_agreed else None


def _tell_cure(
    witness: Witness, names: Sequence[str], known: Diagnosis | None
) -> tuple[tuple[str, ...], list[Diagnosis]]:
    """Return the diagnoses of what mends a student's program, and the values that it mends."""
    diagnoses = []
    for told, mistake in witness.edits:
        place = f"{told.file} line {told.line}" if told.line else told.file
        code, sentence = mistake.code, f"{place}, in `{told.statement}`: {mistake.phrase}."
        if _is_better(known, code):
            code = known.code
            sentence = f"{known.message} It can be mended in {place}: `{told.statement}`."
        diagnoses.append(Diagnosis(code, sentence, f"{place} ({_listed(names)})"))
    return tuple(names), diagnoses


def _tell_cause(
    witness: Witness, names: Sequence[str], known: Diagnosis | None
) -> tuple[tuple[str, ...], list[Diagnosis]]:
    """Return the diagnoses of what makes the solution as wrong; nothing of its text is told."""
    diagnoses = []
    for _, mistake in witness.edits:
        code = mistake.code
        sentence = f"Your {_listed(names)} is what comes out of {mistake.phrase}."
        if _is_better(known, code):
            code, sentence = known.code, known.message
        diagnoses.append(Diagnosis(code, sentence, names[0]))
    return tuple(names), diagnoses


def _is_better(known: Diagnosis | None, code: str) -> TypeGuard[Diagnosis]:
    """Whether what the values alone have told says more than an edit's code."""
    return known is not None and (code in PLAIN or known.code not in PLAIN)


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
