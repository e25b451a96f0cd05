"""Stubs: names in the box whose calls go out over the wire and are answered outside.

Nothing here keeps a student from sending such a frame himself. It keeps honest code from harm: a
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
            body = wire.encode_each([name, list(keywords), *arguments, *keywords.values()])
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
