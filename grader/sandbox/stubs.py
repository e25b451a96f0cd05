"""Calls that leave the box: counted, capped, and answered by the trusted side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.calls import Passed, Raised
from grader.sandbox import messages
from grader.sandbox.frames import Frame, OverLimit
from grader.sandbox.guest import wire
from grader.sandbox.guest.wire import ProtocolError
from grader.sandbox.program import Stub


class StubFailed(Exception):
    """What answers a stub has raised: `error` is ours, never the student's."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__(str(error))


class StubCalls:
    """The calls of one request."""

    def __init__(self, stubs: Mapping[str, Stub], names: Sequence[Sequence[str]] = ()) -> None:
        self._names = names
        """Which stubs each evaluation may call."""
        self._stubs = {name: stubs[name] for one in names for name in one}
        self.counts = dict.fromkeys(self._stubs, 0)
        self._argument_bytes = dict.fromkeys(self._stubs, 0)
        self._answer_bytes = dict.fromkeys(self._stubs, 0)

    def admit(self, evaluation: int, n_bytes: int) -> None:
        """Raise ProtocolError or OverLimit where a call of this size may not come now.

        Which stub it calls is not known before its bytes are here: one with room is enough.
        """
        names = self._callable_in(evaluation)
        if not names:
            raise ProtocolError("a call of a stub that there is not")
        widest = max(names, key=self._bytes_left)
        if n_bytes > self._bytes_left(widest):
            raise _too_many_bytes(
                self._stubs[widest].max_argument_bytes,
                f"arguments of {widest}",
                self._argument_bytes[widest] + n_bytes,
            )

    def _bytes_left(self, name: str) -> int:
        return self._stubs[name].max_argument_bytes - self._argument_bytes[name]

    def _callable_in(self, evaluation: int) -> Sequence[str]:
        return self._names[evaluation] if evaluation < len(self._names) else ()

    def answer(self, call: Frame) -> bytes:
        """Return the frame that answers a call.

        Raises ProtocolError where there is no such stub, and OverLimit beyond one of its caps.
        """
        name, arguments, keywords = _read_call(call.value)
        if name not in self._callable_in(call.index):
            raise ProtocolError("a call of a stub that there is not")
        stub = self._stubs[name]
        self._charge(self._argument_bytes, name, call.n_bytes, stub.max_argument_bytes, "arguments")
        if self.counts[name] >= stub.max_calls:
            this = self.counts[name] + 1
            raise OverLimit(f"the limit is {stub.max_calls} calls of {name}, this is call {this}")
        self.counts[name] += 1
        try:
            kind, body = _encode_answer(stub.answer(arguments, keywords))
        except Exception as error:
            raise StubFailed(error) from error
        self._charge(self._answer_bytes, name, len(body), stub.max_answer_bytes, "answers")
        return wire.frame(call.index, kind, body)

    def _charge(
        self, spent: dict[str, int], name: str, n_bytes: int, limit: int, what: str
    ) -> None:
        spent[name] += n_bytes
        if spent[name] > limit:
            raise _too_many_bytes(limit, f"{what} of {name}", spent[name])


def _too_many_bytes(limit: int, what: str, n_bytes: int) -> OverLimit:
    return OverLimit(f"the limit is {limit} bytes of {what} in all, these are {n_bytes}")


def _read_call(claim: Any) -> tuple[str, tuple[Passed, ...], dict[str, Passed]]:
    match claim:
        case [str(name), list(keywords), *values] if all(
            isinstance(keyword, str) for keyword in keywords
        ) and len(set(keywords)) == len(keywords) <= len(values):
            given = [messages.from_box(value) for value in values]
            n_positional = len(given) - len(keywords)
            named = dict(zip(keywords, given[n_positional:], strict=True))
            return name, tuple(given[:n_positional]), named
    raise ProtocolError("a call of a stub that has no form")


def _encode_answer(answer: Passed | Raised) -> tuple[int, bytes]:
    if isinstance(answer, Raised):
        return wire.RAISED, wire.encode_each([answer.kind, answer.message], wire.INTO_BOX)
    return wire.ANSWER, wire.encode_each([messages.into_box(answer)], wire.INTO_BOX)
