"""A session: one program and its worker, and where that dies, a fresh one that goes on."""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol, Self

from grader.calls import Call, Imports, Inspection, Question, Raised, Returned, Value
from grader.errors import SandboxFailure
from grader.sandbox import messages
from grader.sandbox.exchange import Exchange, Reply, await_ready
from grader.sandbox.frames import Replies
from grader.sandbox.guest import wire
from grader.sandbox.guest.confine import WorkerLimits
from grader.sandbox.jail import Jail, Worker
from grader.sandbox.memory import Memory, explain_shortage, read_memory
from grader.sandbox.packages import Packages
from grader.sandbox.program import Exit, Limits, LoadFailure, Outcome, Program, Stub, Usage
from grader.sandbox.stubs import StubCalls, StubFailed
from grader.sandbox.tiers import Side, Tier

_ATTEMPTS = 3
_SHORTEST_S = 0.001
_MOST_IMPORTS = 10_000
_WORKER_CPU_S = 3600
"""The kernel's own limit for a worker's whole life; what counts is measured request by request."""


class JailSource(Protocol):
    """Where a session gets its jail from, and another when that has failed."""

    tier: Tier

    def start(self, side: Side, packages: Packages | None = None) -> Jail:
        """Return the jail of a side and of an assignment's packages."""

    def restart(self, side: Side, packages: Packages | None = None) -> None:
        """Give up such a jail."""


