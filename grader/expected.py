"""Where expected values come from: the solution in its own jail, or what was kept of it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from grader.answers import ExpectedValues as ExpectedValues
from grader.answers import most_calls, stubs_of, with_counts
from grader.calls import Call, Evaluation, Opaque, Passed, Question, Raised, Returned
from grader.checks.ask import Answer, Ask, Interrupted
from grader.environments import find_packages
from grader.errors import BrokenSolution
from grader.report import Verdict
from grader.sandbox import messages
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Exit, Limits, Program, SourceFile, Stub
from grader.sandbox.session import Session
from grader.sandbox.sides import Side
from grader.spec import Assignment, CheckSpec, PropertyCheck

_LARGEST_KEPT_BYTES = 8 << 20
_KEPT_SECONDS = 2 * 24 * 3600.0
_SOLUTION_FACTOR = 4
"""A ladder calls the solution many times where a student's function is called once."""


class SolutionJail:
    """Runs the author's solution in the reference jail, started at the first question."""

    def __init__(self, assignment: Assignment, slot: Slot) -> None:
        self._slot = slot
        self._program = _program_of(assignment, slot)
        self._session: Session | None = None
        self._callee: Session | None = None
        """Answers calls, while the session waits for one."""

    def answer(self, ask: Ask, check: CheckSpec) -> Answer:
        """Run the evaluations, the plain ones twice: a solution that is random judges nobody."""
        try:
            first = self._run(ask.evaluations, check)
        except BrokenSolution as error:
            has_stubs = any(map(stubs_of, ask.evaluations))
            if ask.cacheable or has_stubs or not isinstance(check, PropertyCheck):
                raise
            # The predicate held on the solution's own values: it is the student's that it dies of.
            raise Interrupted(
                Verdict.WRONG_ANSWER, f"Your values cannot be judged: {error.problem}."
            ) from error
        if ask.cacheable:
            plain = [one for one in ask.evaluations if isinstance(one, Evaluation)]
            again = iter(self._run(plain, check))
            for evaluation, answer in zip(ask.evaluations, first, strict=True):
                if isinstance(evaluation, Evaluation) and not _is_same(answer, next(again)):
                    raise BrokenSolution(
                        "run twice from the same seed it gives two different answers",
                        check=check.id,
                        remedy="draw from np.random or random, which are seeded, or pass a seed",
                    )
        return first

    def _run(self, evaluations: Sequence[Question], check: CheckSpec) -> Answer:
        if not evaluations:
            return ()
        if self._session is None:
            self._session = self._slot.open(Side.REFERENCE, self._program)
        stubs = {
            name: Stub(partial(self.call, name, check=check), most_calls(check))
            for one in evaluations
            for name in stubs_of(one)
        }
        try:
            outcome = self._session.run(evaluations, _patient(check), stubs)
        except Interrupted as interrupted:
            raise BrokenSolution(interrupted.message, check=check.id) from None
        if outcome.exit is not Exit.FINISHED:
            raise BrokenSolution(
                f"it ended as {outcome.exit}: {outcome.detail}",
                check=check.id,
                remedy="mend the solution, or raise the limits in assignment.toml",
            )
        if outcome.failures:
            failure = outcome.failures[0]
            raise BrokenSolution(
                f"{failure.kind}: {failure.message}",
                remedy="mend the solution",
                file=failure.file,
                line=failure.line,
            )
        return tuple(map(partial(with_counts, outcome.stub_calls), outcome.answers))

    def call(
        self,
        name: str,
        arguments: tuple[Passed, ...],
        keywords: Mapping[str, Passed],
        check: CheckSpec,
    ) -> Passed | Raised:
        """Call the solution's function; what cannot pass between boxes is a TypeError there."""
        given = _find_opaque([*arguments, *keywords.values()])
        if given is not None:
            return _refuse(f"{name} is given a {given.type_name}, which cannot leave the box")
        if self._callee is None:
            self._callee = self._slot.open(Side.REFERENCE, self._program)
        outcome = self._callee.run([Call(name, arguments, keywords)], _patient(check))
        if outcome.exit is not Exit.FINISHED:
            raise Interrupted(
                Verdict.EXCEPTION, f"Our {name} cannot answer what it was asked: {outcome.detail}."
            )
        [answer] = outcome.answers
        if isinstance(answer, Raised):
            return answer
        value: Passed = answer.values["returned"]
        returned = _find_opaque(value)
        if returned is not None:
            return _refuse(f"{name} returns a {returned.type_name}, which cannot leave the box")
        return value

    def close(self) -> None:
        """End the solution's workers."""
        for session in (self._session, self._callee):
            if session is not None:
                session.close()


