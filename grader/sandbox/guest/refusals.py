"""Says plainly what a submission may not do, where the kernel would only answer EPERM.

A convenience, never a wall: whoever goes round these functions meets the same filter. So they ask
the kernel first and put a sentence in place of its refusal; the self-test, which attacks through
the same functions, goes on testing the filter. Where there are no walls they refuse by themselves,
and a program gets the same verdict in every tier.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import functools
import importlib
import io
import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

THREADS = "threads are not allowed here: a submission runs in one thread"
PROCESSES = "processes are not allowed here: a submission runs in one process, and starts no other"
NETWORK = "the network is not allowed here: a submission has no sockets and reaches no machine"
LINKS = "links are not allowed here: copy the file instead"
METADATA = "modes and times of files cannot be changed here"
KEYBOARD = "there is no keyboard here: input() has nothing to read"

_ERRNO = {BlockingIOError: errno.EAGAIN, PermissionError: errno.EPERM}
_COULD_NOT_START = (-1, 127 << 8)
"""What `os.system` returns where the shell could not be started."""

_Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class _Refusal:
    modules: str
    """Where the functions are found; a module that binds another's function is named as well."""
    names: str
    error: type[Exception]
    """What libraries expect of a system that cannot give more."""
    sentence: str


_REFUSALS = (
    _Refusal(
        "_thread threading",
        "start_new_thread start_new start_joinable_thread _start_new_thread _start_joinable_thread",
        RuntimeError,
        THREADS,
    ),
    _Refusal(
        "posix os _posixsubprocess subprocess",
        "fork forkpty system posix_spawn posix_spawnp fork_exec _fork_exec",
        BlockingIOError,
        PROCESSES,
    ),
    _Refusal("posix os", "execv execve", PermissionError, PROCESSES),
    _Refusal(
        "socket",
        "socketpair getaddrinfo gethostbyname gethostbyname_ex gethostbyaddr",
        PermissionError,
        NETWORK,
    ),
    _Refusal("posix os", "link symlink", PermissionError, LINKS),
    _Refusal("posix os", "chmod fchmod utime", PermissionError, METADATA),
)
_EXTENSIONS = ("_posixsubprocess", "_multiprocessing")
"""Small modules in C: what is put into them, `subprocess` and `multiprocessing` find later."""


def install(*, has_walls: bool) -> None:
    """Put the sentences in place, for this process and all that it forks."""
    for name in _EXTENSIONS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    os.system = _tell_failure(os.system)
    replaced: dict[_Function, _Function] = {}
    for refusal in _REFUSALS:
        for module in filter(None, map(sys.modules.get, refusal.modules.split())):
            for name in vars(module).keys() & refusal.names.split():
                original = vars(module)[name]
                if original not in replaced:
                    replaced[original] = _explain(
                        original, refusal.error, refusal.sentence, asks=has_walls
                    )
                setattr(module, name, replaced[original])
    _refuse_sockets(has_walls)
    _refuse_semaphores(has_walls)
    socket.socketpair = _pair_pipes_for_asyncio(socket.socketpair)
    # A program may put something else in the place of stdin, and then there is an answer.
    builtins.input = _explain(builtins.input, EOFError, KEYBOARD, asks=True)
    shutil.copymode = shutil.copystat = _leave_metadata


def _explain(
    original: _Function, error: type[Exception], sentence: str, *, asks: bool
) -> _Function:
    """Return a function that raises the sentence where the original one is refused."""
    refused = OSError if issubclass(error, OSError) else error

    @functools.wraps(original)
    def explain(*arguments: Any, **options: Any) -> Any:
        if asks:
            with contextlib.suppress(refused):
                return original(*arguments, **options)
        raise _tell(error, sentence)

    return explain


def _tell(error: type[Exception], sentence: str) -> Exception:
    told = error(sentence)
    if isinstance(told, OSError):
        # Set by hand, so that the message is the sentence without a number in front.
        told.errno = _ERRNO[type(told)]
    return told


def _tell_failure(original: _Function) -> _Function:
    """Return an `os.system` that raises where it would return that nothing was started."""

    @functools.wraps(original)
    def system(command: Any) -> Any:
        status = original(command)
        if status in _COULD_NOT_START:
            raise BlockingIOError
        return status

    return system


def _refuse_sockets(asks: bool) -> None:
    # On the class itself: `ssl` and others have it under names of their own.
    refuse = _explain(socket.socket.__init__, PermissionError, NETWORK, asks=asks)
    socket.socket.__init__ = refuse  # type: ignore[method-assign]


def _refuse_semaphores(asks: bool) -> None:
    multiprocessing = sys.modules.get("_multiprocessing")
    if multiprocessing is not None:
        original: Any = multiprocessing.SemLock
        create = _explain(original.__new__, PermissionError, PROCESSES, asks=asks)
        refusing = type("SemLock", (original,), {"__new__": create})
        setattr(multiprocessing, "SemLock", refusing)  # noqa: B010 - mypy knows no such module


class _PipeEnd(io.FileIO):
    """One end of a pipe, with the methods of a socket that an event loop uses to wake itself."""

    recv = io.FileIO.read
    send = io.FileIO.write

    def setblocking(self, flag: bool) -> None:
        """Wait, or do not wait, where nothing can be read or written."""
        os.set_blocking(self.fileno(), flag)


def _pair_pipes_for_asyncio(original: _Function) -> _Function:
    """Return a `socketpair` that gives event loops, and nobody else, the ends of a pipe."""

    @functools.wraps(original)
    def socketpair(*arguments: Any, **options: Any) -> Any:
        if sys._getframe(1).f_globals.get("__name__") == "asyncio.selector_events":
            reader, writer = os.pipe()
            return _PipeEnd(reader, "rb"), _PipeEnd(writer, "wb")
        return original(*arguments, **options)

    return socketpair


def _leave_metadata(src: Any, dst: Any, *, follow_symlinks: bool = True) -> None:
    """Copy nothing: modes and times stay as they are here."""
