"""The guest: loads one submission, runs what it is asked, sends back bytes, and dies.

It knows no expected value, no tolerance and no name of a test. What it claims is judged outside,
and nothing that it could forge says more than what a student's function could have returned.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import random
import select
import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from . import inspection, ladders, loading, stubs, trials, wire

SNIPPET = "<check>"
TOO_LARGE = "ResultTooLarge"

# Bound now, and builtins copied, so that what a student replaces cannot break the wire.
globals()["__builtins__"] = dict(vars(builtins))
_seed_numpy, _seed_python, _reset_numpy_errors = np.random.seed, random.seed, np.seterr
_float64, _asarray = np.float64, np.asarray
# Windows has no `poll`, and no pipes that would want it.
_read, _write, _poll = os.read, os.write, getattr(select, "poll", None)
_numpy = np


def serve(requests: int, results: int, *, after_each: Callable[[], None] = lambda: None) -> None:
    """Say READY, then answer one request after the other until the pipe ends.

    `after_each` is called when a request has been answered and all that was printed is written.
    """
    _Worker(requests, results, after_each).serve()


class _Worker:
    def __init__(self, requests: int, results: int, after_each: Callable[[], None]) -> None:
        self.after_each = after_each
        self.requests = requests
        self.results = results
        self.loaded = loading.LoadedProgram({})
        self.support: list[str] = []
        self.background = _reference_names()
        self.scope: dict[str, Any] = {}
        self.stubs: dict[str, Any] = {}
        self.output = _open_output()
        self.caller = stubs.Caller(self.send, self.receive)
        self.substitutes = stubs.Substitutes([], {})

    def serve(self) -> None:
        self.send(0, wire.READY)
        handlers: dict[int, Callable[[int, Any], None]] = {
            wire.LOAD: self.load,
            wire.RUN: self.run,
            wire.INSPECT: self.inspect,
        }
        while True:
            index, kind, body = self.receive()
            handlers[kind](index, body)
            self.flush()
            self.after_each()
            self.send(index, wire.END)

    # Frames

    def receive(self) -> tuple[int, int, Any]:
        header = self.read_exactly(wire.HEADER.size)
        index, kind, length = wire.read_header(header)
        return index, kind, wire.decode(self.read_exactly(length), wire.INTO_BOX)

    def read_exactly(self, n: int) -> bytes:
        parts = bytearray()
        while len(parts) < n:
            try:
                part = _read(self.requests, min(n - len(parts), wire.MIB))
            except BlockingIOError:
                _wait_for(self.requests, select.POLLIN)
                continue
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def send(self, index: int, kind: int, body: bytes = b"") -> None:
        rest = memoryview(wire.frame(index, kind, body))
        while rest:
            try:
                rest = rest[_write(self.results, rest) :]
            except BlockingIOError:
                _wait_for(self.results, select.POLLOUT)

    def flush(self) -> None:
        for stream in self.output:
            # A student may have closed it.
            with contextlib.suppress(ValueError, OSError):
                stream.flush()

    # Requests

    def load(self, _: int, body: Any) -> None:
        files, support, folder, (allow, shims, package, forbid) = body
        if folder:
            os.chdir(folder)
        _seed(0)
        loaded = loading.load_program(
            [(name, [(text, label) for text, label in chunks]) for name, chunks in files],
            [(name, text) for name, text in support],
            loading.Rules(tuple(allow), tuple(shims), package, tuple(forbid)),
        )
        self.loaded = loaded
        self.support = [name.removesuffix(".py") for name, _ in support]
        self.substitutes = stubs.Substitutes(loaded.modules, loaded.namespace)
        loaded.on_module = self.substitutes.put_into
        failures = [
            [one.file, one.label, one.kind, one.message, one.line, one.trace, one.is_refused]
            for one in loaded.failures
        ]
        self.send(0, wire.LOADED, wire.encode_each([list(loaded.notes), failures], _CLAIMS))

    def inspect(self, _: int, body: Any) -> None:
        """Parse what a student wrote; nothing of it is loaded in this worker, before or after."""
        files, pattern = body
        if pattern is None:
            facts = inspection.inspect_files(files)
        else:
            facts = inspection.find_pattern(files, pattern)
        self.send(0, wire.ANSWER, wire.encode_each([facts], _CLAIMS))

    def run(self, _: int, body: Any) -> None:
        allowance, asked = body
        snippets: dict[str, types.CodeType] = {}
        for number, (known_bytes, (way, names, code, *rest)) in enumerate(asked):
            caps = wire.Caps(frame_bytes=known_bytes + allowance)
            self.stubs = self.caller.make_stubs(number, names)
            try:
                self.substitutes.put(self.stubs)
                if code not in snippets:
                    snippets[code] = compile(code, SNIPPET, "exec", dont_inherit=True)
                if way == "call":
                    exact = replace(wire.CALL, frame_bytes=caps.frame_bytes)
                    value = wire.encode_each([self.call(code, *rest)], exact)
                elif way == "imports":
                    value = wire.encode_each([self.loaded.imports()], caps)
                elif way == "run":
                    value = wire.encode_each(self.evaluate(snippets[code], *rest), caps)
                elif way == "trial":
                    value = wire.encode_each(self.experiment(snippets[code], *rest), caps)
                else:
                    value = wire.encode(self.climb(snippets[code], *rest), caps)
            except wire.TooLarge as error:
                kind, told = wire.RAISED, _claim({"kind": TOO_LARGE, "message": str(error)})
            except BaseException as error:  # noqa: BLE001 - a student may raise anything
                description = loading.describe_exception(error, SNIPPET)
                description["empty"] = self.find_empty()
                kind, told = wire.RAISED, _claim(description)
            else:
                kind, told = wire.ANSWER, value
            allowance -= max(len(told) - known_bytes, 0)
            self.substitutes.take_out()
            self.caller.end()
            self.send(number, kind, told)

    def evaluate(
        self,
        code: types.CodeType,
        inputs: list[list[Any]],
        returns: list[str],
        seed: int,
        echo: list[str],
    ) -> list[Any]:
        """Run a snippet once; return what it named, then the inputs as they are now."""
        given = {name: value for name, value in inputs}  # noqa: C416 - two-item lists, not pairs
        scope = self.run_snippet(code, given, seed)
        return [*(scope[name] for name in returns), *(given[name] for name in echo)]

    def call(self, name: str, arguments: list[Any], keywords: list[list[Any]]) -> Any:
        """Return what a function of the program returns."""
        function = loading.find_function(self.loaded, name, self.support)
        _reset_numpy_errors(divide="warn", over="warn", under="ignore", invalid="warn")
        _seed(0)
        return function(*arguments, **{word: value for word, value in keywords})  # noqa: C416

    def climb(
        self,
        code: types.CodeType,
        inputs: list[list[Any]],
        value: str,
        cotangent: str | None,
        seed: int,
        probes: list[list[Any]],
    ) -> Any:
        """Run a snippet at every step of every probe; return one float each."""
        climber = ladders.Climber(
            lambda given: self.run_snippet(code, given, seed),
            {name: given for name, given in inputs},  # noqa: C416
            value,
            cotangent,
        )
        heights: list[float] = []
        for block, direction, steps in probes:
            heights += climber.climb(block, direction, steps.tolist())
        return _asarray(heights, dtype=_float64)

    def experiment(
        self,
        code: types.CodeType,
        cases: list[list[Any]],
        weights: list[list[Any]],
        seed: int,
        made: list[int],
        only: list[int] | None,
        start: int,
        paired: list[str],
        order: list[str],
        seconds: float,
    ) -> list[Any]:
        """Run a snippet on the program as it is, and with each of many small edits made."""
        trial = trials.Trials(
            lambda given: self.run_snippet(code, given, seed),
            loading.sources(),
            [dict(case) for case in cases],
            [[(name, numbers) for name, numbers in one] for one in weights],
            order,
            seconds,
        )
        return trial.answer(made, only, start, paired)

    def find_empty(self) -> str:
        """Return a name that the last snippet gave to an empty container, as templates do."""
        for name, value in self.scope.items():
            is_container = type(value) in (dict, list, tuple, set)
            if is_container and not value and name not in self.loaded.namespace:
                return name
        return ""

    def run_snippet(self, code: types.CodeType, given: dict[str, Any], seed: int) -> dict[str, Any]:
        scope = {
            **self.background,
            **self.loaded.namespace,
            "np": _numpy,
            **given,
            **self.stubs,
            "__builtins__": builtins,
        }
        self.scope = scope
        _reset_numpy_errors(divide="warn", over="warn", under="ignore", invalid="warn")
        _seed(seed)
        exec(code, scope)
        return scope


_CLAIMS = wire.Caps(items=1_000_000)


def _claim(description: dict[str, Any]) -> bytes:
    return wire.encode_each([description.get(name) for name in wire.RAISED_FIELDS], _CLAIMS)


def _reference_names() -> dict[str, Any]:
    """Return what predicates may use without an import; a student's jail has none of it."""
    reference = sys.modules.get("reference")
    if reference is None:
        return {}
    return {
        "reference": reference,
        **{name: getattr(reference, name) for name in reference.__all__},
    }


def _wait_for(descriptor: int, event: int) -> None:
    """Wait as a pipe should have done; a student may have switched that off."""
    assert _poll is not None
    poll = _poll()
    poll.register(descriptor, event)
    poll.poll()


def _seed(seed: int) -> None:
    _seed_numpy(seed & 0xFFFF_FFFF)
    _seed_python(seed)


def _open_output() -> Iterable[io.TextIOWrapper]:
    streams = []
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        raw = open(descriptor, "wb", closefd=False)  # noqa: SIM115 - open until we die
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
        streams.append(stream)
    return streams
