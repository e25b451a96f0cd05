"""Defences by name, each as what switches it off, where more than one row speaks of it."""

from __future__ import annotations

from .alterations import Bubblewrap, Edit, Limit, Permit

NO_LANDLOCK = Edit("zygote.py", "landlock.restrict(_RULESET)")
NO_SIGNAL_SCOPE = Edit("landlock.py", "3 if abi >= 6 else 0", "1 if abi >= 6 else 0")
NO_SOCKET_SCOPE = Edit("landlock.py", "3 if abi >= 6 else 0", "2 if abi >= 6 else 0")
NO_PORTS = Edit("landlock.py", "3 if abi >= 4 else 0", "0")
NO_TRUNCATE = Edit("landlock.py", "_TRUNCATE: 3", "_TRUNCATE: 99")
NO_DEVICES = Edit("landlock.py", "_IOCTL_DEV: 5", "_IOCTL_DEV: 99")
_READ = '"read": _READ_FILE | _READ_DIR'
READ_IS_WRITE = Edit("landlock.py", _READ, f"{_READ} | _WRITE_FILE | _TRUNCATE")
READ_IS_EXECUTE = Edit("landlock.py", _READ, f"{_READ} | _EXECUTE")
NO_PID_NAMESPACE = Edit("zygote.py", "confine.unshare(confine.NEW_PID)")
NO_MOUNT_NAMESPACE = Edit("zygote.py", "confine.NEW_NS |", "")
NO_IPC_NAMESPACE = Edit("zygote.py", "confine.NEW_IPC |", "")
KILL = Permit("kill")
SOCKETS = Permit("socket socketpair connect bind listen")
EXECVE = Permit("execve")
FORKS = Permit("clone clone3 fork vfork", "REFUSED")
UNSHARE = Permit("unshare", "KILLED")
OPENAT = Permit("openat", "ARGUMENT_RULES")
DATA_WRITABLE = Bubblewrap(("--ro-bind", "*", "/rt/data"), ("--bind", "*", "/rt/data"))
NO_CLOCKS = (Limit("wall_time_s", 30.0), Limit("cpu_time_s", 30.0))


def unshare_all_but(name: str) -> Bubblewrap:
    kept = [one for one in ("user", "ipc", "pid", "net", "uts", "cgroup") if one != name]
    return Bubblewrap(("--unshare-all",), tuple(f"--unshare-{one}" for one in kept))


def limit_of(name: str, value: str) -> Edit:
    return Edit("confine.py", f"resource.RLIMIT_{name}: {value},", "")


NO_ADDRESS_SPACE = limit_of("AS", "limits.address_space_bytes")
NO_CORE_LIMIT = Edit("confine.py", "RLIMIT_CORE: 0", "RLIMIT_CORE: resource.getrlimit(4)[1]")
NO_PARENT_DEATH = Edit(
    "confine.py", 'call(_prctl(_PR_SET_PDEATHSIG, signal.SIGKILL), "prctl(PDEATHSIG)")'
)
VISIBLE = (Edit("confine.py", 'call(_prctl(_PR_SET_DUMPABLE, 0), "prctl(DUMPABLE)")'),)
NO_PROMISE = Edit("confine.py", 'call(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "prctl(NO_NEW_PRIVS)")')
