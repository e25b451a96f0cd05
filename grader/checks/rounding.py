"""Whether a small difference is rounding that the solution itself suffers at its inputs.

The textbook derivative s * (1 - s) of a saturated sigmoid is a few units in the last place of 1,
or 0; a better formula gives the digits that it lost, and is no mistake. So where values differ by
no more than the rounding of the inputs, the solution is run once more in extended precision, and
what that changes is the rounding that it has in double.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grader.calls import Evaluation, Returned, Value
from grader.checks.ask import Answer, Ask, Side
from grader.checks.compare import DOUBLE, DOUBLE_RTOL, Comparison, Precision, as_array
from grader.checks.context import noise_floor
from grader.report import Verdict
from grader.spec import Case, CompareRule

_ROUNDINGS = 8.0
"""Another formula may round that many times as much as the solution does."""

_FUNCTIONS = (
    *("cos", "cosh", "exp", "expm1", "fabs", "hypot", "log", "log10"),
    *("log1p", "log2", "sin", "sinh", "sqrt", "tan", "tanh"),
)
_EXTENDED = """
import builtins as _builtins, math as _math
_doubles = _builtins.float, {{name: getattr(_math, name) for name in {functions!r}}}
_builtins.float = np.longdouble
for _name in _doubles[1]:
    setattr(_math, _name, getattr(np, _name))
try:
    exec({code!r})
finally:
    _builtins.float = _doubles[0]
    for _name in _doubles[1]:
        setattr(_math, _name, _doubles[1][_name])
"""
"""Runs in the solution's jail. Without this, `float(x)` and `math.tanh(x)` go back to double."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suspect:
    """One case: what was compared, and what came of it."""

    case: Case
    values: Mapping[str, Value]
    right: Mapping[str, Value]
    comparisons: Mapping[str, Comparison]
    precision: Precision

    def excess(self, name: str, rule: CompareRule) -> Floats | None:
        """Return by how much the entries miss their tolerance; None where it is no rounding.

        An entry that is exactly 0 in the solution may have cancelled altogether: there, all that
        the inputs can leave of rounding is allowed.
        """
        pair = self._numbers(name)
        is_exact = rule.rtol is not None and rule.rtol < DOUBLE_RTOL
        if pair is None or is_exact:
            return None
        student, right = pair
        rtol = self.precision.rtol if rule.rtol is None else rule.rtol
        excess = np.abs(student - right) - rtol * np.abs(right).max(initial=0.0) - rule.atol
        excess -= np.where(right == 0, self._largest_rounding(DOUBLE), 0.0)
        excess = np.maximum(excess, 0.0)
        is_small = excess.max(initial=0.0) <= self._largest_rounding(self._coarseness(rule))
        return np.asarray(excess) if is_small else None

    def rounding(self, name: str, rule: CompareRule, extended: Mapping[str, Value]) -> float:
        """Return how far another formula may lie from the solution, which rounds itself."""
        pair = self._numbers(name)
        finer = as_array(extended[name])
        if pair is None or finer is None or finer.shape != pair[1].shape or finer.dtype.kind != "f":
            return 0.0
        coarse = self._coarseness(rule)
        seen = float(np.abs(finer.astype(np.float64) - pair[1]).max(initial=0.0))
        allowed = _ROUNDINGS * seen * coarse.eps / DOUBLE.eps
        return min(allowed, self._largest_rounding(coarse)) if np.isfinite(allowed) else 0.0

    def _numbers(self, name: str) -> tuple[Floats, Floats] | None:
        student, right = as_array(self.values[name]), as_array(self.right[name])
        if student is None or right is None or student.size != right.size:
            return None
        if student.dtype.kind not in "biuf" or right.dtype.kind != "f":
            return None
        floats = student.astype(np.float64).reshape(right.shape), right.astype(np.float64)
        return floats if all(np.isfinite(each).all() for each in floats) else None

    def _coarseness(self, rule: CompareRule) -> Precision:
        return self.precision if rule.rtol is None else DOUBLE

    def _largest_rounding(self, precision: Precision) -> float:
        return noise_floor(self.case, precision, [self.right[name] for name in self.comparisons])


def excuse_rounding(
    code: str, suspects: Sequence[Suspect], rules: Mapping[str, CompareRule]
) -> Generator[Ask, Answer, list[dict[str, Comparison]]]:
    """Return the comparisons anew; those that differ by the solution's own rounding are equal.

    The solution is asked only where that could make a difference.

    Parameters
    ----------
    code : str
        What runs on the solution.
    suspects : sequence of Suspect
        One a case.
    rules : mapping
        Tolerance of each compared value.
    """
    answers: list[dict[str, Comparison]] = []
    for suspect in suspects:
        judged = dict(suspect.comparisons)
        answers.append(judged)
        misses = {
            name: suspect.excess(name, rules[name])
            for name, comparison in judged.items()
            if comparison.n_wrong
        }
        small = {name: miss for name, miss in misses.items() if miss is not None}
        extended: Mapping[str, Value] = {}
        if any(miss.any() for miss in small.values()):
            extended = yield from _ask_extended(code, suspect.case, tuple(small))
        for name, miss in small.items():
            allowed = suspect.rounding(name, rules[name], extended) if name in extended else 0.0
            if float(miss.max(initial=0.0)) <= allowed:
                judged[name] = replace(judged[name], verdict=Verdict.PASSED, message="", n_wrong=0)
    return answers


def _ask_extended(
    code: str, case: Case, names: tuple[str, ...]
) -> Generator[Ask, Answer, Mapping[str, Value]]:
    """Ask the solution for values in extended precision; none where it cannot work in it."""
    widened = [
        f"{name} = np.asarray({name}, dtype=np.longdouble)"
        for name, value in case.inputs.items()
        if isinstance(value, np.ndarray) and value.dtype.kind == "f"
    ]
    extended = _EXTENDED.format(code="\n".join([*widened, code]), functions=_FUNCTIONS)
    evaluation = Evaluation(extended, case.inputs, names, seed=case.seed)
    (answer,) = yield Ask(Side.SOLUTION, (evaluation,))
    return answer.values if isinstance(answer, Returned) else {}
