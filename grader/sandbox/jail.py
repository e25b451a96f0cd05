"""One running zygote and the workers it forks: started, spoken with, ended. Imports no numpy."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from grader.errors import SandboxFailure, SandboxUnavailable
from grader.sandbox.folders import JailFolder
from grader.sandbox.guest.confine import WorkerLimits
from grader.sandbox.guest.zygote import EXIT_REPORT, NUMBER
from grader.sandbox.tiers import DATA_INSIDE, Folders, Side, Tier, command_for

_START_SECONDS = 30.0
_REPORT_SECONDS = 10.0


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

    def kill(self) -> None:
        """End the worker and all that it could have started."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def close(self) -> None:
        """Close our ends of the pipes."""
        for descriptor in (self.requests, self.results, self.output, self.pidfd):
            os.close(descriptor)


class JailDied(SandboxFailure):
    """The zygote has ended, and nobody can say any more what became of its workers."""


class Jail:
    """A zygote in its box. `start` returns at once; the first worker waits until it is warm."""

    def __init__(self, tier: Tier, side: Side, uid: int | None = None) -> None:
        self.tier = tier
        self.side = side
        self.uid = uid
        self._folder = JailFolder()
        self.data = self._folder.path / "data"
        """Workers may read what is put here, under the name that `path_inside` gives."""
        stage = self._folder.path / "stage"
        for folder in (self.data, stage):
            folder.mkdir()
            folder.chmod(0o755)
        self._numbers = 0
        self._reports: dict[int, ExitReport] = {}
        self._is_warm = False
        self.pid: int | None = None
        """The zygote's process, as soon as it is warm."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(_START_SECONDS)
        self._control = ours
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the jail
        try:
            command = command_for(tier, side, theirs.fileno(), uid, Folders(stage, self.data))
            self._process = subprocess.Popen(
                command.argv,
                env=command.environment,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                pass_fds=(theirs.fileno(),),
                # The terminal's Ctrl-C is ours to handle; the jail ends when we do.
                start_new_session=True,
            )
            ours.send(json.dumps(command.options).encode())
        except BaseException:
            ours.close()
            self._remove_files()
            raise
        finally:
            theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def path_inside(self, path: Path) -> Path:
        """Return where a worker finds a path of the data folder."""
        if self.tier is Tier.NAMESPACES:
            return DATA_INSIDE / path.relative_to(self.data)
        return path

    def wait_until_warm(self) -> None:
        """Return when the zygote can fork; raise SandboxUnavailable where it never will."""
        if self._is_warm:
            return
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, 64, 1)
        except OSError:
            message, descriptors = b"", []
        if message != b"H" or not descriptors:
            raise SandboxUnavailable(
                f"the jail of tier {self.tier} did not start: {self._last_words()}",
                remedy="run `grader doctor` to see what this machine can do",
            )
        self.pid = _pid_of(descriptors[0])
        os.close(descriptors[0])
        self._control.settimeout(_REPORT_SECONDS)
        self._assert_single_threaded()
        self._is_warm = True

    def _assert_single_threaded(self) -> None:
        # A library that has threads at the time of a fork leaves its locks held for ever.
        status = _read_status(self.pid) if self.pid else {}
        if status.get("Threads", "1") != "1":
            raise SandboxUnavailable(
                f"the jail's interpreter runs {status['Threads']} threads after importing numpy",
                remedy="install a numpy whose BLAS honours OPENBLAS_NUM_THREADS=1",
            )

    def spawn(self, limits: WorkerLimits) -> Worker:
        """Fork a worker; it is confined, but has not said READY yet."""
        self.wait_until_warm()
        self._numbers += 1
        theirs_in, ours_in = os.pipe2(os.O_CLOEXEC)
        ours_results, theirs_results = os.pipe2(os.O_CLOEXEC)
        ours_output, theirs_output = os.pipe2(os.O_CLOEXEC)
        theirs = (theirs_in, theirs_results, theirs_output)
        ours = (ours_in, ours_results, ours_output)
        try:
            message = NUMBER.pack(self._numbers) + limits.pack()
            socket.send_fds(self._control, [message], list(theirs))
            pidfd = self._await_birth(self._numbers)
        except BaseException as error:
            for descriptor in ours:
                os.close(descriptor)
            if isinstance(error, OSError):
                raise JailDied(f"the zygote of tier {self.tier} has died") from error
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        for descriptor in ours:
            os.set_blocking(descriptor, False)
        return Worker(self._numbers, *ours, pidfd, _pid_of(pidfd))

    def _await_birth(self, number: int) -> int:
        while True:
            message, descriptors = self._receive()
            if message[:1] == b"S" and NUMBER.unpack_from(message, 1) == (number,):
                return descriptors[0]
            if message[:1] == b"E":
                reason = message[1 + NUMBER.size :].decode(errors="replace")
                raise SandboxFailure(f"the zygote could not fork: {reason}")

    def await_exit(self, worker: Worker) -> ExitReport:
        """Return how a worker that is dead, or has just been killed, came to its end."""
        while worker.number not in self._reports:
            try:
                self._receive()
            except OSError as error:
                raise JailDied(f"the zygote of tier {self.tier} has died") from error
        return self._reports.pop(worker.number)

    def _receive(self) -> tuple[bytes, list[int]]:
        message, descriptors, _, _ = socket.recv_fds(self._control, 4096, 1)
        if not message:
            raise ConnectionResetError
        if message[:1] == b"X":
            _, number, status, user_s, system_s, memory_bytes = EXIT_REPORT.unpack(message)
            self._reports[number] = ExitReport(status, user_s + system_s, memory_bytes)
        return message, descriptors

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        self._log.seek(0)
        lines = self._log.read(1 << 16).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def dismiss(self) -> None:
        """Tell the zygote to end, without waiting for it."""
        self._control.close()

    def kill(self) -> None:
        """End the zygote and every worker at once; another thread may be speaking with them."""
        self._process.kill()

    def close(self) -> None:
        """End the zygote and, with it, every worker."""
        self.dismiss()
        if self._process.poll() is None:
            try:
                self._process.wait(0.5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._remove_files()

    def _remove_files(self) -> None:
        self._log.close()
        self._folder.remove()


def _pid_of(pidfd: int) -> int:
    """Return the process id behind a descriptor, as we see it from our own pid namespace."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return 0


def _read_status(pid: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def read_peak_memory(pid: int) -> int:
    """Return the most memory a process has held so far, in bytes; 0 where it cannot be read."""
    return int(_read_status(pid).get("VmHWM", "0 kB").split()[0]) * 1024
