"""The two sides of a run. A module of its own, as whoever asks a side need not know a jail."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Whose code a jail runs. Only the reference jail can import `reference`."""

    STUDENT = "student"
    REFERENCE = "reference"
