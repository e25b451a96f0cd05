"""Whether a survivor behaves as the solution does, and if not, which inputs would show it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.authoring.mutation.differences import Answer, differ, has_changed_inputs, is_opaque
from grader.authoring.mutation.mutants import Mutant, write_mutant
from grader.authoring.mutation.variations import Variation, list_variations
from grader.calls import Evaluation, Raised, Returned, Value
from grader.checks.gradient import student_code
from grader.checks.output import echoed
from grader.checks.reference_point import returned_names
from grader.sandbox.pool import Slot
from grader.sandbox.program import MIB, Chunk, Limits, Program, SourceFile
from grader.sandbox.session import Session
from grader.sandbox.tiers import Side
from grader.spec import Assignment, CheckSpec, GradientCheck, OutputCheck, PropertyCheck

_LIMITS = Limits(wall_time_s=20.0, cpu_time_s=4.0, result_bytes=256 * MIB)
_MOST_DEATHS = 3
_LEAST_TRIED = 4
"""Equal on fewer variations is not equal everywhere: its own inputs, and some others."""
_VISIBLE = 1e-5
"""A relative difference that a check with the usual tolerance sees, with some room."""
_BEYOND_TOLERANCE = 10.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a survivor does on many inputs."""

    is_equivalent: bool
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """A variation of a check, what is asked, and what the solution answers."""

    check: CheckSpec
    variation: Variation
    evaluations: tuple[Evaluation, ...]
    right: tuple[Answer, ...] = ()
    jittered: tuple[Answer, ...] = ()

    @property
    def is_telling(self) -> bool:
        """Whether the solution can do something with the variation."""
        return any(isinstance(one, Returned) for one in self.right)


def _share_out(
    questions: Sequence[_Question], answers: Sequence[Answer]
) -> list[tuple[_Question, tuple[Answer, ...]]]:
    """Return each question with its part of the answers."""
    left = iter(answers)
    return [(one, tuple(itertools.islice(left, len(one.evaluations)))) for one in questions]


@dataclass(slots=True)
class Comparer:
    """Runs survivors beside the solution; what the solution answers is asked once."""

    assignment: Assignment
    slot: Slot
    seed: int
    known: dict[str, list[_Question]] = field(default_factory=dict)

    def compare(self, mutant: Mutant, checks: Sequence[CheckSpec]) -> Comparison:
        """Return whether a survivor is equivalent, and what would find it if not.

        Parameters
        ----------
        checks
            Those that call the mutated function.
        """
        asked = {check.id: self._questions(check) for check in checks}
        if not any(asked.values()):
            return Comparison(False, _advise_nothing(mutant, checks))
        found: list[tuple[int, str]] = []
        is_opaque_somewhere = False
        n_tried = 0
        with self._open(write_mutant(self.assignment, mutant)) as session:
            for questions in asked.values():
                given = _run(session, [one for each in questions for one in each.evaluations])
                for question, answers in _share_out(questions, given):
                    is_opaque_somewhere |= any(map(is_opaque, answers))
                    n_tried += question.is_telling
                    found += _find_differences(question, answers)
        if found:
            return Comparison(False, min(found, key=lambda one: one[0])[1])
        if is_opaque_somewhere:
            advice = "its values cannot be compared: add a check that returns numbers"
            return Comparison(False, advice)
        if n_tried < _LEAST_TRIED:
            advice = "it can be tried on few inputs: write the numbers of a snippet as its `inputs`"
            return Comparison(False, advice)
        return Comparison(True)

    def _open(self, texts: Mapping[str, str]) -> Session:
        spec = self.assignment.spec
        files = tuple(SourceFile(name, (Chunk(text),)) for name, text in texts.items())
        program = Program(
            files,
            support=self.assignment.support,
            data=self.assignment.data,
            allow=("*",),
            shims=tuple(spec.shims),
            package=spec.package,
        )
        return self.slot.open(Side.STUDENT, program)

    def _questions(self, check: CheckSpec) -> list[_Question]:
        if check.id not in self.known:
            texts = {name: self.assignment.solution[name] for name in self.assignment.spec.files}
            asked = list(self._list_questions(check))
            evaluations = [one for question in asked for one in question.evaluations]
            with self._open(texts) as session:
                right = _share_out(asked, _run(session, evaluations))
                jittered = _share_out(asked, _run(session, list(map(_jitter, evaluations))))
            self.known[check.id] = [
                replace(question, right=answers, jittered=others)
                for (question, answers), (_, others) in zip(right, jittered, strict=True)
            ]
        return self.known[check.id]

    def _list_questions(self, check: CheckSpec) -> Iterator[_Question]:
        snippet = _snippet(check)
        if snippet is None:
            return
        code, names = snippet
        for variation in list_variations(self.assignment.spec, check, self.seed):
            evaluations = tuple(
                Evaluation(code, case.inputs, names, seed=case.seed, echo=echoed(check, case))
                for case in variation.cases
            )
            yield _Question(check, variation, evaluations)


