"""Warm jails of every tier that this machine offers, and a way to ask them something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pytest

from grader.calls import Evaluation, Returned
from grader.errors import GraderError
from grader.sandbox.pool import Slot, Wear
from grader.sandbox.program import MIB, Chunk, Limits, Outcome, Program, SourceFile, Stub
from grader.sandbox.selftest import assert_confines
from grader.sandbox.tiers import CONFINING, Side, Tier

SHORT = Limits(wall_time_s=5.0, cpu_time_s=3.0, memory_bytes=512 * MIB)


NO_WEAR = Wear(workers=1 << 30, seconds=1e9)
"""A zygote may be looked at from one test to the next."""


@dataclass
class Slots:
    """One warm slot a tier, and why a tier has none."""

    opened: dict[Tier, Slot] = field(default_factory=dict)
    reasons: dict[Tier, str] = field(default_factory=dict)

    def reason_against(self, tier: Tier) -> str:
        if tier not in self.reasons:
            try:
                assert_confines(tier)
            except GraderError as error:
                self.reasons[tier] = f"no tier {tier}: {error}"
            else:
                self.reasons[tier] = ""
        return self.reasons[tier]

    def slot(self, tier: Tier) -> Slot:
        return self.opened.setdefault(tier, Slot(tier, wear=NO_WEAR))


@pytest.fixture(scope="session")
def slots() -> Iterator[Slots]:
    slots = Slots()
    yield slots
    for slot in slots.opened.values():
        slot.close()


@pytest.fixture(params=CONFINING)
def tier(request, slots: Slots, require) -> Tier:
    """Each tier in turn; one that this machine lacks is skipped."""
    require(not slots.reason_against(request.param), slots.reason_against(request.param))
    return Tier(request.param)


@pytest.fixture
def slot(tier: Tier, slots: Slots) -> Slot:
    return slots.slot(tier)


class Ask(Protocol):
    def __call__(self, text: str, *codes: str, **options: Any) -> Outcome: ...


@pytest.fixture
def program() -> Callable[..., Program]:
    """A function that makes a program of one file."""

    def make(text: str, **beside: Any) -> Program:
        return Program((SourceFile("solution.py", (Chunk(text),)),), **beside)

    return make


@pytest.fixture
def ask(slot: Slot, program) -> Ask:
    """A function that runs snippets on a program, in a session of its own; each sets `r`."""

    def run(
        text: str,
        *codes: str,
        limits: Limits = SHORT,
        side: Side = Side.STUDENT,
        seed: int = 0,
        inputs: dict[str, Any] | None = None,
        **beside: Any,
    ) -> Outcome:
        evaluations = [Evaluation(code, inputs or {}, ("r",), seed) for code in codes]
        with slot.open(side, program(text, **beside)) as session:
            return session.run(evaluations, limits)

    return run


@pytest.fixture
def result(ask: Ask) -> Callable[..., Any]:
    """A function that returns what one snippet left in `r`."""

    def run(text: str, code: str, **options: Any) -> Any:
        outcome = ask(text, code, **options)
        [answer] = outcome.answers
        return getattr(answer, "values", {"r": answer})["r"]

    return run


@pytest.fixture
def call(slot, program):
    """A function that runs snippets with a stub `g`; each sets `r`. An honest request follows."""

    def run(
        text: str, *codes: str, stub: Stub | None = None, limits: Limits = SHORT, n_stubs: int = 99
    ) -> Outcome:
        asked = [
            Evaluation(code, {"x": np.ones(3)}, ("r",), stubs=("g",) if n < n_stubs else ())
            for n, code in enumerate(codes)
        ]
        with slot.open(Side.STUDENT, program(text)) as session:
            outcome: Outcome = session.run(asked, limits, {"g": stub or Stub(lambda *_: 0, 100)})
        with slot.open(Side.STUDENT, program("def f(): return 1")) as session:
            [answer] = session.run([Evaluation("r = f()", {}, ("r",))], SHORT).answers
            assert isinstance(answer, Returned)
        return outcome

    return run
