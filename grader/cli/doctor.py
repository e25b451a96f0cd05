"""`grader doctor`: what this machine can do, each answer found out afresh."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from pathlib import Path

from grader.cli.environment import describe_built, list_built_here
from grader.cli.render import print_table
from grader.errors import GraderError, OperationError
from grader.sandbox.cgroup import JailCgroup
from grader.sandbox.guest.landlock import abi_version
from grader.sandbox.program import GIB
from grader.sandbox.runtime import find_runtime, service_user
from grader.sandbox.selftest import assert_confines
from grader.sandbox.tiers import CONFINING, Tier, find_bubblewrap, require_linux
from grader.settings import Settings, load_settings

_ENOUGH_FREE_BYTES = 200 << 20


def run_doctor(*, is_json: bool) -> int:
    """Print the findings; succeed where at least one tier confines."""
    settings = load_settings()
    findings = [_python(), _numpy(), _kernel(), _bubblewrap(), _user(settings), _cgroup()]
    findings += [_cache(settings), *_environments(settings)]
    tiers = [_tier(tier, settings) for tier in CONFINING]
    findings += tiers
    if is_json:
        entries = [{"what": what, "ok": ok, "found": found} for what, ok, found in findings]
        sys.stdout.write(json.dumps(entries, indent=2) + "\n")
    else:
        words = {True: "ok", False: "NO", None: "-"}
        rows = [(ok, (what, words[ok], found)) for what, ok, found in findings]
        print_table(("what", "", "found"), rows)
    return 0 if any(ok for _, ok, _ in tiers) else OperationError.exit_code


_Finding = tuple[str, bool | None, str]


def _python() -> _Finding:
    return "Python", True, f"{platform.python_version()}, {sys.executable}"


def _numpy() -> _Finding:
    try:
        find_runtime()
        import numpy as np
    except (GraderError, ImportError) as error:
        return "numpy", False, str(error)
    return "numpy", True, np.__version__


def _kernel() -> _Finding:
    try:
        require_linux()
    except GraderError as error:
        return "kernel", False, str(error)
    abi = abi_version()
    landlock = f"Landlock ABI {abi}" if abi else "no Landlock"
    return "kernel", abi > 0, f"{platform.system()} {platform.release()}, {landlock}"


def _bubblewrap() -> _Finding:
    try:
        return "bubblewrap", True, find_bubblewrap()
    except GraderError as error:
        return "bubblewrap", None, str(error)


def _user(settings: Settings) -> _Finding:
    user = service_user(settings.sandbox_uid)
    if user is None:
        return "user", True, f"uid {os.getuid()}; jails run as the same user"
    return "user", True, f"root; jails run as uid {user[0]}"


def _cgroup() -> _Finding:
    made = JailCgroup.create(1, GIB)
    if made is None:
        return (
            "cgroup",
            None,
            "not delegated: each worker has its limits, a jail as a whole has none; start grader"
            " with `systemd-run --user --scope -p Delegate=yes`, or write Delegate=yes into its"
            " unit; a container has limits of its own",
        )
    made.close()
    return "cgroup", True, f"a jail as a whole is limited in {made}"


def _cache(settings: Settings) -> _Finding:
    if settings.cache_dir is None:
        return "cache", None, "no folder can be written: nothing is kept between runs"
    folder: Path = settings.cache_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    state = f"{settings.cache_dir}, {free >> 20} MiB free"
    return "cache", free > _ENOUGH_FREE_BYTES, state


def _environments(settings: Settings) -> list[_Finding]:
    """Return a line for each set of packages that was built here."""
    found = list_built_here(settings)
    if not found:
        told = "none was built: assignments with [environment] need `grader environment build`"
        return [("environments", None, told)]
    return [
        (f"environment {one.digest[:12]}", True, "; ".join(reversed(describe_built(one))))
        for one in found
    ]


def _tier(tier: Tier, settings: Settings) -> _Finding:
    try:
        assert_confines(tier, None, settings.sandbox_uid)
    except GraderError as error:
        return f"tier {tier}", False, str(error)
    return f"tier {tier}", True, "contains every attack of the self-test"
