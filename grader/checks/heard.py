"""What was asked in a judging, and what was answered, as far as another part wants to know it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.calls import Evaluation, Returned
from grader.checks.ask import Answer, Ask, Interrupted, Judging, Side
from grader.report import Judgement


@dataclass(slots=True)
class Heard:
    """The first evaluations that went to either side in a judging, with their answers."""

    asked: tuple[Evaluation, ...] = ()
    answer: Answer = ()
    asked_solution: tuple[Evaluation, ...] = ()
    solution_answer: Answer = ()

    @property
    def seconds(self) -> float:
        """How long the student's program took to answer."""
        return sum(one.wall_time_s for one in self.answer if isinstance(one, Returned))

    def listen(self, judging: Judging) -> Judging:
        """Judge, and keep what is asked first."""
        try:
            ask = next(judging)
            while True:
                try:
                    answer = yield ask
                except Interrupted as interrupted:
                    ask = judging.throw(interrupted)
                else:
                    self._keep(ask, answer)
                    ask = judging.send(answer)
        except StopIteration as stop:
            judgement = stop.value
            assert isinstance(judgement, Judgement)
            return judgement

    def _keep(self, ask: Ask, answer: Answer) -> None:
        heard = [
            (one, answered)
            for one, answered in zip(ask.evaluations, answer, strict=True)
            if isinstance(one, Evaluation)
        ]
        if not heard:
            return
        evaluations, answers = zip(*heard, strict=True)
        if ask.side is Side.SOLUTION:
            if not self.asked_solution:
                self.asked_solution, self.solution_answer = evaluations, answers
        elif not self.asked and len(heard) == len(ask.evaluations):
            self.asked, self.answer = evaluations, answers
