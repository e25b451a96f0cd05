"""One running zygote and the workers it forks: started, taken from, ended. Imports no numpy."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from grader.errors import SandboxUnavailable
from grader.sandbox import runtime
from grader.sandbox.cgroup import JailCgroup
from grader.sandbox.control import Control, ExitReport, JailDied, Worker, pid_of
from grader.sandbox.folders import JailFolder, ScratchFolder
from grader.sandbox.guest.confine import WorkerLimits
from grader.sandbox.packages import Packages
from grader.sandbox.proc import read_field
from grader.sandbox.tiers import DATA_INSIDE, Folders, Side, Tier, command_for

__all__ = ["ExitReport", "Jail", "JailDied", "Worker", "WorkerLimits"]

_GIB = 1 << 30
_START_SECONDS = 30.0
_REPORT_SECONDS = 10.0
_WORKERS_AT_FIRST = 2
"""The one that is wanted, and the spare."""


class Jail:
    """A zygote in its box. `start` returns at once; the first worker waits until it is warm.

    Where it keeps a spare, a worker is forked and confined while nobody waits, for the next.
    """

    def __init__(
        self,
        tier: Tier,
        side: Side,
        uid: int | None = None,
        *,
        keeps_spare: bool = True,
        blas_kernel: str = "",
        packages: Packages | None = None,
    ) -> None:
        self.tier = tier
        self.side = side
        self.uid = uid
        self.keeps_spare = keeps_spare
        self.packages = packages
        self.started_s = time.monotonic()
        self.n_taken = 0
        """How many of its workers are in use."""
        self._folder = JailFolder()
        self.data = self._folder.path / "data"
        """Workers may read what is put here, under the name that `path_inside` gives."""
        self._scratch = self._folder.path / "scratch"
        stage = self._folder.path / "stage"
        for folder, mode in ((self.data, 0o755), (self._scratch, 0o711), (stage, 0o755)):
            folder.mkdir()
            folder.chmod(mode)
        self._oom_kills = 0
        self._is_warm = False
        self._is_closed = False
        self.pid: int | None = None
        """The zygote's process, as soon as it is warm."""
        self._spare: tuple[WorkerLimits, int] | None = None
        self._wanted: WorkerLimits | None = None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(_START_SECONDS)
        self._connection = ours
        self._control = Control(ours, self._open_scratch)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the jail
        self._cgroup = JailCgroup.create(_WORKERS_AT_FIRST, _GIB)
        try:
            folders = Folders(stage, self.data, packages)
            command = command_for(
                tier, side, theirs.fileno(), uid, folders, blas_kernel=blas_kernel
            )
            self._process = subprocess.Popen(
                command.argv if self._cgroup is None else self._cgroup.enter(command.argv),
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

    @property
    def n_workers(self) -> int:
        """How many workers it has forked so far."""
        return self._control.n_workers

    def path_inside(self, path: Path) -> Path:
        """Return where a worker finds a path of the data folder."""
        if self.tier is Tier.NAMESPACES:
            return DATA_INSIDE / path.relative_to(self.data)
        return path

    def _open_scratch(self, limits: WorkerLimits) -> ScratchFolder | None:
        if self.tier is Tier.NAMESPACES:
            return None  # its workers mount one of their own
        # Landlock hides what files hold, not that they are there: no other worker knows the name.
        path = self._scratch / secrets.token_hex(16)
        owner = runtime.service_user(self.uid)
        return ScratchFolder(path, owner, limits.scratch_bytes, limits.scratch_inodes)

    def is_warm(self) -> bool:
        """Tell whether the zygote has something to say, without waiting: that it is warm."""
        if not self._is_warm:
            poll = select.poll()
            poll.register(self._connection, select.POLLIN)
            if poll.poll(0):
                self.wait_until_warm()
        return self._is_warm

    def wait_until_warm(self) -> None:
        """Return when the zygote can fork; raise SandboxUnavailable where it never will."""
        if self._is_warm:
            return
        try:
            message, descriptors, _, _ = socket.recv_fds(self._connection, 64, 1)
        except OSError:
            message, descriptors = b"", []
        if message != b"H" or not descriptors:
            raise SandboxUnavailable(
                f"the jail of tier {self.tier} did not start: {self._last_words()}",
                remedy="run `grader doctor` to see what this machine can do",
            )
        self.pid = pid_of(descriptors[0])
        os.close(descriptors[0])
        self._connection.settimeout(_REPORT_SECONDS)
        self._assert_single_threaded()
        self._is_warm = True

    def _assert_single_threaded(self) -> None:
        # A library that has threads at the time of a fork leaves its locks held for ever.
        n_threads = int(read_field(f"/proc/{self.pid}/status", b"Threads:") or b"1")
        if n_threads > 1:
            imported = ("numpy", *(self.packages.preloaded if self.packages else ()))
            raise SandboxUnavailable(
                f"the jail's interpreter runs {n_threads} threads after importing"
                f" {', '.join(imported)}",
                remedy="install versions that start none under OPENBLAS_NUM_THREADS=1 and "
                "OMP_NUM_THREADS=1",
            )

    def take(self, limits: WorkerLimits) -> Worker:
        """Return a fresh worker, confined, which has not been heard to say READY yet.

        The spare is taken where it stands under these limits; else one is forked now.
        """
        self.wait_until_warm()
        if self._cgroup is not None:
            self._cgroup.allow_memory(self.n_taken + _WORKERS_AT_FIRST, limits.address_space_bytes)
        number = None
        if self._spare is not None:
            (spare_limits, number), self._spare = self._spare, None
            if spare_limits != limits:
                self._control.dismiss(self._control.await_birth(number))
                number = None
        if number is None:
            number = self._control.request(limits)
        worker = self._control.await_birth(number)
        self.n_taken += 1
        self._wanted = limits
        return worker

    def prepare(self, limits: WorkerLimits) -> None:
        """Have a spare worker forked, without waiting for it."""
        if self._spare is None:
            with contextlib.suppress(JailDied):  # whoever takes the next one will be told
                self._spare = limits, self._control.request(limits)

    def await_exit(self, worker: Worker) -> ExitReport:
        """Return how a worker that is dead, or has just been killed, came to its end."""
        return self._control.await_exit(worker)

    def give_back(self, worker: Worker) -> None:
        """End a worker that was taken, if it lives, without waiting for it.

        The next one will most likely be wanted under the same limits: it is made ready now.
        """
        self.n_taken -= 1
        self._control.dismiss(worker)
        if self.keeps_spare and self._wanted is not None and not self._is_closed:
            self.prepare(self._wanted)

    def note_oom_kill(self) -> bool:
        """Tell whether the kernel has killed another process because the jail held too much."""
        before = self._oom_kills
        self._oom_kills = 0 if self._cgroup is None else self._cgroup.oom_kills()
        return self._oom_kills > before

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        self._log.seek(0)
        lines = self._log.read(1 << 16).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def hang_up(self) -> None:
        """Tell the zygote to end, without waiting for it."""
        self._is_closed = True
        self._control.close()

    def kill(self) -> None:
        """End the zygote and every worker at once; another thread may be speaking with them."""
        self._process.kill()

    def close(self) -> None:
        """End the zygote and, with it, every worker."""
        self.hang_up()
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
        if self._cgroup is not None:
            self._cgroup.close()
