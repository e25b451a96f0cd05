"""The supervisor's end of the socket to a zygote: workers asked for, born, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

from grader.errors import SandboxFailure
from grader.sandbox.folders import ScratchFolder
from grader.sandbox.guest.confine import WorkerLimits
from grader.sandbox.guest.zygote import EXIT_REPORT, NUMBER
from grader.sandbox.proc import read_field

_MESSAGE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class ExitReport:
    """How a worker ended and what it used, as the kernel told its zygote."""

    status: int
    cpu_time_s: float
    memory_bytes: int

    @property
    def signal(self) -> int:
        """The signal that ended it, or 0."""
        return os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0

    @property
    def code(self) -> int:
        """The code with which it exited, where no signal ended it."""
        return 0 if self.signal else os.WEXITSTATUS(self.status)


@dataclass(frozen=True, slots=True)
class Worker:
    """A forked worker: our ends of its pipes, and its descriptor."""

    number: int
    requests: int
    results: int
    output: int
    pidfd: int
    pid: int
    scratch: ScratchFolder | None
    """Its writable folder, where it has no file system of its own."""

    def kill(self) -> None:
        """End the worker and all that it could have started."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)


class JailDied(SandboxFailure):
    """The zygote has ended, and nobody can say any more what became of its workers."""


@dataclass(frozen=True, slots=True)
class _Expected:
    """A worker that has been asked for and is not born yet."""

    pipes: tuple[int, int, int]
    scratch: ScratchFolder | None


class Control:
    """Asks a zygote for workers, and hears in passing how those that are done with have ended."""

    def __init__(
        self,
        connection: socket.socket,
        open_scratch: Callable[[WorkerLimits], ScratchFolder | None],
    ) -> None:
        self._connection = connection
        self._open_scratch = open_scratch
        self.n_workers = 0
        """How many workers it has been asked for."""
        self._expected: dict[int, _Expected] = {}
        self._born: dict[int, Worker] = {}
        self._refused: dict[int, str] = {}
        self._exits: dict[int, ExitReport] = {}
        self._dying: dict[int, Worker] = {}

    def request(self, limits: WorkerLimits) -> int:
        """Ask for a worker, and return its number; `await_birth` returns the worker."""
        self.n_workers += 1
        number = self.n_workers
        theirs_in, ours_in = os.pipe2(os.O_CLOEXEC)
        ours_results, theirs_results = os.pipe2(os.O_CLOEXEC)
        ours_output, theirs_output = os.pipe2(os.O_CLOEXEC)
        expected = _Expected((ours_in, ours_results, ours_output), self._open_scratch(limits))
        theirs = [theirs_in, theirs_results, theirs_output]
        if expected.scratch is not None:
            theirs.append(expected.scratch.open())
        self._expected[number] = expected
        try:
            socket.send_fds(self._connection, [NUMBER.pack(number) + limits.pack()], theirs)
        except OSError as error:
            raise JailDied("the zygote has died") from error
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        return number

    def await_birth(self, number: int) -> Worker:
        """Return a worker that was asked for; it is confined, but has not said READY yet."""
        while number not in self._born:
            if number in self._refused:
                reason = self._refused.pop(number)
                raise SandboxFailure(f"the zygote could not fork: {reason}")
            self._receive()
        return self._born.pop(number)

    def await_exit(self, worker: Worker) -> ExitReport:
        """Return how a worker that is dead, or has just been killed, came to its end."""
        while worker.number not in self._exits:
            self._receive()
        return self._exits.pop(worker.number)

    def dismiss(self, worker: Worker) -> None:
        """End a worker without waiting for it."""
        worker.kill()
        for descriptor in (worker.requests, worker.results, worker.output, worker.pidfd):
            os.close(descriptor)
        if self._exits.pop(worker.number, None) is None:
            self._dying[worker.number] = worker
        elif worker.scratch is not None:
            worker.scratch.remove()

    def _receive(self) -> None:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._connection, _MESSAGE_BYTES, 1)
        except OSError as error:
            raise JailDied("the zygote has died, or says nothing") from error
        if not message:
            raise JailDied("the zygote has died")
        if message[:1] == b"X":
            self._note_exit(message)
        elif message[:1] == b"S":
            self._note_birth(message, descriptors[0])
        elif message[:1] == b"E":
            (number,) = NUMBER.unpack_from(message, 1)
            self._forget(number)
            self._refused[number] = message[1 + NUMBER.size :].decode(errors="replace")

    def _note_birth(self, message: bytes, pidfd: int) -> None:
        (number,) = NUMBER.unpack_from(message, 1)
        expected = self._expected.pop(number)
        for descriptor in expected.pipes:
            os.set_blocking(descriptor, False)
        pid = pid_of(pidfd)
        self._born[number] = Worker(number, *expected.pipes, pidfd, pid, expected.scratch)

    def _note_exit(self, message: bytes) -> None:
        _, number, status, user_s, system_s, memory_bytes = EXIT_REPORT.unpack(message)
        dead = self._dying.pop(number, None)
        if dead is None:
            self._exits[number] = ExitReport(status, user_s + system_s, memory_bytes)
        elif dead.scratch is not None:
            dead.scratch.remove()

    def _forget(self, number: int) -> None:
        expected = self._expected.pop(number)
        for descriptor in expected.pipes:
            os.close(descriptor)
        if expected.scratch is not None:
            expected.scratch.remove()

    def close(self) -> None:
        """Hang up, which ends the zygote and its workers; our descriptors of them are closed."""
        self._connection.close()
        for number in list(self._expected):
            self._forget(number)
        for number in list(self._born):
            self.dismiss(self._born.pop(number))


def pid_of(pidfd: int) -> int:
    """Return the process id behind a descriptor, as we see it from our own pid namespace."""
    return int(read_field(f"/proc/self/fdinfo/{pidfd}", b"Pid:") or b"0")
