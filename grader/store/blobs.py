"""Bytes by their sha256; the same bytes are kept once."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from grader.errors import NotFound
from grader.store.tables import Blob


def digest_bytes(content: bytes) -> str:
    """Return the name under which these bytes are kept."""
    return hashlib.sha256(content).hexdigest()


def keep_blobs(session: Session, contents: list[bytes], now: datetime) -> list[str]:
    """Keep bytes that are not kept yet; return their digests."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    named = {digest_bytes(content): content for content in contents}
    # In order: of two transactions with the same blobs one waits, and never each for the other.
    for digest, content in sorted(named.items()):
        row = {
            "digest": digest,
            "size_bytes": len(content),
            "content": content,
            "created_at": now,
        }
        session.execute(insert(Blob).values(row).on_conflict_do_nothing())
    return [digest_bytes(content) for content in contents]


def load_blob(session: Session, digest: str) -> bytes:
    """Return the bytes of a digest.

    Raises
    ------
    NotFound
        Where there are none.
    """
    content = session.scalars(select(Blob.content).where(Blob.digest == digest)).one_or_none()
    if content is None:
        raise NotFound(f"there are no bytes {digest[:12]}")
    return content
