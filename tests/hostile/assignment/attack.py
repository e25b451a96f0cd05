"""What several of the hostile programs use; an author's own support file, importable in the box."""

import ctypes
import platform
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
ANSWER, RAISED, END, LOADED = 6, 7, 8, 3
NUMBERS = {
    "x86_64": {
        "bpf": 321, "clock_settime": 227, "io_uring_setup": 425, "keyctl": 250, "kill": 62,
        "memfd_create": 319, "mount": 165, "open_by_handle_at": 304, "perf_event_open": 298,
        "pivot_root": 155, "process_vm_readv": 310, "ptrace": 101, "setns": 308, "unshare": 272,
        "userfaultfd": 323, "shmget": 29, "shmctl": 31, "mq_open": 240, "mq_unlink": 241, "personality": 135, "chroot": 161,
        "init_module": 175, "reboot": 169, "name_to_handle_at": 303, "open_tree": 428,
        "finit_module": 313, "pidfd_getfd": 438, "add_key": 248, "prctl": 157, "seccomp": 317,
    },
    "aarch64": {
        "bpf": 280, "clock_settime": 112, "io_uring_setup": 425, "keyctl": 219, "kill": 129,
        "memfd_create": 279, "mount": 40, "open_by_handle_at": 265, "perf_event_open": 241,
        "pivot_root": 41, "process_vm_readv": 270, "ptrace": 117, "setns": 268, "unshare": 97,
        "userfaultfd": 282, "shmget": 194, "shmctl": 195, "mq_open": 180, "mq_unlink": 181, "personality": 92, "chroot": 51,
        "init_module": 105, "reboot": 142, "name_to_handle_at": 264, "open_tree": 428,
        "finit_module": 273, "pidfd_getfd": 438, "add_key": 217, "prctl": 167, "seccomp": 277,
    },
}[platform.machine()]


def refused(attempt, *arguments, errors=OSError, **options):
    """Tell whether an attempt is refused, rather than what it would get."""
    try:
        attempt(*arguments, **options)
    except errors:
        return True
    return False


def syscall(name, *arguments):
    """Make a system call; return what it returned, -1 for a refusal."""
    return LIBC.syscall(NUMBERS[name], *(ctypes.c_long(argument) for argument in arguments))


def frame(index, kind, body=b""):
    return struct.pack("<4sIBQ", b"GRD1", index, kind, len(body)) + body


def values(*bodies):
    return struct.pack("<BI", 9, len(bodies)) + b"".join(bodies)


def array(shape, content):
    return struct.pack(f"<BB{len(shape)}Q", 1, len(shape), *shape) + content


def text(content):
    return struct.pack("<BI", 8, len(content)) + content.encode()
