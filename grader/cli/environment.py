"""`grader environment`: builds, lists and removes the packages of assignments."""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grader.cli.installation import open_database
from grader.cli.render import print_line, print_table, show_state
from grader.cli.slots import wanted_tiers
from grader.environments import (
    Built,
    find_built,
    find_by_prefix,
    find_packages,
    list_built,
    lock_of,
    packages_of,
    remove_built,
)
from grader.errors import EnvironmentMissing, Refused, UnknownAssignment, UsageError
from grader.sandbox.selftest import assert_packages_confined, select_tier
from grader.sandbox.tiers import Tier
from grader.settings import Settings, load_settings
from grader.spec import Assignment

_MIB = 1 << 20


def run_build(name: str, *, tier: str) -> int:
    """Build what the folder or the published versions of this name need, and try it."""
    from grader.service.preparation import make_data_dir

    settings, data_dir = make_data_dir(load_settings())
    named = [one for one in _find_assignments(name, settings) if one.requirements is not None]
    if not named:
        raise UsageError(
            f"{name} has no [environment]", remedy="nothing is to be built: programs have numpy"
        )
    chosen = select_tier(wanted_tiers(settings, tier), settings.cache_dir, settings.sandbox_uid)
    for assignment in named:
        print_line(f"{assignment.slug}: {_build(assignment, data_dir, chosen, settings)}.")
    return 0


def _build(assignment: Assignment, data_dir: Path, tier: Tier, settings: Settings) -> str:
    """Build what one assignment needs, or try what is there; return what came of it."""
    from grader.environments.build import build

    lock = lock_of(assignment)
    assert lock is not None
    folder = data_dir / "environments"
    started_s = time.monotonic()

    with show_state("") as show:

        def try_out(site: Path) -> None:
            show(f"trying it in a jail of tier {tier}")
            packages = packages_of(assignment, lock.digest, site)
            assert_packages_confined(tier, packages, settings.sandbox_uid)

        file = assignment.folder / str(assignment.spec.environment.requirements)
        before = find_built(folder, lock.digest)
        if before is None:
            show(f"installing {len(lock.lines)} packages")
        built = build(lock, folder, file=file, try_out=try_out)
        if built == before:
            try_out(built.site)
            return f"{_describe(built)} was there already, and works"
    return f"{_describe(built)} is built, in {time.monotonic() - started_s:.1f} s"


def run_list(*, is_json: bool) -> int:
    """Print what was built on this machine."""
    found = list_built_here(load_settings())
    if is_json:
        entries = [
            {
                "digest": one.digest,
                "packages": one.packages,
                "size_bytes": one.size_bytes,
                "built_at": one.built_at.isoformat(),
                "folder": str(one.folder),
            }
            for one in found
        ]
        sys.stdout.write(json.dumps(entries, indent=2) + "\n")
        return 0
    if not found:
        print_line("No environment is built on this machine: see `grader environment build`.")
        return 0
    rows = [(None, (one.digest[:12], *describe_built(one))) for one in found]
    print_table(("environment", "built", "size", "packages"), rows)
    return 0


def run_remove(prefix: str) -> int:
    """Delete an environment, unless a course's assignment needs it."""
    from grader.service.preparation import make_data_dir

    settings, data_dir = make_data_dir(load_settings())
    built = find_by_prefix(data_dir / "environments", prefix)
    for assignment in _published(settings):
        lock = lock_of(assignment)
        if lock is not None and lock.digest == built.digest:
            raise Refused(
                f"a course's assignment {assignment.slug} needs the environment"
                f" {built.digest[:12]}",
                remedy="publish it with another lock file first",
            )
    remove_built(built)
    print_line(f"{_describe(built)} is removed.")
    return 0


def assert_built(assignment: Assignment, settings: Settings, name: str) -> None:
    """Refuse an assignment of this name whose author has not built its packages here yet."""
    try:
        find_packages(assignment, settings.environments_dir, name=name)
    except EnvironmentMissing as error:
        raise UsageError(error.problem, remedy=error.remedy) from error


def list_built_here(settings: Settings) -> list[Built]:
    """Return what was built on this machine, the newest first."""
    folder = settings.environments_dir
    return [] if folder is None else list_built(folder)


def describe_built(built: Built) -> tuple[str, str, str]:
    """Return when it was built, its size and its packages, in words."""
    packages = ", ".join(f"{name} {version}" for name, version in sorted(built.packages.items()))
    size = f"{built.size_bytes / _MIB:.1f} MiB"
    return f"{built.built_at:%Y-%m-%d %H:%M} UTC", size, packages


def _describe(built: Built) -> str:
    _, size, packages = describe_built(built)
    return f"environment {built.digest[:12]} ({packages}; {size})"


def _find_assignments(name: str, settings: Settings) -> list[Assignment]:
    """Return the assignment of a folder or of the course pack, and what courses have of it."""
    from grader.assignment_packs import course_pack
    from grader.spec import find_assignment, load_assignment

    published = [one for one in _published(settings) if one.slug == name]
    try:
        return [load_assignment(find_assignment(name, [course_pack()])), *published]
    except UnknownAssignment:
        if not published:
            raise
    return published


def _published(settings: Settings) -> Iterator[Assignment]:
    """Yield the versions that courses have published or have as drafts, where there are any."""
    from grader.spec import load_assignment
    from grader.spec.archive import unpack_archive
    from grader.store import offerings
    from grader.store.blobs import load_blob
    from grader.store.database import FILE_NAME

    assert settings.data_dir is not None
    if not settings.database_url and not (settings.data_dir / FILE_NAME).exists():
        return  # an author's own machine: there is no course, and none is to be made
    with open_database() as database, database.read() as session:
        for version in offerings.list_versions(session):
            with tempfile.TemporaryDirectory(prefix="grader-") as parent:
                folder = Path(parent, version.slug)
                unpack_archive(load_blob(session, version.archive_digest), folder)
                yield dataclasses.replace(load_assignment(folder), folder=Path(version.slug))
