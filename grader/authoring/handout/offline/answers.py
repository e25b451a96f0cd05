"""What the solution answered when the handout was made, in the place of the solution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.authoring.handout.offline.keys import key_of
from grader.calls import Evaluation, Passed, Question, Raised, Returned
from grader.checks.ask import Answer, Ask, Interrupted
from grader.checks.property import RESULT
from grader.report import Verdict
from grader.sandbox import messages
from grader.spec import CheckSpec, PropertyCheck, SourceCheck

ONLY_SERVER = "Only the server can judge this further: hand it in."
UNKNOWN_NAMES = ("NameError", "ImportError", "ModuleNotFoundError", "AttributeError")
"""What a predicate raises where it needs the solution after all."""

Span = tuple[int, int]
"""Where bytes begin in the file of values, and where they end."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer of the solution's to what was asked at once."""

    sums: tuple[float, ...]
    spans: tuple[Span | None, ...]
    """The frame of each answer; none where the solution raised."""


class StoredAnswers:
    """Answers what checks ask of the solution, as far as it was asked before."""

    def __init__(
        self,
        kept: Mapping[str, Sequence[KeptAnswer]],
        values: bytes,
        predict: Callable[[Sequence[Question], CheckSpec], Answer],
    ) -> None:
        self._kept = kept
        self._values = values
        self._predict = predict
        """Runs an author's predicate, which needs no solution."""

    def answer(self, ask: Ask, check: CheckSpec) -> Answer:
        """Return one answer an evaluation; raise Interrupted where the solution is needed."""
        if isinstance(check, SourceCheck):
            return (_obedient(check),)
        if isinstance(check, PropertyCheck) and is_predicate(ask):
            return self._judge_by_predicate(ask, check)
        found = self._find(ask.evaluations) if ask.cacheable else None
        if found is None:
            raise Interrupted(Verdict.SKIPPED, ONLY_SERVER)
        return found

    def call(
        self,
        name: str,
        arguments: tuple[Passed, ...],
        keywords: Mapping[str, Passed],
        check: CheckSpec,
    ) -> Passed | Raised:
        """Raise Interrupted: a function of the solution's is not here to be called."""
        del name, arguments, keywords, check
        raise Interrupted(Verdict.SKIPPED, ONLY_SERVER)

    def _judge_by_predicate(self, ask: Ask, check: CheckSpec) -> Answer:
        if ask.cacheable:
            # On the solution's own values, where it was seen to hold when the handout was made.
            return (Returned({RESULT: True}),) * len(ask.evaluations)
        answer = self._predict(ask.evaluations, check)
        if any(isinstance(one, Raised) and one.kind in UNKNOWN_NAMES for one in answer):
            raise Interrupted(Verdict.SKIPPED, ONLY_SERVER)
        return answer

    def _find(self, questions: Sequence[Question]) -> Answer | None:
        key = key_of(questions)
        for one in self._kept.get(key.name, ()):
            if key.is_near(one.sums):
                return self._read(one, questions)
        return None

    def _read(self, kept: KeptAnswer, questions: Sequence[Question]) -> Answer | None:
        answers: list[Returned | Raised] = []
        for span, question in zip(kept.spans, questions, strict=True):
            if span is None:
                answers.append(Raised("Exception", (), "", in_snippet=False))
                continue
            read = messages.read_answers(self._values[slice(*span)], [question])
            if read is None:
                return None
            answers += read
        return tuple(answers)


def is_predicate(ask: Ask) -> bool:
    """Whether it is a property's predicate that is asked, and no values."""
    return all(isinstance(one, Evaluation) and one.returns == (RESULT,) for one in ask.evaluations)


def _obedient(check: SourceCheck) -> Returned:
    """Return the facts of a text that keeps the rules: the solution's kept them when it was asked.

    What the solution's text names is not in a handout.
    """
    facts: list[object] = [["define", one, "solution.py", 1] for one in check.define]
    return Returned({"facts": facts})  # type: ignore[dict-item]
