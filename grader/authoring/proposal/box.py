"""The jail in which a solution is looked at and tried out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from grader.calls import Call, Evaluation, Raised, Returned
from grader.errors import SpecError
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Exit, Limits, Program, SourceFile
from grader.sandbox.session import Session
from grader.sandbox.tiers import Side

_OUTLINE = Path(__file__).with_name("outline.py")
_DESCRIBING = Path(__file__).with_name("describing.py")
LIMITS = Limits(wall_time_s=2.0, cpu_time_s=2.0)
"""Of what is asked at once."""
_BATCH = 4
"""Evaluations that share one limit of time."""
_MOST_DEATHS = 2
_LOADER = "def load():\n    import solution\n"


class SolutionBox:
    """One solution, run in the reference jail."""

    def __init__(self, slot: Slot, source: str) -> None:
        support = {"describing.py": _DESCRIBING.read_text(encoding="utf-8")}
        files = (SourceFile("solution.py", (Chunk(source),)),)
        program = Program(files, support=support, allow=("*",))
        self._session: Session = slot.open(Side.REFERENCE, program)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def run(self, evaluations: Sequence[Evaluation]) -> list[Returned | Raised]:
        """Answer each evaluation; one that ends its worker counts as an exception."""
        answers: list[Returned | Raised] = []
        n_deaths = 0
        while len(answers) < len(evaluations):
            batch = evaluations[len(answers) : len(answers) + _BATCH]
            outcome = self._session.run(batch, LIMITS)
            answers += outcome.answers
            if outcome.exit is not Exit.FINISHED:
                n_deaths += 1
                lost = Raised(outcome.exit.value, (), outcome.detail, in_snippet=False)
                answers.append(lost)
                if n_deaths == _MOST_DEATHS:
                    answers += [lost] * (len(evaluations) - len(answers))
        return answers[: len(evaluations)]


def assert_importable(slot: Slot, source: str, file: Path, prints: Sequence[int]) -> None:
    """Refuse a file that fails, reads or prints when it is imported.

    `prints` are the lines of its statements that call `print`.
    """
    solution = SourceFile("solution.py", (Chunk(source),))
    with slot.open(Side.REFERENCE, Program((solution,), allow=("*",))) as session:
        outcome = session.run([Evaluation("", {}, ())], LIMITS)
    if outcome.exit is not Exit.FINISHED:
        raise SpecError(
            f"cannot be imported: {outcome.detail}",
            file=file,
            remedy="leave nothing but definitions outside of functions",
        )
    for failure in outcome.failures:
        if failure.kind == "EOFError":
            problem = "reads input when it is imported"
            remedy = 'move it into a function, or below `if __name__ == "__main__":`'
        else:
            problem = f"cannot be imported: {failure.kind}: {failure.message}"
            remedy = "mend this line; only numpy and the standard library are there"
        raise SpecError(problem, file=file, line=failure.line, remedy=remedy)
    loader = SourceFile("loader.py", (Chunk(_LOADER),))
    with slot.open(Side.REFERENCE, Program((loader, solution), allow=("*",))) as session:
        printed = session.run([Call("load")], LIMITS).output.strip()
    if printed:
        raise SpecError(
            f"prints when it is imported: {printed.splitlines()[0][:60]!r}",
            file=file,
            line=prints[0] if prints else None,
            remedy='remove it, or move it below `if __name__ == "__main__":`',
        )


def read_outline(slot: Slot, source: str) -> dict[str, Any]:
    """Return what `outline.read` tells of a source, in a jail in which nothing of it is run."""
    text = _OUTLINE.read_text(encoding="utf-8")
    program = Program((SourceFile("outline.py", (Chunk(text),)),), allow=("*",))
    with slot.open(Side.REFERENCE, program) as session:
        outcome = session.run([Call("read", (source,))], LIMITS)
    if outcome.exit is not Exit.FINISHED or not isinstance(outcome.answers[0], Returned):
        return {"error": "it is nested too deeply to be read", "line": None}
    told: Any = outcome.answers[0].values["returned"]
    return dict(told)
