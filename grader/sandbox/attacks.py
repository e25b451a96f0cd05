"""The short hostile corpus of the self-test: what a worker tries, and how each attempt must end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from grader.sandbox.guest import wire
from grader.sandbox.program import MIB, Exit, Limits

SOURCE = """
import ctypes, fcntl, mmap, os, resource, socket, threading, time

libc = ctypes.CDLL(None)
SCRATCH = os.environ["TMPDIR"]

def refused(attempt, *errors):
    try:
        got = attempt()
    except (errors or OSError) as error:
        return True
    return f"it got {got!r}"[:200]

def reads(path):
    return refused(lambda: open(path).read())

def lists(path):
    return refused(lambda: os.listdir(path))

def writes(path):
    return refused(lambda: open(path, "w").write("x"))

def links_to(path):
    return refused(lambda: os.symlink(path, SCRATCH + "/link"))

def connects(family):
    return refused(lambda: socket.socket(family))

def forks():
    return refused(os.fork)

def runs_a_program():
    return refused(lambda: os.execv("/usr/bin/python3", ["python3"]))

def starts_a_thread():
    return refused(threading.Thread(target=print).start, RuntimeError)

def signals_its_parent():
    return refused(lambda: os.kill(os.getppid(), 0))

def becomes_root():
    return refused(lambda: os.setuid(0))

def imports_the_reference():
    return refused(lambda: __import__("reference"), ImportError)

def takes_memory():
    return refused(lambda: len(bytearray(1 << 30)), MemoryError)

def takes_memory_that_no_limit_counts():
    shared = libc.shmget(0, 1 << 20, 0o1600)
    return refused(lambda: os.memfd_create("memory")) and (shared == -1 or "it got shared memory")

def raises_its_limits():
    wanted = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    return refused(lambda: resource.setrlimit(resource.RLIMIT_AS, wanted), OSError, ValueError)

def writes_a_large_file():
    return refused(lambda: open(SCRATCH + "/large", "wb").write(bytes(2 << 20)))

def runs_what_it_wrote():
    def run():
        with open("/tmp/program", "w+b", 0) as file:
            file.write(bytes(4096))
            mmap.mmap(file.fileno(), 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)
    return refused(run)

def fills_the_disk():
    def fill():
        for number in range(64):
            open(f"{SCRATCH}/full-{number}", "wb").write(bytes(1 << 20))
        time.sleep(1)  # to be found out, where it is not refused
    return refused(fill)

def uses_up_the_inodes():
    def create():
        for number in range(1000):
            open(f"{SCRATCH}/{number}", "w").close()
        time.sleep(1)
    return refused(create)

def locks_a_file_of_all():
    with open("/dev/null") as file:
        return refused(lambda: fcntl.flock(file, fcntl.LOCK_SH)) and refused(
            lambda: fcntl.lockf(file, fcntl.LOCK_SH)
        )

def holds_descriptors_of_others():
    def is_open(descriptor):
        try:
            return bool(os.fstat(descriptor))
        except OSError:
            return False
    found = [descriptor for descriptor in range(5, 1024) if is_open(descriptor)]
    return not found or f"it got {found}"

def traces():
    return f"ptrace returned {libc.ptrace(0, 0, 0, 0)}"

def leaves_its_namespaces():
    return f"unshare returned {libc.unshare(0x10000000)}"

def never_ends():
    while True:
        pass

def sends_byte_by_byte(header):
    os.write(4, header)
    while True:
        os.write(4, b"x")

def adds(x, y):
    return x + y
"""


_BOUNDED = (Exit.FINISHED, Exit.OUTPUT_LIMIT)
"""By a file system of the worker's own, or by us where it has none."""
_LIMITS = Limits(wall_time_s=5.0, cpu_time_s=0.2, memory_bytes=512 * MIB)


@dataclass(frozen=True, slots=True)
class Attack:
    """A call of one of these functions. One that ends as `finished` must also return True."""

    call: str
    must_end: tuple[Exit, ...] = (Exit.FINISHED,)
    limits: Limits = _LIMITS


def attacks_on(secret: Path) -> list[Attack]:
    """Return the attacks; the file is one that everybody may read and write, but for the walls."""
    unfinished = wire.HEADER.pack(wire.MAGIC, 1, wire.ANSWER, wire.MIB)
    return [
        Attack("adds(1, 2) == 3"),
        Attack(f"reads({str(secret)!r})"),
        Attack(f"writes({str(secret)!r})"),
        Attack(f"writes({str(secret.with_name('new.txt'))!r})"),
        Attack(f"links_to({str(secret)!r})"),
        Attack(f"lists({str(secret.parent)!r})"),
        Attack("lists('/')"),
        Attack("reads('/etc/passwd')"),
        Attack("reads('/proc/self/environ')"),
        Attack("connects(socket.AF_INET)"),
        Attack("connects(socket.AF_UNIX)"),
        Attack("forks()"),
        Attack("runs_a_program()"),
        Attack("starts_a_thread()"),
        Attack("signals_its_parent()"),
        Attack("becomes_root()"),
        Attack("imports_the_reference()"),
        Attack("takes_memory()"),
        Attack("takes_memory_that_no_limit_counts()"),
        Attack("raises_its_limits()"),
        Attack("writes_a_large_file()"),
        Attack("runs_what_it_wrote()"),
        Attack("fills_the_disk()", _BOUNDED, replace(_LIMITS, cpu_time_s=1.0)),
        Attack("uses_up_the_inodes()", _BOUNDED, replace(_LIMITS, cpu_time_s=1.0)),
        Attack("locks_a_file_of_all()"),
        Attack("holds_descriptors_of_others()"),
        Attack("never_ends()", (Exit.TIME_LIMIT,), replace(_LIMITS, cpu_time_s=0.05)),
        Attack("adds(1, 2) == 3"),
        Attack(
            f"sends_byte_by_byte({unfinished!r})",
            (Exit.TIME_LIMIT, Exit.OUTPUT_LIMIT, Exit.CRASH),
            replace(_LIMITS, wall_time_s=0.1),
        ),
        Attack("traces()", (Exit.FORBIDDEN,)),
        Attack("leaves_its_namespaces()", (Exit.FORBIDDEN,)),
        Attack("adds(1, 2) == 3"),
    ]
