"""What grading needs of the place where programs run: a jail's session, or a process at home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from grader.calls import Question
from grader.sandbox.program import Limits, Outcome, Program, Stub
from grader.sandbox.sides import Side


class Box(Protocol):
    """One program, and the worker in which it is loaded."""

    def run(
        self,
        evaluations: Sequence[Question],
        limits: Limits,
        stubs: Mapping[str, Stub] = MappingProxyType({}),
    ) -> Outcome:
        """Answer the evaluations in order, as far as the program lets itself be run."""

    def renew(self) -> None:
        """Forget all that the program has seen: the next request starts a fresh worker."""


class Boxes(Protocol):
    """Opens boxes."""

    @property
    def tier(self) -> str:
        """How strongly a program is confined."""

    @property
    def environments(self) -> Path | None:
        """The folder in which this machine keeps the packages of assignments."""

    def open(self, side: Side, program: Program) -> AbstractContextManager[Box]:
        """Return a box of a program; nothing of it runs before the first request."""
