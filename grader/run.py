"""The checks of one run, one after the other, against the run's clock and its jails."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from grader.answers import ExpectedValues, most_calls, stubs_of, with_counts
from grader.boxes import Box
from grader.calls import Passed, Raised, Returned
from grader.checks import Context, judge
from grader.checks.ask import Answer, Ask, Interrupted, Side
from grader.errors import BrokenSolution, SandboxFailure
from grader.report import CheckResult, Judgement, LeaderboardEntry, Verdict
from grader.sandbox.messages import size_of_answers
from grader.sandbox.program import (
    MIB,
    RESULT_BYTES,
    Exit,
    Limits,
    LoadFailure,
    Outcome,
    Stub,
    Usage,
)
from grader.spec import Assignment, CheckSpec, Visibility

_RESULT_FACTOR = 8
_LEAST_RESULT_BYTES = 4 * MIB
MAX_TIME_LIMITS = 2
"""After so many time-outs the checks that are left are skipped."""

_EXPLAINING = Limits(wall_time_s=6.0, cpu_time_s=6.0, output_bytes=16 * MIB)
_MOST_EXPLAINING_S = 3.0
"""After so long in a run, failures are told without a further search for the mistake."""
_BUSY = 2.5
"""How much longer that may take by the clock, where others compute beside it."""

_VERDICT_OF_EXIT = {
    Exit.CRASH: Verdict.CRASH,
    Exit.TIME_LIMIT: Verdict.TIME_LIMIT,
    Exit.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Exit.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Exit.FORBIDDEN: Verdict.FORBIDDEN,
}


def hidden_rank(check: CheckSpec) -> int:
    """Return how hidden a check is: 0 for one that students always see."""
    return list(Visibility).index(check.visible)


@dataclass
class _Spent:
    """What the student's code has used and printed in one check."""

    wall_time_s: float = 0.0
    cpu_time_s: float = 0.0
    memory_bytes: int = 0
    output: list[str] = field(default_factory=list)
    expected_bytes: int = 0
    """The size of what the solution returned, where it has been asked."""
    with_stubs: _Spent | None = None
    """The part of it with functions answered from outside, which has the limits once more."""
    answering_s: float = 0.0
    """Time that answering them took."""

    def add(self, usage: Usage, output: str) -> None:
        self.wall_time_s += usage.wall_time_s
        self.cpu_time_s += usage.cpu_time_s
        self.memory_bytes = max(self.memory_bytes, usage.memory_bytes)
        self.output.append(output)

    def part(self, *, has_stubs: bool) -> _Spent:
        """Return what counts against the limits of a request."""
        if not has_stubs:
            return self
        self.with_stubs = self.with_stubs or _Spent()
        self.with_stubs.expected_bytes = self.expected_bytes
        return self.with_stubs


