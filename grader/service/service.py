"""The whole service on one machine: web, worker and sweeper under one supervisor."""

from __future__ import annotations

import contextlib
import http.client
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Self

from grader.errors import OperationError
from grader.service.children import Child, Plan
from grader.service.lock import hold
from grader.service.ports import listen
from grader.service.preparation import make_data_dir, prepare_schema
from grader.service.supervisor import Supervisor
from grader.settings import PREFIX, Settings

STOP_TIMEOUT_S = 15.0
"""How long a running submission may take to its end; one that is cut off is graded again."""
_ASK_EVERY_S = 0.1
_FIRST_ANSWER_WITHIN_S, _ANSWER_WITHIN_S = 1.0, 5.0
_MOST_FAILURES = 2
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class Service:
    """Web, worker and sweeper as processes of this one; they end with it, however it ends.

    Parameters
    ----------
    settings
        What the processes shall run with; what else stands in the environment is not read.
    log_dir
        Folder for a log a process; None sends everything to stderr.
    say
        Is told in one line what becomes of the processes.

    Raises
    ------
    Conflict
        On entering, where another service has the data folder.
    UsageError
        On entering, where the port is in use.
    SchemaMismatch
        On entering, where `grader db upgrade` must run first.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        log_dir: Path | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self._wanted = settings
        self._log_dir = log_dir
        self._supervisor = Supervisor(say or (lambda _: None))
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Self:
        # Brings Celery, which no other command over this package needs.
        from grader.queue.commands import sweeper_command, worker_command

        with contextlib.ExitStack() as stack:
            settings, data_dir = make_data_dir(self._wanted)
            note_address = stack.enter_context(hold(data_dir))
            listening = stack.enter_context(listen(settings.bind_host, settings.port))
            self.settings = replace(settings, port=listening.getsockname()[1])
            note_address(self.url)
            prepare_schema(self.settings)
            if self._log_dir is not None:
                self._log_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            plans = [
                self._plan("web", _web_command(listening.fileno()), (listening.fileno(),)),
                self._plan("worker", worker_command(self.settings)),
                self._plan("sweeper", sweeper_command()),
            ]
            self._supervisor.start(plans)
            stack.callback(self.stop)
            self._cleanup = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    @property
    def url(self) -> str:
        """Where people reach it."""
        return self.settings.base_url or f"http://{self._address()}"

    @property
    def processes(self) -> Mapping[str, Child]:
        """What runs at this moment, by name, each with its `pid`."""
        return self._supervisor.children

    def count_failures(self, name: str) -> int:
        """Return how often a process has ended without having run for long."""
        return self._supervisor.count_failures(name)

    def wait_ready(self, timeout_s: float = 60.0, stopped: threading.Event | None = None) -> None:
        """Return when the web process answers that it is ready, or when `stopped` is set.

        Raises
        ------
        OperationError
            When that takes too long, or the process ends again and again.
        """
        deadline_s = time.monotonic() + timeout_s
        # A process that is only starting lets a request wait; one that never will is found out
        # between two requests.
        answer_within_s = _FIRST_ANSWER_WITHIN_S
        while not self.is_ready(answer_within_s):
            answer_within_s = min(2 * answer_within_s, _ANSWER_WITHIN_S)
            self._supervisor.assert_running()
            if self._supervisor.count_failures("web") >= _MOST_FAILURES:
                raise OperationError("the web process ends again and again", remedy=self._look_at())
            if time.monotonic() > deadline_s:
                raise OperationError(
                    f"the service is not ready after {timeout_s:g} s", remedy=self._look_at()
                )
            if stopped is None:
                time.sleep(_ASK_EVERY_S)
            elif stopped.wait(_ASK_EVERY_S):
                return

    def is_ready(self, within_s: float = _ANSWER_WITHIN_S) -> bool:
        """Tell whether the web process answers in time, and finds all that it needs."""
        connection = http.client.HTTPConnection(self._address(), timeout=within_s)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait(self, stopped: threading.Event) -> None:
        """Return when `stopped` is set; raise where the supervisor itself gives up."""
        while not stopped.wait(1.0):
            self._supervisor.assert_running()

    def stop(self, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """End all processes: what is at hand is finished if it takes no longer than this."""
        self._supervisor.stop(timeout_s)

    def force(self) -> None:
        """Cut a `stop` short that waits, or that is still to come."""
        self._supervisor.force()

    def _address(self) -> str:
        host = _EVERYWHERE.get(self.settings.bind_host, self.settings.bind_host)
        return f"[{host}]:{self.settings.port}" if ":" in host else f"{host}:{self.settings.port}"

    def _plan(self, name: str, command: list[str], descriptors: tuple[int, ...] = ()) -> Plan:
        log = None if self._log_dir is None else self._log_dir / f"{name}.log"
        return Plan(name, command, environment_of(self.settings, name), descriptors, log)

    def _look_at(self) -> str:
        where = "the lines above" if self._log_dir is None else str(self._log_dir / "web.log")
        return f"see {where}"


def environment_of(settings: Settings, name: str) -> dict[str, str]:
    """Return the environment in which `load_settings` reads these settings again.

    The key that signs cookies goes to the web process alone, and nobody's token to any.
    """
    environment = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    for setting in fields(Settings):
        value = getattr(settings, setting.name)
        if setting.name == "token" or (setting.name == "secret_key" and name != "web"):
            continue
        if value is not None and value != "":
            text = str(int(value)) if isinstance(value, bool) else str(value)
            environment[PREFIX + setting.name.upper()] = text
    return environment


def _web_command(descriptor: int) -> list[str]:
    # Without the folder that one happens to be in, if this process has none on its path either.
    safe_path = ["-P"] if sys.flags.safe_path else []
    module = [sys.executable, *safe_path, "-m", "grader.service.web"]
    return [*module, "--descriptor", str(descriptor)]
