"""A running service as its users see it, and its processes as an operator sees them."""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
from sqlalchemy import func, select

from grader.service import Service
from grader.store.tables import EntryKind, LedgerEntry, Run, Submission
from tests.queue.scene import Scene, children_of, wait_until

COURSE = "ml-2026"
ENDED = ("graded", "failed")


@dataclass
class Site:
    """The course and its data, the processes, and a student's connection to the API."""

    scene: Scene
    service: Service
    client: httpx.Client
    address: str

    def hand_in(self, source: str, name: str = "solution.py") -> int:
        """Hand in one file over HTTP; return the submission's id."""
        files = {"file": (name, source.encode())}
        answer = self.client.post(f"{self.address}/submissions", files=files)
        assert 201 == answer.status_code, answer.text
        return int(answer.json()["id"])

    def look_at(self, submission_id: int) -> dict[str, Any]:
        """Return what the API says of a submission."""
        answer = self.client.get(f"/submissions/{submission_id}")
        assert 200 == answer.status_code, answer.text
        return dict(answer.json())

    def wait_for(self, submission_id: int, *status: str, timeout_s: float = 90.0) -> dict[str, Any]:
        """Return what the API says once the submission has such a status; an end, if none is named.

        A web process that is just starting again is asked again.
        """
        seen: dict[str, Any] = {}

        def has_come() -> bool:
            with contextlib.suppress(httpx.TransportError):
                seen.update(self.look_at(submission_id))
            return seen.get("status") in (status or ENDED)

        wait_until(has_come, f"submission {submission_id}: {seen}\n{self.logs()}", timeout_s)
        return seen

    def kill(self, victim: str) -> None:
        """Kill -9 one process: `web`, `worker`, `sweeper`, or the worker's `pool child`."""
        if victim == "pool child":
            for pid in children_of(self.service.processes["worker"].pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        else:
            os.kill(self.service.processes[victim].pid, signal.SIGKILL)

    def points(self, submission_id: int) -> list[Decimal]:
        """Every score that the ledger holds of a submission."""
        wanted = select(LedgerEntry.points).where(
            LedgerEntry.submission_id == submission_id,
            LedgerEntry.kind.in_([EntryKind.SCORE, EntryKind.REGRADE]),
        )
        with self.scene.database.read() as session:
            return list(session.scalars(wanted))

    def count_submissions(self) -> int:
        """Return how many submissions there are in all."""
        with self.scene.database.read() as session:
            return session.scalar(select(func.count()).select_from(Submission)) or 0

    def attempts(self, submission_id: int) -> list[int]:
        """How often each run of a submission was claimed."""
        wanted = select(Run.attempt).where(Run.submission_id == submission_id)
        with self.scene.database.read() as session:
            return list(session.scalars(wanted))

    def logs(self) -> str:
        """The last lines of every process's log."""
        folder = self.scene.settings.data_dir
        assert folder is not None
        files = sorted(folder.parent.glob("logs/*.log"))
        return "\n".join(f"--- {one.name}\n{one.read_text()[-3000:]}" for one in files)
