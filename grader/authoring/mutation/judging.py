"""Grades mutants as submissions are graded, within limits that the solution's own needs suggest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.authoring.mutation.comparing import Comparer
from grader.authoring.mutation.mutants import Mutant, write_mutant
from grader.authoring.mutation.results import Judged, State
from grader.calls import Passed, Raised
from grader.checks.ask import Answer, Ask
from grader.errors import AssignmentError
from grader.expected import ExpectedValues
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import CheckResult, Report, Verdict
from grader.sandbox.pool import Slot
from grader.spec import Assignment, CheckSpec

_PATIENCE = 10.0
"""A mutant may take so many times what the solution takes."""
_LEAST_CPU_S, _LEAST_WALL_S = 0.3, 5.0
"""A loop without end uses the processor; a busy machine makes everybody wait."""
_UNDECIDED = (Verdict.SKIPPED, Verdict.INTERNAL_ERROR)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was found out about the solution, which whoever judges mutants needs."""

    checks: tuple[CheckSpec, ...]
    """Each by itself, and within tighter limits."""
    reached: Mapping[str, frozenset[str]]
    """By function: the checks that fail when it raises, so that call it."""


@dataclass(slots=True)
class Judge:
    """Judges mutants of one assignment in one slot."""

    assignment: Assignment
    slot: Slot
    expected: ExpectedValues
    seed: int
    knowledge: Knowledge = field(default_factory=lambda: Knowledge((), {}))
    comparer: Comparer = field(init=False)

    def __post_init__(self) -> None:
        self.comparer = Comparer(self.assignment, self.slot, self.seed)

    def study(self, raising: Mapping[str, Mutant]) -> Knowledge:
        """Return what the solution needs, and which checks call which function; and keep it.

        Raises
        ------
        AssignmentError
            Where the solution does not pass all checks: nothing can be said of wrong ones then.
        """
        checks = [one.model_copy(update={"needs": ()}) for one in self.assignment.spec.checks]
        report = self._grade(self.assignment.solution, checks)
        for result in report.results:
            if not result.is_passed:
                raise AssignmentError(
                    f"the solution does not pass {result.check}: {result.judgement.message}",
                    remedy=f"mend it first: grader assignment validate {self.assignment.slug}",
                )
        used = {result.check: result for result in report.results}
        tightened = tuple(_tighten(check, used[check.id]) for check in checks)
        reached = {}
        for function, mutant in raising.items():
            texts = write_mutant(self.assignment, mutant)
            report = self._grade(texts, map(_without_carry, tightened))
            reached[function] = frozenset(one.check for one in report.results if not one.is_passed)
        self.knowledge = Knowledge(tightened, reached)
        return self.knowledge

    def judge(self, mutant: Mutant, *, is_compared: bool = True) -> Judged:
        """Return what became of a mutant: found, or not, or no mistake at all.

        The last is told by comparing it with the solution on many numbers, which may take a
        minute; without that it is a survivor, too.
        """
        reached = self.knowledge.reached.get(mutant.function, frozenset())
        checks = [check for check in self.knowledge.checks if check.id in reached]
        results = self._judge_by(mutant, list(map(_without_carry, checks)))
        failed = {one.check for one in results if not one.is_passed}
        carrying = [check for check in checks if check.id in failed and check.carry_forward]
        if carrying and len(carrying) == len(failed):
            # Nobody else has found it: would they take it for the mistake of an earlier check?
            again = self._judge_by(mutant, carrying)
            results = [*(one for one in results if one.is_passed), *again]
        judged = [one for one in results if one.judgement.verdict not in _UNDECIDED]
        killed_by = tuple(one.check for one in judged if not one.is_passed)
        state, suggestion = State.KILLED, ""
        if not killed_by and not is_compared:
            state = State.SURVIVED
        elif not killed_by:
            originals = {check.id: check for check in self.assignment.spec.checks}
            compared = self.comparer.compare(mutant, [originals[check.id] for check in checks])
            state = State.EQUIVALENT if compared.is_equivalent else State.SURVIVED
            suggestion = compared.suggestion
        return Judged(
            id=mutant.id,
            operator=mutant.operator,
            function=mutant.function,
            line=mutant.line,
            before=mutant.before,
            after=mutant.after,
            state=state,
            killed_by=killed_by,
            judged_by=tuple(one.check for one in judged),
            suggestion=suggestion,
        )

    def _judge_by(self, mutant: Mutant, checks: Sequence[CheckSpec]) -> Sequence[CheckResult]:
        if not checks:
            return ()
        try:
            return self._grade(write_mutant(self.assignment, mutant), checks).results
        except Exception as error:
            error.add_note(f"while the mutant {mutant.id} was judged")
            raise

    def _grade(self, texts: Mapping[str, str], checks: Iterable[CheckSpec]) -> Report:
        spec = self.assignment.spec
        uploads = [Upload(name, texts[name].encode()) for name in spec.files]
        narrowed = spec.model_copy(update={"checks": tuple(checks)})
        return grade(
            replace(self.assignment, spec=narrowed),
            accept_uploads(uploads, spec.files),
            self.slot,
            _PatientValues(self.expected, {check.id: check for check in spec.checks}),
            seed=self.seed,
            is_explained=False,
        )


@dataclass(frozen=True, slots=True)
class _PatientValues:
    """Asks the solution within the limits of the assignment, not those of its mutants."""

    source: ExpectedValues
    checks: Mapping[str, CheckSpec]

    def answer(self, ask: Ask, check: CheckSpec) -> Answer:
        """Pass the question on."""
        return self.source.answer(ask, self.checks[check.id])

    def call(
        self,
        name: str,
        arguments: tuple[Passed, ...],
        keywords: Mapping[str, Passed],
        check: CheckSpec,
    ) -> Passed | Raised:
        """Pass the call on."""
        return self.source.call(name, arguments, keywords, self.checks[check.id])


def _without_carry(check: CheckSpec) -> CheckSpec:
    """Return the check as it judges at first: to judge again, with calls answered, takes long."""
    return check.model_copy(update={"carry_forward": ()})


def _tighten(check: CheckSpec, used: CheckResult) -> CheckSpec:
    limits = check.limits
    cpu_time_s = max(_PATIENCE * used.cpu_time_s, _LEAST_CPU_S)
    wall_time_s = max(_PATIENCE * used.wall_time_s, _LEAST_WALL_S)
    tighter = limits.model_copy(
        update={
            "cpu_time_s": min(cpu_time_s, limits.cpu_time_s),
            "wall_time_s": min(wall_time_s, limits.wall_time_s),
        }
    )
    return check.model_copy(update={"limits": tighter})
