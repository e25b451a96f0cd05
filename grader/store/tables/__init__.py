"""The tables. What each means stands beside it; queries are in the modules of grader/store."""

from grader.store.tables.assignments import (
    Adjustment,
    AdjustmentKind,
    AssignmentVersion,
    Blob,
    Offering,
    Team,
    TeamMember,
)
from grader.store.tables.base import Base
from grader.store.tables.courses import Course, Enrolment, Role, Section
from grader.store.tables.people import Identity, IdentityKind, Person, WebSession
from grader.store.tables.records import AuditEntry, EntryKind, LedgerEntry, OutboxMessage, Remark
from grader.store.tables.work import CheckRow, Purpose, Run, Submission, SubmissionFile

__all__ = [
    "Adjustment",
    "AdjustmentKind",
    "AssignmentVersion",
    "AuditEntry",
    "Base",
    "Blob",
    "CheckRow",
    "Course",
    "Enrolment",
    "EntryKind",
    "Identity",
    "IdentityKind",
    "LedgerEntry",
    "Offering",
    "OutboxMessage",
    "Person",
    "Purpose",
    "Remark",
    "Role",
    "Run",
    "Section",
    "Submission",
    "SubmissionFile",
    "Team",
    "TeamMember",
    "WebSession",
]
