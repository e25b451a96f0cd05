"""Sessions as grading knows them, each with a process of its own, and no jail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from grader.authoring.handout.offline.child_process import ChildProcess, Reply
from grader.calls import Imports, Inspection, Question, Raised, Returned, Value
from grader.sandbox import messages
from grader.sandbox.guest import wire
from grader.sandbox.program import Exit, Limits, LoadFailure, Outcome, Program, Stub, Usage
from grader.sandbox.sides import Side


@dataclass(frozen=True, slots=True)
class HomeSlot:
    """Opens sessions on a student's own machine."""

    root: Path
    """The folder that holds this package."""
    folder: Path
    """Where a program finds the data files."""
    tier: str = "none"
    environments: Path | None = None

    def open(self, side: Side, program: Program) -> HomeSession:
        """Return a session of a program; nothing of it runs before the first request."""
        del side
        return HomeSession(self, program)


class HomeSession:
    """One program, and the process in which it is loaded."""

    def __init__(self, slot: HomeSlot, program: Program) -> None:
        self._slot = slot
        self._program = program
        self._child: ChildProcess | None = None
        self._load_time_s = 0.0
        self._notes: tuple[str, ...] = ()
        self._failures: tuple[LoadFailure, ...] = ()
        self._facts: dict[Question, Outcome] = {}
        self._imports: list[Value] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        evaluations: Sequence[Question],
        limits: Limits,
        stubs: Mapping[str, Stub] = MappingProxyType({}),
    ) -> Outcome:
        """Answer the evaluations in order, as far as the program lets itself be run."""
        assert not stubs
        if any(isinstance(one, Inspection) for one in evaluations):
            return self._inspect(evaluations, limits)
        is_about_imports = all(isinstance(one, Imports) for one in evaluations)
        if self._child is None and is_about_imports:
            told = (Returned({"facts": self._imports}),) * len(evaluations)
            return Outcome(Exit.FINISHED, told, notes=self._notes, failures=self._failures)
        if self._child is None:
            failed = self._load(limits)
            if failed is not None:
                return failed
        asked = [one for one in evaluations if not isinstance(one, Inspection)]
        body, replies = messages.run_request(asked, limits)
        assert self._child is not None
        reply = self._child.exchange(wire.RUN, body, limits, replies)
        outcome = self._conclude(evaluations, reply)
        if is_about_imports:
            return replace(outcome, answers=tuple(map(self._with_earlier, outcome.answers)))
        return outcome

    def _load(self, limits: Limits) -> Outcome | None:
        """Start a process and load the program; return an outcome where that did not end well."""
        self._child = ChildProcess(self._slot.root, self._slot.folder)
        body = messages.load_request(self._program, "")
        replies = messages.load_replies(self._program)
        reply = self._child.exchange(wire.LOAD, body, limits, replies)
        end, detail = reply.exit, f"while the file was loaded: {reply.detail}"
        if end is Exit.FINISHED:
            try:
                self._notes, failures = messages.load_report(reply.frames)
            except wire.ProtocolError:
                end, detail = Exit.CRASH, "while the file was loaded: no load report"
            else:
                self._load_time_s = reply.wall_time_s
                self._failures = tuple(failure for failure, _ in failures)
                return None
        self.close()
        return self._outcome(reply, (), end, detail)

    def _inspect(self, evaluations: Sequence[Question], limits: Limits) -> Outcome:
        """Answer from a process in which nothing of the program was or will be run."""
        [question] = evaluations
        assert isinstance(question, Inspection)
        if question not in self._facts:
            child = ChildProcess(self._slot.root, self._slot.folder)
            try:
                body = [messages.files_of(self._program), question.pattern]
                replies = messages.inspect_replies(self._program)
                reply = child.exchange(wire.INSPECT, body, limits, replies)
            finally:
                child.end()
            outcome = self._conclude(evaluations, reply)
            if outcome.exit is not Exit.FINISHED:
                return outcome
            self._facts[question] = replace(outcome, usage=Usage(), load_time_s=0.0, output="")
        return self._facts[question]

    def _conclude(self, evaluations: Sequence[Question], reply: Reply) -> Outcome:
        try:
            answers = tuple(map(messages.answer_of, evaluations, reply.frames))
        except wire.ProtocolError as error:
            self.close()
            return self._outcome(reply, (), Exit.CRASH, f"what it sent is not an answer: {error}")
        if reply.exit is not Exit.FINISHED:
            self.close()
        elif len(answers) < len(evaluations):
            self.close()
            return self._outcome(reply, answers, Exit.CRASH, "it left an evaluation unanswered")
        return self._outcome(reply, answers, reply.exit, reply.detail)

    def _outcome(
        self, reply: Reply, answers: tuple[Returned | Raised, ...], end: Exit, detail: str
    ) -> Outcome:
        load_time_s, self._load_time_s = self._load_time_s, 0.0
        return Outcome(
            end,
            answers,
            Usage(wall_time_s=reply.wall_time_s),
            load_time_s,
            reply.output,
            detail,
            self._notes,
            self._failures,
        )

    def _with_earlier(self, answer: Returned | Raised) -> Returned:
        """Return the imports that this process tells, with those that earlier ones have told."""
        told = answer.values["facts"] if isinstance(answer, Returned) else []
        self._imports += told if isinstance(told, list) else []
        return Returned({"facts": self._imports})

    def renew(self) -> None:
        """Forget all that the program has seen: the next request starts a fresh process."""
        if self._child is not None and self._program.is_watched:
            self.run((Imports(),), Limits())
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        if self._child is not None:
            self._child.end()
        self._child = None
