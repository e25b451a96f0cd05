"""What is kept: people, courses, submissions, runs, scores. SQLAlchemy lives here alone.

Every function of the modules takes a `Session` first; it flushes and never commits: the caller's
`Database.begin()` is the transaction.
"""

from sqlalchemy.orm import Session

from grader.store.database import Database

__all__ = ["Database", "Session"]
