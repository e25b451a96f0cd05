"""What goes into a box, under which limits, and what is known when it comes out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from grader.calls import Passed, Raised, Returned
from grader.sandbox.packages import Packages

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
RESULT_BYTES = 16 * MIB
"""What answers may have where nothing is known of the right ones."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of source that is compiled and run by itself: a file, or a notebook's cell."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a submission, as its chunks in order."""

    name: str
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A submission and all that may be beside it in the box. The first file is under test."""

    files: tuple[SourceFile, ...]
    support: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)
    allow: tuple[str, ...] = ("numpy", "stdlib")
    shims: tuple[str, ...] = ()
    package: str | None = None
    forbid: tuple[str, ...] = ()
    """Modules that the program may not import by a name which it makes up while it runs."""
    is_watched: bool = False
    """Whether somebody will ask for what it has imported, so that no worker may go untold."""
    packages: Packages | None = None
    """What the assignment's own environment brings; without one there is numpy alone."""


@dataclass(frozen=True, slots=True)
class Stub:
    """Answers the calls of one name in the box, within what they may cost in one request.

    `answer` gets positional and keyword arguments as values, and returns a value (containers stay
    what they are, both ways), or a `Raised` whose kind and message are raised in the box. What it
    raises itself ends the request. Time that it takes is not the student's; only `max_calls`
    bounds it, so there is no default.
    """

    answer: Callable[[tuple[Passed, ...], Mapping[str, Passed]], Passed | Raised]
    max_calls: int
    max_argument_bytes: int = 64 * MIB
    max_answer_bytes: int = 64 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may use; memory is the address space of the whole worker."""

    wall_time_s: float = 10.0
    total_time_s: float = math.inf
    """Wall time that is left for the request and the loading before it together."""
    cpu_time_s: float = 5.0
    memory_bytes: int = GIB
    output_bytes: int = 64 * KIB
    result_bytes: int = RESULT_BYTES
    """What the answers may have beyond what is known of them: the inputs' size, and as much again
    for inputs that are sent back."""


class Exit(StrEnum):
    """How a request ended, as seen from outside the box."""

    FINISHED = "finished"
    CRASH = "crash"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Usage:
    """Time and memory, measured from outside; memory is the peak of the worker so far."""

    wall_time_s: float = 0.0
    cpu_time_s: float = 0.0
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A chunk that did not compile or raised when it was run; the rest of the program stands."""

    file: str
    label: str
    kind: str
    message: str
    line: int | None
    trace: str
    is_out_of_memory: bool = False
    """Whether the limit of memory is the reason; the message has it and the measured value."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: its answers so far, its end, and what it used and printed."""

    exit: Exit
    answers: tuple[Returned | Raised, ...] = ()
    usage: Usage = field(default_factory=Usage)
    load_time_s: float = 0.0
    """Wall time that loading the program took beside it, where a fresh worker had to."""
    output: str = ""
    detail: str = ""
    """Where it did not finish: the limit and the measured value, or how the worker died."""
    notes: tuple[str, ...] = ()
    failures: tuple[LoadFailure, ...] = ()
    stub_calls: Mapping[str, int] = field(default_factory=dict)
    """How often each stub was called, counted outside."""
