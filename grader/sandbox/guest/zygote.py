"""The warm interpreter of a jail: it has numpy imported, forks workers, and reads no submission.

It speaks with the supervisor over one SEQPACKET socket, one message a packet:

    supervisor -> zygote   options (JSON, once, at the start)
    zygote -> supervisor   b"H" and a pidfd of the zygote: warm, ready to fork
    supervisor -> zygote   u32 number | WorkerLimits, with pipe ends: requests, results, output,
                           and the worker's writable folder where it cannot mount one
    zygote -> supervisor   b"S" | u32 number, with a pidfd of the worker, or b"E" | u32 | reason
    zygote -> supervisor   b"X" | u32 number | i32 wait status | 2 x f64 user, system s | u64 bytes

The end of the socket is the end of the zygote, and with it of its workers.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

from . import confine, landlock, refusals
from .libc import ConfinementFailed

NUMBER = struct.Struct("<I")
EXIT_REPORT = struct.Struct("<cIiddQ")
SETUP_FAILED = 97
_WORKER_NAMESPACES = confine.NEW_NS | confine.NEW_IPC | confine.NEW_UTS | confine.NEW_CGROUP
_SPARE_TIME_AFTER_MS = 500
_REQUESTS, _RESULTS, _OUTPUT, _RULESET = 3, 4, 1, 5
_ABOVE_ALL_PIPES = 100
_fork = os.fork  # bound before `refusals` puts a sentence in its place
_ENVIRONMENT = {"PATH": "/usr/bin", "LANG": "C.UTF-8", "USER": "student"}
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""For libraries of packages that a worker itself loads, and which would end it for want of one."""


@dataclass(frozen=True)
class Options:
    """How this zygote's workers are confined, and what it imports before the first of them."""

    walls: str
    """`namespaces`, `landlock`, or `none` for what runs its author's own code alone."""
    import_paths: list[str]
    modules: list[str]
    spare_time_modules: list[str]
    readable: list[tuple[str, str]]
    uid: int | None = None
    gid: int | None = None
    is_preloading: bool = False
    site: str = ""
    """The folder of an assignment's own packages; empty without any."""
    site_modules: list[str] = field(default_factory=list)
    """What is imported from it before the first worker."""
    unreachable_modules: list[str] = field(default_factory=list)
    """What is in it, where the workers' user could not read it."""

    @property
    def has_namespaces(self) -> bool:
        """Whether the zygote is alone in a jail, in which it may make namespaces and mounts."""
        return self.walls == "namespaces"


def main(control_fd: int) -> None:
    """Warm up, then fork a worker for every message until the socket ends."""
    end = confine.bind_exit()  # nothing of ours needs the interpreter's own, slower end
    # A worker leaves by an exception, so that nothing of the zygote is left on the stack for a
    # program to look at: neither other workers nor limits and paths.
    with contextlib.suppress(_Forked):
        _serve(control_fd)
        end(0)
    try:
        sys.modules[f"{__package__}.worker"].serve(_REQUESTS, _RESULTS)
    finally:
        end(0)


class _Forked(BaseException):
    """Raised in a worker that is confined."""


def _serve(control_fd: int) -> None:
    control = socket.socket(fileno=control_fd)
    options = Options(**json.loads(control.recv(1 << 20)))
    if not options.has_namespaces:
        confine.die_with_parent()
    _Zygote(control, options).serve()


def _warm_up(options: Options) -> None:
    """Import what workers will need; as root also what they could not reach as another user."""
    if options.site:
        sys.path.append(options.site)
    lasting = list(sys.path)
    sys.path += options.import_paths
    for name in options.modules:
        importlib.import_module(name)
    if not options.has_namespaces:
        # Outside a jail of its own, the folder that holds numpy holds other packages too.
        sys.path[:] = lasting
    for name in options.site_modules:
        importlib.import_module(name)
    if options.is_preloading:
        # As another user this process will not reach the files that it would import later.
        for name in options.spare_time_modules:
            importlib.import_module(name)
        _preload({*_PRELOADED_PACKAGES, *options.unreachable_modules})


_NOT_PRELOADED = {
    *(
        "antigravity",
        "this",
        "idlelib",
        "lib2to3",
        "turtledemo",
        "tkinter",
        "turtle",
    ),  # side effects
    *("ensurepip", "venv", "pydoc_data", "test", "tests", "__main__", "conftest", "f2py"),
}
_PRELOADED_PACKAGES = {*sys.stdlib_module_names, "numpy"}


def _preload(packages: set[str]) -> None:
    """Import what a program may import later, the modules inside of packages too."""
    names = sorted(name for name in packages if not name.startswith("_"))
    while names:
        name = names.pop()
        if name.rpartition(".")[2] in _NOT_PRELOADED:
            continue
        try:
            module = importlib.import_module(name)
        except BaseException:  # noqa: BLE001 - a module of another system; nobody will miss it
            continue
        inner = pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}.")
        names += [one.name for one in inner if not one.name.rpartition(".")[2].startswith("_")]


def _become(uid: int | None, gid: int | None) -> None:
    if uid is None or gid is None:
        return
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    confine.die_with_parent()  # the change of user has switched it off


