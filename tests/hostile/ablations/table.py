"""Every defence of the sandbox, how it is switched off, and what then gets through.

A row is read so: without this defence (`off`), this program of the corpus no longer gets what its
`expect.toml` says, but `gets`. Where defences stand behind one another, `behind` names those that
had to be switched off as well; the same program is then also run without these alone, and the
defence of the row must hold it by itself (it gets `held`, or what `expect.toml` says).

A second layer is kept only behind an interface of the kernel that has had holes: seccomp (calls by
x32 numbers, io_uring), Landlock (truncation, and what else it did not see in its first versions),
user namespaces. What needed no defence was removed; the README beside this folder says what.
"""

from __future__ import annotations

from grader.sandbox import runtime

from .alterations import (
    Bubblewrap,
    Edit,
    Lifetime,
    OpenModes,
    Permit,
    Told,
)
from .row import LANDLOCK, NAMESPACES, OUR_FAILURE, Row, has_packages, is_root, landlock_since
from .switches import (
    DATA_WRITABLE,
    EXECVE,
    FORKS,
    KILL,
    NO_ADDRESS_SPACE,
    NO_CLOCKS,
    NO_DEVICES,
    NO_IPC_NAMESPACE,
    NO_LANDLOCK,
    NO_PID_NAMESPACE,
    NO_PORTS,
    NO_SIGNAL_SCOPE,
    NO_SOCKET_SCOPE,
    NO_TRUNCATE,
    OPENAT,
    READ_IS_EXECUTE,
    READ_IS_WRITE,
    SOCKETS,
    UNSHARE,
    limit_of,
    unshare_all_but,
)
from .table_of_the_filter import FILTER
from .table_of_the_trusted_side import TRUSTED_SIDE

