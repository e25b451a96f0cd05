"""The walls around a worker, built by the worker itself before it reads a byte of a submission.

Order matters: namespaces and mounts need the capability that is dropped next; Landlock and the
seccomp filter need NO_NEW_PRIVS; the filter comes last because it forbids all the rest.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .libc import LIBC, ConfinementFailed, call

NEW_NS, NEW_CGROUP, NEW_UTS = 0x0002_0000, 0x0200_0000, 0x0400_0000
NEW_IPC, NEW_PID = 0x0800_0000, 0x2000_0000

_SYS_PIDFD_OPEN, _SYS_CLOSE_RANGE = 434, 436
_SYS_EXIT_GROUP = {"x86_64": 231, "aarch64": 94}

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_MS_NOEXEC = 8
_CAPABILITY_VERSION_3 = 0x2008_0522


@dataclass(frozen=True)
class WorkerLimits:
    """What one worker may use over its whole life."""

    address_space_bytes: int
    cpu_time_s: int
    file_bytes: int = 1 << 20
    scratch_bytes: int = 16 << 20
    scratch_inodes: int = 256
    descriptors: int = 32
    stack_bytes: int = 8 << 20

    LAYOUT = struct.Struct("<7Q")

    def pack(self) -> bytes:
        """Return the limits as bytes, for the message to the zygote."""
        return self.LAYOUT.pack(
            self.address_space_bytes,
            self.cpu_time_s,
            self.file_bytes,
            self.scratch_bytes,
            self.scratch_inodes,
            self.descriptors,
            self.stack_bytes,
        )

    @classmethod
    def unpack(cls, raw: bytes) -> WorkerLimits:
        """Return the limits that `pack` wrote."""
        return cls(*cls.LAYOUT.unpack(raw))


def _prctl(option: int, *arguments: int) -> int:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return int(LIBC.prctl(option, *(ctypes.c_ulong(argument) for argument in padded)))


def open_pidfd(pid: int) -> int:
    """Return a descriptor of a process."""
    return call(LIBC.syscall(_SYS_PIDFD_OPEN, pid, 0), "pidfd_open")


def close_from(first: int) -> None:
    """Close every descriptor from `first` on."""
    call(LIBC.syscall(_SYS_CLOSE_RANGE, first, 0xFFFF_FFFF, 0), "close_range")


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags name."""
    call(LIBC.unshare(flags), "unshare")


def enter_pid_namespace(pidfd: int) -> None:
    """Make the next child be born in the pid namespace of that process."""
    call(LIBC.setns(pidfd, NEW_PID), "setns")


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that forked it ends."""
    call(_prctl(_PR_SET_PDEATHSIG, signal.SIGKILL), "prctl(PDEATHSIG)")


def hide_from_peers() -> None:
    """Forbid core files, ptrace, and a look at our memory by processes of the same user."""
    call(_prctl(_PR_SET_DUMPABLE, 0), "prctl(DUMPABLE)")


def mount_scratch(limits: WorkerLimits) -> None:
    """Mount an empty /tmp of our own: bounded in bytes and inodes, nothing in it executable."""
    options = f"size={limits.scratch_bytes},nr_inodes={limits.scratch_inodes},mode=700"
    # No set-user-id file and no device can be made here, whatever the mount allows.
    status = LIBC.mount(b"tmpfs", b"/tmp", b"tmpfs", _MS_NOEXEC, options.encode())
    call(status, "mount /tmp")


def limit_resources(limits: WorkerLimits) -> None:
    """Set the resource limits that a worker can meet, hard and soft."""
    # CPU time of a check is measured from outside. This is the last resort, and its hard limit
    # is what works: the first process of a pid namespace ignores SIGXCPU.
    wanted = {
        resource.RLIMIT_CPU: limits.cpu_time_s,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.descriptors,
        resource.RLIMIT_STACK: limits.stack_bytes,
        resource.RLIMIT_NPROC: 1,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_AS: limits.address_space_bytes,
    }
    for limit, value in wanted.items():
        resource.setrlimit(limit, (value, value))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def drop_capabilities() -> None:
    """Give up every capability, for good, and the way to gain new ones."""
    # The ambient ones go with the permitted ones. The bounding set counts only where a program is
    # executed, and NO_NEW_PRIVS takes from every program what it could gain.
    header, sets = _CapabilityHeader(_CAPABILITY_VERSION_3, 0), (_CapabilitySets * 2)()
    call(LIBC.capset(ctypes.byref(header), sets), "capset")
    call(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "prctl(NO_NEW_PRIVS)")


# seccomp


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def load_filter() -> _Program:
    """Read the filter that was built for this architecture."""
    path = Path(__file__).parent / f"{os.uname().machine}.bpf"
    if not path.exists():
        raise ConfinementFailed(f"there is no seccomp filter for {os.uname().machine}")
    instructions = path.read_bytes()
    return _Program(len(instructions) // 8, instructions)


def install_filter(program: _Program) -> None:
    """Put this process under the filter, until its end."""
    status = LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
    call(status, "prctl(SECCOMP)")


def assert_confined(limits: WorkerLimits) -> None:
    """Try what must not be possible; a worker in which it is never says READY."""
    with contextlib.suppress(PermissionError):
        socket.socket(socket.AF_UNIX).close()
        raise ConfinementFailed("a socket could be opened: the seccomp filter does not stand")
    with contextlib.suppress(PermissionError):
        os.kill(os.getpid(), 0)
        raise ConfinementFailed("kill was allowed: the seccomp filter does not stand")
    with contextlib.suppress(OSError):
        os.close(os.open("/", os.O_RDONLY | os.O_DIRECTORY))
        raise ConfinementFailed("/ could be listed: Landlock does not stand")
    if resource.getrlimit(resource.RLIMIT_AS)[1] != limits.address_space_bytes:
        raise ConfinementFailed("the address space is not limited")


def bind_exit() -> Callable[[int], None]:
    """Return a call that ends the process at once, which no student's code can have replaced."""
    number, syscall = _SYS_EXIT_GROUP[os.uname().machine], LIBC.syscall

    def end(status: int) -> None:
        syscall(number, status)

    return end
