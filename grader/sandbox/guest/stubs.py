"""Stubs: names in the box whose calls go out over the wire and are answered outside.

Nothing here keeps a student from sending such a frame himself, or from calling them for more than
he should: the worker is ended after them. It keeps honest code from harm: a
call where none can be answered is an exception, not bytes in the middle of other bytes.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

from . import wire

globals()["__builtins__"] = dict(vars(builtins))
_EXCEPTIONS = {
    name: one
    for name, one in vars(builtins).items()
    if isinstance(one, type) and issubclass(one, Exception) and not issubclass(one, UnicodeError)
}


Scope = dict[str, Any]
"""The names of a module."""


class Substitutes:
    """Puts functions in the place of those that the modules of a program have under their names.

    A name under which a module knows such a function from another one is replaced, too. What a
    table, a class or a closure holds of it is not.
    """

    def __init__(self, modules: Sequence[Scope], under_test: Scope) -> None:
        self.modules = modules
        self.under_test = under_test
        self.functions: Scope = {}
        self.replaced: list[tuple[Scope, str, Any]] = []

    def put(self, functions: Scope) -> None:
        """Replace functions, in the module under test also where it had none of that name."""
        self.functions = functions
        originals = {
            id(scope[name]): function
            for name, function in functions.items()
            for scope in self.modules
            if callable(scope.get(name))
        }
        for scope in self.modules if functions else ():
            for name, value in list(scope.items()):
                function = functions.get(name) or originals.get(id(value))
                if function is not None:
                    self._replace(scope, name, function)
        for name in functions.keys() - self.under_test.keys():
            self._replace(self.under_test, name, functions[name])

    def put_into(self, scope: Scope) -> None:
        """Replace the functions of a module that was loaded while others stood in their place."""
        for name, function in self.functions.items():
            if name in scope and scope[name] is not function:
                self._replace(scope, name, function)

    def _replace(self, scope: Scope, name: str, function: Any) -> None:
        self.replaced.append((scope, name, scope.get(name, _ABSENT)))
        scope[name] = function

    def take_out(self) -> None:
        """Put back what was there."""
        for scope, name, value in reversed(self.replaced):
            if value is _ABSENT:
                scope.pop(name, None)
            else:
                scope[name] = value
        self.functions, self.replaced = {}, []


_ABSENT = object()


class Caller:
    """Sends one call at a time, while the evaluation runs that its stub was made for."""

    def __init__(
        self,
        send: Callable[[int, int, bytes], None],
        receive: Callable[[], tuple[int, int, Any]],
    ) -> None:
        self.send = send
        self.receive = receive
        self.current: object = None
        self.is_waiting = False

    def make_stubs(self, evaluation: int, names: Sequence[str]) -> dict[str, Any]:
        """Return a function for each name, good until `end` or until others are made."""
        self.current = current = object()
        return {name: self._make_stub(evaluation, name, current) for name in names}

    def end(self) -> None:
        """Have every stub that was made refuse to be called."""
        self.current = None

    def _make_stub(self, evaluation: int, name: str, made_for: object) -> Callable[..., Any]:
        def stub(*arguments: Any, **keywords: Any) -> Any:
            if self.current is not made_for:
                raise RuntimeError(f"{name} was called after the check that it belongs to")
            # Encoding may run a student's own `__iter__`, so it comes before the line is taken.
            body = wire.encode_each([name, [*keywords], *arguments, *keywords.values()], wire.CALL)
            if self.is_waiting:
                raise RuntimeError(f"{name} was called while an earlier call was not answered")
            return self._call(evaluation, body)

        stub.__name__ = stub.__qualname__ = name
        return stub

    def _call(self, evaluation: int, body: bytes) -> Any:
        # Where a signal's handler raises between question and answer, the line stays taken: what
        # came in next would be the answer to another question.
        self.is_waiting = True
        self.send(evaluation, wire.STUB, body)
        _, kind, answer = self.receive()
        self.is_waiting = False
        if kind == wire.ANSWER:
            return answer[0]
        name, message = answer
        if name in _EXCEPTIONS:
            raise _EXCEPTIONS[name](message)
        raise RuntimeError(f"{name}: {message}")