WALLS: list[Row] = [
    # Namespaces of the jail
    Row(
        "net namespace of the jail",
        (unshare_all_but("net"),),
        "server_of_the_machine_reached",
        "wrong_answer",
        behind=(SOCKETS, NO_SOCKET_SCOPE),
        held="passed",
        tiers=NAMESPACES,
    ),
    Row(
        "uts namespace of the jail",
        (Bubblewrap(("--hostname", "box")),),
        "machine_named",
        "wrong_answer",
        tiers=NAMESPACES,
    ),
    Row(
        "minimal root: only what is needed is shown",
        (Bubblewrap(("--remount-ro", "/"), ("--ro-bind", "/etc", "/etc", "--remount-ro", "/")),),
        "host_files_read",
        "wrong_answer",
        behind=(NO_LANDLOCK,),
        tiers=NAMESPACES,
    ),
    Row(
        "read-only root",
        (Bubblewrap(("--remount-ro", "/")),),
        "file_system_written",
        "wrong_answer",
        behind=(NO_LANDLOCK,),
        tiers=NAMESPACES,
    ),
    Row(
        "read-only binds",
        (DATA_WRITABLE,),
        "table_overwritten",
        "wrong_answer",
        behind=(READ_IS_WRITE, OpenModes()),
        tiers=NAMESPACES,
    ),
    Row(
        "hidden site-packages",
        (Bubblewrap(("--tmpfs", "*", "--remount-ro", "*"), n_places=None),),
        "packages_searched",
        "wrong_answer",
        tiers=NAMESPACES,
        where=has_packages,
    ),
    # Namespaces of the worker, and its own /tmp
    Row(
        "pid namespace of the worker",
        (NO_PID_NAMESPACE,),
        "parent_signalled",
        "wrong_answer",
        behind=(KILL, NO_SIGNAL_SCOPE),
        tiers=NAMESPACES,
    ),
    Row(
        "ipc namespace of the worker",
        (NO_IPC_NAMESPACE,),
        "message_left_in_shared_memory",
        "wrong_answer",
        behind=(Permit("shmget"),),
        tiers=NAMESPACES,
        n_runs=2,
    ),
    Row(
        "private /tmp",
        (Edit("zygote.py", "confine.mount_scratch(limits)"),),
        "message_left_in_files",
        "wrong_answer",
        tiers=NAMESPACES,
        n_runs=2,
    ),
    Row(
        "size of /tmp",
        (Edit("confine.py", "size={limits.scratch_bytes},", ""),),
        "disk_filled",
        "wrong_answer",
        tiers=NAMESPACES,
    ),
    Row(
        "number of files in /tmp",
        (Edit("confine.py", "nr_inodes={limits.scratch_inodes},", ""),),
        "inodes_filled",
        "wrong_answer",
        tiers=NAMESPACES,
    ),
    Row(
        "noexec of /tmp",
        (Edit("confine.py", "_MS_NOEXEC, options", "0, options"),),
        "own_code_mapped",
        "wrong_answer",
        tiers=NAMESPACES,
    ),
    # Resource limits
    Row(
        "RLIMIT_AS",
        (NO_ADDRESS_SPACE,),
        "memory_reserved",
        "passed",
    ),
    Row(
        "RLIMIT_FSIZE",
        (limit_of("FSIZE", "limits.file_bytes"),),
        "large_file_written",
        "wrong_answer",
        tiers=NAMESPACES,
    ),
    Row(
        "RLIMIT_NOFILE",
        (limit_of("NOFILE", "limits.descriptors"),),
        "descriptors_exhausted",
        "wrong_answer",
    ),
    Row(
        "RLIMIT_STACK",
        (
            Edit(
                "confine.py",
                "resource.RLIMIT_STACK: limits.stack_bytes",
                "resource.RLIMIT_STACK: 120 << 20",
            ),
        ),
        "stack_overflow_in_c",
        "passed",
    ),
    Row(
        "RLIMIT_CPU, where nobody outside looks at the clock",
        (limit_of("CPU", "limits.cpu_time_s"),),
        "busy_for_seconds",
        "passed",
        behind=(*NO_CLOCKS, Lifetime(cpu_time_s=1)),
        held=OUR_FAILURE,
        tiers=NAMESPACES,
        is_slow=True,
    ),
    Row("RLIMIT_MEMLOCK", (limit_of("MEMLOCK", "0"),), "memory_locked", "wrong_answer"),
    Row(
        "RLIMIT_NPROC",
        (limit_of("NPROC", "1"),),
        "fork_bomb",
        "wrong_answer",
        behind=(FORKS,),
    ),
    # Capabilities and privileges
    Row(
        "capabilities dropped",
        (Edit("confine.py", 'call(LIBC.capset(ctypes.byref(header), sets), "capset")'),),
        "namespaces_left",
        "wrong_answer",
        behind=(UNSHARE,),
        held="passed",
        tiers=NAMESPACES,
    ),
    Row(
        "service user",
        (Told(options=(("uid", None), ("gid", None))),),
        "shadow_read",
        "wrong_answer",
        behind=(NO_LANDLOCK,),
        tiers=LANDLOCK,
        where=is_root,
    ),
    # Landlock
    Row("Landlock", (NO_LANDLOCK,), "host_files_read", "wrong_answer", tiers=LANDLOCK),
    Row(
        "Landlock: the library's folder may not be listed, nor the packages in it",
        (Told(rules=((str(runtime.find_runtime().standard_library), "read"),)),),
        "library_listed",
        "wrong_answer",
        tiers=LANDLOCK,
        where=lambda: runtime.is_reachable_by_others(runtime.find_runtime().standard_library),
    ),
    Row(
        "Landlock behind a folder shown by mistake",
        (NO_LANDLOCK,),
        "host_files_read",
        "wrong_answer",
        behind=(
            Bubblewrap(("--remount-ro", "/"), ("--ro-bind", "/etc", "/etc", "--remount-ro", "/")),
        ),
        tiers=NAMESPACES,
    ),
    Row(
        "Landlock: what may be read may not be written",
        (READ_IS_WRITE,),
        "table_overwritten",
        "wrong_answer",
        behind=(OpenModes(),),
        tiers=LANDLOCK,
    ),
    Row(
        "Landlock: what may be read may not be written, behind read-only binds",
        (READ_IS_WRITE,),
        "table_overwritten",
        "wrong_answer",
        behind=(DATA_WRITABLE, OpenModes()),
        tiers=NAMESPACES,
    ),
    Row(
        "Landlock: nothing may be executed",
        (READ_IS_EXECUTE,),
        "program_replaced",
        "crash",
        behind=(EXECVE,),
    ),
    Row(
        "Landlock: truncation",
        (NO_TRUNCATE,),
        "table_emptied",
        "wrong_answer",
        behind=(OPENAT, OpenModes()),
        tiers=LANDLOCK,
        where=landlock_since(3),
    ),
    Row(
        "Landlock: devices",
        (NO_DEVICES,),
        "device_asked",
        "wrong_answer",
        behind=(Permit("ioctl", "ARGUMENT_RULES"),),
        where=landlock_since(5),
    ),
    Row(
        "Landlock: ports",
        (NO_PORTS,),
        "port_opened",
        "wrong_answer",
        behind=(SOCKETS,),
        where=landlock_since(4),
    ),
    Row(
        "Landlock: sockets without a file",
        (NO_SOCKET_SCOPE,),
        "server_of_the_machine_reached",
        "wrong_answer",
        behind=(SOCKETS,),
        tiers=LANDLOCK,
        where=landlock_since(6),
    ),
    Row(
        "Landlock: signals",
        (NO_SIGNAL_SCOPE,),
        "parent_signalled",
        "wrong_answer",
        behind=(KILL,),
        tiers=LANDLOCK,
        where=landlock_since(6),
    ),
]

