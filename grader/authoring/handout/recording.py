"""What a handout must know of the solution: its answers to all that the visible checks may ask."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.answers import ExpectedValues
from grader.authoring.handout.imagined import Imagined, imagine_students
from grader.authoring.handout.masks import Masks
from grader.authoring.handout.offline.answers import KeptAnswer, Span, is_predicate
from grader.authoring.handout.offline.keys import key_of
from grader.authoring.handout.values import ValuesFile
from grader.calls import Evaluation, Passed, Question, Raised, Returned, Value
from grader.checks import Context, judge
from grader.checks.ask import Answer, Ask, Interrupted, Side
from grader.checks.property import RESULT
from grader.errors import BrokenSolution
from grader.report import Verdict
from grader.sandbox import messages
from grader.spec import CheckSpec, PropertyCheck, SourceCheck


class Recorder:
    """Passes on what is asked of the solution, and keeps its answers."""

    def __init__(
        self, source: ExpectedValues, wanted: Sequence[CheckSpec], values: ValuesFile
    ) -> None:
        self._source = source
        self._wanted = {check.id for check in wanted if not isinstance(check, SourceCheck)}
        self._values = values
        self._masks = {check.id: Masks([check]) for check in wanted}
        self.kept: dict[str, list[KeptAnswer]] = {}

    def masks_of(self, check: CheckSpec) -> Masks:
        """Return the names that stand for what runs on the solution in a check."""
        return self._masks[check.id]

    def answer(self, ask: Ask, check: CheckSpec) -> Answer:
        """Return the solution's answer, and keep it where every student's check may ask for it.

        Of a check that students do not see, and of a rule on its text, nothing is kept.
        """
        answer = self._source.answer(ask, check)
        if not ask.cacheable or ask.is_explanation or check.id not in self._wanted:
            return answer
        if not isinstance(check, PropertyCheck):
            self._keep(ask.evaluations, answer, check)
        elif not is_predicate(ask):
            self._keep(ask.evaluations, tuple(map(_outline, answer)), check)
        return answer

    def call(
        self,
        name: str,
        arguments: tuple[Passed, ...],
        keywords: Mapping[str, Passed],
        check: CheckSpec,
    ) -> Passed | Raised:
        """Pass a call on: what is asked depends on the student's code."""
        return self._source.call(name, arguments, keywords, check)

    def _keep(self, questions: Sequence[Question], answer: Answer, check: CheckSpec) -> None:
        key = key_of([self._masks[check.id].mask(one) for one in questions])
        known = self.kept.setdefault(key.name, [])
        if any(key.is_near(one.sums) for one in known):
            return
        spans = tuple(self._put(*pair) for pair in zip(questions, answer, strict=True))
        known.append(KeptAnswer(key.sums, spans))

    def _put(self, question: Question, answer: Returned | Raised) -> Span | None:
        if isinstance(answer, Raised):
            return None
        return self._values.put(messages.write_answers([answer], [question]))


def record(check: CheckSpec, context: Context, recorder: Recorder) -> None:
    """Have the solution answer all that a check asks where imagined students are judged.

    Raises
    ------
    BrokenSolution
        Where the solution does not pass the check.
    """
    n_cases = max(len(context.cases(variant.check)) for variant in context.variants(check))
    for number, imagined in enumerate(imagine_students(check, n_cases)):
        # Only what the first one, who is right, meets is the author's mistake.
        with contextlib.nullcontext() if number == 0 else contextlib.suppress(BrokenSolution):
            _converse(check, context, recorder, imagined)


def _converse(check: CheckSpec, context: Context, recorder: Recorder, imagined: Imagined) -> None:
    judging = judge(check, context)
    with contextlib.suppress(StopIteration, Interrupted):
        ask = next(judging)
        while True:
            if _is_out_of_reach(ask):
                ask = judging.throw(Interrupted(Verdict.SKIPPED, ""))
            elif imagined.is_wrong and is_predicate(ask) and not ask.cacheable:
                ask = judging.send((Returned({RESULT: False}),) * len(ask.evaluations))
            elif ask.side is Side.SOLUTION:
                ask = judging.send(recorder.answer(ask, check))
            else:
                own = Ask(Side.SOLUTION, ask.evaluations, cacheable=False)
                right = recorder.answer(own, check)
                ask = judging.send(imagined.answer(right, [*map(_inputs_of, ask.evaluations)]))
    judging.close()


def _is_out_of_reach(ask: Ask) -> bool:
    """Whether no handout's check will have an answer to this."""
    has_stubs = any(isinstance(one, Evaluation) and one.stubs for one in ask.evaluations)
    return ask.is_explanation or has_stubs


def _inputs_of(question: Question) -> Mapping[str, Value]:
    return question.inputs if isinstance(question, Evaluation) else {}


def _outline(answer: Returned | Raised) -> Returned | Raised:
    """Return where values are zero or not finite, and whether they are those of another answer.

    That is all that a property asks of the solution's values, and it takes no room.
    """
    if isinstance(answer, Raised):
        return answer
    return replace(answer, values={name: _flatten(one) for name, one in answer.values.items()})


def _flatten(value: Value) -> Value:
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or not value.size:
        return value
    flat = np.sign(value)
    digest = hashlib.sha256(value.tobytes()).digest()
    flat[flat == flat.flat[0]] *= 1.0 + int.from_bytes(digest[:4], "big") / 2**32
    outline: Value = flat
    return outline
