"""People, their sign-in names and passwords, and their personal tokens."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grader.errors import NotFound, UsageError
from grader.store import audit, sessions
from grader.store.failures import conflicting
from grader.store.tables import Identity, IdentityKind, Person

LONGEST_NAME = 200
LONGEST_USERNAME = 100


def add_person(session: Session, *, name: str, email: str | None = None, now: datetime) -> Person:
    """Add somebody.

    Raises
    ------
    UsageError
        Where the name or the address is none.
    Conflict
        Where somebody has this address.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise UsageError(f"{name[:50]!r} is not a name", remedy="use 1 to 200 printable characters")
    if email is not None:
        email = email.strip().casefold()
        if not 3 <= len(email) <= 320 or "@" not in email or not email.isprintable():
            raise UsageError(f"{email[:50]!r} is not an e-mail address", remedy="mend it")
    person = Person(name=name, email=email, created_at=now)
    with conflicting(session, f"somebody has the address {email}", remedy="use another"):
        session.add(person)
    return person


def find_person(session: Session, person_id: int) -> Person | None:
    """Return somebody by id."""
    return session.get(Person, person_id)


def list_people(session: Session) -> list[Person]:
    """Return everybody, by name; not those who were erased."""
    return list(
        session.scalars(
            select(Person).where(Person.erased_at.is_(None)).order_by(Person.name, Person.id)
        )
    )


def disable_person(session: Session, person_id: int, now: datetime) -> None:
    """Shut somebody out at once: sessions and tokens end, no identity signs in any more."""
    person = _get_person(session, person_id)
    person.disabled_at = person.disabled_at or now
    sessions.revoke_all(session, person_id, now)
    session.execute(
        update(Identity)
        .where(
            Identity.person_id == person_id,
            Identity.kind == IdentityKind.TOKEN,
            Identity.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    audit.record(
        session, person_id=None, action="disabled", subject="person", subject_id=person_id, now=now
    )


def enable_person(session: Session, person_id: int, now: datetime) -> None:
    """Let somebody in again; what was revoked stays so."""
    _get_person(session, person_id).disabled_at = None
    audit.record(
        session, person_id=None, action="enabled", subject="person", subject_id=person_id, now=now
    )


def _get_person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("there is no such person", remedy="see `grader user list`")
    return person


def fold_username(username: str) -> str:
    """Return a sign-in name as it is kept: letters that look alike in another case are alike."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def add_local_identity(
    session: Session, person_id: int, *, username: str, secret_hash: str, now: datetime
) -> Identity:
    """Give somebody a sign-in name and a password.

    Raises
    ------
    UsageError
        Where the name has spaces, is empty or too long.
    Conflict
        Where it is taken.
    """
    subject = fold_username(username)
    if (
        not 0 < len(subject) <= LONGEST_USERNAME
        or not subject.isprintable()
        or len(subject.split()) != 1
    ):
        raise UsageError(
            f"{username[:50]!r} is not a sign-in name",
            remedy="use 1 to 100 characters without spaces",
        )
    identity = Identity(
        person_id=person_id,
        kind=IdentityKind.LOCAL,
        subject=subject,
        secret_hash=secret_hash,
        created_at=now,
    )
    with conflicting(session, f"the sign-in name {subject} is taken", remedy="choose another"):
        session.add(identity)
    return identity


def find_local_identity(session: Session, username: str) -> Identity | None:
    """Return the identity of a sign-in name, its person loaded; None for who is shut out."""
    return session.scalars(
        select(Identity)
        .join(Identity.person)
        .where(
            Identity.kind == IdentityKind.LOCAL,
            Identity.subject == fold_username(username),
            Identity.revoked_at.is_(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
    ).one_or_none()


def list_identities(session: Session, person_id: int) -> list[Identity]:
    """Return all ways in that somebody has or had, tokens too."""
    return list(
        session.scalars(
            select(Identity).where(Identity.person_id == person_id).order_by(Identity.id)
        )
    )


def set_password(session: Session, identity: Identity, secret_hash: str) -> None:
    """Change the password, and forget the wrong ones that were tried."""
    _change(session, identity, secret_hash=secret_hash, n_failures=0, locked_until=None)


def record_failure(session: Session, identity: Identity, *, locked_until: datetime | None) -> None:
    """Count a wrong password; two at once are two."""
    _change(session, identity, n_failures=Identity.n_failures + 1, locked_until=locked_until)


def record_success(session: Session, identity: Identity, now: datetime) -> None:
    """Forget the wrong passwords, and note when the identity was last used."""
    _change(session, identity, n_failures=0, locked_until=None, last_used_at=now)


def _change(session: Session, identity: Identity, **values: object) -> None:
    """Update a row whose object may come from another session."""
    session.execute(
        update(Identity)
        .where(Identity.id == identity.id)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )


def add_token(
    session: Session,
    person_id: int,
    *,
    digest: str,
    label: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> Identity:
    """Keep the sha256 of a personal token."""
    label = " ".join(label.split())[:100]
    identity = Identity(
        person_id=person_id,
        kind=IdentityKind.TOKEN,
        subject=digest,
        label=label,
        created_at=now,
        expires_at=expires_at,
    )
    with conflicting(session, "this token is known already", remedy="make another"):
        session.add(identity)
    audit.record(
        session,
        person_id=person_id,
        action="token_added",
        subject="person",
        subject_id=person_id,
        now=now,
        token=identity.id,
    )
    return identity


def find_token(session: Session, digest: str, now: datetime) -> Identity | None:
    """Return the identity of a token, its person loaded; None where it no longer opens."""
    found = session.scalars(
        select(Identity)
        .join(Identity.person)
        .where(
            Identity.kind == IdentityKind.TOKEN,
            Identity.subject == digest,
            Identity.revoked_at.is_(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
    ).one_or_none()
    if found is None or (found.expires_at is not None and found.expires_at <= now):
        return None
    return found


def list_tokens(session: Session, person_id: int) -> list[Identity]:
    """Return somebody's tokens that were not revoked, the newest first."""
    return list(
        session.scalars(
            select(Identity)
            .where(
                Identity.person_id == person_id,
                Identity.kind == IdentityKind.TOKEN,
                Identity.revoked_at.is_(None),
            )
            .order_by(Identity.id.desc())
        )
    )


def revoke_token(session: Session, person_id: int, token_id: int, now: datetime) -> None:
    """End a token of this person.

    Raises
    ------
    NotFound
        Where this person has no such token.
    """
    identity = session.get(Identity, token_id)
    if (
        identity is None
        or identity.person_id != person_id
        or identity.kind is not IdentityKind.TOKEN
    ):
        raise NotFound("there is no such token", remedy="see `grader token list`")
    identity.revoked_at = identity.revoked_at or now
    audit.record(
        session,
        person_id=person_id,
        action="token_revoked",
        subject="person",
        subject_id=person_id,
        now=now,
        token=token_id,
    )
