"""The scores of an assignment for other programs: a line a student, a results.json a submission.

What an audience may not see is left out by `grader.report.redact`, here as everywhere.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from grader import policy
from grader.permissions import Permission
from grader.report import Audience, RunStatus, redact
from grader.results_json import to_results_json
from grader.spec import Counts, read_policy
from grader.store import Session, courses, offerings, runs, submissions
from grader.store.submissions import Line
from grader.store.tables import Offering, Person

NO_SUBMISSION = "none"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With one of these in front, a spreadsheet takes a text for a formula."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A student and the submission that counts.

    Without one it is the newest; also where which one is best would tell what hidden checks gave.
    """

    user: str
    name: str
    email: str | None
    section: str | None
    submission: int | None
    received_at: datetime | None
    """In the course's time zone."""
    status: str
    earned: Decimal | None
    penalty: Decimal | None
    final: Decimal | None
    max_score: Decimal | None
    days_late: int | None


@dataclass(frozen=True, slots=True)
class _Score:
    earned: Decimal | None = None
    penalty: Decimal | None = None
    final: Decimal | None = None
    max_score: Decimal | None = None


def list_scores(session: Session, offering: Offering, audience: Audience) -> list[ScoreLine]:
    """Return a line for every student of the course, as `audience` may see it."""
    zone = ZoneInfo(offering.course.time_zone)
    found = submissions.overview(session, offering)
    line_of = {
        person.id: line for line in reversed(found.lines) for person in found.members[line.team_id]
    }
    untold = _find_untold(session, offering, audience, found.lines)
    line_of |= {
        person.id: line
        for line in found.lines
        if line.is_counting and line.team_id not in untold
        for person in found.members[line.team_id]
    }
    return [
        _describe(
            session, offering, audience, one.person, section, line_of.get(one.person_id), zone
        )
        for one in courses.list_enrolments(session, offering.course_id)
        if Permission.SUBMIT in one.role.permissions
        for section in [one.section.name if one.section else None]
    ]


def _find_untold(
    session: Session, offering: Offering, audience: Audience, lines: Sequence[Line]
) -> set[int]:
    """Return the teams that may not learn which of their submissions is the best."""
    is_best = read_policy(offering.policy).counts is Counts.BEST
    if audience.is_staff or audience.is_published or not is_best:
        return set()
    shown = ((line, runs.current_run(session, line.submission_id)) for line in lines)
    return {
        line.team_id
        for line, run in shown
        if run is not None and not all(audience.sees(result.visible) for result in run.results)
    }


def _describe(
    session: Session,
    offering: Offering,
    audience: Audience,
    person: Person,
    section: str | None,
    line: Line | None,
    zone: tzinfo,
) -> ScoreLine:
    score, days_late = _Score(), None
    if line is not None:
        score = _score_of(session, line, audience)
        terms = offerings.terms_for(session, offering, person.id)
        days_late = policy.days_late(terms, line.received_at)
    return ScoreLine(
        user=_sign_in_name(person),
        name=person.name,
        email=person.email,
        section=section,
        submission=line.submission_id if line else None,
        received_at=line.received_at.astimezone(zone) if line else None,
        status=line.status.value if line else NO_SUBMISSION,
        earned=score.earned,
        penalty=score.penalty,
        final=score.final,
        max_score=score.max_score,
        days_late=days_late,
    )


def _score_of(session: Session, line: Line, audience: Audience) -> _Score:
    if line.score is None:
        return _Score()
    score = line.score
    whole = _Score(score.earned, score.penalty, score.final, score.max_points)
    if audience.is_staff:
        return whole
    run = runs.current_run(session, line.submission_id)
    if run is None or run.status is not RunStatus.GRADED:
        return whole if audience.is_published else _Score()
    shown = redact(runs.load_report(session, run), audience)
    # A total over hidden checks tells their points; once scores are published it is meant to.
    if audience.is_published or not shown.n_hidden:
        return whole
    return _Score(earned=shown.score, max_score=shown.max_score)


def write_csv(lines: Sequence[ScoreLine]) -> str:
    """Return a table with a header; no cell of it is a formula to a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(ScoreLine.__dataclass_fields__)
    for line in lines:
        writer.writerow([_cell(value) for value in asdict(line).values()])
    return stream.getvalue()


def write_json(lines: Sequence[ScoreLine]) -> str:
    """Return the lines as a list of JSON objects; points are numbers."""
    entries = [{name: _plain(value) for name, value in asdict(line).items()} for line in lines]
    return json.dumps(entries, indent=2) + "\n"


def list_results(
    session: Session, offering: Offering, audience: Audience
) -> Iterator[tuple[str, str]]:
    """Yield a file name and the results.json of every graded submission, the oldest first."""
    found = submissions.overview(session, offering)
    for line in reversed(found.lines):
        run = runs.current_run(session, line.submission_id)
        if run is None or run.status is not RunStatus.GRADED:
            continue
        report = redact(runs.load_report(session, run), audience)
        people = "+".join(map(_sign_in_name, found.members[line.team_id]))
        name = f"{_NOT_IN_FILES.sub('_', people)[:100]}-{line.submission_id}.json"
        yield name, json.dumps(to_results_json(report), indent=2) + "\n"


_NOT_IN_FILES = re.compile(r"[^\w@+-]|^-")


def _sign_in_name(person: Person) -> str:
    return next((one.subject for one in person.identities if one.kind == "local"), str(person.id))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
