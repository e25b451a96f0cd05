"""One child process of the service: how it is started, how it ended, and its end by force."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TETHER = Path(__file__).with_name("tether.py")
_LAST_WORDS_BYTES, _LAST_WORDS_CHARACTERS = 4096, 300
_STDERR = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """What a child runs, and with what."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    descriptors: tuple[int, ...] = ()
    """What it inherits besides stderr, such as a listening socket."""
    log: Path | None = None
    """Where it writes; None is our own stderr."""


class Child:
    """A running process in a session of its own, so that the terminal's Ctrl-C is ours alone.

    The thread that makes it must outlive it: the kernel takes the end of that thread for the end
    of the parent.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        with contextlib.ExitStack() as stack:
            out = _STDERR
            if plan.log is not None:
                out = os.open(plan.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                stack.callback(os.close, out)
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), *plan.command],
                env=dict(plan.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=plan.descriptors,
                start_new_session=True,
            )

    @property
    def name(self) -> str:
        """Which part of the service it is: `web`, `worker`, `sweeper`."""
        return self.plan.name

    @property
    def pid(self) -> int:
        """The process id; a child that is started again has another."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether it still runs. One that has ended is not reaped by this."""
        if self._process.returncode is not None:
            return False
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return ended is None

    def ask_to_end(self) -> None:
        """Send SIGTERM: finish what is at hand, and end."""
        if self.is_alive():
            self._process.send_signal(signal.SIGTERM)

    def reap(self) -> str:
        """End it and all that is left of its session; return how it ended, in words."""
        # The process is not reaped yet, so its number cannot have become another group's.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        status = self._process.wait()
        if status < 0:
            return f"killed by {signal.Signals(-status).name}"
        return f"ended with status {status}"

    def has_failed(self) -> bool:
        """Tell whether it gave up by itself, and so may have said why."""
        return (self._process.returncode or 0) > 0

    def last_words(self) -> str:
        """Return the last line that it wrote into its log; empty where it has none."""
        if self.plan.log is None:
            return ""
        try:
            with self.plan.log.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_WORDS_BYTES))
                lines = file.read().decode(errors="replace").split("\n")
        except OSError:
            return ""
        return next((line for line in reversed(lines) if line.strip()), "")[:_LAST_WORDS_CHARACTERS]
