"""Which submissions a list shows, and what comes before and after one of them."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from grader.report import RunStatus
from grader.store import Session, courses, submissions
from grader.store.submissions import Line, Overview
from grader.store.tables import Offering, Person

STATUSES: Mapping[str, frozenset[RunStatus]] = {
    "failed": frozenset({RunStatus.FAILED}),
    "waiting": frozenset({RunStatus.QUEUED, RunStatus.RUNNING}),
    "graded": frozenset({RunStatus.GRADED}),
}
"""What may be asked for, and which states of the newest run that is."""
NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a list is wanted; an empty one wants all."""

    status: str = ""
    person: str = ""
    """A part of a name or an address."""
    counting: bool = False
    """Only the submission of each student that counts."""

    def as_query(self) -> dict[str, str]:
        """Return what the address of the same list says."""
        stated = {
            "status": self.status,
            "person": self.person,
            "counting": "yes" if self.counting else "",
        }
        return {key: value for key, value in stated.items() if value}

    def admits(self, line: Line, people: tuple[Person, ...]) -> bool:
        """Tell whether a submission belongs to the list."""
        if self.counting and not line.is_counting:
            return False
        if self.status and line.status not in STATUSES[self.status]:
            return False
        part = self.person.casefold()
        texts = (text.casefold() for one in people for text in (one.name, one.email or ""))
        return not part or any(part in text for text in texts)


@dataclass(frozen=True, slots=True)
class Summary:
    """How an assignment stands, in numbers."""

    n_students: int
    n_handed_in: int
    """Students of whom, or of whose team, there is a submission."""
    n_submissions: int
    n_waiting: int
    n_failed: int
    median: Decimal | None
    """Of the final scores that count; None before there is one."""
    max_points: Decimal | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a submission stands in its list, the newest first."""

    position: int
    n_total: int
    newer_id: int | None
    older_id: int | None


def read_filters(arguments: Mapping[str, str]) -> Filters:
    """Return the filters of an address; what is unknown in it is left out."""
    status = arguments.get("status", "")
    return Filters(
        status if status in STATUSES else "",
        arguments.get("person", "").strip()[:NAME_CHARACTERS],
        arguments.get("counting") == "yes",
    )


def filter_lines(overview: Overview, filters: Filters) -> list[Line]:
    """Return the submissions of a list, the newest first."""
    return [line for line in overview.lines if filters.admits(line, overview.members[line.team_id])]


def find_neighbours(
    session: Session, offering: Offering, submission_id: int, filters: Filters
) -> Neighbours | None:
    """Return what is beside a submission in a list; None where it is not in it any more."""
    lines = filter_lines(submissions.overview(session, offering), filters)
    ids = [line.submission_id for line in lines]
    if submission_id not in ids:
        return None
    at = ids.index(submission_id)
    return Neighbours(
        at + 1,
        len(ids),
        newer_id=ids[at - 1] if at else None,
        older_id=ids[at + 1] if at + 1 < len(ids) else None,
    )


def summarise(session: Session, offering: Offering, overview: Overview) -> Summary:
    """Return the numbers above the list."""
    students = {
        one.person_id
        for one in courses.list_enrolments(session, offering.course_id)
        if one.role_name == "student"
    }
    handed_in = {person.id for line in overview.lines for person in overview.members[line.team_id]}
    scores = [line.score for line in overview.lines if line.is_counting and line.score]
    return Summary(
        n_students=len(students),
        n_handed_in=len(students & handed_in),
        n_submissions=len(overview.lines),
        n_waiting=sum(line.status in STATUSES["waiting"] for line in overview.lines),
        n_failed=sum(line.status in STATUSES["failed"] for line in overview.lines),
        median=statistics.median(score.final for score in scores) if scores else None,
        max_points=scores[0].max_points if scores else None,
    )
