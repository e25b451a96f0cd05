"""What publishing a draft will do, said before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from grader.spec import Visibility, parse_spec, read_policy
from grader.spec.folder import README_FILE
from grader.store import Session, blobs, submissions
from grader.store.tables import AssignmentVersion, Offering
from grader.web.author.archives import read_spec_text
from grader.web.author.changes import (
    NOTHING,
    Change,
    compare_archives,
    compare_policies,
    describe_policy,
)


@dataclass(frozen=True, slots=True)
class Publication:
    """What students have after a draft is published, and what they have now."""

    version: AssignmentVersion
    is_first: bool
    has_other_terms: bool
    """Whether the folder's dates and rules are not those that hold now."""
    n_hidden: int
    """Checks that students do not see at first."""
    terms: dict[str, str]
    changes: tuple[Change, ...]
    is_new_version: bool
    """Whether what is judged changes, rather than dates and words alone."""
    n_submissions: int
    """Which the version that is published now has judged, or will."""


def plan_publication(session: Session, offering: Offering) -> Publication:
    """Return what publishing the offering's draft will do."""
    version = offering.draft_version
    assert version is not None
    assert offering.draft_archive_digest is not None
    zone = ZoneInfo(offering.course.time_zone)
    is_first = offering.published_version_id is None
    archive = blobs.load_blob(session, offering.draft_archive_digest)
    spec = parse_spec(read_spec_text(archive))
    policy = read_policy(offering.draft_policy or {})
    published = offering.published_version
    changes: tuple[Change, ...] = ()
    if published is not None:
        before = blobs.load_blob(session, published.archive_digest)
        changes = (
            *compare_archives(before, archive),
            *_compare_handouts(offering),
            *compare_policies(read_policy(offering.policy), policy, zone),
        )
    return Publication(
        version=version,
        is_first=is_first,
        has_other_terms=not is_first and policy != read_policy(offering.policy),
        n_hidden=sum(check.visible is not Visibility.ALWAYS for check in spec.checks),
        terms=describe_policy(policy, zone),
        changes=changes,
        is_new_version=published is not None and published.id != version.id,
        n_submissions=submissions.list_of_offering(session, offering.id, limit=1).n_total,
    )


def _compare_handouts(offering: Offering) -> Iterator[Change]:
    """The handout belongs to the offering: the version's archive may hold an older one."""
    if offering.handout != offering.draft_handout:
        yield Change(
            f"File {README_FILE}",
            "as published" if offering.handout else NOTHING,
            "changed" if offering.draft_handout else "removed",
        )
