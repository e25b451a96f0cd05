"""How far each piece of work is, read from the database: the place in the queue, the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from grader.demo.scenario import Work
from grader.report import VERDICT_SENTENCES, CheckResult, Report, RunStatus
from grader.spec import Visibility
from grader.store import Database, Session, ledger, runs
from grader.text import printable


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of work and what has become of it so far."""

    work: Work
    status: RunStatus | None = None
    """None before it is handed in."""
    place: int = 0
    """In the queue; 1 is the next."""
    score: Decimal | None = None
    max_score: Decimal | None = None
    remark: str = ""
    """What is wrong with it, in one line; or why we failed."""

    @property
    def state(self) -> str:
        """How far it is, in one word; empty before it is handed in."""
        return self.status.value if self.status else ""

    @property
    def is_expected(self) -> bool | None:
        """Whether the score is the one that it must get; None before there is one."""
        return None if self.score is None else self.score == self.work.expected

    @property
    def is_over(self) -> bool:
        """Whether nothing more will become of it."""
        return self.score is not None or self.status is RunStatus.FAILED

    @property
    def line(self) -> str:
        """Return it in at most 80 characters: whose, what, how far, worth what."""
        state = f"{self.state}, {_ordinal(self.place)}" if self.place else self.state
        score = told = ""
        if self.score is not None and self.max_score is not None:
            score = f"{format_points(self.score)} of {format_points(self.max_score)}"
            is_right = self.score == self.work.expected
            told = "as expected" if is_right else f"expected {format_points(self.work.expected)}"
        return align(self.work.student, self.work.name, state, score, told)


def align(who: str, what: str, state: str, score: str, told: str = "") -> str:
    """Return a line of the table."""
    return f"{who:<9} {what:<23} {state:<12} {score:<9} {told}".rstrip()


def format_points(points: Decimal) -> str:
    """Return points without zeros that say nothing."""
    return f"{points.normalize():f}"


def _ordinal(place: int) -> str:
    return {1: "next", 2: "2nd", 3: "3rd"}.get(place, f"{place}th")


@dataclass
class Observer:
    """Looks at the runs of what was handed in; at what is over never again."""

    database: Database
    works: Sequence[Work]
    _over: dict[int, Row] = field(default_factory=dict)

    def look(self, handed_in: Mapping[int, int]) -> tuple[Row, ...]:
        """Return a row for each work; those handed in have, by their number, a submission's id."""
        rows = []
        with self.database.read() as session:
            for number, work in enumerate(self.works):
                row = self._over.get(number) or _read_row(session, work, handed_in.get(number))
                if row.is_over:
                    self._over[number] = row
                rows.append(row)
        return tuple(rows)


def _read_row(session: Session, work: Work, submission_id: int | None) -> Row:
    run = None if submission_id is None else runs.latest_run(session, submission_id)
    if submission_id is None or run is None:
        return Row(work)
    if run.status is RunStatus.FAILED:
        return Row(work, run.status, remark=printable(run.failure or "").split("\n")[0])
    if run.status is not RunStatus.GRADED:
        return Row(work, run.status, runs.place_in_queue(session, run.id))
    score = ledger.current_score(session, submission_id)
    if score is None:
        return Row(work, run.status)
    remark = _describe(runs.load_report(session, run))
    return Row(work, run.status, score=score.final, max_score=score.max_points, remark=remark)


def _describe(report: Report) -> str:
    """Return the first line of the diagnosis: of the first check that did not pass."""
    for result in report.results:
        if not result.is_passed:
            is_hidden = result.visible is not Visibility.ALWAYS
            line = " ".join(printable(_first_line(result)).split())
            return f"{'hidden check ' if is_hidden else ''}{result.check}: {line}"
    return ""


def _first_line(result: CheckResult) -> str:
    judgement = result.judgement
    named = next((one.message for one in judgement.diagnosis if one.message), "")
    return named or judgement.message or VERDICT_SENTENCES[judgement.verdict]
