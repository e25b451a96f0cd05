"""What comes in (`Upload`), how much of it (`IntakeLimits`), what is kept (`SubmittedFiles`)."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in: its name is shown and matched, never used as a path."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """How much a student may hand in."""

    source_bytes: int = 256 * KIB
    """A Python file, or the code of a notebook."""
    packed_bytes: int = 5 * MIB
    """All uploads together; also a notebook with its pictures."""
    unpacked_bytes: int = 20 * MIB
    """What an archive holds."""
    members: int = 200
    """The files in an archive; clutter does not count."""
    cells: int = 1000
    """The code cells of a notebook."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of source that is compiled and run by itself: a `.py` file, or a notebook's cell."""

    text: str
    label: str = ""
    """Empty for a `.py` file, `cell 3` for the third code cell of a notebook."""


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """One of the files that the assignment asks for, decoded, with Unix line ends."""

    name: str
    """The name in the assignment, whatever the student called it."""
    chunks: tuple[Chunk, ...]
    digest: str
    """SHA-256 of the bytes that were handed in."""

    @property
    def text(self) -> str:
        """The whole source."""
        return "\n".join(chunk.text for chunk in self.chunks)


@dataclass(frozen=True, slots=True)
class SubmittedFiles:
    """All files of a submission, in the order in which the assignment names them."""

    files: tuple[SubmittedFile, ...]
    notes: tuple[str, ...]
    """What intake did that the student should know: ignored files, dropped cells."""
    digest: str
    """SHA-256 over the names and the code that will run."""
