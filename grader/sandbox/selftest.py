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
from dataclasses import replace
from pathlib import Path

from grader.errors import OperationError, SandboxUnavailable
from grader.sandbox import runtime, tiers
from grader.sandbox.memory import read_memory
from grader.sandbox.packages import Packages
from grader.sandbox.pool import Slot
from grader.sandbox.runtime import GUEST
from grader.sandbox.symptoms import find_remedy
from grader.sandbox.tiers import Side, Tier


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
    except OperationError as error:
        raise _refusal(tier, error) from error
    _keep_passed(cache_dir, key)


def _refusal(tier: Tier, error: OperationError) -> SandboxUnavailable:
    """Return the reason against a tier, with what to do about it where the symptom is known."""
    is_whole = isinstance(error, SandboxUnavailable)
    problem = error.problem if is_whole else f"tier {tier} fails its self-test: {error.problem}"
    return SandboxUnavailable(problem, remedy=find_remedy(error.problem) or error.remedy)


def assert_packages_confined(tier: Tier, packages: Packages, uid: int | None = None) -> None:
    """Attack a jail in which an assignment's packages are imported, and warm up its other side."""
    try:
        _attack(tier, uid, packages)
        with Slot(tier, uid, keeps_spares=False) as slot:
            slot.start(Side.REFERENCE, packages).wait_until_warm()
    except OperationError as error:
        raise _refusal(tier, error) from error


def _attack(tier: Tier, uid: int | None, packages: Packages | None = None) -> None:
    # Imported here because they bring numpy; a test that has passed before needs none of it.
    from grader.calls import Evaluation, Returned
    from grader.sandbox import attacks
    from grader.sandbox.program import Chunk, Exit, Program, SourceFile

    files = (SourceFile("attacks.py", (Chunk(attacks.SOURCE),)),)
    program = Program(files, allow=("*",), packages=packages)
    with tempfile.TemporaryDirectory(prefix="grader-selftest-") as folder:
        secret = Path(folder) / "secret.txt"
        secret.write_text(secrets.token_hex())
        Path(folder).chmod(0o777)  # what stops a worker must be its walls, not these modes
        secret.chmod(0o666)
        with Slot(tier, uid) as slot, slot.open(Side.STUDENT, program) as session:
            held_bytes = 0 if packages is None else _held_by_zygote(slot, packages)
            for attack in attacks.attacks_on(secret):
                question = Evaluation(f"r = {attack.call}", {}, ("r",))
                memory_bytes = attack.limits.memory_bytes + held_bytes
                outcome = session.run([question], replace(attack.limits, memory_bytes=memory_bytes))
                answer = outcome.answers[0] if outcome.answers else None
                result = answer.values["r"] if isinstance(answer, Returned) else answer
                if outcome.exit not in attack.must_end or (
                    outcome.exit is Exit.FINISHED and result is not True
                ):
                    raise SandboxUnavailable(
                        f"tier {tier} fails its self-test: {attack.call} ended as"
                        f" {outcome.exit} {outcome.detail} {result if result else ''}",
                        remedy="do not grade on this machine; run `grader doctor` for the details",
                    )


def _held_by_zygote(slot: Slot, packages: Packages) -> int:
    """Return the address space that a worker begins with: what the attacks may use is beside it."""
    jail = slot.start(Side.STUDENT, packages)
    jail.wait_until_warm()
    return read_memory(jail.pid or 0).address_space_bytes


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
