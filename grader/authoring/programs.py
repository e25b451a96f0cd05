"""Programs made of an assignment's solution: which do nothing, return other numbers, or are coarse.

The solution's text is looked at in a box. What is made of it runs in a student's jail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.calls import Inspection, Returned
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Limits, Program, SourceFile
from grader.sandbox.tiers import Side
from grader.spec import Assignment, SourceCheck

_NAME = re.compile(r"([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?(\(|$)")
_NOTHING = """
def {name}(*arguments, **keywords):
    return None
"""
# Each is appended to the solution and stands between its functions and their callers outside; what
# they call of each other stays as it is. `arrive` and `depart` change arguments and results.
_WRAP = """
def _install(names, times):
    import copy
    import functools

    import numpy

    depth = []
{changes}

    def on_each(change, value):
        if isinstance(value, dict):
            return {{key: on_each(change, item) for key, item in value.items()}}
        if type(value) in (list, tuple):
            return type(value)(on_each(change, item) for item in value)
        return change(value)

    def wrap(function):
        @functools.wraps(function)
        def call(*arguments, **keywords):
            if depth:
                return function(*arguments, **keywords)
            depth.append(True)
            try:
                for _ in range(times):
                    given, named = on_each(arrive, (arguments, keywords))
                    value = function(*given, **named)
            finally:
                depth.pop()
            return on_each(depart, value)

        return call

    for owner, name in names:
        if not owner:
            globals()[name] = wrap(globals()[name])
        elif isinstance(vars(globals()[owner]).get(name), type(_install)):
            setattr(globals()[owner], name, wrap(vars(globals()[owner])[name]))


_install({names}, {times})
"""
# Arguments are copied, so that what a function changes in place stays as it was.
_SPOIL = """
    def arrive(value):
        try:
            return copy.deepcopy(value)
        except Exception:
            return value

    def depart(value):
        if isinstance(value, (bool, numpy.bool_)):
            return not value
        if isinstance(value, numpy.ndarray) and value.dtype.kind in "fc":
            return numpy.full_like(value, {fill})
        if isinstance(value, (int, numpy.integer)):
            return value + 1
        if isinstance(value, numpy.ndarray) and value.dtype.kind in "iu":
            return value + 1
        if isinstance(value, (float, complex, numpy.inexact)):
            return type(value)({fill})
        return value + "?" if isinstance(value, str) else value
"""
_REPEAT = """
    def arrive(value):
        return value

    def depart(value):
        return value
"""
_COARSEN = """
    def arrive(value):
        if isinstance(value, numpy.ndarray) and value.dtype == numpy.float64:
            return value.astype(numpy.float32)
        return value

    def depart(value):
        return value
"""
FILLS = ("float('nan')", "1.0e3", "-1.0e3")
"""What takes the place of every number; a predicate may hold for one of them by chance."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """What the solution's first file defines: functions, and methods with their classes."""

    solution: str
    names: tuple[tuple[str, str], ...]
    """The class, or an empty text, and the name."""

    def write_empty_handed(self) -> str:
        """Return a program whose functions all return None."""
        functions = [_NOTHING.format(name=name) for owner, name in self.names if not owner]
        return "\n".join(["NOTHING = None", *functions])

    def write_spoilt(self, fill: str) -> str:
        """Return a program that returns values of the right types and shapes, all wrong."""
        return self._wrapped(_SPOIL.format(fill=fill))

    def write_repeating(self, times: int) -> str:
        """Return a program that does everything so many times."""
        return self._wrapped(_REPEAT, times)

    def write_coarse(self) -> str:
        """Return a program that works in single precision on what it is given in double."""
        return self._wrapped(_COARSEN)

    def _wrapped(self, changes: str, times: int = 1) -> str:
        public = [(o, n) for o, n in self.names if not n.startswith("__") or n == "__call__"]
        return self.solution + "\n\n" + _WRAP.format(names=public, changes=changes, times=times)


def read_definitions(assignment: Assignment, slot: Slot) -> Definitions:
    """Return what the first file of the solution defines."""
    first = assignment.spec.files[0]
    solution = assignment.solution[first]
    program = Program((SourceFile(first, (Chunk(solution),)),))
    with slot.open(Side.REFERENCE, program) as session:
        outcome = session.run([Inspection()], Limits())
    names: dict[tuple[str, str], None] = {}
    for one in outcome.answers:
        facts = one.values["facts"] if isinstance(one, Returned) else []
        for fact in facts if isinstance(facts, list) else []:
            match fact:
                case ["define", str(text), _, _] if match := _NAME.match(text):
                    if match[3] == "(":
                        names[(match[1], match[2]) if match[2] else ("", match[1])] = None
                case _:
                    pass
    # What is defined inside a function is told as a class's method is.
    functions = {name for owner, name in names if not owner}
    return Definitions(solution, tuple(one for one in names if one[0] not in functions))


def write_rule_breaker(check: SourceCheck) -> str:
    """Return a text that uses what a check forbids, and defines nothing."""
    uses = [
        f"def use():\n    import {name.partition('.')[0]}\n    return {name}"
        for name in check.forbid[:1]
    ]
    return "\n".join(["NOTHING = None", *uses]) + "\n"
