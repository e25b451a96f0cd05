"""One request to a worker and all that comes back for it, under limits that are held outside."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.errors import SandboxFailure
from grader.sandbox.frames import Frame, Inbox, OverLimit, Replies
from grader.sandbox.guest import wire
from grader.sandbox.jail import ExitReport, Jail, Worker
from grader.sandbox.memory import Memory, explain_shortage, read_memory
from grader.sandbox.program import MIB, Exit, Limits, Usage
from grader.sandbox.stubs import StubCalls
from grader.sandbox.taps import READ_BYTES, Tap

_PROCESS_CPU_CLOCK = 2
_LONGEST_TRANSFER_S = 10.0
"""For our bytes to go in, beside the wall time of what is done with them."""
_SHORTEST_WAIT_S = 0.05
"""A program that sleeps just below its limit of CPU time would have us look at every moment."""


_SCRATCH_INTERVAL_S = 0.02
"""Where no file system of its own bounds what a worker writes, we look at it so often."""
_UNUSED_INTERVAL_S = 0.1
"""Until it has written something: each look wakes a processor."""
_READY_WITHIN_MS = 10_000


@dataclass(frozen=True, slots=True)
class Reply:
    """The frames that came before the end of a request, and how it ended."""

    exit: Exit
    frames: tuple[Frame, ...]
    usage: Usage
    output: str
    detail: str = ""
    memory: Memory = field(default_factory=Memory)
    stub_calls: Mapping[str, int] = field(default_factory=dict)


class _Stop(Exception):
    """The request is over: why, and what to say about it."""

    def __init__(self, exit: Exit, detail: str = "", *, is_killing: bool = True) -> None:
        self.exit = exit
        self.detail = detail
        self.is_killing = is_killing


def await_ready(worker: Worker) -> None:
    """Return when a worker has said that it is confined; raise SandboxFailure where it does not."""
    said = _read_now(worker.results)
    if not said:  # it is no spare, which has said so before it was asked for
        poll = select.poll()
        for descriptor in (worker.results, worker.pidfd):
            poll.register(descriptor, select.POLLIN)
        poll.poll(_READY_WITHIN_MS)
        said = _read_now(worker.results)
    if said != _READY:
        reason = _read_now(worker.output).decode(errors="replace") or "it did not say READY"
        raise SandboxFailure(f"a worker was not confined: {reason}")


def _read_now(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, READ_BYTES)
    except BlockingIOError:
        return b""


_READY = wire.frame(0, wire.READY)


class Exchange:
    """Writes a request, reads its frames, answers its calls, watches the clocks."""

    def __init__(
        self,
        jail: Jail,
        worker: Worker,
        limits: Limits,
        replies: Replies,
        memory: Memory,
        stubs: StubCalls | None = None,
    ) -> None:
        self.jail = jail
        self.worker = worker
        self.limits = limits
        self.memory = memory
        """What the worker was known to hold before."""
        self.stubs = stubs or StubCalls({})
        self.inbox = Inbox(replies, self.stubs.admit)
        self._poll = select.poll()
        self._output_tap = Tap(worker.output, self._poll)
        self._results_tap = Tap(worker.results, self._poll)
        self._output = bytearray()
        self._unsent = memoryview(b"")
        self._has_begun = False
        self._started = self._last_arrival = time.perf_counter()
        self._cpu_before_s = self._cpu_time()

    def run(self, request: bytes, *, measures_memory: bool = True) -> Reply:
        """Return the reply; the worker is alive afterwards only where it FINISHED."""
        memory = self.memory
        try:
            self._converse(request)
        except _Stop as stop:
            end, detail = stop.exit, stop.detail
            if stop.is_killing:
                self.worker.kill()
            report = self.jail.await_exit(self.worker)
            memory = memory.at_death(report.memory_bytes)
            if not stop.is_killing:
                end, detail = self._explain(report, memory)
            cpu_s = report.cpu_time_s
        else:
            end, detail = Exit.FINISHED, ""
            cpu_s = self._cpu_time()
            if measures_memory:
                memory = read_memory(self.worker.pid)
        cpu_s = max(cpu_s - self._cpu_before_s, 0.0)
        usage = Usage(self._wall_time(), cpu_s, memory.peak_resident_bytes)
        frames, counts = tuple(self.inbox.frames), dict(self.stubs.counts)
        return Reply(end, frames, usage, self._text(), detail, memory, counts)

    def _converse(self, request: bytes) -> None:
        self._poll.register(self.worker.pidfd, select.POLLIN)
        self._send(request)
        while not self.inbox.is_ended:
            ready = self._wait()
            if self.worker.requests in ready:
                self._write()
            if self.worker.output in ready:
                self._read_output()
            if self.worker.results in ready:
                self._read_results()
            elif self.worker.pidfd in ready:
                self._read_the_rest()
        self._read_output()  # one read has room for all that a pipe holds

    def _wait(self) -> dict[int, int]:
        """Return what is ready: nothing at a deadline, which the next look at the clocks finds."""
        timeout_s, now = self._time_left(), time.perf_counter()
        if self.worker.scratch is not None:
            if excess := self.worker.scratch.explain_excess():
                raise _Stop(Exit.OUTPUT_LIMIT, excess)
            is_used = self.worker.scratch.is_used()
            timeout_s = min(timeout_s, _SCRATCH_INTERVAL_S if is_used else _UNUSED_INTERVAL_S)
        for tap in (self._output_tap, self._results_tap):
            timeout_s = min(timeout_s, tap.time_to_rest(now))
        return dict(self._poll.poll(timeout_s * 1000 + 1))

    # Clocks

    def _wall_time(self) -> float:
        return time.perf_counter() - self._started

    def _time_left(self) -> float:
        wall_s, limit_s, what = self._wall_time(), self.limits.wall_time_s, "of wall time"
        if not self._has_begun:
            limit_s, what = max(limit_s, _LONGEST_TRANSFER_S), "to take what is sent to it"
        if wall_s > limit_s:
            raise _Stop(
                Exit.TIME_LIMIT, f"the limit is {limit_s:g} s {what}, it ran {wall_s:.2f} s"
            )
        if wall_s < self.limits.cpu_time_s:  # one thread cannot have used more than has passed
            return min(limit_s - wall_s, self.limits.cpu_time_s - wall_s)
        cpu_s = self._cpu_time() - self._cpu_before_s
        if cpu_s > self.limits.cpu_time_s:
            raise _Stop(Exit.TIME_LIMIT, self._explain_cpu_time(cpu_s))
        return min(limit_s - wall_s, max(self.limits.cpu_time_s - cpu_s, _SHORTEST_WAIT_S))

    def _explain_cpu_time(self, cpu_s: float) -> str:
        return f"the limit is {self.limits.cpu_time_s:g} s of CPU time, it used {cpu_s:.2f} s"

    def _cpu_time(self) -> float:
        with contextlib.suppress(OSError):  # it has died; its zygote will report
            return time.clock_gettime((~self.worker.pid << 3) | _PROCESS_CPU_CLOCK)
        return 0.0

    # What goes in

    def _send(self, message: bytes) -> None:
        self._unsent = memoryview(message)
        self._poll.register(self.worker.requests, select.POLLOUT)
        self._write()

    def _write(self) -> None:
        try:
            while self._unsent:
                n_written = os.write(self.worker.requests, self._unsent[:READ_BYTES])
                self._unsent = self._unsent[n_written:]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._unsent = self._unsent[:0]  # it closed the pipe; its end will tell
        self._poll.unregister(self.worker.requests)
        if not self._has_begun:
            # The student's code can start now, and not before: the worker reads it all first.
            self._has_begun, self._started = True, time.perf_counter()

    # What comes out

    def _read_output(self) -> None:
        chunk = self._output_tap.read()
        if chunk:
            self._output += chunk
            self._output_tap.note_read(len(chunk))
        limit, n_printed = self.limits.output_bytes, len(self._output)
        if n_printed > limit:
            raise _Stop(
                Exit.OUTPUT_LIMIT,
                f"the limit is {limit} bytes of printed text, it printed {n_printed} or more",
            )

    def _read_results(self) -> bool:
        """Take one piece of what was sent; tell whether more may be there."""
        chunk = self._results_tap.read()
        if not chunk:
            if chunk == b"":
                raise _Stop(Exit.CRASH, is_killing=not self._is_dead())
            return False
        self.inbox.put(chunk)
        try:
            self._results_tap.note_read(len(chunk), is_useful=self._take_frames())
        except wire.ProtocolError as error:
            raise _Stop(Exit.CRASH, f"what it sent is not an answer: {error}") from error
        except OverLimit as error:
            raise _Stop(Exit.OUTPUT_LIMIT, str(error)) from error
        if self._results_tap.is_abused:
            n_pieces = self._results_tap.n_small
            raise _Stop(Exit.CRASH, f"it sent what is no answer yet in {n_pieces} small pieces")
        return True

    def _read_the_rest(self) -> None:
        """Take what a dead worker has left in its pipes."""
        self._read_output()
        while not self.inbox.is_ended and self._read_results():
            pass
        if not self.inbox.is_ended:
            raise _Stop(Exit.CRASH, is_killing=False)

    def _take_frames(self) -> bool:
        """Take every frame that is whole; tell whether there was one."""
        n_taken = 0
        while frame := self.inbox.take(time.perf_counter() - self._last_arrival):
            if self._unsent:
                raise wire.ProtocolError("a frame before it had read what was sent to it")
            n_taken += 1
            self._last_arrival = time.perf_counter()
            if frame.kind == wire.STUB:
                self._answer(frame)
        return n_taken > 0

    def _answer(self, call: Frame) -> None:
        """Answer a call; the time that we take is not the student's."""
        asked, cpu_s = time.perf_counter(), self._cpu_time()
        answer = self.stubs.answer(call)
        # A worker that goes on computing behind its own question is not waiting for us.
        worked_s = self._cpu_time() - cpu_s
        waited_s = max(time.perf_counter() - asked - worked_s, 0.0)
        self._started += waited_s
        self._last_arrival += waited_s
        self._send(answer)

    # The end

    def _is_dead(self) -> bool:
        poll = select.poll()
        poll.register(self.worker.pidfd, select.POLLIN)
        return bool(poll.poll(50))

    def _explain(self, report: ExitReport, memory: Memory) -> tuple[Exit, str]:
        """Name the end of a worker that we did not kill."""
        if report.signal == signal.SIGSYS:
            return Exit.FORBIDDEN, "it made a system call that only an attack needs"
        if report.signal == signal.SIGKILL:
            cpu_s = report.cpu_time_s - self._cpu_before_s
            if cpu_s >= self.limits.cpu_time_s:
                return Exit.TIME_LIMIT, self._explain_cpu_time(cpu_s)
            if self.jail.note_oom_kill():
                held = f"{memory.peak_resident_bytes / MIB:.0f} MiB"
                return Exit.MEMORY_LIMIT, f"its jail as a whole was full; it held {held} of it"
            # Nothing inside the box can do this.
            raise SandboxFailure("a worker was killed from outside: is the machine out of memory?")
        end = f"it exited by itself, with code {report.code}"
        if report.signal:
            end = f"it was ended by {signal.Signals(report.signal).name}"
        # An interpreter, or a library, that gets no more memory may not live to raise an exception.
        shortage = explain_shortage(memory, self.limits.memory_bytes, is_refused=False)
        return (Exit.MEMORY_LIMIT, f"{shortage}; {end}") if shortage else (Exit.CRASH, end)

    def _text(self) -> str:
        return bytes(self._output[: self.limits.output_bytes]).decode("utf-8", "replace")
