"""What can be asked of a worker in a box, and what it can answer: the words that the sandbox,
the checks and grading share. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Opaque:
    """A returned value that cannot leave the box (an object, a dict, a function): only its type."""

    type_name: str


Array: TypeAlias = NDArray[np.generic]
Value: TypeAlias = "bool | int | float | complex | str | Array | list[Value] | Opaque | None"
Passed: TypeAlias = "Value | list[Any] | tuple[Any, ...] | dict[Any, Any]"
"""An argument or the value of a call between two boxes: containers stay what they are."""


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
    direction: Array | int
    """An integer is the axis of the entry of that number, counted in C order."""
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
class Trial:
    """Run `code` on the program as it is, and with each of many small edits of its functions made.

    Every run gives one number for each case and value: the value's entries times the weights of
    that name, summed; NaN where the value has another shape, or there is none. Five values come
    back: `base`, the numbers of the program as it is (n_cases, n_values); `indices` of the edits
    that changed any; `numbers` (n_edits, n_cases, n_values); `edits`, in words; and `following`,
    the edit that is the next to try, -1 where all were.
    """

    code: str
    cases: tuple[Mapping[str, Value], ...]
    weights: tuple[Mapping[str, Array], ...]
    """For each case: the weights by name of the value, in the shape that it should have."""
    seed: int = 0
    made: tuple[int, ...] = ()
    """Edits that are made before all others, one upon the other."""
    only: tuple[int, ...] | None = None
    """Which edits are tried, and told in words; None for all, without words."""
    start: int = 0
    """The first edit that is tried, where all are."""
    paired: tuple[str, ...] = ()
    """Kinds of edits of which every two are tried together, and no single one; two edits have an
    index of their own, beyond those of single ones."""
    order: tuple[str, ...] = ()
    """Kinds of edits in the order in which they are tried; it decides their indices, too."""
    seconds: float = 2.0
    """After so long no further edit is tried."""
    stubs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """Call a function of the program, in a request of its own; the value comes back as it is.

    One value, `returned`, comes back, of the kind `Passed`.
    """

    name: str
    arguments: tuple[Passed, ...] = ()
    keywords: Mapping[str, Passed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inspection:
    """Parse the program in a worker that never runs it, or search its text for a pattern.

    One value, `facts`, comes back: a list of [kind, name, file, line], where the kind is
    `import`, `use` (a dotted name, its imports spelled out), `define` or `error`; for a pattern
    the line of each match, or none.
    """

    pattern: str | None = None
    """A regular expression; the first match is all that is looked for."""


@dataclass(frozen=True, slots=True)
class Imports:
    """Tell what the program's own code has imported so far in a worker that runs it.

    One value, `facts`, comes back, as from an `Inspection`; none where no worker runs it.
    """


Question: TypeAlias = "Evaluation | Ladder | Trial | Call | Inspection | Imports"


@dataclass(frozen=True, slots=True)
class Returned:
    """The evaluation came to its end.

    For a `Trial`, `values` are the five that it names.
    For a `Ladder`, `values` is {"ladder": float64 array}: one number a step, probe after probe.
    """

    values: Mapping[str, Value]
    inputs_after: Mapping[str, Value] = field(default_factory=dict)
    wall_time_s: float = 0.0
    """From the answer before this one, or the request, to this one: measured outside."""
    stub_calls: Mapping[str, int] = field(default_factory=dict)
    """How often each stub was called in the whole request, counted outside."""


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
