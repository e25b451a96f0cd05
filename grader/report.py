"""Verdicts, how they become points and a report, and who may see what of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from grader.picture import Picture
from grader.plot import Plot
from grader.spec import Hint, Visibility
from grader.text import printable


class Verdict(StrEnum):
    """What became of one check. All but the last say something of the student's program."""

    PASSED = "passed"
    WRONG_ANSWER = "wrong_answer"
    WRONG_SHAPE = "wrong_shape"
    NOT_IMPLEMENTED = "not_implemented"
    EXCEPTION = "exception"
    CRASH = "crash"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    SKIPPED = "skipped"
    INTERNAL_ERROR = "internal_error"


VERDICT_SENTENCES: Mapping[Verdict, str] = {
    Verdict.PASSED: "Right.",
    Verdict.WRONG_ANSWER: "The answer is wrong.",
    Verdict.WRONG_SHAPE: "The answer has the wrong shape.",
    Verdict.NOT_IMPLEMENTED: "This part is not implemented yet.",
    Verdict.EXCEPTION: "Your code raised an exception.",
    Verdict.CRASH: "Your program ended before it had answered.",
    Verdict.TIME_LIMIT: "Your program took too long.",
    Verdict.MEMORY_LIMIT: "Your program used too much memory.",
    Verdict.OUTPUT_LIMIT: "Your program printed, returned or asked for too much.",
    Verdict.FORBIDDEN: "Your code uses something that this check forbids.",
    Verdict.MISSING: "A name that this check needs is not defined in your file.",
    Verdict.SKIPPED: "Skipped.",
    Verdict.INTERNAL_ERROR: "The grader failed here; this costs you nothing.",
}
"""What is said of a verdict where nothing more may be said."""


class RunStatus(StrEnum):
    """How far a run has come. A report is of one that was graded, or that failed through us."""

    QUEUED = "queued"
    RUNNING = "running"
    GRADED = "graded"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A named mistake, proved on the student's own values."""

    code: str
    message: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a check concluded: the verdict and everything worth telling about it.

    `message` says where it is wrong and by how much, never what the right values are;
    `diagnosis` says which mistake it is.
    """

    verdict: Verdict
    message: str = ""
    notes: tuple[str, ...] = ()
    diagnosis: tuple[Diagnosis, ...] = ()
    measured: Mapping[str, object] = field(default_factory=dict)
    expected_shape: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one run: what it was worth, what became of it, and what it cost."""

    check: str
    title: str
    number: int
    """Position in assignment.toml, from 1."""
    points: Decimal
    visible: Visibility
    hint: Hint
    judgement: Judgement
    output: str = ""
    """What the student's code printed during this check."""
    wall_time_s: float = 0.0
    cpu_time_s: float = 0.0
    memory_bytes: int = 0
    blocked_by: tuple[str, ...] = ()
    """Ids of the checks because of which this one was skipped."""

    @property
    def is_passed(self) -> bool:
        """Whether the verdict is an explicit pass."""
        return self.judgement.verdict is Verdict.PASSED

    @property
    def score(self) -> Decimal:
        """All of the points, or none."""
        return self.points if self.is_passed else Decimal(0)


@dataclass(frozen=True, slots=True)
class RubricMark:
    """Something a person marks; `score` is None until it is marked, which is not 0."""

    id: str
    title: str
    points: Decimal
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LeaderboardEntry:
    """A value that one check returned, to be ranked."""

    name: str
    value: float
    order: str
    check: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run concluded, with enough beside it to run it again."""

    assignment: str
    assignment_digest: str
    grader_version: str
    sandbox_tier: str
    seed: int | None
    results: tuple[CheckResult, ...]
    environment: Mapping[str, object] = field(default_factory=dict)
    rubric: tuple[RubricMark, ...] = ()
    leaderboard: tuple[LeaderboardEntry, ...] = ()
    notes: tuple[str, ...] = ()
    """About the submission as a whole; students read them."""
    staff_notes: tuple[str, ...] = ()
    status: RunStatus = RunStatus.GRADED
    n_hidden: int = 0
    """How many checks a redaction has left out."""
    student: str = ""
    """Whose own numbers were drawn, as far as checks ask for such: it stays with the seed."""

    def __post_init__(self) -> None:
        """Make the run a failed one where any of its checks failed through our fault."""
        if any(r.judgement.verdict is Verdict.INTERNAL_ERROR for r in self.results):
            object.__setattr__(self, "status", RunStatus.FAILED)

    @property
    def score(self) -> Decimal | None:
        """Earned points of checks and marked rubric items; None for a failed run."""
        if self.status is RunStatus.FAILED:
            return None
        marked = (item.score for item in self.rubric if item.score is not None)
        return sum((r.score for r in self.results), Decimal(0)) + sum(marked, Decimal(0))

    @property
    def max_score(self) -> Decimal:
        """Points of all checks and of the whole rubric."""
        points = [r.points for r in self.results] + [item.points for item in self.rubric]
        return sum(points, Decimal(0))

    @property
    def is_full_score(self) -> bool:
        """Whether nothing that has been marked so far lost a point."""
        marked = [item for item in self.rubric if item.score is not None]
        return self.status is RunStatus.GRADED and (
            all(r.is_passed for r in self.results)
            and all(item.score == item.points for item in marked)
        )

    @property
    def summary(self) -> str:
        """One line: how many checks passed, and how many are not shown."""
        if self.status is RunStatus.FAILED:
            return "The grader failed on this run: it has no score and will be graded again."
        n_passed = sum(r.is_passed for r in self.results)
        if self.n_hidden:
            return f"{n_passed} of {len(self.results)} visible passed, {self.n_hidden} hidden"
        return f"{n_passed} of {len(self.results)} passed"


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a report is made: staff, or a student on a given side of two dates."""

    is_staff: bool = False
    is_after_due: bool = False
    is_published: bool = False

    def sees(self, visible: Visibility) -> bool:
        """Whether a check of this visibility is shown at all."""
        if self.is_staff or visible is Visibility.ALWAYS:
            return True
        if visible is Visibility.AFTER_DUE:
            return self.is_after_due
        return visible is Visibility.AFTER_PUBLISHED and self.is_published


