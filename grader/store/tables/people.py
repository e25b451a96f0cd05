"""Who there is, and how they prove it. A person's name stands here and nowhere else."""

from __future__ import annotations

import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grader.store.tables.base import Base, Digest, Id, UtcDateTime, choice


class Person(Base):
    """Somebody; erased by blanking the name and the address, and deleting the identities."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)

    identities: Mapped[list[Identity]] = relationship(back_populates="person")


class IdentityKind(StrEnum):
    """How somebody proves who they are."""

    LOCAL = "local"
    OIDC = "oidc"
    LTI = "lti"
    TOKEN = "token"


class Identity(Base):
    """One way in. `subject` is the sign-in name, the provider's subject, or a token's sha256."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("kind", "issuer", "subject"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[IdentityKind] = mapped_column(choice(IdentityKind))
    issuer: Mapped[str] = mapped_column(String(255), default="")
    subject: Mapped[str] = mapped_column(String(255))
    secret_hash: Mapped[str | None] = mapped_column(String(255))
    """argon2 of the password; None for all but local."""
    label: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    n_failures: Mapped[int] = mapped_column(default=0)
    """Wrong passwords in a row."""
    locked_until: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(
        back_populates="identities", lazy="joined", innerjoin=True
    )


class WebSession(Base):
    """A signed-in browser. The cookie holds the token, this table its sha256."""

    __tablename__ = "web_sessions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_digest: Mapped[str] = mapped_column(Digest, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
