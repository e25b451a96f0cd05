"""What a machine says when it denies a jail what that is made of, and what its operator can do."""

from __future__ import annotations

import re

_CONTAINER = (
    "in a container, allow it as docker-compose.yml does: seccomp=./deploy/worker-seccomp.json"
    " and apparmor=unconfined"
)

_REMEDIES: tuple[tuple[str, str], ...] = (
    (
        r"uid map: (Permission denied|Operation not permitted)|Failed RTM_NEWADDR",
        "AppArmor restricts user namespaces here: on Ubuntu 23.10 and later set `sysctl"
        " kernel.apparmor_restrict_unprivileged_userns=0`, or give bwrap an AppArmor profile with"
        " `userns,`",
    ),
    (
        r"\(ENOSPC\)|(Creating new namespace failed|unshare): No space left on device",
        "the machine grants no more namespaces: raise `sysctl user.max_user_namespaces` and the"
        " other user.max_*_namespaces; 0 switches them off",
    ),
    (
        r"No permissions to creat\w+ (a )?new namespace|Creating new namespace failed"
        r"|(unshare|setns): (Operation not permitted|Permission denied)",
        "namespaces are denied: on Debian set `sysctl kernel.unprivileged_userns_clone=1`;"
        f" {_CONTAINER}",
    ),
    (
        r"Failed to make / slave|pivot_root|unmount old root"
        r"|[Mm]ount.*(Operation not permitted|Permission denied)",
        f"mounts are denied, by AppArmor or seccomp; {_CONTAINER}",
    ),
    (
        r"landlock_\w+: ",
        "Landlock is denied: name landlock in the kernel's lsm= list; in a container, use a"
        " seccomp profile that allows the three landlock_ calls",
    ),
    (
        r"prctl\(SECCOMP\): ",
        "this kernel takes no seccomp filter: use one with CONFIG_SECCOMP_FILTER",
    ),
    (
        r"cgroup\.procs",
        "the cgroup that was made for the jail cannot be entered: start grader where cgroups are"
        " delegated as a whole (Delegate=yes), or not at all",
    ),
    (
        r"PermissionError: \[Errno 1\] Operation not permitted$",
        "root may not change its user here: run grader as an ordinary user, or with CAP_SETUID and"
        " CAP_SETGID",
    ),
)


def find_remedy(said: str) -> str:
    """Return what to do about a jail that ended with these words; empty where nobody knows."""
    return next((remedy for symptom, remedy in _REMEDIES if re.search(symptom, said)), "")
