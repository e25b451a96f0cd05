"""What a box tells of a program's text: good for a message, never for a point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.calls import Value


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the text names, and where."""

    kind: str
    name: str
    file: str
    line: int | None

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return self.file if self.line is None else f"{self.file} line {self.line}"


def read_facts(facts: Value) -> Iterator[Fact]:
    """Read what the box claims; what is not a fact says nothing."""
    for fact in facts if isinstance(facts, list) else ():
        if isinstance(fact, list) and len(fact) == 4:
            kind, name, file, line = fact
            if isinstance(kind, str) and isinstance(name, str) and isinstance(file, str):
                yield Fact(kind, name, file, line if isinstance(line, int) else None)