def _snippet(check: CheckSpec) -> tuple[str, tuple[str, ...]] | None:
    """Return what runs on a student's module, and what comes back of it."""
    match check:
        case OutputCheck():
            return check.run, tuple(check.compare)
        case GradientCheck():
            return student_code(check), returned_names(check)
        case PropertyCheck():
            return check.run, tuple(check.returns)
    return None


def _run(session: Session, evaluations: Sequence[Evaluation]) -> list[Answer]:
    """Return one answer an evaluation; what a program did not live to give is an exception.

    After some deaths it is not asked any more, and all that is left counts as they do.
    """
    answers: list[Answer] = []
    for _ in range(_MOST_DEATHS):
        outcome = session.run(evaluations[len(answers) :], _LIMITS)
        answers += outcome.answers
        if len(answers) == len(evaluations):
            return answers
        answers.append(Raised(str(outcome.exit), (), outcome.detail, in_snippet=False))
        if len(answers) == len(evaluations):
            return answers
    return [*answers, *(answers[-1] for _ in evaluations[len(answers) :])]


def _jitter(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation with inputs that differ in the last place."""
    rng = np.random.default_rng(0)
    return replace(evaluation, inputs={n: _move(one, rng) for n, one in evaluation.inputs.items()})


def _move(value: Value, rng: np.random.Generator) -> Value:
    if not (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return value
    numbers: NDArray[Any] = value
    eps = float(np.spacing(numbers.dtype.type(1)))
    moved: NDArray[Any] = numbers * (1 + eps * rng.choice([-1.0, 1.0], numbers.shape))
    return moved.astype(numbers.dtype)


def _find_differences(question: _Question, given: Sequence[Answer]) -> Iterator[tuple[int, str]]:
    """Yield what shows a mutant, each with a rank: the simplest remedy has the lowest."""
    check, variation = question.check, question.variation
    triples = list(zip(question.right, given, question.jittered, strict=True))
    useful = [one for one in triples if isinstance(one[0], Returned)]
    largest = max((differ(*one) for one in useful), default=0.0)
    if largest > _least_visible(check):
        yield _RANKS[variation.kind], _ADVICE[variation.kind](check, variation)
    elif largest > 0:
        told = f"it differs by {largest:.0e} with other inputs of {check.id}"
        yield 8, f"{told}: give it a smaller rtol, or accept it"
    elif any(has_changed_inputs(*one[:2]) for one in useful):
        yield 0, f'it overwrites an input: write mutation = "fail" into {check.id}'
    elif any(differ(*one) > 0 for one in triples):
        yield 9, f"it differs only where the solution raises, with other inputs of {check.id}"


def _least_visible(check: CheckSpec) -> float:
    rtol = getattr(check, "rtol", None)
    return _VISIBLE if rtol is None else min(_BEYOND_TOLERANCE * rtol, 0.5)


def _advise_own(check: CheckSpec, _: Variation) -> str:
    if isinstance(check, PropertyCheck):
        return f"its values differ and `holds` of {check.id} lets them pass: ask for more there"
    if check.carry_forward:
        return f"{check.id} takes it for the mistake of an earlier check, and none finds it"
    if check.accept:
        return f"{check.id} passes other values: look at its tolerance and accepted variants"
    return f"{check.id} passes other values: look at its tolerance"


_ADVICE: dict[str, Callable[[CheckSpec, Variation], str]] = {
    "own": _advise_own,
    "scale": lambda check, one: f"write {one.advice} into {check.id}",
    "shape": lambda check, one: f"write {one.advice} into {check.id}",
    "value": lambda check, one: f"give {check.id} {one.advice}",
    "dtype": lambda check, one: f"give {check.id} {one.advice}",
    "seed": lambda check, one: f"other numbers show it: give {check.id} {one.advice}",
}
_RANKS = {"own": 1, "scale": 2, "shape": 3, "value": 4, "dtype": 5, "seed": 6}


def _advise_nothing(mutant: Mutant, checks: Sequence[CheckSpec]) -> str:
    if not checks:
        return f"no check calls {mutant.function}: add one"
    return f"only {', '.join(check.id for check in checks)} calls {mutant.function}: compare values"
