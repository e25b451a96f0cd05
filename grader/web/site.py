"""What every view needs of the installation: settings, database, the way to the queue, a clock."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from flask import current_app

from grader.settings import Settings
from grader.store import Database

EXTENSION = "grader"


class SendRun(Protocol):
    """Tells the queue of a run; False where that failed, and the sweeper sends it later."""

    def __call__(self, run_id: int, queue: str = ...) -> bool:
        """Send the id of a run whose row is committed."""


def read_clock() -> datetime.datetime:
    """Return the server's time, in UTC."""
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """One installation, as its views see it."""

    settings: Settings
    database: Database
    send_run: SendRun
    clock: Callable[[], datetime.datetime] = read_clock

    @property
    def is_https(self) -> bool:
        """Whether people reach it by https, so that cookies must never go in clear."""
        return self.settings.base_url.startswith("https://")

    @property
    def max_upload_bytes(self) -> int:
        """How large the body of a request may be."""
        return self.settings.upload_packed_bytes + FORM_OVERHEAD_BYTES


FORM_OVERHEAD_BYTES = 128 * 1024
"""What a form adds to its files: names, boundaries, other fields."""


def current_site() -> Site:
    """Return the site of the application that answers this request."""
    return cast(Site, current_app.extensions[EXTENSION])
