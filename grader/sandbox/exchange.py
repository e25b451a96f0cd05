"""One request to a worker and all that comes back for it, under limits that are held outside."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.errors import SandboxFailure
from grader.sandbox.guest import wire
from grader.sandbox.jail import ExitReport, Jail, Worker, read_peak_memory
from grader.sandbox.program import Exit, Limits, Usage

RESULT_BYTES = 128 * wire.MIB
_READ_BYTES = wire.MIB
_PROCESS_CPU_CLOCK = 2
_TRICKLE_READS = 200
_TRICKLE_PAUSE_S = 0.002


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame of a worker."""

    index: int
    kind: int
    value: Any
    wall_time_s: float = 0.0
    """Since the frame before it, or the start of the request."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The frames that came before the end of a request, and how it ended."""

    exit: Exit
    frames: tuple[Frame, ...]
    usage: Usage
    output: str
    detail: str = ""


class _Stop(Exception):
    """The request is over: why, and what to say about it."""

    def __init__(self, exit: Exit, detail: str = "", *, is_killing: bool = True) -> None:
        self.exit = exit
        self.detail = detail
        self.is_killing = is_killing


class Exchange:
    """Writes a request, reads its frames, watches the clocks."""

    def __init__(
        self, jail: Jail, worker: Worker, limits: Limits, accepts: Callable[[Frame, int], bool]
    ) -> None:
        self.jail = jail
        self.worker = worker
        self.limits = limits
        self.accepts = accepts
        self.frames: list[Frame] = []
        self._bytes = bytearray()
        self._n_result_bytes = 0
        self._output = bytearray()
        self._small_reads = 0
        self._is_ended = False
        self._last_arrival_s = 0.0

    def run(self, request: bytes) -> Reply:
        """Return the reply; the worker is alive afterwards only where it FINISHED."""
        started, cpu_before = time.perf_counter(), self._cpu_time()
        self._last_arrival_s = started
        try:
            self._converse(memoryview(request), started, cpu_before)
        except _Stop as stop:
            end, detail = stop.exit, stop.detail
            if stop.is_killing:
                self.worker.kill()
            report = self.jail.await_exit(self.worker)
            if not stop.is_killing:
                end, detail = self._explain(report)
            cpu, memory = report.cpu_time_s - cpu_before, report.memory_bytes
        else:
            end, detail = Exit.FINISHED, ""
            cpu, memory = self._cpu_time() - cpu_before, read_peak_memory(self.worker.pid)
        usage = Usage(time.perf_counter() - started, max(cpu, 0.0), memory)
        return Reply(end, tuple(self.frames), usage, self._text(), detail)

    def _converse(self, request: memoryview, started: float, cpu_before: float) -> None:
        worker, poll = self.worker, select.poll()
        for descriptor in (worker.results, worker.output, worker.pidfd):
            poll.register(descriptor, select.POLLIN)
        if request:
            poll.register(worker.requests, select.POLLOUT)
        while not self._is_ended:
            timeout_s = self._time_left(started, cpu_before)
            ready = dict(poll.poll(timeout_s * 1000 + 1))
            if worker.requests in ready:
                request = self._write(request)
                if not request:
                    poll.unregister(worker.requests)
            if worker.output in ready and not self._read_output():
                poll.unregister(worker.output)  # closed, and ready for ever
            if worker.results in ready:
                self._read_results()
            elif worker.pidfd in ready:
                self._read_results()
                self._read_output()
                if not self._is_ended:
                    raise _Stop(Exit.CRASH, is_killing=False)
        self._read_output()

    def _time_left(self, started: float, cpu_before: float) -> float:
        wall = time.perf_counter() - started
        if wall > self.limits.wall_time_s:
            raise _Stop(
                Exit.TIME_LIMIT,
                f"the limit is {self.limits.wall_time_s:g} s of wall time, it ran {wall:.2f} s",
            )
        left = self.limits.wall_time_s - wall
        if wall < self.limits.cpu_time_s:  # one thread cannot have used more than has passed
            return min(left, self.limits.cpu_time_s - wall)
        cpu = self._cpu_time() - cpu_before
        if cpu > self.limits.cpu_time_s:
            raise _Stop(
                Exit.TIME_LIMIT,
                f"the limit is {self.limits.cpu_time_s:g} s of CPU time, it used {cpu:.2f} s",
            )
        return min(left, self.limits.cpu_time_s - cpu)

    def _cpu_time(self) -> float:
        with contextlib.suppress(OSError):  # it has died; its zygote will report
            return time.clock_gettime((~self.worker.pid << 3) | _PROCESS_CPU_CLOCK)
        return 0.0

    def _write(self, request: memoryview) -> memoryview:
        try:
            return request[os.write(self.worker.requests, request[: 1 << 16]) :]
        except BlockingIOError:
            return request
        except BrokenPipeError:
            return request[:0]  # it closed the pipe; its end will tell

    def _read_output(self) -> bool:
        """Take what has been printed; tell whether more may come."""
        while chunk := _read(self.worker.output):
            self._output += chunk
            if len(self._output) > self.limits.output_bytes:
                limit = self.limits.output_bytes
                raise _Stop(Exit.OUTPUT_LIMIT, f"the limit is {limit} bytes of printed text")
        return chunk is None

    def _read_results(self) -> None:
        chunk = _read(self.worker.results)
        if not chunk:
            if chunk == b"":
                raise _Stop(Exit.CRASH, is_killing=not self._is_dead())
            return
        self._n_result_bytes += len(chunk)
        if self._n_result_bytes > RESULT_BYTES:
            raise _Stop(Exit.OUTPUT_LIMIT, f"more than {RESULT_BYTES} bytes of results")
        self._bytes += chunk
        try:
            self._take_frames()
        except wire.ProtocolError as error:
            raise _Stop(Exit.CRASH, f"what it sent is not an answer: {error}") from error
        if len(chunk) < wire.HEADER.size:
            # Somebody who sends byte by byte wants to keep us busy.
            self._small_reads += 1
            if self._small_reads > _TRICKLE_READS:
                time.sleep(_TRICKLE_PAUSE_S)

    def _is_dead(self) -> bool:
        poll = select.poll()
        poll.register(self.worker.pidfd, select.POLLIN)
        return bool(poll.poll(50))

    def _take_frames(self) -> None:
        size = wire.HEADER.size
        while len(self._bytes) >= size:
            if self._is_ended:
                raise wire.ProtocolError("bytes after the end")
            index, kind, length = wire.read_header(bytes(self._bytes[:size]), wire.FROM_BOX)
            if len(self._bytes) < size + length:
                return
            body = bytes(self._bytes[size : size + length])
            del self._bytes[: size + length]
            now = time.perf_counter()
            wall_time_s, self._last_arrival_s = now - self._last_arrival_s, now
            value = wire.decode(body, wire.FROM_BOX) if body else None
            frame = Frame(index, kind, value, wall_time_s)
            if not self.accepts(frame, len(self.frames)):
                raise wire.ProtocolError(f"frame {index} of kind {kind} was not asked for")
            if kind in (wire.END, wire.READY):
                self._is_ended = True
            else:
                self.frames.append(frame)
        if self._is_ended and self._bytes:
            raise wire.ProtocolError("bytes after the end")

    def _explain(self, report: ExitReport) -> tuple[Exit, str]:
        """Name the end of a worker that we did not kill."""
        if report.signal == signal.SIGSYS:
            return Exit.FORBIDDEN, "it made a system call that only an attack needs"
        if report.signal == signal.SIGKILL:
            if report.cpu_time_s >= self.limits.cpu_time_s:
                return Exit.TIME_LIMIT, f"it used {report.cpu_time_s:.1f} s of CPU time"
            # Nothing inside the box can do this.
            raise SandboxFailure("a worker was killed from outside: is the machine out of memory?")
        if report.signal:
            return Exit.CRASH, f"it was ended by {signal.Signals(report.signal).name}"
        return Exit.CRASH, f"it exited by itself, with code {report.code}"

    def _text(self) -> str:
        return bytes(self._output[: self.limits.output_bytes]).decode("utf-8", "replace")


def _read(descriptor: int) -> bytes | None:
    """Return what is there; b"" at the end of the pipe, None where nothing is there yet."""
    try:
        return os.read(descriptor, _READ_BYTES)
    except BlockingIOError:
        return None