WORKER: list[Row] = [
    # What a worker leaves behind of the zygote
    Row(
        "descriptors closed",
        (Edit("zygote.py", "confine.close_from(_RULESET if len(high) < 4 else _RULESET + 1)"),),
        "descriptors_inherited",
        "wrong_answer",
    ),
    Row(
        "environment cleared",
        (Edit("zygote.py", "os.environ.clear()"),),
        "environment_read",
        "wrong_answer",
    ),
    Row(
        "a session of its own",
        (Edit("zygote.py", "os.setsid()"),),
        "group_terminated",
        OUR_FAILURE,
        behind=(KILL, NO_SIGNAL_SCOPE),
        held="passed",
        tiers=NAMESPACES,
    ),
    Row(
        "a session of its own",
        (Edit("zygote.py", "os.setsid()"),),
        "group_terminated",
        OUR_FAILURE,
        behind=(KILL, NO_SIGNAL_SCOPE),
        held="crash",
        tiers=LANDLOCK,
    ),
    Row(
        "the end bound before student code runs",
        (Edit("zygote.py", "end = confine.bind_exit()", "end = lambda status: os._exit(status)"),),
        "loop_left",
        "forbidden",
        tiers=NAMESPACES,
        check="total",
    ),
    Row(
        "nothing of the zygote on the stack",
        (Edit("zygote.py", "raise _Forked", 'sys.modules[f"{__package__}.worker"].serve(3, 4)'),),
        "zygote_looked_at",
        "wrong_answer",
    ),
    # The worker's own Python
    Row(
        "builtins frozen in the worker",
        (Edit("worker.py", 'globals()["__builtins__"] = dict(vars(builtins))'),),
        "builtins_replaced",
        "crash",
    ),
    Row(
        "builtins frozen in the wire",
        (Edit("wire.py", 'globals()["__builtins__"] = dict(vars(builtins))'),),
        "builtins_replaced",
        "crash",
    ),
    Row(
        "numpy's functions bound in the wire",
        (Edit("wire.py", "    np.asarray,\n", "    lambda *a, **k: np.asarray(*a, **k),\n"),),
        "conversion_replaced",
        "crash",
    ),
]

ROWS = [*WALLS, *FILTER, *WORKER, *TRUSTED_SIDE]
