"""Functions of a solution, as a jail has read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.authoring.proposal.box import read_outline
from grader.authoring.starter import BEGIN, END, cut_starter, has_markers
from grader.errors import SpecError
from grader.sandbox.pool import Slot

_LENGTH = r"\w+(?:\s*[+-]\s*\d+)?"
_SHAPE = rf"\(\s*((?:{_LENGTH}\s*,\s*)*{_LENGTH}\s*,?)\s*\)"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function; `default` is None where there is none."""

    name: str
    default: str | None
    annotation: str
    is_keyword: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function that students are asked to write."""

    name: str
    line: int
    docstring: str
    header: str
    parameters: tuple[Parameter, ...]
    returns: tuple[str, ...]
    """The names in its last `return`; empty for what is no name."""

    @property
    def first_line(self) -> str:
        """The first line of its docstring."""
        return self.docstring.strip().split("\n")[0].strip()

    @property
    def words(self) -> str:
        """All that its author says of it, for looking up the field's words."""
        names = {one.name for one in self.parameters}
        classes = "multiclass" if names & {"W", "scores", "n_classes"} else ""
        return f"{self.name} {self.docstring} {classes}".lower()

    def shape_of(self, parameter: str) -> tuple[str, ...] | None:
        """Return the shape that the docstring gives a parameter, as `(N, D)`: its words."""
        names = {one.name for one in self.parameters}
        # The name, then at most some words of the same line that are no other parameter.
        pattern = re.compile(rf"(?<![\w.]){re.escape(parameter)}(?!\w)([^()\n]{{0,60}}?){_SHAPE}")
        for found in pattern.finditer(self.docstring):
            words = set(re.findall(r"\w+", found[1]))
            shape = tuple(re.findall(_LENGTH, found[2]))
            # "x and y have shape (N,)" speaks of both, "x and y (N,)" only of y.
            is_own = not words & (names - {parameter}) or "have" in words
            if is_own and not set(shape) & names:
                return tuple(re.sub(r"\s", "", one) for one in shape)
        return None


@dataclass(frozen=True, slots=True)
class Outline:
    """What a solution defines, and its text with the blocks marked that students write."""

    text: str
    functions: tuple[Function, ...]
    classes: tuple[str, ...]
    prints: tuple[int, ...]


def outline_of(slot: Slot, text: str, file: Path) -> Outline:
    """Return the outline of a solution's text; `file` is its name in messages.

    Raises
    ------
    SpecError
        Where it does not parse, defines no function, or its markers do not pair.
    """
    told = read_outline(slot, text)
    if "error" in told:
        raise SpecError(
            f"does not parse: {told['error']}",
            file=file,
            line=told["line"],
            remedy="mend the syntax of this line, or of the one before it",
        )
    found = tuple(map(_read_function, told["functions"]))
    functions = tuple(one for one in found if not one.name.startswith("_"))
    classes = tuple(str(name) for name, _ in told["classes"])
    if not functions:
        line = told["classes"][0][1] if classes else 1
        what = "defines classes and no function" if classes else "defines no function"
        raise SpecError(
            what,
            file=file,
            line=line,
            remedy="write what students are to hand in as functions, `def name(...):`, "
            "that begin with no underscore",
        )
    marked = text if has_markers(text) else mark_blocks(text, told["blocks"])
    try:
        cut = cut_starter(marked)
    except ValueError as error:
        raise _name_line(error, file) from error
    if cut == text:
        raise SpecError(
            "leaves students nothing to write: no function has a body",
            file=file,
            line=functions[0].line,
            remedy="write the functions' bodies",
        )
    return Outline(marked, functions, classes, tuple(told["prints"]))


def _name_line(error: ValueError, file: Path) -> SpecError:
    number = re.match(r"line (\d+): (.*)", str(error))
    return SpecError(
        f"cannot be cut: {number[2] if number else error}",
        file=file,
        line=int(number[1]) if number else None,
        remedy=f"put {BEGIN} and {END} around each block, each alone on its line",
    )


def _read_function(told: Mapping[str, Any]) -> Function:
    return Function(
        name=told["name"],
        line=told["line"],
        docstring=told["docstring"],
        header=told["header"],
        parameters=tuple(Parameter(*one) for one in told["parameters"]),
        returns=tuple(told["returns"]),
    )


def mark_blocks(text: str, blocks: list[Any]) -> str:
    """Return a text with a marker before and after each block."""
    lines = text.split("\n")
    for begin, column, end, margin in sorted(blocks, reverse=True):
        body = lines[begin - 1 : end]
        above = []
        if column:
            # `def f(x): return x`: what stands behind the colon gets a line of its own.
            above = [body[0][:column].rstrip()]
            body[0] = margin + body[0][column:]
        lines[begin - 1 : end] = [*above, margin + BEGIN, *body, margin + END]
    return "\n".join(lines)
