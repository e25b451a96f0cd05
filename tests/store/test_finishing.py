"""What finishing a run leaves behind: exactly one score, whatever happens when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select

from grader.errors import Conflict
from grader.report import RunStatus
from grader.store import Database, audit, ledger, offerings, runs
from grader.store.tables import CheckRow, EntryKind, LedgerEntry, Purpose
from tests.store.classroom import DAY, NOW, failed_report, make_report


def test_a_graded_run_writes_one_score_and_its_checks(classroom):
    submission, run = classroom.hand_in()
    assert classroom.finish(run.id, classroom.claim(run.id), 7)

    assert [("score", Decimal(7))] == classroom.lines(submission)
    assert Decimal(7) == classroom.score(submission).final
    graded = classroom.run(run.id)
    assert RunStatus.GRADED is graded.status
    assert (Decimal(7), Decimal(10)) == (graded.score, graded.max_score)
    assert (None, None) == (graded.lease_token, graded.lease_until)
    with classroom.database.read() as session:
        verdicts = session.scalars(select(CheckRow.verdict).where(CheckRow.run_id == run.id)).all()
    assert ["passed"] * 7 + ["wrong_answer"] * 3 == sorted(verdicts)


def test_only_the_token_that_claimed_may_finish(classroom):
    submission, run = classroom.hand_in()
    token = classroom.claim(run.id)
    assert not classroom.finish(run.id, "another")
    assert classroom.finish(run.id, token, 4)
    assert not classroom.finish(run.id, token, 9)
    assert [("score", Decimal(4))] == classroom.lines(submission)


def test_a_worker_that_lost_its_lease_is_not_heard(classroom):
    submission, run = classroom.hand_in()
    late = classroom.claim(run.id)
    assert [run.id] == classroom.expire(NOW + DAY)
    second = classroom.claim(run.id, now=NOW + DAY)
    assert not classroom.finish(run.id, late, 1)
    assert classroom.finish(run.id, second, 8)
    assert [("score", Decimal(8))] == classroom.lines(submission)


class Killed(Exception):
    """Stands for kill -9: the connection breaks at a statement."""


@contextmanager
def killed_at(database: Database, count: int) -> Iterator[list[str]]:
    """Break the transaction at its statement number `count`; yield what was executed."""
    executed: list[str] = []

    def count_down(_conn, _cursor, statement, *_rest):
        executed.append(statement)
        if len(executed) == count:
            raise Killed

    event.listen(database.engine, "before_cursor_execute", count_down)
    try:
        yield executed
    finally:
        event.remove(database.engine, "before_cursor_execute", count_down)


def test_a_kill_at_any_statement_of_finish_leaves_nothing_half_done(classroom):
    first = classroom.graded(earned=3)
    run = classroom.rerun(first)
    token = classroom.claim(run.id)
    n_killed = 0
    for count in range(1, 200):
        with killed_at(classroom.database, count) as executed:
            try:
                assert classroom.finish(run.id, token, 9)
                break
            except Killed:
                n_killed += 1
        assert [("score", Decimal(3))] == classroom.lines(first)
        assert RunStatus.RUNNING is classroom.run(run.id).status
        with classroom.database.read() as session:
            shown = runs.current_run(session, first.id)
            assert shown is not None
            assert run.id != shown.id
            assert (
                []
                == session.scalars(select(CheckRow.number).where(CheckRow.run_id == run.id)).all()
            )
    assert n_killed > 8
    assert len(executed) == n_killed
    assert [("score", Decimal(3)), ("regrade", Decimal(9))] == classroom.lines(first)


def test_a_rerun_keeps_the_old_result_until_it_is_graded(classroom):
    submission = classroom.graded(earned=3)
    again = classroom.rerun(submission)
    assert Purpose.REGRADE is again.purpose
    token = classroom.claim(again.id)
    with classroom.database.read() as session:
        before = runs.current_run(session, submission.id)
        assert before is not None
        assert (RunStatus.GRADED, Decimal(3)) == (before.status, before.score)
    assert again.seed == before.seed

    assert classroom.finish(again.id, token, 10)
    assert RunStatus.SUPERSEDED is classroom.run(before.id).status
    assert classroom.run(again.id).is_current
    assert not classroom.run(before.id).is_current
    assert Decimal(10) == classroom.score(submission).final
    with classroom.database.read() as session:
        # The old report can still be read: what was judged is never lost.
        assert make_report(3) == runs.load_report(session, before)


def test_a_rerun_that_fails_leaves_the_old_result(classroom):
    submission = classroom.graded(earned=3)
    again = classroom.rerun(submission)
    classroom.fail(again.id)
    assert RunStatus.FAILED is classroom.run(again.id).status
    assert Decimal(3) == classroom.score(submission).final
    with classroom.database.read() as session:
        shown = runs.current_run(session, submission.id)
        assert shown is not None
        assert again.id != shown.id
        assert [again.id] == [run.id for run in runs.list_failed(session, classroom.course_id)]


def test_one_rerun_at_a_time(classroom):
    submission, _run = classroom.hand_in()
    with pytest.raises(Conflict, match="being graded already"):
        classroom.rerun(submission)


def test_a_failed_run_has_no_score_costs_no_attempt_and_is_seen_by_staff(classroom):
    classroom.set_policy({"attempts": {"per_day": 1}})
    submission, run = classroom.hand_in()
    classroom.fail(run.id)

    failed = classroom.run(run.id)
    assert (RunStatus.FAILED, "the jail broke") == (failed.status, failed.failure)
    assert [] == classroom.lines(submission)
    assert classroom.score(submission) is None
    assert 1 == classroom.standing().attempts_left
    with classroom.database.read() as session:
        assert [run.id] == [one.id for one in runs.list_failed(session, classroom.course_id)]
        assert "failed" in [one.action for one in audit.list_audit(session, "run", run.id)]
    classroom.hand_in()


def test_a_rerun_after_a_failure_brings_the_first_score(classroom):
    submission, run = classroom.hand_in()
    classroom.fail(run.id)
    again = classroom.rerun(submission)
    assert Purpose.GRADING is again.purpose
    assert classroom.finish(again.id, classroom.claim(again.id), 6)
    assert [("score", Decimal(6))] == classroom.lines(submission)
    assert RunStatus.SUPERSEDED is classroom.run(run.id).status
    with classroom.database.read() as session:
        assert [] == runs.list_failed(session, classroom.course_id)


def test_a_report_that_failed_through_us_is_given_back(classroom):
    submission, run = classroom.hand_in()
    assert classroom.finish(run.id, classroom.claim(run.id), failed_report())
    assert RunStatus.QUEUED is classroom.run(run.id).status
    for _ in range(2):
        assert classroom.finish(run.id, classroom.claim(run.id), failed_report())
    failed = classroom.run(run.id)
    assert (RunStatus.FAILED, "the jail broke") == (failed.status, failed.failure)
    assert [] == classroom.lines(submission)
    with classroom.database.read() as session:
        assert failed_report() == runs.load_report(session, failed)


def test_a_validation_never_touches_a_ledger(classroom):
    with classroom.database.begin() as session:
        run = offerings.validate_again(
            session, classroom.offering.id, person_id=classroom.ids["david"], now=NOW
        )
    token = classroom.claim(run.id)
    assert not classroom.finish(run.id, token, 10)
    assert RunStatus.RUNNING is classroom.run(run.id).status
    with classroom.database.begin() as session:
        assert runs.finish_validation(session, run.id, token, {"holds": True}, now=NOW)
        assert 0 == session.scalars(select(func.count()).select_from(LedgerEntry)).one()


def test_a_grading_run_does_not_end_as_a_validation(classroom):
    _submission, run = classroom.hand_in()
    token = classroom.claim(run.id)
    with classroom.database.begin() as session:
        assert not runs.finish_validation(session, run.id, token, {"holds": True}, now=NOW)
    assert classroom.finish(run.id, token)


def test_the_database_itself_allows_one_score_a_submission(classroom):
    submission = classroom.graded(earned=3)
    with pytest.raises(Exception, match=r"(?i)unique"), classroom.database.begin() as session:
        ledger.append(
            session,
            submission.id,
            EntryKind.SCORE,
            points=Decimal(10),
            max_points=Decimal(10),
            now=NOW,
            reason="graded",
        )