class KeptAnswers:
    """Keeps what the solution answered, by assignment version and question.

    A file is a checksum and the frames of the answers. One that is missing, cut off or altered
    is asked for again; a folder that cannot be written costs time, nothing else.
    """

    def __init__(self, assignment: Assignment, source: ExpectedValues, folder: Path) -> None:
        self._source = source
        self._folder = folder / "expected" / assignment.digest
        self._digest = assignment.digest
        self._has_forgotten = False

    def answer(self, ask: Ask, check: CheckSpec) -> Answer:
        """Return the kept answer, or ask and keep it."""
        if not ask.cacheable:
            return self._source.answer(ask, check)
        path = self._folder / messages.digest_of(ask.evaluations, self._digest)
        kept = self._read(path, ask)
        if kept is not None:
            return kept
        answer = self._source.answer(ask, check)
        self._keep(path, ask, answer)
        return answer

    def call(
        self,
        name: str,
        arguments: tuple[Passed, ...],
        keywords: Mapping[str, Passed],
        check: CheckSpec,
    ) -> Passed | Raised:
        """Pass the call on: what is asked depends on the student's code, and is never kept."""
        return self._source.call(name, arguments, keywords, check)

    def _read(self, path: Path, ask: Ask) -> Answer | None:
        try:
            content = path.read_bytes()
        except OSError:
            return None
        checksum, frames = content[:32], content[32:]
        if hashlib.sha256(frames).digest() != checksum:
            return None
        return messages.read_answers(frames, ask.evaluations)

    def _keep(self, path: Path, ask: Ask, answer: Answer) -> None:
        if any(isinstance(one, Raised) for one in answer):
            return
        frames = messages.write_answers(answer, ask.evaluations)
        if len(frames) > _LARGEST_KEPT_BYTES:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._forget_old()
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(hashlib.sha256(frames).digest() + frames)
            Path(file.name).replace(path)

    def _forget_old(self) -> None:
        """Delete what is of another day; once a run, as a busy folder holds thousands."""
        if self._has_forgotten:
            return
        self._has_forgotten = True
        now = time.time()
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if now - entry.stat().st_mtime > _KEPT_SECONDS:
                    Path(entry.path).unlink(missing_ok=True)


@contextmanager
def expected_values(
    assignment: Assignment, slot: Slot, cache_dir: Path | None
) -> Iterator[ExpectedValues]:
    """Yield the source of an assignment's expected values, kept in `cache_dir` if there is one."""
    jail = SolutionJail(assignment, slot)
    try:
        yield jail if cache_dir is None else KeptAnswers(assignment, jail, cache_dir)
    finally:
        jail.close()


def _program_of(assignment: Assignment, slot: Slot) -> Program:
    spec = assignment.spec
    files = tuple(SourceFile(name, (Chunk(text),)) for name, text in assignment.solution.items())
    return Program(
        files,
        support=assignment.support,
        data=assignment.data,
        allow=("*",),
        shims=tuple(spec.shims),
        package=spec.package,
        packages=find_packages(assignment, slot.environments),
    )


def _patient(check: CheckSpec) -> Limits:
    limits = check.limits
    return Limits(
        wall_time_s=limits.wall_time_s * _SOLUTION_FACTOR,
        cpu_time_s=limits.cpu_time_s * _SOLUTION_FACTOR,
        memory_bytes=limits.memory_bytes,
        output_bytes=limits.output_bytes * _SOLUTION_FACTOR,
    )


def _find_opaque(value: object) -> Opaque | None:
    """Return the first thing in a value that could not leave its box."""
    if isinstance(value, Opaque):
        return value
    if not isinstance(value, dict | list | tuple):
        return None
    items = value.values() if isinstance(value, dict) else value
    return next(filter(None, map(_find_opaque, items)), None)


def _refuse(message: str) -> Raised:
    return Raised("TypeError", (), message, in_snippet=False)


def _is_same(one: Returned | Raised, other: Returned | Raised) -> bool:
    if isinstance(one, Returned) and isinstance(other, Returned):
        return messages.encode_values(one.values) == messages.encode_values(other.values)
    return type(one) is type(other)
