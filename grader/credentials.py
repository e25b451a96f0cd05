"""Passwords and tokens: made, hashed, compared. Nothing here is ever logged or kept in clear."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD_CHARACTERS = 8
TOKEN_PREFIX = "grader_"
"""Lets a scanner for leaked secrets know ours."""

_hasher = PasswordHasher()
_DECOY = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Return the argon2id hash, its parameters and salt within."""
    return _hasher.hash(password)


def check_password(secret_hash: str | None, password: str) -> bool:
    """Tell whether a password fits; without a hash it takes as long, and says no."""
    try:
        return _hasher.verify(secret_hash or _DECOY, password) and secret_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_new_hash(secret_hash: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(secret_hash)


def make_password() -> str:
    """Return a password that a person can type from a printed sheet."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def make_token() -> str:
    """Return a new personal token or session token; shown once, kept as its digest."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def digest_token(token: str) -> str:
    """Return the sha256 under which a token is kept: it is random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
