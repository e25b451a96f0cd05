"""What can be asked of a worker in a box, and what it can answer: the words that the sandbox,
the checks and grading share. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Opaque:
    """A returned value that cannot leave the box (an object, a dict, a function): only its type."""

    type_name: str


Array: TypeAlias = NDArray[np.generic]
Value: TypeAlias = "bool | int | float | complex | str | Array | list[Value] | Opaque | None"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Run `code` once on fresh copies of `inputs`; the named `returns` come back.

    The scope of the code is the module's names, `np`, and the inputs. `np.random` and `random`
    are seeded with `seed` before it runs.
    """

    code: str
    inputs: Mapping[str, Value]
    returns: tuple[str, ...]
    seed: int = 0
    echo: tuple[str, ...] = ()
    """Inputs to send back as they are after the run, to see in-place changes."""
    stubs: tuple[str, ...] = ()
    """Names in the scope whose calls leave the box and are answered by the trusted side."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A line through the base point: input `block` becomes inputs[block] + t * direction."""

    block: str
    direction: Array
    steps: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Run `code` at every step of every probe; one float per step comes back.

    The float is sum(value * cotangent) in float64, or float(value) where `cotangent` is None
    and the value is a scalar. Every evaluation is seeded alike.
    """

    code: str
    inputs: Mapping[str, Value]
    value: str
    cotangent: str | None
    probes: tuple[Probe, ...]
    seed: int = 0
    stubs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """Parse the program in a worker that never runs it.

    One value, `facts`, comes back: a list of [kind, name, file, line], where the kind is
    `import`, `use` (a dotted name, its imports spelled out), `define` or `error`.
    """


Question: TypeAlias = "Evaluation | Ladder | Inspection"


@dataclass(frozen=True, slots=True)
class Returned:
    """The evaluation came to its end.

    For a `Ladder`, `values` is {"ladder": float64 array}: one number a step, probe after probe.
    """

    values: Mapping[str, Value]
    inputs_after: Mapping[str, Value] = field(default_factory=dict)
    wall_time_s: float = 0.0
    """From the answer before this one, or the request, to this one: measured outside."""


@dataclass(frozen=True, slots=True)
class Raised:
    """The evaluation raised. All here is the box's claim: good for a message, not for a point."""

    kind: str
    """Name of the exception class, as `NameError`."""
    bases: tuple[str, ...]
    """Names of its base classes, so that a subclass of MemoryError is known as one."""
    message: str
    in_snippet: bool
    """True where the author's snippet raised it itself: a missing name, key, or return value."""
    name: str = ""
    """The missing name of a NameError, the missing key of a KeyError."""
    empty: str = ""
    """A name of the snippet that holds an empty container, when the snippet raised."""
    file: str = ""
    line: int | None = None
    function: str = ""
    trace: str = ""
    """The traceback, the student's own frames only."""
    is_refused: bool = False
    """Whether it is a MemoryError of the interpreter's own, which no `raise` statement raised."""
