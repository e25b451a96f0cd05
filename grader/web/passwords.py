"""Checking passwords: as slowly for an unknown name as for a known one, and never too often."""

from __future__ import annotations

import datetime
import threading

import structlog

from grader.credentials import (
    MIN_PASSWORD_CHARACTERS,
    check_password,
    hash_password,
    needs_new_hash,
)
from grader.errors import UsageError
from grader.store import Session, people
from grader.store.tables import Identity, IdentityKind
from grader.web.site import Site

FREE_FAILURES = 5
"""The fifth wrong password in a row brings the first pause; each further one doubles it."""
FIRST_PAUSE = datetime.timedelta(seconds=30)
LONGEST_PAUSE = datetime.timedelta(minutes=15)
MAX_PASSWORD_CHARACTERS = 1000

_hashing = threading.BoundedSemaphore(4)
"""Each comparison takes 64 MiB, and a flood of them must not take all memory."""
_log = structlog.get_logger(__name__)


def verify(here: Site, username: str, password: str, now: datetime.datetime) -> Identity | None:
    """Return whose name and password these are, and count failures; None where they are not."""
    known = None
    if username.isprintable():  # PostgreSQL cannot be asked for a NUL
        with here.database.read() as session:
            known = people.find_local_identity(session, username)
    is_right = _is_right(known.secret_hash if known else None, password)
    if known is None:
        return None
    with here.database.begin() as session:
        # Read again: between the two transactions others may have failed, or locked it.
        identity = people.find_local_identity(session, username)
        return _settle(session, identity, password, is_right, now)


def change(here: Site, person_id: int, old: str, new: str, now: datetime.datetime) -> bool:
    """Give somebody a new password; False where the old one is wrong, or was too often.

    Raises
    ------
    UsageError
        Where the new one is too short or too long.
    """
    if not MIN_PASSWORD_CHARACTERS <= len(new) <= MAX_PASSWORD_CHARACTERS:
        raise UsageError(
            f"the new password has {len(new)} characters",
            remedy=f"choose one of at least {MIN_PASSWORD_CHARACTERS} characters",
        )
    with here.database.read() as session:
        known = find_own(session, person_id)
    is_right = _is_right(known.secret_hash if known else None, old)
    with _hashing:
        new_hash = hash_password(new)
    with here.database.begin() as session:
        identity = _settle(session, find_own(session, person_id), old, is_right, now)
        if identity is not None:
            people.set_password(session, identity, new_hash)
    return identity is not None


def find_own(session: Session, person_id: int) -> Identity | None:
    """Return the identity by which a person signs in with a password, where there is one."""
    person = people.find_person(session, person_id)
    own = person.identities if person else []
    return next((one for one in own if one.kind is IdentityKind.LOCAL), None)


def pause_after(n_failures: int) -> datetime.timedelta:
    """Return how long nobody may try after so many wrong passwords in a row."""
    if n_failures < FREE_FAILURES:
        return datetime.timedelta(0)
    doublings = min(n_failures - FREE_FAILURES, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _is_right(secret_hash: str | None, password: str) -> bool:
    with _hashing:
        return check_password(secret_hash, password[:MAX_PASSWORD_CHARACTERS])


def _settle(
    session: Session,
    identity: Identity | None,
    password: str,
    is_right: bool,
    now: datetime.datetime,
) -> Identity | None:
    if identity is None or identity.person.disabled_at is not None:
        return None
    if identity.locked_until is not None and now < identity.locked_until:
        return None
    if not is_right:
        pause = pause_after(identity.n_failures + 1)
        people.record_failure(session, identity, locked_until=now + pause if pause else None)
        _log.info("wrong_password", person_id=identity.person_id, n_failures=identity.n_failures)
        return None
    people.record_success(session, identity, now)
    if identity.secret_hash and needs_new_hash(identity.secret_hash):
        people.set_password(session, identity, hash_password(password))
    return identity
