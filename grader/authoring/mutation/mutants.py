"""The mutants of an assignment's solution, made in the box."""

from __future__ import annotations

import hashlib
import importlib.resources
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.authoring.mutation.mutators.operators import OPERATORS
from grader.calls import Evaluation, Raised, Value
from grader.errors import AssignmentError
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Exit, Limits, Program, SourceFile
from grader.sandbox.tiers import Side
from grader.spec import Assignment

_FOLDER = "mutators"
_FIRST = "listing"
"""The module that the box is asked."""
_GENERAL = "square"
"""This family and those behind it make wrong programs of any kind: of these, only so many are taken
as there is room for."""
_LIMITS = Limits(wall_time_s=60.0, cpu_time_s=60.0)
_RETURNS = (
    *("ids", "operators", "functions", "lines", "before", "after"),
    *("owners", "begins", "ends", "news", "names", "openings", "closings"),
)

Splice = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A solution made wrong in one way."""

    id: str
    operator: str
    function: str
    file: str
    line: int
    before: str
    after: str
    splices: tuple[Splice, ...]
    """Begin and end in the file's text, and what comes there."""


@dataclass(frozen=True, slots=True)
class Made:
    """The mutants of a solution, and its functions as far as any is made of them."""

    mutants: tuple[Mutant, ...]
    left_out: tuple[str, ...] = ()
    """Ids of those for which there was no room."""
    raising: dict[str, Mutant] = field(default_factory=dict)
    """By function: the solution in which it raises."""


def make_mutants(
    assignment: Assignment, slot: Slot, most: int, needed: Collection[str] = ()
) -> Made:
    """Return at the most `most` mutants of the files that students hand in.

    Parameters
    ----------
    needed
        Ids of mutants that are never left out.

    Raises
    ------
    AssignmentError
        Where the solution cannot be parsed.
    """
    mutants: list[Mutant] = []
    raising: dict[str, Mutant] = {}
    for index, name in enumerate(assignment.spec.files):
        text = with_unix_lines(assignment.solution[name])
        prefix = f"{Path(name).stem}." if index else ""
        columns = _ask(assignment, slot, name, text, prefix)
        found = _read_mutants(name, columns)
        mutants += found
        bodies = zip(columns["names"], columns["openings"], columns["closings"], strict=True)
        for function, begin, end in bodies:
            assert isinstance(begin, int) and isinstance(end, int)
            splice = (begin, end, "raise RuntimeError")
            raising[str(function)] = Mutant("", "", str(function), name, 0, "", "", (splice,))
    kept = _choose(mutants, most, needed)
    left_out = tuple(one.id for one in mutants if one.id not in kept)
    return Made(tuple(one for one in mutants if one.id in kept), left_out, raising)


def _ask(
    assignment: Assignment, slot: Slot, file: str, text: str, prefix: str
) -> dict[str, list[Value]]:
    question = Evaluation(
        f"{', '.join(_RETURNS)} = tell_mutants(text, prefix)",
        {"text": text, "prefix": prefix},
        _RETURNS,
    )
    with slot.open(Side.REFERENCE, _mutators()) as session:
        outcome = session.run([question], _LIMITS)
    place = assignment.folder / file
    if outcome.exit is not Exit.FINISHED:
        raise AssignmentError(
            f"{place}: no mutants can be made of it: {outcome.detail}",
            remedy="is it nested too deeply, or very long?",
        )
    [answer] = outcome.answers
    if isinstance(answer, Raised):
        raise AssignmentError(
            f"{place}: no mutants can be made of it: {answer.kind}: {answer.message}",
            remedy="mend the solution",
        )
    columns = {}
    for name, value in answer.values.items():
        # Of numbers the wire makes arrays.
        items = value if isinstance(value, list) else getattr(value, "tolist", list)()
        columns[name] = items
    return columns


def _mutators() -> Program:
    files = sorted(_texts().items(), key=lambda one: (one[0] != f"{_FIRST}.py", one[0]))
    sources = (SourceFile(name, (Chunk(text),)) for name, text in files)
    return Program(tuple(sources), allow=("*",), package=_FOLDER)


def _texts() -> dict[str, str]:
    folder = importlib.resources.files("grader.authoring.mutation") / _FOLDER
    names = [one.name for one in folder.iterdir() if one.name.endswith(".py")]
    return {name: (folder / name).read_text("utf-8") for name in names if name != "__init__.py"}


def digest_package() -> str:
    """Return a name for all here that decides which mutants are made, and how they are judged."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    words = "\0".join(f"{file.name}\0{file.read_text('utf-8')}" for file in files)
    return hashlib.sha256(words.encode()).hexdigest()


def _read_mutants(file: str, columns: dict[str, list[Value]]) -> list[Mutant]:
    splices: dict[int, list[Splice]] = {}
    for owner, begin, end, new in zip(
        *(columns[name] for name in ("owners", "begins", "ends", "news")), strict=True
    ):
        assert isinstance(owner, int) and isinstance(begin, int) and isinstance(end, int)
        splices.setdefault(owner, []).append((begin, end, str(new)))
    mutants = []
    for index, told in enumerate(zip(*(columns[name] for name in _RETURNS[:6]), strict=True)):
        name, operator, function, line, before, after = told
        assert isinstance(line, int)
        texts = str(name), str(operator), str(function)
        places = tuple(splices[index])
        mutants.append(Mutant(*texts, file, line, str(before), str(after), places))
    return mutants


def _choose(mutants: Sequence[Mutant], most: int, needed: Collection[str]) -> set[str]:
    """Return the ids of the mutants to judge.

    What is left out depends on the ids alone, so an edit of one function hardly changes which.
    """
    families = list(OPERATORS)
    special = set(families[: families.index(_GENERAL)])

    def rank(mutant: Mutant) -> tuple[bool, bool, str]:
        is_general = mutant.operator not in special
        return mutant.id not in needed, is_general, hashlib.sha256(mutant.id.encode()).hexdigest()

    return {mutant.id for mutant in sorted(mutants, key=rank)[: max(most, len(needed))]}


def write_mutant(assignment: Assignment, mutant: Mutant) -> dict[str, str]:
    """Return the texts of the files with the mutation made, by name."""
    texts = {name: assignment.solution[name] for name in assignment.spec.files}
    text = with_unix_lines(texts[mutant.file])
    for begin, end, new in sorted(mutant.splices, reverse=True):
        text = text[:begin] + new + text[end:]
    return {**texts, mutant.file: text}


def with_unix_lines(text: str) -> str:
    """Return a text with the line ends that the parser counts by."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
