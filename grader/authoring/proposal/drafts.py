"""Checks as they are proposed, before they are written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from grader.authoring.proposal.trials import Part, Trial
from grader.authoring.proposal.vocabulary import Draw, Input

Setting: TypeAlias = str | int | float | list[float] | list[str] | dict[str, str]

_BIASES = ("b", "bias", "intercept")
CACHES = frozenset({"cache", "caches", "ctx", "context", "saved", "memory", "tape"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A check of an assignment: its keys as they will be written, and what its author must know."""

    id: str
    kind: str
    function: str
    title: str
    geometries: tuple[str, ...]
    keys: Mapping[str, Setting]
    points: int = 1
    note: str = ""

    def with_keys(self, **keys: Setting) -> Draft:
        """Return the check with other keys."""
        return replace(self, keys={**self.keys, **keys})


@dataclass(frozen=True, slots=True)
class Group:
    """Checks that share their inputs."""

    name: str
    inputs: Mapping[str, Input]
    drafts: tuple[Draft, ...]

    def set_name(self, geometry: str) -> str:
        """Return the name of the set of inputs in one geometry."""
        return f"{self.name}-{geometry}" if geometry else self.name


@dataclass(frozen=True, slots=True)
class Unpacked:
    """How a call's values get names: lines of a snippet, and what the names stand for."""

    lines: tuple[str, ...]
    values: Mapping[str, Part] = field(default_factory=dict)
    """What can be compared, by name."""
    names: tuple[str, ...] = ()
    """Of the returned values, those that cannot be compared among them."""
    cache: str = ""
    """The name of what only a backward pass can use."""

    @property
    def snippet(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def unpack(
    trial: Trial,
    taken: Iterable[str],
    *,
    has_cache: bool = False,
    meanings: Mapping[tuple[str, ...], str] | None = None,
) -> Unpacked:
    """Return how to take apart what a call returns.

    `taken` are names that stand for something else in the snippet. With `has_cache` the last of
    several values is what a backward pass needs. `meanings` are names for values that the
    solution gives none, by their paths.
    """
    used = {*taken, *trial.inputs}
    top = trial.top
    known = meanings or {}
    wanted = [_wanted_name(trial, index, known) for index in range(len(top))]
    if has_cache and len(top) > 1 and wanted[-1] not in CACHES:
        wanted[-1] = "cache"
    names = [_new_name(name, used) for name in wanted]
    is_cache = wanted[-1] in CACHES or top[-1].kind in ("opaque", "none")
    cache = names[-1] if len(top) > 1 and is_cache else ""
    left = ", ".join(names) + ("," if trial.is_tuple and len(names) == 1 else "")
    lines = [f"{left} = {trial.call}"]
    values: dict[str, Part] = {}
    for index, (name, part) in enumerate(zip(names, top, strict=True)):
        if part.is_value and name != cache:
            values[name] = part
        elif part.kind in ("list", "dict") and name != cache:
            for item in trial.parts_below(index):
                if item.is_value:
                    key = item.path[1]
                    at = f'"{key}"' if part.kind == "dict" else key
                    own = _new_name(known.get(item.path, f"{name}_{key}"), used)
                    lines.append(f"{own} = {name}[{at}]")
                    values[own] = item
    return Unpacked(tuple(lines), values, tuple(names), cache)


def _wanted_name(trial: Trial, index: int, meanings: Mapping[tuple[str, ...], str]) -> str:
    """Return the name that the solution itself gives a value, or one by its kind."""
    returns = trial.function.returns
    if len(returns) == len(trial.top) and returns[index]:
        return returns[index]
    part = trial.top[index]
    if part.path in meanings:
        return meanings[part.path]
    if index and not part.is_value:
        return "cache"
    if part.kind == "float" and not part.shape and not index:
        return "loss" if "loss" in trial.function.name else "value"
    return "out"


def _new_name(wanted: str, used: set[str]) -> str:
    name, number = wanted, 1
    while name in used or name == "np":
        number += 1
        name = f"{wanted}_{number}"
    used.add(name)
    return name


def propose_output(trial: Trial, unpacked: Unpacked, geometries: Sequence[str]) -> Draft | None:
    """Return the check that a function returns what the solution returns."""
    if not unpacked.values:
        return None
    function = trial.function
    first, *items = unpacked.lines
    lines = [first, *(line for line in items if line.partition(" = ")[0] in unpacked.values)]
    note = ""
    if trial.is_random:
        note = (
            "It draws from np.random, seeded for each check: whoever draws in another order fails."
        )
    elif "default_rng" in trial.call:
        note = "Its numbers come from the generator: whoever draws in another order fails."
    return Draft(
        id=as_id(function.name),
        kind="output",
        function=function.name,
        title=_title(function.name, function.first_line.rstrip(".")),
        geometries=tuple(geometries),
        keys={"run": "\n".join(lines), "compare": list(unpacked.values)},
        note=note,
    )


def _title(name: str, told: str) -> str:
    """Return what a student reads, from the first line of a docstring."""
    verb, _, rest = told.partition(" ")
    if rest and verb.lower().rstrip("s") in ("return", "compute"):
        return f"{name} {verb.lower().rstrip('s')}s {rest}"
    return f"{name}: {told}" if told else f"{name} returns the right values"


def match_gradients(
    values: Mapping[str, Part], inputs: Mapping[str, Input], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, str]:
    """Return which value may be the gradient by which input: by their names, else by shape."""
    floating = [
        name
        for name, one in inputs.items()
        if isinstance(one, float) or (isinstance(one, Draw) and one.is_floating)
    ]
    found: dict[str, str] = {}
    left = [name for name, part in values.items() if part.kind == "float"]
    for by_name in (True, False):
        for value in tuple(left):
            for name in floating:
                is_fit = values[value].shape == shapes[name] and name not in found
                # A number is hardly ever asked for the gradient by another number than a bias.
                is_likely = bool(shapes[name]) or name in _BIASES
                if is_fit and (_is_named_after(value, name) if by_name else is_likely):
                    found[name] = value
                    left.remove(value)
                    break
    return {name: found[name] for name in floating if name in found}


def _is_named_after(value: str, name: str) -> bool:
    plain = value.lower().replace("_", "")
    return any(
        plain in (f"{word}{name.lower()}", f"{name.lower()}{word}")
        or plain.endswith(f"{word}{name.lower()}")
        for word in ("d", "grad", "g", "grads")
    )


def propose_gradient(
    function: str,
    gradient: Mapping[str, str],
    value: str,
    forward: str,
    *,
    backward: str = "",
    cotangent: str = "",
    geometries: Sequence[str],
    is_own: bool = False,
) -> Draft:
    """Return the check that a gradient is the derivative of a forward pass.

    `is_own` tells that the function returns its gradient itself, beside a value that has a check
    of its own.
    """
    keys: dict[str, Setting] = {"forward": forward}
    if backward:
        keys["backward"] = backward
    keys["value"] = value
    if cotangent:
        keys["cotangent"] = cotangent
    keys["gradient"] = dict(gradient)
    names = list(gradient)
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return Draft(
        id=as_id(function) + ("-gradient" if is_own else ""),
        kind="gradient",
        function=function,
        title=f"{function} returns the gradient with respect to {listed}",
        geometries=tuple(geometries),
        keys=keys,
        points=2,
    )


def as_id(name: str) -> str:
    """Return a function's name as the id of a check."""
    return name.strip("_").replace("_", "-") or name
