"""Where a machine denies a jail what it is made of, the refusal says what to change."""

from __future__ import annotations

import ctypes.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import SandboxFailure, SandboxUnavailable
from grader.sandbox import selftest
from grader.sandbox.selftest import assert_confines
from grader.sandbox.symptoms import find_remedy

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("bwrap: No permissions to create new namespace, likely because the kernel does not allow"
         " non-privileged user namespaces.", "kernel.unprivileged_userns_clone=1"),
        ("bwrap: No permissions to creating new namespace", "kernel.unprivileged_userns_clone=1"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "worker-seccomp.json"),
        ("ConfinementFailed: unshare: Operation not permitted", "worker-seccomp.json"),
        ("bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces"
         " exceeded (ENOSPC)", "user.max_user_namespaces"),
        ("bwrap: Creating new namespace failed: No space left on device",
         "user.max_user_namespaces"),
        ("ConfinementFailed: unshare: No space left on device", "user.max_user_namespaces"),
        ("bwrap: setting up uid map: Permission denied",
         "kernel.apparmor_restrict_unprivileged_userns=0"),
        ("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
         "kernel.apparmor_restrict_unprivileged_userns=0"),
        ("bwrap: Failed to make / slave: Permission denied", "apparmor=unconfined"),
        ("bwrap: pivot_root: Operation not permitted", "apparmor=unconfined"),
        ("ConfinementFailed: mount /tmp: Permission denied", "apparmor=unconfined"),
        ("ConfinementFailed: landlock_create: Operation not permitted", "lsm= list"),
        ("ConfinementFailed: prctl(SECCOMP): Invalid argument", "CONFIG_SECCOMP_FILTER"),
        ("sh: 1: cannot create /sys/fs/cgroup/grader-jail-1/cgroup.procs: Permission denied",
         "Delegate=yes"),
        ("PermissionError: [Errno 1] Operation not permitted", "as an ordinary user"),
        ("it said nothing", ""),
        ("reads('/etc/passwd') ended as finished  it got 'root:x:0:0'", ""),
    ],
)  # fmt: skip
def test_each_known_symptom_has_its_remedy(said, remedy):
    found = find_remedy(f"the jail of tier namespaces did not start: {said}")
    assert (remedy in found, bool(found)) == (True, bool(remedy))


# Denies itself one system call, as the profile of a container would, and then tries the tier.
DENIED = """
import ctypes, sys
library = ctypes.CDLL(sys.argv[1], use_errno=True)
library.seccomp_init.restype = ctypes.c_void_p
context = ctypes.c_void_p(library.seccomp_init(0x7FFF0000))
number = library.seccomp_syscall_resolve_name(sys.argv[2].encode())
assert library.seccomp_rule_add(context, ctypes.c_uint32(0x00050001), number, 0) == 0
assert library.seccomp_load(context) == 0
from grader.errors import SandboxUnavailable
from grader.sandbox.selftest import assert_confines
from grader.sandbox.tiers import Tier
try:
    assert_confines(Tier.NAMESPACES)
except SandboxUnavailable as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("syscall", "remedy"),
    [
        ("unshare", "namespaces are denied"),
        ("mount", "mounts are denied"),
        ("pivot_root", "mounts are denied"),
    ],
)
def test_under_a_profile_that_denies_a_call_the_refusal_says_what_to_allow(
    require, syscall, remedy
):
    library = ctypes.util.find_library("seccomp") or ""
    require(library, "libseccomp is not installed")
    require(shutil.which("bwrap"), "bubblewrap is not on PATH")
    finished = subprocess.run(
        [sys.executable, "-c", DENIED, library, syscall],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == finished.stderr
    assert remedy in finished.stdout
    assert "./deploy/worker-seccomp.json" in finished.stdout


def test_a_worker_that_is_denied_a_wall_is_told_with_the_remedy_too(tier, monkeypatch):
    def fail(*_: object) -> None:
        raise SandboxFailure("a worker was not confined: unshare: No space left on device")

    monkeypatch.setattr(selftest, "_attack", fail)
    expected = f"tier {tier} fails its self-test.*max_user_namespaces"
    with pytest.raises(SandboxUnavailable, match=expected):
        assert_confines(tier)
