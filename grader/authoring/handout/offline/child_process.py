"""A child process with a program of a student's, and what arrives from it: on any system."""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from grader.errors import OperationError
from grader.sandbox.frames import Frame, Inbox, OverLimit, Replies
from grader.sandbox.guest import wire
from grader.sandbox.program import Exit, Limits

_START_S = 120.0
"""The first start after an installation compiles numpy, and virus scanners take their time."""
_LAST_OUTPUT_S = 1.0
_CHUNK = 1 << 16
_CODE = "import sys; sys.path[0] = sys.argv[1]; \
from grader.authoring.handout.offline.child import main; main(sys.argv[2])"
_ENVIRONMENT = {
    # As on the server: one order of additions, and the same sets and hashes in every run.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """The frames that came before the end of a request, and how it ended."""

    exit: Exit
    frames: tuple[Frame, ...]
    wall_time_s: float
    output: str
    detail: str = ""


class ChildProcess:
    """A worker in a process of its own; after any end but FINISHED it is dead."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._mark = f"[end {secrets.token_hex(8)}]"
        self._results: queue.Queue[bytes] = queue.Queue()
        self._printed = bytearray()
        self._n_requests = 0
        is_posix = os.name == "posix"
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CODE, str(root), self._mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=_environment(os.environ),
            # A group of its own: whatever it starts ends with it.
            start_new_session=is_posix,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._listeners = (
            _listen(self._process.stdout, self._results.put),
            _listen(self._process.stderr, self._printed.extend),
        )
        self._await_ready()

    def _await_ready(self) -> None:
        said, until_s = b"", time.monotonic() + _START_S
        while len(said) < wire.HEADER.size:
            chunk = self._take(until_s - time.monotonic())
            if not chunk:
                self.end()
                told = self._printed.decode(errors="replace").strip().rpartition("\n")[2]
                raise OperationError(
                    f"a Python process could not be started: {told or 'it said nothing'}",
                    remedy="unpack the handout again, and see that this Python has numpy",
                )
            said += chunk

    def exchange(self, kind: int, body: object, limits: Limits, replies: Replies) -> Reply:
        """Send a request, and return what came of it within its limits."""
        self._n_requests += 1
        index = self._n_requests
        del self._printed[:]
        inbox = Inbox(
            Replies(index, replies.kinds, replies.sizes, replies.allowance, replies.caps), _no_calls
        )
        started_s = time.monotonic()
        end, detail = Exit.FINISHED, ""
        try:
            self._send(wire.frame(index, kind, wire.encode(body, wire.INTO_BOX)))
            self._receive(inbox, started_s, limits)
        except _Ended as ended:
            end, detail = ended.exit, ended.detail
        except OverLimit as error:
            end, detail = Exit.OUTPUT_LIMIT, str(error)
        except wire.ProtocolError as error:
            end, detail = Exit.CRASH, f"what it sent is not an answer: {error}"
        except BaseException:
            self.end()
            raise
        wall_time_s = time.monotonic() - started_s
        if end is not Exit.FINISHED:
            self.end()
        output = self._take_output(is_whole=end is Exit.FINISHED)
        return Reply(end, tuple(inbox.frames), wall_time_s, output, detail)

    def _send(self, request: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has died, which reading tells as well
            self._process.stdin.write(request)
            self._process.stdin.flush()

    def _receive(self, inbox: Inbox, started_s: float, limits: Limits) -> None:
        limit_s = limits.wall_time_s
        last_s = started_s
        while not inbox.is_ended:
            left_s = started_s + limit_s - time.monotonic()
            if left_s <= 0:
                raise _Ended(Exit.TIME_LIMIT, f"the limit is {limit_s:g} s")
            if len(self._printed) > limits.output_bytes + len(self._mark):
                raise _Ended(Exit.OUTPUT_LIMIT, f"the limit is {limits.output_bytes} bytes")
            try:
                chunk = self._results.get(timeout=min(left_s, 0.1))
            except queue.Empty:
                continue
            if not chunk:
                raise _Ended(Exit.CRASH, self._describe_end())
            inbox.put(chunk)
            while True:
                now_s = time.monotonic()
                if inbox.take(now_s - last_s) is None:
                    break
                last_s = now_s

    def _take(self, seconds: float) -> bytes:
        """Return what arrives next; nothing where the process ended, or the time did."""
        try:
            return self._results.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            return b""

    def _describe_end(self) -> str:
        try:
            status = self._process.wait(_LAST_OUTPUT_S)
        except subprocess.TimeoutExpired:
            return "it closed the pipe that answers go through"
        if status < 0:
            with contextlib.suppress(ValueError):
                return f"it was ended by {signal.Signals(-status).name}"
        return f"it ended with the status {status}"

    def _take_output(self, *, is_whole: bool) -> str:
        """Return what was printed in this request; pipes need not be read in step."""
        mark, until_s = self._mark.encode(), time.monotonic() + _LAST_OUTPUT_S
        while is_whole and mark not in self._printed and time.monotonic() < until_s:
            time.sleep(0.001)
        return bytes(self._printed).partition(mark)[0].decode(errors="replace")

    def end(self) -> None:
        """Kill the process, and what it has started."""
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LAST_OUTPUT_S)
        for listener in self._listeners:
            listener.join(_LAST_OUTPUT_S)
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()


class _Ended(Exception):
    """A request is over: why, and what to say about it."""

    def __init__(self, exit: Exit, detail: str) -> None:
        self.exit = exit
        self.detail = detail
        super().__init__(detail)


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {**ours, **_ENVIRONMENT}


def _no_calls(_evaluation: int, _n_bytes: int) -> None:
    raise wire.ProtocolError("it called a function that is not here")


def _listen(stream: IO[bytes], put: Callable[[bytes], None]) -> threading.Thread:
    """Hand on what arrives, as it arrives; in the end nothing, once."""

    def listen() -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(stream.fileno(), _CHUNK):
                put(chunk)
        put(b"")
        stream.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    return thread
