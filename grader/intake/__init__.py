"""Uploads, archives and notebooks -> `SubmittedFiles`; nothing is ever extracted to disk."""

from grader.intake.acceptance import accept_uploads
from grader.intake.paths import read_paths
from grader.intake.submission import (
    Chunk,
    IntakeLimits,
    SubmittedFile,
    SubmittedFiles,
    Upload,
)

__all__ = [
    "Chunk",
    "IntakeLimits",
    "SubmittedFile",
    "SubmittedFiles",
    "Upload",
    "accept_uploads",
    "read_paths",
]
