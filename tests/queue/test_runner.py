"""What the runner makes of every way in which a run can fail through us, without a worker."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from grader.errors import DatabaseUnavailable, SandboxUnavailable
from grader.grading import grade
from grader.queue import runner, stopping
from grader.queue.broker import RETRY
from grader.queue.runner import work_on
from grader.queue.slots import WorkerSlot, choose_tier
from grader.queue.stopping import StopNotice
from grader.queue.workplace import Workplace, open_workplace
from grader.report import Judgement, Report, RunStatus, Verdict
from grader.sandbox.jail import Jail
from grader.sandbox.packages import Packages
from grader.sandbox.tiers import Side, Tier
from grader.store import Session, runs
from tests.queue.scene import SLOW, SOLUTION, SPEC, Scene

LEASE_S = 1.0


class SickSlot(WorkerSlot):
    """A slot on a machine that has no room for a jail."""

    def start(self, side: Side, packages: Packages | None = None) -> Jail:
        del packages
        raise SandboxUnavailable(f"no room for the jail of the {side}")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """What the runner has sent; its pauses are left out."""
    sent: list[tuple[int, str]] = []
    monkeypatch.setattr(runner, "send_run", lambda _, run_id, queue: sent.append((run_id, queue)))
    monkeypatch.setattr(runner, "_PAUSES_S", (0.0, 0.0))
    return sent


@pytest.fixture
def place(scene: Scene) -> Iterator[Workplace]:
    settings = replace(scene.settings, lease_s=LEASE_S)
    place = open_workplace(settings, choose_tier(settings), StopNotice())
    yield place
    place.close()


def test_a_machine_without_room_fails_the_run_the_third_time(
    scene: Scene, place: Workplace, sent: list[tuple[int, str]]
) -> None:
    sick = replace(place, slot=SickSlot(Tier.LANDLOCK))
    run_id = scene.hand_in(SOLUTION)
    for _ in range(4):
        work_on(run_id, sick)
    run = scene.run(run_id)
    assert (RunStatus.FAILED, 3) == (run.status, run.attempt)
    assert run.failure is not None
    assert "no room for the jail" in run.failure
    assert [(run_id, RETRY)] * 2 == sent
    assert ([], False) == (scene.scores(run_id), scene.is_attempt(run_id))


def test_packages_that_were_not_built_fail_the_run_and_are_not_built_for_it(
    scene: Scene, place: Workplace, sent: list[tuple[int, str]]
) -> None:
    lock = f"tidy==1.0 --hash=sha256:{'0' * 64}\n"
    scene.publish(
        f'environment = {{requirements = "requirements.lock"}}\n{SPEC}',
        **{"requirements.lock": lock},
    )
    run_id = scene.hand_in(SOLUTION)
    for _ in range(3):
        work_on(run_id, place)
    run = scene.run(run_id)
    assert (RunStatus.FAILED, 3) == (run.status, run.attempt)
    assert run.failure is not None
    assert "run `grader environment build doubling`" in run.failure
    assert [(run_id, RETRY)] * 2 == sent
    assert ([], False) == (scene.scores(run_id), scene.is_attempt(run_id))
    assert place.slot.environments is not None
    assert not place.slot.environments.exists()


def _grade_with(change: Callable[[Report], Report]) -> Callable[..., Report]:
    return lambda *arguments, **options: change(grade(*arguments, **options))


def test_a_check_that_fails_through_us_is_named(
    scene: Scene, place: Workplace, sent: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_last(report: Report) -> Report:
        *others, last = report.results
        failed = replace(last, judgement=Judgement(Verdict.INTERNAL_ERROR, "no answer was kept"))
        return replace(report, results=(*others, failed))

    monkeypatch.setattr(runner, "grade", _grade_with(fail_last))
    run_id = scene.hand_in(SOLUTION)
    work_on(run_id, place)
    run = scene.run(run_id)
    assert (RunStatus.QUEUED, "shift: no answer was kept") == (run.status, run.failure)
    assert [(run_id, RETRY)] == sent


def test_a_bug_of_ours_is_a_failure_of_ours(
    scene: Scene, place: Workplace, sent: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_: Report) -> Report:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(runner, "grade", _grade_with(stumble))
    run_id = scene.hand_in(SOLUTION)
    work_on(run_id, place)
    assert "ZeroDivisionError: a bug" == scene.run(run_id).failure
    assert [(run_id, RETRY)] == sent


def test_what_cannot_be_written_down_is_a_failure_of_ours(
    scene: Scene, place: Workplace, sent: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> bool:
        raise ValueError("more than 6 places")

    monkeypatch.setattr(runs, "finish", refuse)
    run_id = scene.hand_in(SOLUTION)
    work_on(run_id, place)
    run = scene.run(run_id)
    assert RunStatus.QUEUED is run.status
    assert run.failure is not None
    assert "not written down: ValueError" in run.failure
    assert [(run_id, RETRY)] == sent


def test_a_worker_stopped_again_and_again_fails_no_run(
    scene: Scene, place: Workplace, sent: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "GRACE_S", 0.0)
    place.stop.post()
    run_id = scene.hand_in(SLOW.format(seconds=9))
    for _ in range(4):
        work_on(run_id, place)
    run = scene.run(run_id)
    assert (RunStatus.QUEUED, "the worker was stopped") == (run.status, run.failure)
    assert [(run_id, RETRY)] * 4 == sent
    assert [] == scene.scores(run_id)


@pytest.mark.usefixtures("sent")
def test_the_lease_begins_when_the_lock_of_the_database_is_there(
    scene: Scene, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = scene.hand_in(SOLUTION)
    begun_at: list[datetime.datetime] = []
    begin = place.database.begin

    @contextmanager
    def begin_late() -> Iterator[Session]:
        with begin() as session:
            begun_at.append(datetime.datetime.now(datetime.UTC))
            yield session

    monkeypatch.setattr(place.database, "begin", begin_late)
    work_on(run_id, place)
    started_at = scene.run(run_id).started_at
    assert started_at is not None
    assert started_at >= begun_at[0]


@pytest.mark.usefixtures("sent")
def test_a_result_waits_for_the_database_while_its_lease_holds(
    scene: Scene, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, n_failures = runs.finish, 0

    def finish_at_last(*arguments: Any, **options: Any) -> bool:
        nonlocal n_failures
        if n_failures < 3:
            n_failures += 1
            raise DatabaseUnavailable("gone")
        return finish(*arguments, **options)

    monkeypatch.setattr(runs, "finish", finish_at_last)
    run_id = scene.hand_in(SOLUTION)
    work_on(run_id, place)
    assert (RunStatus.GRADED, Decimal(3)) == (scene.status(run_id), scene.run(run_id).score)


def test_a_result_is_thrown_away_once_its_lease_is_over(
    scene: Scene, place: Workplace, sent: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> bool:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(runs, "finish", gone)
    monkeypatch.setattr(runs, "extend", gone)
    run_id = scene.hand_in(SOLUTION)
    started_s = time.monotonic()
    work_on(run_id, place)
    assert time.monotonic() - started_s < 30
    assert (RunStatus.RUNNING, []) == (scene.status(run_id), sent)


def test_a_seed_is_drawn_once_and_reruns_have_the_same(
    scene: Scene, place: Workplace, sent: list[tuple[int, str]]
) -> None:
    run_id = scene.hand_in(SOLUTION)
    work_on(run_id, place)
    first = scene.run(run_id)
    assert first.submission_id is not None
    with scene.database.begin() as session:
        now = first.finished_at
        assert now is not None
        again = runs.rerun(session, first.submission_id, person_id=None, now=now).id
    work_on(again, place)
    assert first.seed is not None
    assert (first.seed, Decimal(3)) == (scene.run(again).seed, scene.run(again).score)
    assert [] == sent
