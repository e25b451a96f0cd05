"""What a run gets of an assignment's environment: what was built on this machine, or an error."""

from __future__ import annotations

from pathlib import Path

from grader.environments.lock import Lock, lock_of
from grader.environments.shelf import Built, find_built
from grader.errors import EnvironmentMissing
from grader.sandbox.packages import Packages, list_modules
from grader.spec import Assignment


def find_packages(
    assignment: Assignment, folder: Path | None, *, name: str = ""
) -> Packages | None:
    """Return the packages of an assignment; None where its programs have numpy alone.

    `name` is what the assignment is called on the command line, where it is not by its slug.

    Raises
    ------
    EnvironmentMissing
        Where they have not been built below `folder`. Nothing is built for a submission.
    """
    lock = lock_of(assignment)
    if lock is None:
        return None
    built = _require_built(assignment, lock, folder, name)
    return packages_of(assignment, built.digest, built.site)


def packages_of(assignment: Assignment, digest: str, site: Path) -> Packages:
    """Return what jails show of installed packages to the programs of an assignment.

    What students may import of them is imported by the zygote, once for all of them.
    """
    modules = list_modules(site)
    preloaded = (name for name in assignment.spec.allow if name.partition(".")[0] in modules)
    facts = site.stat()
    return Packages(digest, site, tuple(preloaded), (facts.st_ino, facts.st_ctime_ns))


def _require_built(
    assignment: Assignment, lock: Lock, folder: Path | None, name: str = ""
) -> Built:
    built = None if folder is None else find_built(folder, lock.digest)
    if built is None:
        raise EnvironmentMissing(
            f"the environment {lock.digest[:12]} of {assignment.slug}"
            f" ({assignment.spec.environment.requirements}) is not built on this machine",
            remedy=f"run `grader environment build {name or assignment.slug}`",
        )
    return built


def describe_packages(assignment: Assignment, folder: Path | None) -> dict[str, object]:
    """Return what a run's numbers depend on beside the interpreter: versions, by their names."""
    lock = lock_of(assignment)
    if lock is None:
        return {}
    built = _require_built(assignment, lock, folder)
    told: dict[str, object] = {
        "requirements": built.digest,
        "packages": [f"{name} {version}" for name, version in sorted(built.packages.items())],
    }
    if "numpy" in built.packages:
        told["numpy"] = built.packages["numpy"]
    return told
