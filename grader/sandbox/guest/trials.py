"""Trials: a program run as it is, and again with each of many small edits made.

What comes out of each run is one number for each value: its entries, weighted by numbers that
came in with the request, and summed. Which of these numbers is right is not known here.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import copy
import io
import itertools
import math
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .edit_rules import edit_expression
from .edit_statements import edit_statement, insert_into
from .edits import Edit, join_alike, walk
from .units import Observer, Unit, list_units, parse_files

globals()["__builtins__"] = dict(vars(builtins))
_PATIENCE = 5.0
"""An edited run may take this many times what the run before took."""
_LEAST_S = 0.05
_FIRST_RUN_S = 2.0
_BUSY = 2.5
"""How much longer than it computes a search may take, where others compute beside it."""
_RING_AGAIN_S = 0.02

Run = Callable[[dict[str, Any]], Mapping[str, Any]]
Weights = Sequence[tuple[str, Any]]


class _TooLong(BaseException):
    """An edited program does not end."""


@dataclass(slots=True)
class Trials:
    """One program, one snippet, and the cases on which it is tried."""

    run: Run
    """Runs the snippet on fresh inputs; returns its scope."""
    files: Mapping[str, Sequence[str]]
    cases: Sequence[dict[str, Any]]
    weights: Sequence[Weights]
    """For each case the names of the values, and the weights of their entries."""
    order: Sequence[str]
    """Kinds of edits, those that are tried first before the others."""
    seconds: float
    longest_s: float = _FIRST_RUN_S
    trees: dict[str, ast.Module] = field(default_factory=dict)
    edits: list[tuple[Unit, Edit]] = field(default_factory=list)

    def answer(
        self,
        made: Sequence[int],
        only: Sequence[int] | None,
        start: int,
        paired: Sequence[str],
    ) -> list[Any]:
        """Return what came of the program as it is, of which edits, and what they are.

        Parameters
        ----------
        made
            Edits that are made first, one after the other; each by its index among the edits of
            the program that the ones before it left.
        only
            The edits to try, described in words; None for all, as numbers alone.
        start
            The first edit to try, where all are.
        paired
            Kinds of edits of which every two are tried together, and no single one.

        Returns
        -------
        list
            The numbers of the program as it is, (n_cases, n_values); the indices of the edits
            that changed any, (n,); their numbers, (n, n_cases, n_values); the descriptions; and
            which edit is the next to try, -1 where all were.
        """
        started_s, deadline = time.process_time(), time.monotonic() + _BUSY * self.seconds
        self.trees = parse_files(self.files)
        with _quiet():
            self.look()
            for index in made:
                self.make(self.decode(index))
                self.look()
            begun_s, begun_cpu_s = time.monotonic(), time.process_time()
            base = self.measure()
            waited_s = (time.monotonic() - begun_s) / _BUSY
            computed_s = time.process_time() - begun_cpu_s
            self.longest_s = max(_PATIENCE * max(computed_s, waited_s), _LEAST_S)
            indices, numbers, following = [], [], -1
            for index in self.choose(only, start, paired):
                spent_s = time.process_time() - started_s
                if spent_s > self.seconds or time.monotonic() > deadline:
                    following = index
                    break
                result = self.attempt(self.decode(index))
                if result is not None and not np.array_equal(result, base, equal_nan=True):
                    indices.append(index)
                    numbers.append(result)
        told = []
        if only is not None:
            told = [row for index in indices for row in self.describe(index)]
        shape = (len(indices), *base.shape)
        found = np.array(numbers, dtype=np.float64).reshape(shape)
        return [base, np.array(indices, dtype=np.int64), found, told, following]

    def look(self) -> None:
        """Run the first case under observation, and list the edits of what was executed."""
        observer = Observer(self.files)
        with contextlib.suppress(Exception, _TooLong, SystemExit), _limit(_FIRST_RUN_S):
            observer.watch(lambda: self.run(_fresh(self.cases[0])))
        ranks = {kind: rank for rank, kind in enumerate(self.order)}
        self.edits = sorted(
            _list_edits(list(list_units(observer, self.trees))),
            key=lambda edited: ranks.get(edited[1].kind, len(ranks)),
        )

    def make(self, edits: Sequence[tuple[Unit, Edit]]) -> None:
        """Make edits for good."""
        for unit, edit in edits:
            edit.swap()
            code = unit.compile()
            if code is not None:
                unit.install(code)

    def choose(
        self, only: Sequence[int] | None, start: int, paired: Sequence[str]
    ) -> Iterable[int]:
        """Return the indices of what is to be tried."""
        if only is not None:
            return only
        return self.pair(paired) if paired else range(start, len(self.edits))

    def pair(self, kinds: Sequence[str]) -> Iterator[int]:
        """Yield the indices of two edits each, of these kinds and in two places."""
        chosen = [i for i, (_, edit) in enumerate(self.edits) if edit.kind in kinds]
        for one, other in itertools.combinations(chosen, 2):
            if self.edits[one][1].line != self.edits[other][1].line:
                yield (one + 1) * len(self.edits) + other

    def decode(self, index: int) -> list[tuple[Unit, Edit]]:
        """Return the edit, or the two, that an index stands for."""
        first, second = divmod(index, len(self.edits))
        return [self.edits[i] for i in ((first - 1, second) if first else (second,))]

    def attempt(self, edits: Sequence[tuple[Unit, Edit]]) -> Any:
        """Return the numbers of the program with edits made; None where they cannot be."""
        undo = [change for _, edit in edits for change in edit.swap()]
        units = {id(unit): unit for unit, _ in edits}.values()
        codes = [(unit, unit.compile()) for unit in units]
        for change in reversed(undo):
            change.swap()
        if any(code is None for _, code in codes):
            return None
        for unit, code in codes:
            unit.install(code or unit.code)
        try:
            return self.measure()
        finally:
            for unit in units:
                unit.install(unit.code)

    def measure(self) -> Any:
        """Return the numbers of every case; NaN where there is none."""
        rows = []
        for case, weights in zip(self.cases, self.weights, strict=True):
            scope: Mapping[str, Any] = {}
            try:
                with _limit(self.longest_s):
                    scope = self.run(_fresh(case))
            except (Exception, _TooLong, SystemExit):  # noqa: BLE001 - an edited program may do anything
                scope = {}
            rows.append([_weigh(scope.get(name), weight) for name, weight in weights])
        return np.array(rows, dtype=np.float64)

    def describe(self, index: int) -> Iterator[list[Any]]:
        """Yield index, kind, statement, part, thing, number, file, line and function of edits."""
        for unit, edit in self.decode(index):
            yield [index, *edit.describe(unit.scope), unit.file, edit.line, unit.node.name]


def _list_edits(units: Sequence[Unit]) -> Iterator[tuple[Unit, Edit]]:
    """Yield every edit: those of what is there first, then those of what may be missing."""
    for unit in units:
        single: list[Edit] = []
        for place in list(walk(unit.node, unit.scope)):
            if isinstance(place.node, ast.stmt):
                single += edit_statement(place, unit.scope)
            else:
                single += edit_expression(place, unit.scope)
        for edit in (*single, *join_alike(single)):
            yield unit, edit
    for unit in units:
        inserted: list[Edit] = []
        for place in list(walk(unit.node, unit.scope)):
            if isinstance(place.node, ast.stmt):
                inserted += insert_into(place, unit.scope)
        for edit in (*inserted, *join_alike(inserted)):
            yield unit, edit


def _weigh(value: Any, weights: Any) -> float:
    """Return the weighted sum of a value's entries; NaN where it has another shape."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            return math.nan
        if array.shape != weights.shape:
            if _without_leading_ones(array.shape) != _without_leading_ones(weights.shape):
                return math.nan
            array = array.reshape(weights.shape)
        return float(np.sum(array.astype(np.float64) * weights))
    except Exception:  # noqa: BLE001 - a student's object may do anything when it is looked at
        return math.nan


def _without_leading_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    while shape and shape[0] == 1:
        shape = shape[1:]
    return shape


def _fresh(case: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.copy() if isinstance(value, np.ndarray) else copy.deepcopy(value)
        for name, value in case.items()
    }


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """End what computes longer by an exception, as far as it lets itself be ended.

    What waits, or is kept waiting by a busy machine, has `_BUSY` times as long.
    """

    def ring(*_: object) -> None:
        raise _TooLong

    clocks = (signal.ITIMER_PROF, signal.SIGPROF, 1), (signal.ITIMER_REAL, signal.SIGALRM, _BUSY)
    for clock, bell, factor in clocks:
        signal.signal(bell, ring)
        # again and again: what it raises may be caught, or raised where nothing can be
        signal.setitimer(clock, factor * seconds, _RING_AGAIN_S)
    try:
        yield
    finally:
        for clock, _, _ in clocks:
            signal.setitimer(clock, 0)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Print nothing meanwhile, and warn of nothing."""
    held = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = _Sink()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdout, sys.stderr = held


class _Sink(io.TextIOBase):
    """Takes every text and keeps none."""

    def write(self, text: str) -> int:
        """Return how much was taken: all."""
        return len(text)
