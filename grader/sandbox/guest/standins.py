"""Objects that stand for modules which are not there.

`Forbidden` says so when it is first used; `Harmless` accepts whatever is done with it.
"""

from __future__ import annotations

import builtins
import functools
import numbers
import opcode
import sys
import types
from collections.abc import Iterator
from typing import Any, NoReturn

_OPERATORS = [
    f"__{prefix}{name}__"
    for name in (
        *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow"),
        *("lshift", "rshift", "and", "or", "xor"),
    )
    for prefix in ("", "r", "i")
]
_UNARY_OPERATORS = ["__neg__", "__pos__", "__abs__", "__invert__"]

PYTHON2_NAMES: dict[str, Any] = {
    "xrange": range,
    "raw_input": input,
    "unicode": str,
    "basestring": str,
    "long": int,
    "unichr": chr,
    "reduce": functools.reduce,
}
"""Builtins of Python 2, as what replaced them."""

_OLD_NAMES = {name: value for name, value in vars(builtins).items() if not name.startswith("_")}
_OLD_NAMES.update(PYTHON2_NAMES)


def _old_div(numerator: Any, denominator: Any) -> Any:
    """Divide as Python 2 does: integers have an integer quotient."""
    is_whole = isinstance(numerator, numbers.Integral) and isinstance(denominator, numbers.Integral)
    return numerator // denominator if is_whole else numerator / denominator


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


class Forbidden(types.ModuleType):
    """A module, or a name from one, that may be imported as long as nobody uses it."""

    def __init__(self, name: str, complaint: str) -> None:
        super().__init__(name)
        self.__dict__["__all__"] = []
        self.__dict__["_complaint"] = complaint

    def __getattr__(self, name: str) -> Any:
        # Python and `inspect` ask every object for such names; that is no use of it.
        if _is_dunder(name):
            raise AttributeError(name)
        self._complain()

    def __repr__(self) -> str:
        return f"<{self.__name__}, which this assignment does not allow>"

    def _complain(self, *_arguments: object, **_options: object) -> NoReturn:
        raise ImportError(self.__dict__["_complaint"], name=self.__name__)


for _name in (
    *("__call__", "__mro_entries__", "__iter__", "__getitem__", "__len__", "__contains__"),
    *("__enter__", "__exit__", "__instancecheck__", "__subclasscheck__", "__lt__", "__gt__"),
    *_OPERATORS,
    *_UNARY_OPERATORS,
):
    setattr(Forbidden, _name, Forbidden._complain)


class Harmless(types.ModuleType):
    """A module whose every attribute, call, item and operation is again harmless."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        if name.partition(".")[0] in ("past", "future", "six"):
            # What is imported from these is used in earnest: `for i in xrange(n)` must run.
            self.__dict__.update(_OLD_NAMES, old_div=_old_div)

    def __getattr__(self, name: str) -> Any:
        if _is_dunder(name):
            raise AttributeError(name)
        return Harmless(f"{self.__name__}.{name}")

    def __repr__(self) -> str:
        return f"<stand-in for {self.__name__}>"

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Return itself; as a decorator it leaves the function as it is."""
        if len(arguments) == 1 and not options and _is_definition(arguments[0]):
            return arguments[0]
        return self

    def __iter__(self) -> Iterator[Any]:
        # `figure, axes = plt.subplots()` must find two; any other loop finds none.
        return iter([self] * _count_targets(sys._getframe(1)))

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()

    def __getitem__(self, key: Any) -> Harmless:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __contains__(self, item: Any) -> bool:
        return False

    def __float__(self) -> float:
        return 0.0

    def __int__(self) -> int:
        return 0

    def __enter__(self) -> Harmless:
        return self

    def __exit__(self, *_reason: object) -> None:
        pass

    def _stay(self, *_operands: object) -> Harmless:
        return self


for _name in (*_OPERATORS, *_UNARY_OPERATORS):
    setattr(Harmless, _name, Harmless._stay)


def _is_definition(value: Any) -> bool:
    return isinstance(value, types.FunctionType | type)


def _count_targets(frame: types.FrameType) -> int:
    """Return how many names the instruction that now iterates is going to fill."""
    code, at = frame.f_code.co_code, frame.f_lasti
    if at < 0:
        return 0
    name, argument = opcode.opname[code[at]], code[at + 1]
    if name == "UNPACK_SEQUENCE":
        return argument
    if name != "UNPACK_EX":
        return 0
    # `first, *rest, last`: the names behind the star are counted in a prefix of the instruction.
    is_prefixed = at >= 2 and opcode.opname[code[at - 2]] == "EXTENDED_ARG"
    return argument + (code[at - 1] if is_prefixed else 0)