class Session:
    """One program, and the worker in which it is loaded."""

    def __init__(self, slot: JailSource, side: Side, program: Program) -> None:
        self.slot = slot
        self.side = side
        self.program = program
        self._worker: Worker | None = None
        self._jail: Jail | None = None
        self._memory_bytes = 0
        self._memory = Memory()
        self._index = 0
        self._load_time_s = 0.0
        self._notes: tuple[str, ...] = ()
        self._failures: tuple[LoadFailure, ...] = ()
        self._facts: dict[Question, Outcome] = {}
        self._imports: list[Value] = []
        """What the workers before have told of the program's imports."""

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
        """Answer the evaluations in order, as far as the program lets itself be run.

        A failure of ours is retried in a fresh jail; what the program does is its outcome. What
        one of the `stubs` raises ends the request and is raised here: then another stub may have
        been called before, and nothing is asked twice.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._run_once(evaluations, limits, stubs)
            except StubFailed as failed:
                raise failed.error from None
            except SandboxFailure:
                self._end_worker()
                self.slot.restart(self.side, self.program.packages)
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _run_once(
        self, evaluations: Sequence[Question], limits: Limits, stubs: Mapping[str, Stub]
    ) -> Outcome:
        questions = [one for one in evaluations if not isinstance(one, Inspection)]
        if len(questions) < len(evaluations):
            return self._inspect(evaluations, limits)
        is_about_imports = all(isinstance(one, Imports) for one in questions)
        if self._worker is None and is_about_imports:
            answers = (Returned({"facts": self._imports}),) * len(questions)
            return Outcome(Exit.FINISHED, answers, notes=self._notes, failures=self._failures)
        if self._worker is None or limits.memory_bytes != self._memory_bytes:
            self.renew()
            failed_load = self._load(_within_total(limits))
            if failed_load is not None:
                return failed_load
            limits = _after(limits, self._load_time_s)
        body, replies = messages.run_request(questions, limits)
        names = [() if isinstance(one, Call | Imports) else one.stubs for one in questions]
        calls = StubCalls(stubs, names)
        reply = self._exchange(wire.RUN, body, _within_total(limits), replies, calls)
        outcome = self._conclude(evaluations, reply)
        if is_about_imports:
            return replace(outcome, answers=tuple(map(self._with_earlier, outcome.answers)))
        return outcome

    def _with_earlier(self, answer: Returned | Raised) -> Returned:
        """Return the imports that a worker tells, with those that the workers before have told."""
        told = answer.values["facts"] if isinstance(answer, Returned) else []
        self._imports += told if isinstance(told, list) else []
        del self._imports[_MOST_IMPORTS:]
        return Returned({"facts": self._imports})

    def _inspect(self, evaluations: Sequence[Question], limits: Limits) -> Outcome:
        """Answer from a worker of its own, in which nothing of the program was or will be run.

        A source does not change: it is looked at once.
        """
        [question] = evaluations
        assert isinstance(question, Inspection)
        if question not in self._facts:
            self._end_worker()
            self._start_worker(limits)
            body = [messages.files_of(self.program), question.pattern]
            replies = messages.inspect_replies(self.program)
            reply = self._exchange(wire.INSPECT, body, limits, replies)
            self._end_worker()
            outcome = self._conclude(evaluations, reply)
            if outcome.exit is not Exit.FINISHED:
                return outcome
            self._facts[question] = replace(outcome, usage=Usage(), load_time_s=0.0, output="")
            return outcome
        return self._facts[question]

    def _conclude(self, evaluations: Sequence[Question], reply: Reply) -> Outcome:
        """Return the answers of a reply; frames that are no answers are the program's crash."""
        try:
            answers = tuple(map(messages.answer_of, evaluations, reply.frames))
        except wire.ProtocolError as error:
            self._end_worker()
            return self._outcome(reply, (), Exit.CRASH, f"what it sent is not an answer: {error}")
        for n_before, answer in enumerate(answers):
            if isinstance(answer, Raised) and (shortage := self._explain_raised(answer, reply)):
                # What it holds, it would go on holding in the checks that follow.
                self._end_worker()
                return self._outcome(reply, answers[:n_before], Exit.MEMORY_LIMIT, shortage)
        if reply.exit is Exit.FINISHED and len(answers) < len(evaluations):
            self._end_worker()
            return self._outcome(reply, answers, Exit.CRASH, "it left an evaluation unanswered")
        return self._outcome(reply, answers, reply.exit, reply.detail)

    def _outcome(
        self, reply: Reply, answers: tuple[Returned | Raised, ...], end: Exit, detail: str
    ) -> Outcome:
        load_time_s, self._load_time_s = self._load_time_s, 0.0
        return Outcome(
            end,
            answers,
            reply.usage,
            load_time_s,
            reply.output,
            detail,
            self._notes,
            self._failures,
            reply.stub_calls,
        )

    def _explain_raised(self, raised: Raised, reply: Reply) -> str:
        """Return limit and measured value where an evaluation ran out of memory, else ""."""
        if "MemoryError" not in (raised.kind, *raised.bases):
            return ""
        shortage = explain_shortage(reply.memory, self._memory_bytes, is_refused=raised.is_refused)
        place = f", line {raised.line} of {raised.file}" if raised.line and raised.file else ""
        return shortage and shortage + place

    def _explain_failure(self, failure: LoadFailure, *, is_refused: bool) -> LoadFailure:
        """Return what a chunk raised, with limit and measured value where it is memory."""
        if "MemoryError" not in failure.kind:
            return failure
        shortage = explain_shortage(self._memory, self._memory_bytes, is_refused=is_refused)
        return replace(failure, message=shortage, is_out_of_memory=True) if shortage else failure

    # Workers

    def _load(self, limits: Limits) -> Outcome | None:
        """Start a worker and load the program; return an outcome where that did not end well."""
        self._start_worker(limits)
        body = messages.load_request(self.program, self._place_data())
        reply = self._exchange(wire.LOAD, body, limits, messages.load_replies(self.program))
        if reply.exit is not Exit.FINISHED:
            return self._outcome(
                reply, (), reply.exit, f"while the file was loaded: {reply.detail}"
            )
        try:
            self._notes, failures = messages.load_report(reply.frames)
        except wire.ProtocolError:
            self._end_worker()
            return self._outcome(reply, (), Exit.CRASH, "while the file was loaded: no load report")
        self._load_time_s = reply.usage.wall_time_s
        if failures:
            assert self._worker is not None
            self._memory = read_memory(self._worker.pid)
        self._failures = tuple(
            self._explain_failure(failure, is_refused=is_refused)
            for failure, is_refused in failures
        )
        return None

    def _place_data(self) -> str:
        """Return the read-only folder in which a worker finds the data files, "" without any."""
        assert self._jail is not None
        if not self.program.data:
            return ""
        folder = self._jail.data / _digest(self.program.data)
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755)
            for name, content in self.program.data.items():
                (folder / name).write_bytes(content)
                (folder / name).chmod(0o644)
        return str(self._jail.path_inside(folder))

    def _start_worker(self, limits: Limits) -> None:
        self._jail = self.slot.start(self.side, self.program.packages)
        self._worker = self._jail.take(WorkerLimits(limits.memory_bytes, _WORKER_CPU_S))
        self._memory_bytes = limits.memory_bytes
        self._index = 0
        await_ready(self._worker)
        self._memory = read_memory(self._worker.pid)

    def _exchange(
        self,
        kind: int,
        body: Any,
        limits: Limits,
        replies: Replies,
        calls: StubCalls | None = None,
    ) -> Reply:
        assert self._jail is not None
        assert self._worker is not None
        self._index += 1
        request = wire.frame(self._index, kind, wire.encode(body, wire.INTO_BOX))
        replies = replace(replies, request=self._index)
        exchange = Exchange(self._jail, self._worker, limits, replies, self._memory, calls)
        try:
            reply = exchange.run(request, measures_memory=kind != wire.LOAD)
        except SandboxFailure:
            raise
        except BaseException:
            self.close()  # in the middle of a request it can answer no other
            raise
        self._memory = reply.memory
        if reply.exit is not Exit.FINISHED:
            self._end_worker()
        return reply

    def _end_worker(self) -> None:
        if self._worker is not None and self._jail is not None:
            self._jail.give_back(self._worker)
        self._worker = None

    def renew(self) -> None:
        """Forget all that the program has seen: the next request starts a fresh worker."""
        if self._worker is not None and self.program.is_watched:
            with contextlib.suppress(SandboxFailure):
                self._run_once((Imports(),), Limits(memory_bytes=self._memory_bytes), {})
        self.close()

    def close(self) -> None:
        """End the worker, if there is one."""
        self._end_worker()


def _digest(data: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(data.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _within_total(limits: Limits) -> Limits:
    if limits.wall_time_s <= limits.total_time_s:
        return limits
    return replace(limits, wall_time_s=max(limits.total_time_s, _SHORTEST_S))


def _after(limits: Limits, load_time_s: float) -> Limits:
    if math.isinf(limits.total_time_s):
        return limits
    return replace(limits, total_time_s=limits.total_time_s - load_time_s)
