"""People, courses, enrolments; assignments and what a course makes of them."""

import sqlalchemy as sa
from alembic import op

from grader.store.migrations.operations import add_partial_unique
from grader.store.tables.base import Digest, Id, Json, Points, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SHIPPED_ROLES = {
    "student": ["see_course", "submit"],
    "observer": ["see_course", "see_submissions"],
    "ta": ["see_course", "see_submissions", "rerun", "set_scores", "export"],
    "instructor": [
        *("see_course", "see_submissions", "rerun", "set_scores", "export"),
        *("author", "manage_course"),
    ],
    "admin": [
        *("see_course", "see_submissions", "rerun", "set_scores", "export"),
        *("author", "manage_course", "manage_site"),
    ],
}


def upgrade() -> None:
    """Make the tables and the roles that ship."""
    _make_people()
    _make_courses()
    _make_assignments()
    roles = sa.table("roles", sa.column("name", sa.String), sa.column("permissions", Json))
    op.bulk_insert(
        roles,
        [{"name": name, "permissions": granted} for name, granted in _SHIPPED_ROLES.items()],
    )


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(320), unique=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime()),
        sa.Column("erased_at", UtcDateTime()),
    )
    op.create_table(
        "identities",
        sa.Column("id", Id, primary_key=True),
        sa.Column("person_id", Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("secret_hash", sa.String(255)),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime()),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.Column("n_failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime()),
        sa.UniqueConstraint("kind", "issuer", "subject"),
    )
    op.create_index("ix_identities_person_id", "identities", ["person_id"])
    op.create_table(
        "web_sessions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("token_digest", Digest, nullable=False, unique=True),
        sa.Column("person_id", Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
    )
    op.create_index("ix_web_sessions_person_id", "web_sessions", ["person_id"])


def _make_courses() -> None:
    op.create_table(
        "courses",
        sa.Column("id", Id, primary_key=True),
        sa.Column("slug", sa.String(64), nullable=False, unique=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("term", sa.String(64), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("slip_days", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("archived_at", UtcDateTime()),
    )
    op.create_table(
        "sections",
        sa.Column("id", Id, primary_key=True),
        sa.Column("course_id", Id, sa.ForeignKey("courses.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.UniqueConstraint("course_id", "name"),
    )
    op.create_table(
        "roles",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("permissions", Json, nullable=False),
    )
    op.create_table(
        "enrolments",
        sa.Column("id", Id, primary_key=True),
        sa.Column("person_id", Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("course_id", Id, sa.ForeignKey("courses.id")),
        sa.Column("section_id", Id, sa.ForeignKey("sections.id")),
        sa.Column("role_name", sa.String(32), sa.ForeignKey("roles.name"), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("person_id", "course_id"),
    )
    op.create_index("ix_enrolments_course_id", "enrolments", ["course_id"])
    add_partial_unique(
        "uq_enrolments_person_id_site", "enrolments", ["person_id"], "course_id IS NULL"
    )


def _make_assignments() -> None:
    op.create_table(
        "blobs",
        sa.Column("digest", Digest, primary_key=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "assignment_versions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("digest", Digest, nullable=False, unique=True),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("archive_digest", Digest, sa.ForeignKey("blobs.digest"), nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("team_max", sa.Integer(), nullable=False),
        sa.Column("n_checks", sa.Integer(), nullable=False),
        sa.Column("max_score", Points(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", Id, sa.ForeignKey("people.id")),
    )
    op.create_table(
        "offerings",
        sa.Column("id", Id, primary_key=True),
        sa.Column("course_id", Id, sa.ForeignKey("courses.id"), nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("draft_version_id", Id, sa.ForeignKey("assignment_versions.id")),
        sa.Column("draft_archive_digest", Digest, sa.ForeignKey("blobs.digest")),
        sa.Column("draft_policy", Json),
        sa.Column("draft_handout", sa.Text(), nullable=False),
        sa.Column("published_version_id", Id, sa.ForeignKey("assignment_versions.id")),
        sa.Column("handout", sa.Text(), nullable=False),
        sa.Column("policy", Json, nullable=False),
        sa.Column("opens_at", UtcDateTime()),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("scores_published_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("course_id", "slug"),
    )
    op.create_index("ix_offerings_due_at", "offerings", ["due_at"])
    op.create_table(
        "teams",
        sa.Column("id", Id, primary_key=True),
        sa.Column("offering_id", Id, sa.ForeignKey("offerings.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_teams_offering_id", "teams", ["offering_id"])
    op.create_table(
        "team_members",
        sa.Column("team_id", Id, sa.ForeignKey("teams.id"), primary_key=True),
        sa.Column("person_id", Id, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("offering_id", Id, sa.ForeignKey("offerings.id"), nullable=False),
        sa.UniqueConstraint("offering_id", "person_id"),
    )
    op.create_table(
        "adjustments",
        sa.Column("id", Id, primary_key=True),
        sa.Column("offering_id", Id, sa.ForeignKey("offerings.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("person_id", Id, sa.ForeignKey("people.id")),
        sa.Column("section_id", Id, sa.ForeignKey("sections.id")),
        sa.Column("team_id", Id, sa.ForeignKey("teams.id")),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        sa.CheckConstraint(
            " + ".join(
                f"CASE WHEN {target} IS NULL THEN 0 ELSE 1 END"
                for target in ("person_id", "section_id", "team_id")
            )
            + " = 1",
            name="one_target",
        ),
    )
    op.create_index("ix_adjustments_offering_id", "adjustments", ["offering_id"])


def downgrade() -> None:
    """Drop them."""
    for name in (
        "adjustments",
        "team_members",
        "teams",
        "offerings",
        "assignment_versions",
        "blobs",
        "enrolments",
        "roles",
        "sections",
        "courses",
        "web_sessions",
        "identities",
        "people",
    ):
        op.drop_table(name)
