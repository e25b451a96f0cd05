"""The system calls that a worker may make, grouped by what a numpy program needs them for.

Everything that is not listed gets EPERM, which a student sees as PermissionError. What only an
attack asks for ends the process, and its verdict is `forbidden`. `seccomp_build.py` compiles this
table with libseccomp into guest/*.bpf; a test holds the bytes against the table.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

ALLOWED: dict[str, str] = {
    "read and write what is open": (
        "read write readv writev pread64 pwrite64 preadv pwritev lseek ftruncate fsync fdatasync"
        " close close_range dup dup2 dup3 fadvise64"
    ),
    "look at files; Landlock decides which may be opened": (
        "stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat"
        " getcwd chdir getdents64 umask"
    ),
    "temporary files in a folder of its own": (
        "mkdir mkdirat unlink unlinkat rename renameat renameat2 rmdir"
    ),
    "memory": "mmap mprotect munmap mremap msync brk",
    "signals to itself": (
        "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack rt_sigtimedwait rt_sigpending"
        " pause alarm getitimer setitimer"
    ),
    "locks between threads that cannot be made": (
        "futex futex_waitv sched_yield sched_getaffinity set_robust_list get_robust_list rseq"
        " membarrier restart_syscall set_tid_address"
    ),
    "waiting": "poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait",
    "time": "nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times",
    "who and where am I": (
        "getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups"
        " getpgrp getpgid getsid uname sysinfo getrusage getrlimit getcpu"
    ),
    "pipes to itself": "pipe pipe2 eventfd2",
    "the rest of start and end": "getrandom exit exit_group arch_prctl",
}

KILLED: dict[str, str] = {
    "other processes": "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd",
    "the kernel's own machinery": (
        "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register"
        " init_module finit_module delete_module kexec_load kexec_file_load reboot syslog acct"
        " quotactl swapon swapoff lookup_dcookie personality modify_ldt iopl ioperm vm86"
    ),
    "keys, which are shared between jails": "keyctl add_key request_key",
    "file systems and namespaces": (
        "mount umount2 pivot_root chroot unshare setns fsopen fsmount fsconfig fspick move_mount"
        " open_tree mount_setattr open_by_handle_at name_to_handle_at"
    ),
    "the clock": "clock_settime settimeofday clock_adjtime adjtimex",
}

REFUSED: dict[int, str] = {
    # The flags of clone3 lie in memory where no filter can read them; ENOSYS makes libc fall back
    # to clone, and EAGAIN there is what "no more processes" looks like to every library.
    errno.ENOSYS: "clone3",
    errno.EAGAIN: "clone fork vfork",
}


@dataclass(frozen=True, slots=True)
class ArgumentRule:
    """A call that is allowed only where (argument & mask) is one of the values."""

    syscall: str
    argument: int
    mask: int
    values: tuple[int, ...]
    reason: str


_O_ACCMODE, _O_WRONLY, _O_RDWR, _O_TRUNC = 0o3, 0o1, 0o2, 0o1000
_INT, _POINTER = 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF

ARGUMENT_RULES: tuple[ArgumentRule, ...] = (
    ArgumentRule("openat", 2, _O_TRUNC, (0,), "open without emptying"),
    ArgumentRule(
        "openat",
        2,
        _O_ACCMODE | _O_TRUNC,
        (_O_WRONLY | _O_TRUNC, _O_RDWR | _O_TRUNC),
        "empty a file only when opening it to write: before ABI 3 Landlock did not see"
        " O_RDONLY | O_TRUNC",
    ),
    ArgumentRule(
        "ioctl",
        1,
        _INT,
        (0x5451, 0x5450, 0x5401, 0x541B, 0x5421),
        "FIOCLEX FIONCLEX TCGETS FIONREAD FIONBIO; before ABI 5 Landlock did not see the rest",
    ),
    ArgumentRule(
        "fcntl",
        1,
        _INT,
        (0, 1, 2, 3, 4, 1030, 1032),
        "descriptors only: a lock on a shared file is a channel between two submissions",
    ),
    ArgumentRule(
        "prlimit64",
        2,
        _POINTER,
        (0,),
        "limits may be read; a worker that could lower its own could look like a failure of ours",
    ),
    ArgumentRule(
        "madvise",
        2,
        _INT,
        (0, 1, 2, 3, 4, 8, 14, 15),
        "not MADV_MERGEABLE, which shows by its timing what other processes hold",
    ),
)


def names(table: dict[str, str]) -> tuple[str, ...]:
    """Return every system call of a table of groups."""
    return tuple(name for group in table.values() for name in group.split())
