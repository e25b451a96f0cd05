"""What was handed in, the runs that judge it, and what each check concluded."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grader.report import RunStatus, Verdict
from grader.spec import Hint, Visibility
from grader.store.tables.assignments import AssignmentVersion, Offering, Team
from grader.store.tables.base import Base, Digest, Id, JsonText, Points, UtcDateTime, choice
from grader.store.tables.people import Person


class Submission(Base):
    """One hand-in of a team. What was handed in never changes; its score is in the ledger."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("team_id", "number"),
        Index("ix_submissions_offering_id_received_at", "offering_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    """Who handed it in."""
    number: Mapped[int]
    """Counts the team's submissions to this offering, from 1."""
    received_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    """When the upload was complete, on the server's clock."""
    digest: Mapped[str] = mapped_column(Digest)
    """Of the code that will run (`SubmittedFiles.digest`)."""
    notes: Mapped[list[str]] = mapped_column(JsonText, default=list)
    """What intake did that the student should know."""
    is_attempt: Mapped[bool] = mapped_column(default=True)
    """False where it costs none: no file of it parses, or the failure was ours."""
    chosen_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    """When its team chose it, under `counts = "chosen"`; the last choice holds."""

    offering: Mapped[Offering] = relationship(lazy="joined", innerjoin=True)
    team: Mapped[Team] = relationship()
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    files: Mapped[list[SubmissionFile]] = relationship(
        order_by="SubmissionFile.number", lazy="selectin"
    )
    runs: Mapped[list[Run]] = relationship(back_populates="submission", order_by="Run.id")


class SubmissionFile(Base):
    """A file as it was handed in, archive or not."""

    __tablename__ = "submission_files"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(JsonText)
    size_bytes: Mapped[int]
    blob_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))


class Purpose(StrEnum):
    """What a run is for."""

    GRADING = "grading"
    REGRADE = "regrade"
    VALIDATION = "validation"
    REPLAY = "replay"


_WHERE_CURRENT = text("is_current")
_WHERE_OPEN = text("status IN ('queued', 'running') AND purpose IN ('grading', 'regrade')")


class Run(Base):
    """One judging of one submission by one version; status and lease belong to it.

    The queue carries its id and is only a wake-up: this row decides who works on it.
    """

    __tablename__ = "runs"
    __table_args__ = (
        Index(
            "uq_runs_submission_id_current",
            "submission_id",
            unique=True,
            sqlite_where=_WHERE_CURRENT,
            postgresql_where=_WHERE_CURRENT,
        ),
        Index(
            "uq_runs_submission_id_open",
            "submission_id",
            unique=True,
            sqlite_where=_WHERE_OPEN,
            postgresql_where=_WHERE_OPEN,
        ),
        Index("ix_runs_status_queued_at", "status", "queued_at"),
        Index("ix_runs_submission_id", "submission_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    offering_id: Mapped[int | None] = mapped_column(ForeignKey("offerings.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("assignment_versions.id"))
    archive_digest: Mapped[str | None] = mapped_column(ForeignKey("blobs.digest"))
    """The whole folder, for a validation: what is to be proved is no part of a version."""
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who asked for it; None for the run that a hand-in makes."""
    is_current: Mapped[bool] = mapped_column(default=False)
    """The run whose results a submission shows: a rerun becomes it when it is graded. Of an
    offering's validations the one whose draft was published last."""

    seed: Mapped[int | None] = mapped_column(BigInteger)
    """Drawn when first claimed; a rerun copies it."""
    variant: Mapped[str | None] = mapped_column(String(64))
    environment: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    tier: Mapped[str | None] = mapped_column(String(32))

    status: Mapped[RunStatus] = mapped_column(choice(RunStatus), default=RunStatus.QUEUED)
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(default=0)
    """How often it was claimed, without the times when the worker was told to stop."""
    worker: Mapped[str | None] = mapped_column(String(100))

    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    """When it was last put into the queue; a stale one is put there again."""
    started_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)

    score: Mapped[Decimal | None] = mapped_column(Points)
    """What the checks earned; what a student gets is in the ledger."""
    max_score: Mapped[Decimal | None] = mapped_column(Points)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    """The report without its results, or the findings of a validation."""
    failure: Mapped[str | None] = mapped_column(Text)
    """Why we could not judge it, for staff."""

    submission: Mapped[Submission | None] = relationship(back_populates="runs")
    offering: Mapped[Offering | None] = relationship()
    version: Mapped[AssignmentVersion] = relationship(lazy="joined", innerjoin=True)
    results: Mapped[list[CheckRow]] = relationship(order_by="CheckRow.number")


class CheckRow(Base):
    """What one check of one run concluded: `grader.report.CheckResult` as a row."""

    __tablename__ = "check_results"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(JsonText)
    points: Mapped[Decimal] = mapped_column(Points)
    score: Mapped[Decimal] = mapped_column(Points)
    visible: Mapped[Visibility] = mapped_column(choice(Visibility))
    hint: Mapped[Hint] = mapped_column(choice(Hint))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText)
    """The rest of the judgement: message, notes, diagnosis, measured, shapes, what blocked it."""
    output: Mapped[str] = mapped_column(JsonText, default="")
    wall_time_s: Mapped[float]
    cpu_time_s: Mapped[float]
    memory_bytes: Mapped[int] = mapped_column(BigInteger)
