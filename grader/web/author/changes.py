"""What publishing a draft changes, against what is published now."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from grader.policy import describe_attempts, describe_lateness, format_moment
from grader.spec import AssignmentSpec, CheckSpec, Counts, Policy, parse_spec
from grader.spec.folder import README_FILE, SPEC_FILE, decode_utf8
from grader.spec.submissions import SUBMISSIONS_FOLDER

NOTHING = "—"
_SHOWN_APART = {"id", "title", "points", "visible"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was."""

    what: str
    before: str
    after: str


def compare_archives(published: bytes, draft: bytes) -> tuple[Change, ...]:
    """Return how two packed folders of an assignment differ for students, dates left out."""
    with zipfile.ZipFile(io.BytesIO(published)) as old, zipfile.ZipFile(io.BytesIO(draft)) as new:
        specs = [parse_spec(decode_utf8(archive.read(SPEC_FILE))) for archive in (old, new)]
        return (*_compare_specs(*specs), *_compare_files(old, new))


def compare_policies(published: Policy, draft: Policy, time_zone: tzinfo) -> tuple[Change, ...]:
    """Return how two policies differ, in words."""
    before, after = (describe_policy(policy, time_zone) for policy in (published, draft))
    return tuple(
        Change(what, before[what], after[what]) for what in after if before[what] != after[what]
    )


def describe_policy(policy: Policy, time_zone: tzinfo) -> dict[str, str]:
    """Return what a policy says, in words, by what it is about."""
    opens_at, due_at = policy.opens_at, policy.due_at
    return {
        "Opens": format_moment(opens_at, time_zone) if opens_at else "as soon as it is published",
        "Due": format_moment(due_at, time_zone) if due_at else "never",
        "Late work": describe_lateness(policy, time_zone) or NOTHING,
        "Attempts": describe_attempts(policy),
        "Counts": _COUNTS[policy.counts],
    }


_COUNTS = {
    Counts.BEST: "the best submission",
    Counts.LAST: "the last submission",
    Counts.CHOSEN: "the submission that the student chooses",
}


def _compare_specs(old: AssignmentSpec, new: AssignmentSpec) -> Iterator[Change]:
    if old.title != new.title:
        yield Change("Title", old.title, new.title)
    if old.files != new.files:
        yield Change("Files to hand in", ", ".join(old.files), ", ".join(new.files))
    if old.points != new.points:
        yield Change("Points in all", format_points(old.points), format_points(new.points))
    before = {check.id: check for check in old.checks}
    after = {check.id: check for check in new.checks}
    for id_ in [*after, *(gone for gone in before if gone not in after)]:
        yield from _compare_checks(id_, before.get(id_), after.get(id_))
    if old.inputs != new.inputs:
        names = sorted(
            name
            for name in old.inputs.keys() | new.inputs.keys()
            if old.inputs.get(name) != new.inputs.get(name)
        )
        yield Change("Inputs", NOTHING, f"drawn in another way: {', '.join(names)}")
    rest = ("allow", "shims", "package", "limits", "environment", "rubric", "team", "leaderboard")
    for key in rest:
        if getattr(old, key) != getattr(new, key):
            yield Change(key.capitalize(), "as published", "changed")


def _compare_checks(id_: str, old: CheckSpec | None, new: CheckSpec | None) -> Iterator[Change]:
    what = f"Check {id_}"
    if old is None or new is None:
        yield Change(what, _describe_check(old), _describe_check(new))
        return
    if (old.points, old.visible) != (new.points, new.visible):
        yield Change(what, _describe_check(old), _describe_check(new))
    if old.title != new.title:
        yield Change(f"{what}: title", old.title, new.title)
    if type(old) is not type(new) or old.model_dump(exclude=_SHOWN_APART) != new.model_dump(
        exclude=_SHOWN_APART
    ):
        yield Change(what, "as published", "judged in another way")


def _describe_check(check: CheckSpec | None) -> str:
    if check is None:
        return NOTHING
    unit = "point" if check.points == 1 else "points"
    return f"{format_points(check.points)} {unit}, visible {check.visible.replace('_', ' ')}"


def _compare_files(old: zipfile.ZipFile, new: zipfile.ZipFile) -> Iterator[Change]:
    """Yield the files that judge students or that they start from.

    The known submissions do neither, and the handout belongs to no version.
    """
    before = {info.filename: info.CRC for info in old.infolist()}
    after = {info.filename: info.CRC for info in new.infolist()}
    for name in sorted(before.keys() | after.keys()):
        if name in (SPEC_FILE, README_FILE) or name.startswith(f"{SUBMISSIONS_FOLDER}/"):
            continue
        if before.get(name) != after.get(name):
            yield Change(
                f"File {name}",
                "as published" if name in before else NOTHING,
                ("changed" if name in before else "new") if name in after else "removed",
            )


def format_points(points: Decimal) -> str:
    """Return points as people write them."""
    return f"{points.normalize():f}"
