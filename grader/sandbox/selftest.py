"""Decides whether a tier confines programs on this machine, by attacking it.

A tier that lets one attack through is refused, with the reason. The verdict is kept for as long
as nothing that it rests on has changed: boot, kernel, bubblewrap, interpreter, our own guest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import OperationError, SandboxUnavailable
from grader.sandbox import runtime, tiers
from grader.sandbox.pool import Slot
from grader.sandbox.runtime import GUEST
from grader.sandbox.tiers import Side, Tier

_ATTACKS = """
import ctypes, os, socket, threading

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

def imports_the_reference():
    return refused(lambda: __import__("reference"), ImportError)

def takes_memory():
    return refused(lambda: len(bytearray(1 << 30)), MemoryError)

def traces():
    return f"ptrace returned {ctypes.CDLL(None).ptrace(0, 0, 0, 0)}"

def leaves_its_namespaces():
    return f"unshare returned {ctypes.CDLL(None).unshare(0x10000000)}"

def never_ends():
    while True:
        pass

def adds(x, y):
    return x + y
"""


@dataclass(frozen=True, slots=True)
class _Attack:
    call: str
    must_end: str = "finished"


def select_tier(
    wanted: Iterable[Tier], cache_dir: Path | None = None, uid: int | None = None
) -> Tier:
    """Return the first tier that passes its self-test; raise with every reason where none does."""
    refusals = []
    for tier in wanted:
        try:
            assert_confines(tier, cache_dir, uid)
        except SandboxUnavailable as error:
            refusals.append(f"{tier}: {error}")
        else:
            return tier
    raise SandboxUnavailable(
        "no sandbox on this machine confines a program, so nothing is run. " + ". ".join(refusals)
    )


def assert_confines(tier: Tier, cache_dir: Path | None = None, uid: int | None = None) -> None:
    """Attack a tier, unless this very one has passed since the machine was started."""
    tiers.require_linux()
    tiers.require_filter()
    tiers.require_landlock()
    if tier is Tier.NAMESPACES:
        tiers.find_bubblewrap()
    key = _key(tier, uid)
    if key in _read_passed(cache_dir):
        return
    try:
        _attack(tier, uid)
    except SandboxUnavailable:
        raise
    except OperationError as error:
        raise SandboxUnavailable(f"tier {tier} fails its self-test: {error}") from error
    _keep_passed(cache_dir, key)


def _attack(tier: Tier, uid: int | None) -> None:
    # Imported here because they bring numpy; a test that has passed before needs none of it.
    from grader.calls import Evaluation, Returned
    from grader.sandbox.program import Chunk, Exit, Limits, Program, SourceFile

    limits = Limits(wall_time_s=5.0, cpu_time_s=0.2, memory_bytes=512 << 20)
    program = Program((SourceFile("attacks.py", (Chunk(_ATTACKS),)),), allow=("*",))
    with tempfile.TemporaryDirectory(prefix="grader-selftest-") as folder:
        secret = Path(folder) / "secret.txt"
        secret.write_text(secrets.token_hex())
        Path(folder).chmod(0o777)  # what stops a worker must be its walls, not these modes
        secret.chmod(0o666)
        with Slot(tier, uid) as slot, slot.open(Side.STUDENT, program) as session:
            for attack in _attacks(secret):
                outcome = session.run([Evaluation(f"r = {attack.call}", {}, ("r",))], limits)
                answer = outcome.answers[0] if outcome.answers else None
                result = answer.values["r"] if isinstance(answer, Returned) else answer
                if outcome.exit != attack.must_end or (
                    outcome.exit is Exit.FINISHED and result is not True
                ):
                    raise SandboxUnavailable(
                        f"tier {tier} fails its self-test: {attack.call} ended as"
                        f" {outcome.exit} {outcome.detail} {result if result else ''}",
                        remedy="do not grade on this machine; run `grader doctor` for the details",
                    )


def _attacks(secret: Path) -> list[_Attack]:
    return [
        _Attack("adds(1, 2) == 3"),
        _Attack(f"reads({str(secret)!r})"),
        _Attack(f"writes({str(secret)!r})"),
        _Attack(f"writes({str(secret.with_name('new.txt'))!r})"),
        _Attack(f"lists({str(secret.parent)!r})"),
        _Attack("lists('/')"),
        _Attack("reads('/etc/passwd')"),
        _Attack("reads('/proc/self/environ')"),
        _Attack("connects(socket.AF_INET)"),
        _Attack("connects(socket.AF_UNIX)"),
        _Attack("forks()"),
        _Attack("runs_a_program()"),
        _Attack("starts_a_thread()"),
        _Attack("signals_its_parent()"),
        _Attack("imports_the_reference()"),
        _Attack("takes_memory()"),
        _Attack("traces()", "forbidden"),
        _Attack("leaves_its_namespaces()", "forbidden"),
        _Attack("never_ends()", "time_limit"),
        _Attack("adds(1, 2) == 3"),
    ]


# What a verdict rests on, and where it is kept


def _key(tier: Tier, uid: int | None) -> str:
    found = runtime.find_runtime()
    facts = [
        tier,
        _read("/proc/sys/kernel/random/boot_id"),
        " ".join(os.uname()),
        str(os.geteuid()),
        str(uid),
        *map(_stamp, (found.executable, found.standard_library, *found.numpy)),
    ]
    if tier is Tier.NAMESPACES:
        facts.append(_stamp(Path(tiers.find_bubblewrap())))
    ours = [*GUEST.glob("*.py"), *GUEST.glob("*.bpf"), *Path(__file__).parent.glob("*.py")]
    facts += [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(ours)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _stamp(path: Path) -> str:
    facts = path.stat()
    return f"{path} {facts.st_ino} {facts.st_size} {facts.st_mtime_ns}"


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def _read_passed(cache_dir: Path | None) -> list[str]:
    if cache_dir is None:
        return []
    try:
        passed = json.loads((cache_dir / "selftest.json").read_text())
    except (OSError, ValueError):
        return []
    return passed if isinstance(passed, list) else []


def _keep_passed(cache_dir: Path | None, key: str) -> None:
    """Note a passed test; a cache that cannot be written only costs the next start its time."""
    if cache_dir is None:
        return
    passed = [*_read_passed(cache_dir)[-20:], key]
    with contextlib.suppress(OSError):
        cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=cache_dir, delete=False) as file:
            json.dump(passed, file)
        Path(file.name).replace(cache_dir / "selftest.json")