class Run:
    """The state of one run: its clock, its time-outs, and what loading the files showed."""

    def __init__(
        self,
        assignment: Assignment,
        session: Box,
        editor: Box | None,
        expected: ExpectedValues,
        context: Context,
        explains_until: Collection[str] | None = None,
    ) -> None:
        self._checks = assignment.spec.checks
        self._total_time_s = assignment.spec.limits.total_time_s
        self._session = session
        self._editor = editor
        """Runs edited programs, which may leave anything behind: it is renewed each time."""
        self._expected = expected
        self._context = context
        self._elapsed_s = 0.0
        self._n_time_limits = 0
        self._loaded: Outcome | None = None
        self._most_hidden = 0
        self._explaining_s = 0.0
        self._unmade = None if explains_until is None else set(explains_until)
        """Codes for which mistakes are searched; None is for all that can be told."""
        self._is_told = False
        """Whether the worker has been told right values, by functions answered from outside."""
        self.leaderboard: tuple[LeaderboardEntry, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What loading the submission showed, for the report as a whole."""
        if self._loaded is None:
            return ()
        told = (_SENTENCE_OF_NOTE.get(note, note) for note in self._loaded.notes)
        return (*told, *map(_describe_failure, self._loaded.failures))

    def judge(self, check: CheckSpec, before: dict[str, CheckResult]) -> CheckResult:
        """Return what became of one check."""
        spent = _Spent()
        self._keep_hidden_inputs(check)
        if self._is_told:
            self._renew()
        blocked_by = tuple(
            needed for needed in check.needs if needed in before and not before[needed].is_passed
        )
        if blocked_by:
            judgement = Judgement(
                Verdict.SKIPPED, f"Skipped: it builds on {', '.join(blocked_by)}, not passed yet."
            )
        elif self._n_time_limits >= MAX_TIME_LIMITS:
            judgement = Judgement(
                Verdict.SKIPPED, f"Skipped after {MAX_TIME_LIMITS} checks ran out of time."
            )
        elif self._elapsed_s >= self._total_time_s:
            judgement = Judgement(
                Verdict.SKIPPED,
                f"Skipped: the {self._total_time_s:g} s for the whole submission are used up.",
            )
        else:
            judgement = self._with_load_notes(self._explain(self._converse(check, spent)))
        if self._unmade is not None:
            self._unmade -= {judgement.verdict.value, *(one.code for one in judgement.diagnosis)}
        return CheckResult(
            check=check.id,
            title=check.title,
            number=1 + [one.id for one in self._checks].index(check.id),
            points=check.points,
            visible=check.visible,
            hint=check.hint,
            judgement=judgement,
            output="".join(spent.output),
            wall_time_s=spent.wall_time_s,
            cpu_time_s=spent.cpu_time_s,
            memory_bytes=spent.memory_bytes,
            blocked_by=blocked_by,
        )

    def _keep_hidden_inputs(self, check: CheckSpec) -> None:
        """Give a check that comes after a more hidden one a worker that has seen nothing of it.

        That order happens only where a visible check needs a hidden one.
        """
        rank = hidden_rank(check)
        if rank < self._most_hidden:
            self._session.renew()
        self._most_hidden = rank

    def _converse(self, check: CheckSpec, spent: _Spent) -> Judgement:
        """Answer what the check asks until it knows."""
        judging = judge(check, self._context)
        try:
            ask = next(judging)
            while True:
                try:
                    answer = self._answer(ask, check, spent)
                except Interrupted as interrupted:
                    # The check may know enough without this answer.
                    ask = judging.throw(interrupted)
                else:
                    ask = judging.send(answer)
        except StopIteration as stop:
            judgement = stop.value
            assert isinstance(judgement, Judgement)
            return judgement
        except Interrupted as interrupted:
            if interrupted.verdict is Verdict.TIME_LIMIT:
                self._n_time_limits += 1
            return Judgement(interrupted.verdict, interrupted.message)

    def _answer(self, ask: Ask, check: CheckSpec, spent: _Spent) -> Answer:
        if ask.is_explanation:
            return self._explain_with(ask, check)
        if ask.side is Side.SOLUTION:
            expected = self._expected.answer(ask, check)
            spent.expected_bytes = max(spent.expected_bytes, size_of_answers(expected))
            return expected
        names = {name for one in ask.evaluations for name in stubs_of(one)}
        if ask.is_fresh or (self._is_told and not names):
            self._renew()
        part = spent.part(has_stubs=bool(names))
        stubs = {
            name: Stub(partial(self._call, name, check, part), most_calls(check)) for name in names
        }
        self._is_told = bool(names)
        outcome = self._session.run(ask.evaluations, self._limits_left(check, part), stubs)
        self._loaded = outcome
        self._elapsed_s += outcome.usage.wall_time_s + outcome.load_time_s
        spent.add(outcome.usage, "" if names or ask.is_silent else outcome.output)
        if names:
            part.add(outcome.usage, outcome.output)
        if outcome.exit is not Exit.FINISHED:
            verdict = _VERDICT_OF_EXIT[outcome.exit]
            raise Interrupted(verdict, self._explain_exit(outcome))
        if not names:
            self._rank(outcome, check)
            return outcome.answers
        return tuple(map(partial(with_counts, outcome.stub_calls), outcome.answers))

    def _renew(self) -> None:
        self._session.renew()
        self._is_told = False

    def _call(
        self,
        name: str,
        check: CheckSpec,
        spent: _Spent,
        arguments: tuple[Passed, ...],
        keywords: Mapping[str, Passed],
    ) -> Passed | Raised:
        """Answer a call out of the student's box, as long as all of them do not take too long."""
        limit_s, started_s = check.limits.wall_time_s, time.perf_counter()
        if spent.answering_s > limit_s:
            told = f"Calls of our {name} took more than the {limit_s:g} s of this check."
            raise Interrupted(Verdict.TIME_LIMIT, told)
        answer = self._expected.call(name, arguments, keywords, check)
        spent.answering_s += time.perf_counter() - started_s
        return answer

    def _explain_with(self, ask: Ask, check: CheckSpec) -> Answer:
        """Answer what only serves to say more of a failure: it is charged to nobody."""
        is_over = self._explaining_s > _MOST_EXPLAINING_S or self._unmade == set()
        if self._editor is None or is_over:
            raise Interrupted(Verdict.TIME_LIMIT, "")
        started, computed_s = time.monotonic(), 0.0
        try:
            if ask.side is Side.SOLUTION:
                return self._expected.answer(ask, check)
            outcome = self._editor.run(ask.evaluations, _EXPLAINING)
            computed_s = outcome.usage.cpu_time_s
        except (BrokenSolution, SandboxFailure) as error:
            raise Interrupted(Verdict.TIME_LIMIT, str(error)) from error
        finally:
            self._editor.renew()
            # Where the machine is busy, the clock runs on while nothing is searched.
            self._explaining_s += max(computed_s, (time.monotonic() - started) / _BUSY)
        if outcome.exit is not Exit.FINISHED:
            raise Interrupted(_VERDICT_OF_EXIT[outcome.exit], outcome.detail)
        return outcome.answers

    def _rank(self, outcome: Outcome, check: CheckSpec) -> None:
        """Note the value by which submissions are ranked, where this check returned it."""
        leaderboard = self._context.spec.leaderboard
        if leaderboard is None:
            return
        for answer in outcome.answers:
            if isinstance(answer, Returned) and leaderboard.value in answer.values:
                value = np.asarray(answer.values[leaderboard.value])
                if value.size == 1 and value.dtype.kind in "biuf":
                    entry = LeaderboardEntry(
                        leaderboard.value, float(value.item()), leaderboard.order, check.id
                    )
                    self.leaderboard = (entry,)

    def _limits_left(self, check: CheckSpec, spent: _Spent) -> Limits:
        limits = check.limits
        result_bytes = RESULT_BYTES
        if spent.expected_bytes:
            # Room for wrong shapes: they are wrong values, and only far larger ones a limit.
            result_bytes = max(spent.expected_bytes * _RESULT_FACTOR, _LEAST_RESULT_BYTES)
        return Limits(
            wall_time_s=max(limits.wall_time_s - spent.wall_time_s, 0.001),
            total_time_s=self._total_time_s - self._elapsed_s,
            cpu_time_s=max(limits.cpu_time_s - spent.cpu_time_s, 0.001),
            memory_bytes=limits.memory_bytes,
            output_bytes=max(limits.output_bytes - sum(map(len, spent.output)), 0),
            result_bytes=result_bytes,
        )

    def _explain_exit(self, outcome: Outcome) -> str:
        if outcome.exit is Exit.TIME_LIMIT and self._elapsed_s >= self._total_time_s:
            return f"The {self._total_time_s:g} s for the whole submission are used up."
        return f"{_SENTENCE_OF_EXIT[outcome.exit]}: {outcome.detail}."

    def _with_load_notes(self, judgement: Judgement) -> Judgement:
        """Add the codes of old habits that loading the files met with."""
        codes = self._loaded.notes if self._loaded else ()
        known = [code for code in codes if code in _SENTENCE_OF_NOTE]
        return replace(judgement, notes=tuple(dict.fromkeys([*judgement.notes, *known])))

    def _explain(self, judgement: Judgement) -> Judgement:
        """A name is missing because its file could not be run: say that instead."""
        failures = self._loaded.failures if self._loaded else ()
        if judgement.verdict is not Verdict.MISSING or not failures:
            return judgement
        failure = failures[0]
        verdict = Verdict.MEMORY_LIMIT if failure.is_out_of_memory else Verdict.EXCEPTION
        return Judgement(verdict, f"{_describe_failure(failure)}. {judgement.message}")


_SENTENCE_OF_NOTE = {
    "python2": "The file uses Python 2, which was served as far as it can be.",
    "numpy1": "The file uses names that numpy has removed; stand-ins were put in their place.",
}
_SENTENCE_OF_EXIT = {
    Exit.CRASH: "Your program ended before it had answered",
    Exit.TIME_LIMIT: "Your program took too long",
    Exit.MEMORY_LIMIT: "Your program used too much memory",
    Exit.OUTPUT_LIMIT: "Your program printed, returned or asked for too much",
    Exit.FORBIDDEN: "Your program was stopped",
}


def _describe_failure(failure: LoadFailure) -> str:
    parts = [failure.file, failure.label, f"line {failure.line}" if failure.line else ""]
    place = ", ".join(part for part in parts if part)
    what = f"{failure.kind}: {failure.message}".rstrip(": ")
    return f"{place}: {what}"