STAFF = Audience(is_staff=True)


def redact(report: Report, audience: Audience) -> Report:
    """Return the report as `audience` may see it. The only place where anything is withheld.

    A student is shown nothing of a check that is hidden now: no id, title, points, input,
    output or time, no total that would betray it, and no number in the list that would tell its
    place. The seed stays with staff, because it makes the numbers of hidden checks again, and so
    do right values.
    """
    if audience.is_staff:
        return replace(report, results=tuple(_cleaned(r) for r in report.results))
    shown = [r for r in report.results if audience.sees(r.visible)]
    ids = {r.check for r in shown}
    return replace(
        report,
        seed=None,
        student="",
        results=tuple(
            replace(_for_student(_cleaned(r), ids), number=n) for n, r in enumerate(shown, 1)
        ),
        rubric=tuple(
            item if audience.is_published else replace(item, score=None) for item in report.rubric
        ),
        leaderboard=tuple(entry for entry in report.leaderboard if entry.check in ids),
        staff_notes=(),
        n_hidden=report.n_hidden + len(report.results) - len(shown),
    )


def _for_student(result: CheckResult, visible_ids: set[str]) -> CheckResult:
    judgement = _hinted(result.judgement, result.hint)
    blocked_by = tuple(id_ for id_ in result.blocked_by if id_ in visible_ids)
    if blocked_by != result.blocked_by:
        judgement = Judgement(
            result.judgement.verdict, "Skipped: a check that it builds on did not pass."
        )
    return replace(result, judgement=judgement, blocked_by=blocked_by)


def _hinted(judgement: Judgement, hint: Hint) -> Judgement:
    """Withhold what the author's `hint` keeps from students."""
    verdict = judgement.verdict
    if verdict is Verdict.INTERNAL_ERROR:
        return Judgement(verdict, VERDICT_SENTENCES[verdict])
    if hint is Hint.NONE:
        if verdict in (Verdict.WRONG_ANSWER, Verdict.WRONG_SHAPE):
            return Judgement(verdict, VERDICT_SENTENCES[verdict])
        return replace(
            judgement, diagnosis=(), measured={}, expected_shape={}, pictures=(), plots=()
        )
    judgement = replace(
        judgement,
        pictures=tuple(replace(one, reference=None) for one in judgement.pictures),
        plots=tuple(one.for_student() for one in judgement.plots),
    )
    if hint is Hint.LOCATE:
        places = dict.fromkeys(d.where for d in judgement.diagnosis if d.where)
        located = tuple(Diagnosis("located", f"The mistake is in {p}.", p) for p in places)
        return replace(judgement, diagnosis=located)
    return judgement


def _cleaned(result: CheckResult) -> CheckResult:
    """Make every text that a student's program can have had a hand in safe to show."""
    judgement = result.judgement
    return replace(
        result,
        output=printable(result.output),
        judgement=replace(
            judgement,
            message=printable(judgement.message),
            notes=tuple(printable(note) for note in judgement.notes),
            diagnosis=tuple(
                Diagnosis(d.code, printable(d.message), printable(d.where))
                for d in judgement.diagnosis
            ),
            pictures=tuple(
                replace(one, name=printable(one.name), case=printable(one.case))
                for one in judgement.pictures
            ),
        ),
    )
