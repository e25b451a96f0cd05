"""Any history of claims, kills, expiries, late finishes and clocks ends with one score."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from grader.report import RunStatus
from grader.store import Database, ledger, runs
from grader.store.tables import EntryKind
from tests.store.classroom import LEASE_S, NOW, Classroom
from tests.store.conftest import empty, open_quickly

CLOCK_STEPS = st.floats(-3 * 3600, 3600).map(lambda s: timedelta(seconds=s))
SMALL_STEPS = st.floats(0, 2 * LEASE_S).map(lambda s: timedelta(seconds=s))
EARNED = 7
"""What every right finish brings: the same file, the same seed, the same score."""


class LeaseLife(RuleBasedStateMachine):
    """One submission; workers that claim, hang, die and come back; a clock that jumps."""

    tokens = Bundle("tokens")
    classroom: Classroom

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.submission, run = self.classroom.hand_in("ada")
        self.run_id = run.id
        self.n_reruns = 0
        self.has_score = False

    @property
    def status(self) -> RunStatus:
        return self.classroom.run(self.run_id).status

    @rule(target=tokens)
    def claim(self) -> str:
        return self.classroom.claim(self.run_id, now=self.now)

    @rule(token=tokens)
    def extend(self, token: str) -> None:
        with self.classroom.database.begin() as session:
            held = runs.extend(session, self.run_id, token, now=self.now, lease_s=LEASE_S)
        if held:
            # Whoever holds it after a heartbeat is not swept away at the same moment.
            assert self.run_id not in self.classroom.expire(self.now)

    @rule(token=tokens)
    def finish(self, token: str) -> None:
        """At once, or long after the lease was lost: then it must change nothing."""
        before = self.classroom.run(self.run_id)
        is_held = before.status is RunStatus.RUNNING and before.lease_token == token
        assert is_held == self.classroom.finish(self.run_id, token, EARNED, now=self.now)
        self.has_score |= is_held

    @rule(token=tokens)
    def give_back(self, token: str) -> None:
        self.classroom.give_back(self.run_id, token, now=self.now)

    @rule(step=SMALL_STEPS)
    def wait(self, step: timedelta) -> None:
        self.now += step

    @rule(step=CLOCK_STEPS)
    def jump(self, step: timedelta) -> None:
        self.now += step

    @rule()
    def sweep(self) -> None:
        self.classroom.expire(self.now)

    @rule()
    def rerun(self) -> None:
        """Staff run it again once it is over, twice at most."""
        is_over = self.status in (RunStatus.GRADED, RunStatus.FAILED)
        if is_over and self.n_reruns < 2:
            self.run_id = self.classroom.rerun(self.submission, now=self.now).id
            self.n_reruns += 1

    @invariant()
    def has_at_most_one_score(self) -> None:
        kinds = [kind for kind, _points in self.classroom.lines(self.submission)]
        assert kinds[:1] == (["score"] if self.has_score else [])
        assert "score" not in kinds[1:]

    @invariant()
    def is_claimed_at_most_three_times(self) -> None:
        assert self.classroom.run(self.run_id).attempt <= runs.MOST_ATTEMPTS

    def teardown(self) -> None:
        """Let a worker that nobody kills and a sweeper go on, and a TA where it failed."""
        for _ in range(3 * runs.MOST_ATTEMPTS):
            if self.has_score and self.status in (RunStatus.GRADED, RunStatus.FAILED):
                break
            if self.status is RunStatus.FAILED:
                self.run_id = self.classroom.rerun(self.submission, now=self.now).id
            self.now += timedelta(seconds=2 * LEASE_S + 1)
            self.classroom.expire(self.now)
            token = self.classroom.claim(self.run_id, now=self.now)
            if token:
                assert self.classroom.finish(self.run_id, token, EARNED, now=self.now)
                self.has_score = True
        with self.classroom.database.read() as session:
            lines = ledger.history(session, self.submission.id)
            current = ledger.current_score(session, self.submission.id)
            shown = runs.current_run(session, self.submission.id)
        assert 1 == sum(line.kind is EntryKind.SCORE for line in lines)
        assert current is not None
        assert EARNED == current.final
        assert shown is not None
        assert RunStatus.GRADED is shown.status


def live(classroom: Classroom, *, examples: int) -> None:
    machine = type("LeaseLifeHere", (LeaseLife,), {"classroom": classroom})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_run_ends_with_exactly_one_score_on_sqlite(sqlite_template):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder, "grader.db"))
        database = open_quickly(Path(folder, "grader.db"))
        live(Classroom(database, Path(folder)), examples=25)
        database.dispose()


@pytest.mark.slow
def test_a_run_ends_with_exactly_one_score_on_postgresql(shared_postgresql, tmp_path):
    database = Database(shared_postgresql)
    empty(database)
    live(Classroom(database, tmp_path), examples=25)
    database.dispose()