class _Zygote:
    def __init__(self, control: socket.socket, options: Options) -> None:
        self.control = control
        self.options = options
        self.filter = confine.load_filter()
        # Before numpy and the like, which bind some of these functions when they are imported.
        refusals.install(has_walls=options.walls != "none")
        _warm_up(options)
        importlib.import_module(f"{__package__}.worker")  # loaded once for all workers
        self.rules = landlock.open_rules([(path, grant) for path, grant in options.readable])
        _become(options.uid, options.gid)
        confine.hide_from_peers()
        self.own_pidfd = confine.open_pidfd(os.getpid())
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.workers: dict[int, tuple[int, int]] = {}
        self.spare_time_modules = list(options.spare_time_modules)
        # Done once for all workers, which inherit both: each page that a worker writes is a copy.
        _reset_signals()
        os.environ.clear()
        os.environ.update(_ENVIRONMENT)
        if options.site:
            os.environ.update(_ONE_THREAD)
        _settle()

    def serve(self) -> None:
        socket.send_fds(self.control, [b"H"], [self.own_pidfd])
        while True:
            ready = self.poll.poll(_SPARE_TIME_AFTER_MS if self.spare_time_modules else None)
            if not ready:
                self._use_spare_time()
            for descriptor, _ in ready:
                if descriptor in self.workers:
                    self._report_exit(descriptor)
                elif not self._take_message():
                    return

    def _use_spare_time(self) -> None:
        """Import one more module for all workers to come, as nobody is waiting."""
        name = self.spare_time_modules.pop(0)
        with contextlib.suppress(ImportError):  # then it is the student's import that says so
            importlib.import_module(name)
        _settle()

    def _take_message(self) -> bool:
        message, pipes, _, _ = socket.recv_fds(self.control, 4096, 4)
        if not message:
            return False
        (number,) = NUMBER.unpack_from(message)
        limits = confine.WorkerLimits.unpack(message[NUMBER.size :])
        try:
            pid = self._fork_worker(pipes, limits)
            pidfd = confine.open_pidfd(pid)
        except (OSError, ConfinementFailed) as error:
            self.control.send(b"E" + NUMBER.pack(number) + str(error).encode())
        else:
            self.workers[pidfd] = (pid, number)
            self.poll.register(pidfd, select.POLLIN)
            socket.send_fds(self.control, [b"S" + NUMBER.pack(number)], [pidfd])
        for pipe in pipes:
            os.close(pipe)
        return True

    def _fork_worker(self, pipes: list[int], limits: confine.WorkerLimits) -> int:
        if self.options.has_namespaces:
            confine.unshare(confine.NEW_PID)
        pid = _fork()
        if pid == 0:
            self._become_worker(pipes, limits)
        if self.options.has_namespaces:
            confine.enter_pid_namespace(self.own_pidfd)
        return pid

    def _become_worker(self, pipes: list[int], limits: confine.WorkerLimits) -> None:
        try:
            self._confine(pipes, limits)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told and ends here
            os.write(_OUTPUT, f"{type(error).__name__}: {error}".encode())
            confine.bind_exit()(SETUP_FAILED)
        raise _Forked

    def _confine(self, pipes: list[int], limits: confine.WorkerLimits) -> None:
        os.dup2(pipes[2], _OUTPUT)
        scratch = self._enter_scratch(pipes, limits)
        ruleset = None
        if self.options.walls != "none":
            rules = [*self.rules, landlock.open_rule(".", "scratch")]
            ruleset = landlock.create_ruleset(rules)
        _place_descriptors([*pipes[:3], *([] if ruleset is None else [ruleset])])
        self.control.detach()
        os.setsid()
        os.environ.update(HOME=scratch, TMPDIR=scratch)
        confine.limit_resources(limits)
        confine.die_with_parent()
        if ruleset is not None:
            confine.drop_capabilities()
            landlock.restrict(_RULESET)
            os.close(_RULESET)
            confine.install_filter(self.filter)
            confine.assert_confined(limits)

    def _enter_scratch(self, pipes: list[int], limits: confine.WorkerLimits) -> str:
        """Stand in a writable folder of the worker's own, and return its path."""
        if self.options.has_namespaces:
            confine.unshare(_WORKER_NAMESPACES)
            confine.mount_scratch(limits)
            os.chdir("/tmp")
        else:
            os.fchdir(pipes[3])
        return str(Path.cwd())

    def _report_exit(self, pidfd: int) -> None:
        pid, number = self.workers.pop(pidfd)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        report = EXIT_REPORT.pack(
            b"X", number, status, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * 1024
        )
        self.control.send(report)


def _settle() -> None:
    """Keep the collector of a worker from touching, and so copying, every page."""
    gc.collect()
    gc.freeze()


def _place_descriptors(descriptors: list[int]) -> None:
    """Leave requests, results, output and ruleset where they are looked for, and nothing else."""
    high = [os.dup2(one, _ABOVE_ALL_PIPES + number) for number, one in enumerate(descriptors)]
    for place, descriptor in zip((_REQUESTS, _RESULTS, _OUTPUT, _RULESET), high, strict=False):
        os.dup2(descriptor, place)
    os.dup2(_OUTPUT, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    confine.close_from(_RULESET if len(high) < 4 else _RULESET + 1)


def _reset_signals() -> None:
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    # A closed pipe or a full file is an exception that can be told, not a silent end.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
