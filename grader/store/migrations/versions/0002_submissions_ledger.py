"""Submissions, their runs and results; the ledger and the audit trail, which only grow."""

import sqlalchemy as sa
from alembic import op

from grader.store.migrations.operations import (
    add_partial_unique,
    allow_changes,
    forbid_changes,
)
from grader.store.tables.base import Digest, Id, Json, JsonText, Points, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let the database refuse to change what is only added to."""
    _make_submissions()
    _make_records()
    for name in ("ledger", "audit"):
        forbid_changes(name)


def _make_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("offering_id", Id, sa.ForeignKey("offerings.id"), nullable=False),
        sa.Column("team_id", Id, sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("person_id", Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("digest", Digest, nullable=False),
        sa.Column("notes", JsonText(), nullable=False),
        sa.Column("is_attempt", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", UtcDateTime()),
        sa.UniqueConstraint("team_id", "number"),
    )
    op.create_index(
        "ix_submissions_offering_id_received_at", "submissions", ["offering_id", "received_at"]
    )
    op.create_index("ix_submissions_person_id", "submissions", ["person_id"])
    op.create_table(
        "submission_files",
        sa.Column("submission_id", Id, sa.ForeignKey("submissions.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("name", JsonText(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("blob_digest", Digest, sa.ForeignKey("blobs.digest"), nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", Id, primary_key=True),
        sa.Column("submission_id", Id, sa.ForeignKey("submissions.id")),
        sa.Column("offering_id", Id, sa.ForeignKey("offerings.id")),
        sa.Column("version_id", Id, sa.ForeignKey("assignment_versions.id"), nullable=False),
        sa.Column("archive_digest", Digest, sa.ForeignKey("blobs.digest")),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("requested_by", Id, sa.ForeignKey("people.id")),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.BigInteger()),
        sa.Column("variant", sa.String(64)),
        sa.Column("environment", JsonText()),
        sa.Column("tier", sa.String(32)),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("lease_token", sa.String(32)),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(100)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("score", Points()),
        sa.Column("max_score", Points()),
        sa.Column("outcome", JsonText()),
        sa.Column("failure", sa.Text()),
    )
    op.create_index("ix_runs_offering_id", "runs", ["offering_id"])
    op.create_index("ix_runs_status_queued_at", "runs", ["status", "queued_at"])
    op.create_index("ix_runs_submission_id", "runs", ["submission_id"])
    add_partial_unique("uq_runs_submission_id_current", "runs", ["submission_id"], "is_current")
    add_partial_unique(
        "uq_runs_submission_id_open",
        "runs",
        ["submission_id"],
        "status IN ('queued', 'running') AND purpose IN ('grading', 'regrade')",
    )
    op.create_table(
        "check_results",
        sa.Column("run_id", Id, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("check_id", sa.String(100), nullable=False),
        sa.Column("title", JsonText(), nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("score", Points(), nullable=False),
        sa.Column("visible", sa.String(32), nullable=False),
        sa.Column("hint", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("detail", JsonText(), nullable=False),
        sa.Column("output", JsonText(), nullable=False),
        sa.Column("wall_time_s", sa.Double(), nullable=False),
        sa.Column("cpu_time_s", sa.Double(), nullable=False),
        sa.Column("memory_bytes", sa.BigInteger(), nullable=False),
    )


def _make_records() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", Id, primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "ledger",
        sa.Column("id", Id, primary_key=True),
        sa.Column("submission_id", Id, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("max_points", Points(), nullable=False),
        sa.Column("run_id", Id, sa.ForeignKey("runs.id")),
        sa.Column("person_id", Id, sa.ForeignKey("people.id")),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("remark_id", Id, sa.ForeignKey("remarks.id")),
    )
    op.create_index("ix_ledger_submission_id_id", "ledger", ["submission_id", "id"])
    add_partial_unique(
        "uq_ledger_submission_id_score", "ledger", ["submission_id"], "kind = 'score'"
    )
    op.create_table(
        "audit",
        sa.Column("id", Id, primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", Id, sa.ForeignKey("people.id")),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("subject_id", Id),
        sa.Column("detail", Json, nullable=False),
    )
    op.create_index("ix_audit_subject_subject_id", "audit", ["subject", "subject_id"])
    op.create_table(
        "outbox",
        sa.Column("id", Id, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text()),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])


def downgrade() -> None:
    """Drop them."""
    for name in ("ledger", "audit"):
        allow_changes(name)
    for name in (
        "outbox",
        "audit",
        "ledger",
        "remarks",
        "check_results",
        "runs",
        "submission_files",
        "submissions",
    ):
        op.drop_table(name)
