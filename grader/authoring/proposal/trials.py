"""Finds arguments with which a function of the solution runs, by trying candidates in the jail."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.authoring.proposal.box import SolutionBox
from grader.authoring.proposal.signatures import Function, Parameter
from grader.authoring.proposal.vocabulary import (
    KINKED,
    Argument,
    Draw,
    Input,
    is_known,
    list_arguments,
)
from grader.calls import Evaluation, Raised, Returned
from grader.spec.drawing import draw
from grader.spec.generator import Generator
from grader.spec.inputs import read_input

MOST_TRIALS = 240
_AT_ONCE = 24
_TOLD = "_told"
_DESCRIBED = "from describing import describe\n"
_FROM_KINK = (("min_abs", 0.05),)


class Lengths(dict[str, int]):
    """Lengths of one geometry, by their letters; a word that has none gets the next."""

    def __init__(self, known: Mapping[str, int], further: Sequence[int]) -> None:
        super().__init__(known)
        self._further = itertools.chain(further, itertools.repeat(further[-1]))

    def __missing__(self, word: str) -> int:
        sum_of = re.fullmatch(r"(\w+)([+-]\d+)", word)
        self[word] = max(self[sum_of[1]] + int(sum_of[2]), 1) if sum_of else next(self._further)
        return self[word]


def geometries() -> dict[str, Lengths]:
    """Return the geometries of a proposal: all lengths different, a batch of one, all equal."""
    return {
        "": Lengths({"N": 4, "D": 6, "M": 5, "K": 3, "H": 7}, (8, 9, 10, 11)),
        "single": Lengths({"N": 1, "D": 3, "M": 7, "K": 4, "H": 5}, (6, 8, 9, 10)),
        "square": Lengths({"N": 4, "D": 4, "M": 4, "K": 4, "H": 4}, (4,)),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of one returned value, or of an item in one: `path` is ("1", "W1")."""

    path: tuple[str, ...]
    kind: str
    """float, whole, text, none, list, dict or opaque."""
    is_finite: bool
    digest: str
    shape: tuple[int, ...] = ()

    @property
    def is_value(self) -> bool:
        """Whether it can be compared."""
        return self.kind in ("float", "whole", "text")


@dataclass(frozen=True, slots=True)
class Trial:
    """A call that runs: how it is written, what it takes, what comes back."""

    function: Function
    call: str
    inputs: Mapping[str, Input]
    parts: tuple[Part, ...]
    is_tuple: bool
    is_random: bool = False

    def parts_below(self, index: int) -> list[Part]:
        """Return the items in a returned container."""
        return [one for one in self.parts if len(one.path) > 1 and one.path[0] == str(index)]

    @property
    def top(self) -> list[Part]:
        """The returned values, without the items in them."""
        return [one for one in self.parts if len(one.path) == 1]


@dataclass(frozen=True, slots=True)
class Failed:
    """A function for which nothing was found, what was tried, and how the likeliest try ended."""

    function: Function
    n_tried: int
    reason: str
    tried: str = ""


def find_trial(function: Function, box: SolutionBox, taken: frozenset[str]) -> Trial | Failed:
    """Return the first call that runs twice with the same finite result.

    `taken` are the names of the module's functions, which no input may have.
    """
    calls = list(itertools.islice(_list_calls(function, taken), MOST_TRIALS))
    reason = ""
    for start in range(0, len(calls), _AT_ONCE):
        some = calls[start : start + _AT_ONCE]
        answers = box.run([describe_call(call, inputs) for call, inputs in some])
        for (call, inputs), answer in zip(some, answers, strict=True):
            told = _refuse(answer)
            if told:
                reason = reason or told
                continue
            trial = _repeat(function, call, inputs, box)
            if isinstance(trial, Trial):
                return trial
            reason = trial
    tried = calls[0][0] if calls else ""
    return Failed(function, len(calls), reason, tried)


def describe_call(
    call: str, inputs: Mapping[str, Input], *, lengths: Lengths | None = None, before: str = "",
    seed: int = 0, scale: float = 1.0,
) -> Evaluation:  # fmt: skip
    """Return the question what a call gives back, on drawn inputs."""
    code = f"{_DESCRIBED}{before}\n{_TOLD} = describe({call})"
    drawn = draw_inputs(inputs, lengths or geometries()[""], scale)
    return Evaluation(code, drawn, (_TOLD,), seed=seed)


def draw_inputs(
    inputs: Mapping[str, Input], lengths: Mapping[str, int], scale: float = 1.0
) -> dict[str, Any]:
    """Return numbers for inputs, the same at every call; `scale` multiplies floating arrays."""
    drawn: dict[str, Any] = {}
    for index, (name, one) in enumerate(inputs.items()):
        if not isinstance(one, Draw):
            drawn[name] = list(one) if isinstance(one, tuple) else one
            continue
        written = read_input(one.table(lengths))
        assert isinstance(written, Generator)
        value = draw(written, np.random.Generator(np.random.PCG64(index)))
        if one.is_floating and isinstance(value, np.ndarray):
            value = value * scale
        drawn[name] = value
    return drawn


