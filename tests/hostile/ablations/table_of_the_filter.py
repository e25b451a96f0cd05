"""The rows of seccomp: what the filter refuses, and what then gets through."""

from __future__ import annotations

from .alterations import Edit, OpenModes, OtherArchitectures, Permit
from .row import LANDLOCK, NAMESPACES, Row, is_x86
from .switches import (
    EXECVE,
    FORKS,
    KILL,
    NO_DEVICES,
    NO_PID_NAMESPACE,
    NO_SIGNAL_SCOPE,
    NO_TRUNCATE,
    OPENAT,
    READ_IS_EXECUTE,
    SOCKETS,
    limit_of,
)


def _names(*rows: tuple[str, str, Permit, str]) -> list[Row]:
    return [Row(defence, (permit,), program, gets) for defence, program, permit, gets in rows]


FILTER: list[Row] = [
    # seccomp: what ends the process
    Row("seccomp: other processes", (Permit("ptrace", "KILLED"),), "call_ptrace", "passed"),
    Row(
        "seccomp: the kernel's own machinery",
        (Permit("io_uring_setup personality", "KILLED"),),
        "call_io_uring_setup",
        "passed",
    ),
    Row("seccomp: keys", (Permit("add_key keyctl", "KILLED"),), "call_add_key", "passed"),
    Row(
        "seccomp: file systems and namespaces",
        (Permit("open_tree mount", "KILLED"),),
        "call_open_tree",
        "passed",
    ),
    Row("seccomp: the clock", (Permit("clock_settime", "KILLED"),), "call_clock_settime", "passed"),
    Row(
        "seccomp: other architectures",
        (OtherArchitectures(),),
        "call_of_another_architecture",
        "passed",
        where=is_x86,
    ),
    # seccomp: what is refused
    Row(
        "seccomp: no new process",
        (FORKS,),
        "fork_bomb",
        "wrong_answer",
        behind=(limit_of("NPROC", "1"),),
    ),
    Row(
        "seccomp: emptying a file by reading",
        (OPENAT,),
        "table_emptied",
        "wrong_answer",
        behind=(NO_TRUNCATE, OpenModes()),
        tiers=LANDLOCK,
    ),
    Row(
        "seccomp: device calls",
        (Permit("ioctl", "ARGUMENT_RULES"),),
        "device_asked",
        "wrong_answer",
        behind=(NO_DEVICES,),
    ),
    *_names(
        (
            "seccomp: fcntl locks",
            "message_left_by_locks",
            Permit("fcntl", "ARGUMENT_RULES"),
            "wrong_answer",
        ),
        (
            "seccomp: own limits",
            "limits_raised",
            Permit("prlimit64", "ARGUMENT_RULES"),
            "wrong_answer",
        ),
        (
            "seccomp: advice on memory",
            "merged_pages",
            Permit("madvise", "ARGUMENT_RULES"),
            "wrong_answer",
        ),
        # seccomp: what is simply not listed
        ("seccomp: flock", "message_left_by_locks", Permit("flock"), "wrong_answer"),
        ("seccomp: sockets", "sockets", SOCKETS, "wrong_answer"),
        ("seccomp: memory without a name", "memfd", Permit("memfd_create"), "wrong_answer"),
        (
            "seccomp: shared memory and queues",
            "shared_memory",
            Permit("shmget shmctl mq_open mq_unlink"),
            "wrong_answer",
        ),
        ("seccomp: its own protection", "privileges_gained", Permit("prctl"), "wrong_answer"),
    ),
    Row(
        "seccomp: links",
        (Permit("symlink symlinkat"),),
        "links_made",
        "wrong_answer",
        behind=(Edit("landlock.py", "| _MAKE_REG\n", "| _MAKE_REG | _MAKE_SYM\n"),),
        tiers=NAMESPACES,
    ),
    Row(
        "seccomp: signals to others",
        (KILL,),
        "parent_signalled",
        "wrong_answer",
        behind=(NO_SIGNAL_SCOPE,),
        tiers=LANDLOCK,
    ),
    Row(
        "seccomp: signals to others, where there is a pid namespace",
        (KILL,),
        "parent_signalled",
        "wrong_answer",
        behind=(NO_SIGNAL_SCOPE, NO_PID_NAMESPACE),
        tiers=NAMESPACES,
    ),
    Row(
        "seccomp: other programs",
        (EXECVE,),
        "program_replaced",
        "crash",
        behind=(READ_IS_EXECUTE,),
    ),
]
