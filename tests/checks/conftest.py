"""A stand-in for the boxes: snippets are names of Python functions that the test itself defines."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from grader.calls import Call, Imports, Inspection, Trial
from grader.checks import Context, judge
from grader.checks.ask import Ask, Evaluation, Interrupted, Ladder, Raised, Returned, Side
from grader.report import Judgement, Verdict
from grader.spec import parse_spec

Function = Callable[[dict[str, Any]], dict[str, Any]]
_WIDENED = re.compile(r"^(\w+) = np\.asarray\(\1, dtype=np\.longdouble\)\n", re.MULTILINE)
_EXTENDED = re.compile(r"^try:\n    exec\((.+)\)$", re.MULTILINE)


def copied(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in inputs.items()}


def raised_by(error: Exception, *, is_in_snippet: bool) -> Raised:
    name = getattr(error, "name", None) or (str(error.args[0]) if error.args else "")
    return Raised(
        kind=type(error).__name__,
        bases=tuple(base.__name__ for base in type(error).__mro__[1:]),
        message=str(error),
        in_snippet=is_in_snippet,
        name=name,
        file="" if is_in_snippet else "solution.py",
        line=None if is_in_snippet else 7,
        function="" if is_in_snippet else "forward",
    )


@dataclass
class Box:
    """Answers asks with the test's own functions, one for each snippet."""

    functions: Mapping[str, Function]
    asks: list[Ask] = field(default_factory=list)

    def answer(self, ask: Ask) -> tuple[Any, ...]:
        self.asks.append(ask)
        return tuple(
            self.evaluate(one)
            for one in ask.evaluations
            if not isinstance(one, Inspection | Trial | Call | Imports)
        )

    def evaluate(self, one: Evaluation | Ladder) -> Any:
        extended = _EXTENDED.search(one.code)
        wide = ast.literal_eval(extended[1]) if extended else one.code
        code = _WIDENED.sub("", wide)
        function = self.functions.get(code)
        if function is None:
            raise AssertionError(f"no function stands for the snippet {one.code!r}")
        try:
            with np.errstate(all="ignore"):
                if isinstance(one, Ladder):
                    return Returned({"ladder": self.climb(function, one)})
                inputs = copied(one.inputs)
                for name in _WIDENED.findall(wide):
                    inputs[name] = inputs[name].astype(np.longdouble)
                values = function(inputs)
                return Returned(
                    {name: values[name] for name in one.returns},
                    {name: inputs[name] for name in one.echo},
                )
        except Exception as error:  # noqa: BLE001 - a student may raise anything
            is_in_snippet = getattr(error, "is_in_snippet", False)
            return raised_by(error, is_in_snippet=is_in_snippet)

    def climb(self, function: Function, ladder: Ladder) -> Any:
        heights = []
        for probe in ladder.probes:
            origin: Any = np.asarray(ladder.inputs[probe.block])
            for step in probe.steps:
                inputs = copied(ladder.inputs)
                direction: Any = probe.direction
                if isinstance(direction, int):
                    direction = (np.arange(origin.size) == direction).reshape(origin.shape)
                moved = np.asarray(origin + step * direction).astype(origin.dtype)
                inputs[probe.block] = moved if moved.ndim else moved.item()
                value = np.asarray(function(inputs)[ladder.value], dtype=np.float64)
                if ladder.cotangent is not None:
                    value = np.sum(value * np.asarray(ladder.inputs[ladder.cotangent]))
                heights.append(float(value.reshape(())))
        return np.array(heights)


@dataclass
class Grading:
    """What judging concluded, and what it asked on the way."""

    judgement: Judgement
    student: Box
    solution: Box


def drive(
    toml: str,
    student: Mapping[str, Function] | Function,
    solution: Mapping[str, Function] | Function,
    *,
    seed: int = 1,
    source: str = "",
) -> Grading:
    """Judge the first check of an assignment."""
    spec = parse_spec('title = "T"\nfiles = ["solution.py"]\n' + toml)
    check = spec.checks[0]
    boxes = {
        Side.STUDENT: Box(student if isinstance(student, Mapping) else Everything(student)),
        Side.SOLUTION: Box(solution if isinstance(solution, Mapping) else Everything(solution)),
    }
    context = Context(spec, seed, lambda pattern: re.search(pattern, source) is not None, source)
    judging = judge(check, context)
    try:
        ask = next(judging)
        while True:
            if ask.is_explanation:  # functions of a test have no text that could be edited
                ask = judging.throw(Interrupted(Verdict.CRASH, ""))
            else:
                ask = judging.send(boxes[ask.side].answer(ask))
    except StopIteration as stop:
        return Grading(stop.value, boxes[Side.STUDENT], boxes[Side.SOLUTION])


class Everything(dict[str, Function]):
    """One function for whatever snippet is asked for."""

    def __init__(self, function: Function) -> None:
        self.function = function

    def get(self, _code, _default=None):
        return self.function


@pytest.fixture(name="drive")
def drive_fixture():
    return drive