def read_parts(answer: Returned | Raised) -> tuple[bool, tuple[Part, ...]]:
    """Return whether a tuple came back, and what is told of each value; nothing if it raised."""
    told = answer.values.get(_TOLD) if isinstance(answer, Returned) else None
    lines = [line for line in told if isinstance(line, str)] if isinstance(told, list) else []
    return lines[:1] == ["tuple"], tuple(map(_read_part, lines[1:]))


def _read_part(line: str) -> Part:
    path, kind, is_finite, digest, *lengths = line.split(" ")
    return Part(tuple(path.split(".")), kind, is_finite == "yes", digest, tuple(map(int, lengths)))


def _refuse(answer: Returned | Raised) -> str:
    """Return why an answer is no good trial; empty where it is one."""
    if isinstance(answer, Raised):
        return f"{answer.kind}: {answer.message}" if answer.message else answer.kind
    _, parts = read_parts(answer)
    if not any(part.is_value for part in parts):
        return "it returns nothing that can be compared"
    if not all(part.is_finite for part in parts):
        return "it returns infinity or NaN"
    return ""


def _repeat(
    function: Function, call: str, inputs: Mapping[str, Input], box: SolutionBox
) -> Trial | str:
    """Return the trial if it gives the same again, else what speaks against it."""
    again = [describe_call(call, inputs, seed=seed) for seed in (0, 0, 1)]
    first, second, other = (read_parts(answer) for answer in box.run(again))
    if first != second:
        return "run twice from the same seed it gives two different answers"
    is_tuple, parts = first
    return Trial(function, call, inputs, parts, is_tuple, is_random=first != other)


def _list_calls(
    function: Function, taken: frozenset[str]
) -> Iterator[tuple[str, Mapping[str, Input]]]:
    """Yield calls of a function, the likeliest first, each with its inputs."""
    required = [one for one in function.parameters if one.default is None]
    with_options = [one for one in function.parameters if one.default is None or _is_asked(one)]
    seen: set[tuple[str, tuple[tuple[str, Input], ...]]] = set()
    choices = [with_options, required] if with_options != required else [required]
    for parameters in choices:
        candidates = [_list_candidates(function, one, taken) for one in parameters]
        for chosen in itertools.islice(_by_rank(candidates), MOST_TRIALS * 2 // 3):
            inputs = tuple(one for argument in chosen for one in argument.inputs)
            call = _write_call(function, parameters, chosen)
            if (call, inputs) not in seen:
                seen.add((call, inputs))
                yield call, dict(inputs)


def _is_asked(parameter: Parameter) -> bool:
    """Whether a parameter is worth another value than its default, as `reg=0.0` is."""
    if parameter.default == "None":
        return parameter.name in ("rng", "random_state", "generator", "seed")
    return parameter.default in ("0", "0.0") and is_known(parameter.name)


def _list_candidates(
    function: Function, parameter: Parameter, taken: frozenset[str]
) -> list[Argument]:
    found = list_arguments(
        parameter.name, function.words, parameter.annotation, function.shape_of(parameter.name)
    )
    if KINKED.search(function.words):
        found = [_away_from_kink(one) for one in found]
    if parameter.name in taken or parameter.name == "np":
        found = [_renamed(one, parameter.name) for one in found]
    return found


def _renamed(argument: Argument, name: str) -> Argument:
    if argument.expression != name:
        return argument
    return Argument(f"{name}_", tuple((f"{name}_", one) for _, one in argument.inputs))


def _away_from_kink(argument: Argument) -> Argument:
    inputs = tuple(
        (name, Draw(one.head, one.shape, _FROM_KINK))
        if isinstance(one, Draw) and one.head == "normal"
        else (name, one)
        for name, one in argument.inputs
    )
    return Argument(argument.expression, inputs)


def _by_rank(candidates: Sequence[Sequence[Argument]]) -> Iterator[tuple[Argument, ...]]:
    """Yield one candidate of each, in the order of how likely they are together."""
    most = sum(len(some) - 1 for some in candidates)
    for total in range(most + 1):
        yield from _of_rank(candidates, total)


def _of_rank(
    candidates: Sequence[Sequence[Argument]], total: int
) -> Iterator[tuple[Argument, ...]]:
    if not candidates:
        if total == 0:
            yield ()
        return
    first, *rest = candidates
    for rank in range(min(total, len(first) - 1) + 1):
        for others in _of_rank(rest, total - rank):
            yield (first[rank], *others)


def _write_call(
    function: Function, parameters: Sequence[Parameter], chosen: Sequence[Argument]
) -> str:
    """Return the call by position, as far as no parameter before is left out."""
    words = []
    order = [one.name for one in function.parameters]
    for index, (parameter, argument) in enumerate(zip(parameters, chosen, strict=True)):
        by_name = parameter.is_keyword or order.index(parameter.name) != index
        words.append(f"{parameter.name}={argument.expression}" if by_name else argument.expression)
    return f"{function.name}({', '.join(words)})"
