"""What was handed in, as it came."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.intake import Upload
from grader.store.tables import Blob, SubmissionFile


def load_files(session: Session, submission_id: int) -> tuple[Upload, ...]:
    """Return the files of a submission, in the order in which they came."""
    rows = session.execute(
        select(SubmissionFile.name, Blob.content)
        .join(Blob, SubmissionFile.blob_digest == Blob.digest)
        .where(SubmissionFile.submission_id == submission_id)
        .order_by(SubmissionFile.number)
    )
    return tuple(Upload(row.name, row.content) for row in rows)
