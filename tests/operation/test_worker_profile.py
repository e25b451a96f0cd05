"""The worker's seccomp profile denies what Docker's does, and leaves the jails what they need."""

from __future__ import annotations

import ctypes.util
import json
import platform
import shutil
import subprocess
import sys

import pytest

from grader.sandbox.tiers import CONFINING

# What Docker's documentation lists as blocked by its default profile, less what a jail is made of
# (clone with namespaces, mount, pivot_root, setns, umount, unshare) and the NUMA calls of BLAS.
BLOCKED_BY_DOCKER = (
    "acct add_key bpf clock_adjtime clock_settime create_module delete_module finit_module"
    " get_kernel_syms init_module ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie"
    " move_pages name_to_handle_at nfsservctl open_by_handle_at perf_event_open personality"
    " process_vm_readv process_vm_writev ptrace query_module quotactl reboot request_key"
    " settimeofday stime swapon swapoff sysfs _sysctl uselib userfaultfd ustat vm86 vm86old"
)
NEEDED = (
    "clone clone3 landlock_add_rule landlock_create_ruleset landlock_restrict_self mount"
    " pidfd_open pidfd_send_signal pivot_root prctl seccomp setns umount2 unshare"
)

# Loads the profile into itself as a container's runtime would, and becomes the program.
LOADER = """
import ctypes, json, os, sys
library = ctypes.CDLL(sys.argv[1], use_errno=True)
library.seccomp_init.restype = ctypes.c_void_p
profile = json.load(open(sys.argv[2]))
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
assert profile["defaultAction"] == "SCMP_ACT_ALLOW"
context = ctypes.c_void_p(library.seccomp_init(ALLOW))
for rule in profile["syscalls"]:
    for name in rule["names"]:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            action = ctypes.c_uint32(ERRNO | rule["errnoRet"])
            assert library.seccomp_rule_add(context, action, number, 0) == 0, name
assert library.seccomp_load(context) == 0
os.execv(sys.argv[3], sys.argv[3:])
"""


@pytest.fixture(scope="module")
def profile(repository):
    return repository / "deploy" / "worker-seccomp.json"


@pytest.fixture(scope="module")
def denied(profile):
    rules = json.loads(profile.read_text())["syscalls"]
    assert {"SCMP_ACT_ERRNO"} == {rule["action"] for rule in rules}
    return [name for rule in rules for name in rule["names"]]


@pytest.fixture(scope="module")
def run_under_profile(profile, require):
    """A function that runs Python in a process of its own under the profile."""
    library = ctypes.util.find_library("seccomp") or ""
    require(library, "libseccomp is not installed")

    def run_under_profile(*arguments):
        return subprocess.run(
            [sys.executable, "-c", LOADER, library, str(profile), sys.executable, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run_under_profile


def test_the_profile_denies_what_dockers_own_does_and_names_nothing_twice(denied):
    assert set() == set(BLOCKED_BY_DOCKER.split()) - set(denied)
    assert len(set(denied)) == len(denied)


def test_the_profile_denies_nothing_that_a_jail_is_made_of(denied):
    assert set() == set(NEEDED.split()) & set(denied)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="keyctl has its number on x86-64")
def test_a_call_that_is_denied_is_refused(run_under_profile):
    code = (
        "import ctypes; libc = ctypes.CDLL(None, use_errno=True);"
        "print(libc.syscall(250, 0, -3, 0), ctypes.get_errno())"
    )
    assert "-1 1\n" == run_under_profile("-c", code).stdout


def test_both_tiers_confine_under_the_profile(run_under_profile, require):
    require(shutil.which("bwrap"), "bubblewrap is not on PATH")
    finished = run_under_profile("-m", "grader", "doctor", "--json")
    findings = {entry["what"]: entry["ok"] for entry in json.loads(finished.stdout)}
    assert {f"tier {tier}": True for tier in CONFINING} == {
        what: ok for what, ok in findings.items() if what.startswith("tier ")
    }
