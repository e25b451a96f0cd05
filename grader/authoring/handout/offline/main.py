"""`python check.py`: judges one's own file by the visible checks, with the code of the server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.authoring.handout.offline.answers import StoredAnswers
from grader.authoring.handout.offline.printing import print_report
from grader.authoring.handout.offline.sessions import HomeSession, HomeSlot
from grader.authoring.handout.offline.stored import Stored, read_stored
from grader.calls import Question
from grader.checks.ask import Answer, Interrupted
from grader.errors import GraderError, UsageError
from grader.grading import grade
from grader.intake import accept_uploads, read_paths
from grader.report import Audience, Report, Verdict, redact
from grader.sandbox.program import Exit, Limits, Program, SourceFile
from grader.sandbox.sides import Side
from grader.spec import CheckSpec


def main(arguments: Sequence[str], root: Path) -> int:
    """Judge, print, and return the exit status.

    0: all visible checks pass; 1: one does not; 2: the input is wrong; 3: our failure.
    """
    parser = argparse.ArgumentParser(prog="check.py", description="Check your own work.")
    parser.add_argument("files", nargs="*", type=Path, help="what you would hand in")
    parser.add_argument("--check", metavar="ID", help="judge one check alone")
    asked = parser.parse_args(arguments)
    _let_print()
    try:
        stored = read_stored(root)
        report = _grade(stored, root, asked.files, asked.check)
    except GraderError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    print_report(report, stored)
    return 0 if all(one.is_passed for one in report.results) else 1


def _grade(stored: Stored, root: Path, files: Sequence[Path], only: str | None) -> Report:
    assignment = stored.assignment
    ids = [check.id for check in assignment.spec.checks]
    if only is not None and only not in ids:
        raise UsageError(
            f"{only!r} is no check that can be judged here",
            remedy=f"name one of {', '.join(ids)}; all others are judged when you hand in",
        )
    handout = root.parent
    paths = list(files) or _own_files(handout, assignment.spec.files)
    submitted = accept_uploads(read_paths(paths), assignment.spec.files)
    slot = HomeSlot(root, handout)
    with Predicates(slot) as predicates:
        answers = StoredAnswers(stored.answers, stored.values, predicates.predict)
        report = grade(
            assignment, submitted, slot, answers, seed=0, only=only, is_explained=False
        )  # fmt: skip
    return redact(_with_later(report, stored), Audience())


def _own_files(handout: Path, wanted: Sequence[str]) -> list[Path]:
    """Return the student's files where none are named: those beside check.py."""
    return [
        path if path.exists() else path.with_suffix(".ipynb")
        for path in (handout / name for name in wanted)
    ]


def _end(sentence: str) -> str:
    return sentence if not sentence or sentence.endswith((".", "!", "?")) else f"{sentence}."


def _with_later(report: Report, stored: Stored) -> Report:
    """Say of failed checks what the server will look at besides."""
    results = []
    for one in report.results:
        judgement = one.judgement
        names = stored.carried.get(one.check)
        if judgement.verdict is Verdict.INTERNAL_ERROR:
            told = "The numbers decide nothing here; on the server a person will look."
            judgement = replace(judgement, verdict=Verdict.SKIPPED, message=told)
        elif names and judgement.verdict not in (Verdict.PASSED, Verdict.SKIPPED):
            told = (
                f"The server judges it again with its own {', '.join(names)}: a mistake there "
                "alone costs nothing here."
            )
            judgement = replace(judgement, message=f"{_end(judgement.message)} {told}".strip())
        results.append(replace(one, judgement=judgement))
    return replace(report, results=tuple(results), n_hidden=stored.n_hidden)


class Predicates:
    """Runs authors' predicates, in a process in which nothing of the student's is loaded."""

    def __init__(self, slot: HomeSlot) -> None:
        self._slot = slot
        self._session: HomeSession | None = None

    def __enter__(self) -> Predicates:
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            self._session.close()

    def predict(self, questions: Sequence[Question], check: CheckSpec) -> Answer:
        """Return what the predicate says of each case."""
        if self._session is None:
            self._session = self._slot.open(Side.REFERENCE, PREDICATE)
        outcome = self._session.run(questions, Limits(wall_time_s=check.limits.wall_time_s))
        if outcome.exit is not Exit.FINISHED:
            raise Interrupted(Verdict.SKIPPED, f"The predicate of this check: {outcome.detail}.")
        return outcome.answers


PREDICATE = Program((SourceFile("predicate.py", ()),), allow=("*",))
"""Nothing but what a snippet has anyway."""


def _let_print() -> None:
    """Have what a terminal cannot show replaced: a Windows console may know no arrows."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
