"""A hand-in is decided and kept in one transaction, however many come at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grader.errors import Refused, TooMany
from grader.intake import SubmittedFiles, Upload
from grader.report import RunStatus
from grader.store import offerings, submissions
from grader.store.submissions import QuotaLimits
from grader.store.tables import Blob, Submission, Team
from tests.store.classroom import DAY, MANY, NOW

HOUR = timedelta(hours=1)


def list_own(classroom, person="ada"):
    with classroom.database.read() as session:
        return submissions.list_of_person(session, classroom.offering.id, classroom.ids[person])


def try_all(*calls):
    """Make the calls at once; return what each returned or raised."""
    barrier = threading.Barrier(len(calls))

    def attempt(call):
        barrier.wait()
        try:
            return call()
        except Refused as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))


def test_a_hand_in_keeps_the_files_and_queues_a_run(classroom):
    submission, run = classroom.hand_in(text="print(1)")
    assert (1, NOW, True) == (submission.number, submission.received_at, submission.is_attempt)
    assert (RunStatus.QUEUED, 0, True) == (run.status, run.attempt, run.is_current)
    with classroom.database.read() as session:
        found = submissions.find_submission(session, submission.id)
        assert found is not None
        assert [("solution.py", 8)] == [(one.name, one.size_bytes) for one in found.files]
        uploads = submissions.load_uploads(session, found)
    assert (Upload("solution.py", b"print(1)"),) == uploads


def test_the_same_bytes_are_kept_once(classroom):
    with classroom.database.read() as session:
        before = session.scalars(select(func.count()).select_from(Blob)).one()
    for person in ("ada", "blaise", "ada"):
        classroom.hand_in(person, text="the same")
    with classroom.database.read() as session:
        assert before + 1 == session.scalars(select(func.count()).select_from(Blob)).one()


def test_many_files_of_any_name_come_back_in_order(classroom):
    uploads = [Upload("b.py", b"b"), Upload("ä\0 .py", b"a"), Upload("empty", b"")]
    with classroom.database.begin() as session:
        submission, _run = submissions.hand_in(
            session, classroom.offering, classroom.ids["ada"], uploads=uploads,
            submitted=SubmittedFiles((), ("a note\0",), "0" * 64), is_attempt=True, limits=MANY,
            now=NOW,
        )  # fmt: skip
    with classroom.database.read() as session:
        found = submissions.find_submission(session, submission.id)
        assert found is not None
        assert tuple(uploads) == submissions.load_uploads(session, found)
        assert ["a note\0"] == found.notes


def test_hand_ins_at_once_are_numbered_and_make_one_team(classroom):
    try_all(*[lambda: classroom.hand_in() for _ in range(6)])
    rows = list_own(classroom)
    assert [6, 5, 4, 3, 2, 1] == [row.submission.number for row in rows]
    with classroom.database.read() as session:
        teams = session.scalars(select(Team.id).where(Team.offering_id == classroom.offering.id))
        assert 1 == len(teams.all())


def test_attempts_hold_for_hand_ins_at_once(classroom):
    classroom.set_policy({"attempts": {"per_day": 3}})
    answers = try_all(*[lambda: classroom.hand_in() for _ in range(6)])
    refused = [one for one in answers if isinstance(one, TooMany)]
    assert (3, 3) == (len(refused), len(list_own(classroom)))
    assert all(0 < one.retry_after_s <= 8 * 3600 for one in refused)


def test_the_quota_of_what_waits_holds_for_hand_ins_at_once(classroom):
    limits = QuotaLimits(max_waiting=2, max_hourly=100)
    answers = try_all(*[lambda: classroom.hand_in(limits=limits) for _ in range(6)])
    assert 4 == sum(isinstance(one, TooMany) for one in answers)
    assert 2 == len(list_own(classroom))
    # Nobody else waits for it, and it is over when one of them is done.
    classroom.hand_in("blaise", limits=limits)
    run = list_own(classroom)[0].run
    with pytest.raises(TooMany, match="2 of your submissions are still being graded"):
        classroom.hand_in(limits=limits)
    classroom.finish(run.id, classroom.claim(run.id))
    classroom.hand_in(limits=limits)


def test_the_quota_of_an_hour_says_when_it_is_over(classroom):
    limits = QuotaLimits(max_waiting=100, max_hourly=2)
    classroom.hand_in(limits=limits)
    classroom.hand_in(limits=limits, now=NOW + HOUR / 2)
    with pytest.raises(TooMany, match="2 times within an hour") as caught:
        classroom.hand_in(limits=limits, now=NOW + HOUR / 2 + timedelta(minutes=10))
    assert 20 * 60 == caught.value.retry_after_s
    classroom.hand_in(limits=limits, now=NOW + HOUR)


def test_a_clock_that_stepped_back_locks_nobody_out_for_longer_than_the_hour(classroom):
    limits = QuotaLimits(max_waiting=100, max_hourly=1)
    classroom.hand_in(limits=limits, now=NOW + DAY)
    with pytest.raises(TooMany) as caught:
        classroom.hand_in(limits=limits, now=NOW)
    assert 3600 == caught.value.retry_after_s


def test_ten_thousand_hand_ins_are_stopped_by_the_quota(classroom):
    limits = QuotaLimits(max_waiting=5, max_hourly=60)
    for _ in range(5):
        classroom.hand_in(limits=limits)
    for _ in range(50):
        with pytest.raises(TooMany):
            classroom.hand_in(limits=limits)
    assert 5 == len(list_own(classroom))


def test_what_does_not_parse_costs_no_attempt(classroom):
    classroom.set_policy({"attempts": {"per_day": 1}})
    classroom.hand_in(is_attempt=False)
    assert 1 == classroom.standing().attempts_left
    classroom.hand_in()
    assert 0 == classroom.standing().attempts_left


def test_a_refused_hand_in_leaves_nothing(classroom):
    classroom.set_policy({"due_at": "2026-11-01T12:00:00+00:00"})
    with pytest.raises(Refused, match="was due on Sun 1 Nov 2026"):
        classroom.hand_in()
    assert [] == list_own(classroom)
    with classroom.database.read() as session:
        assert 0 == session.scalars(select(func.count()).select_from(Team)).one()


def test_a_draft_takes_no_work(classroom):
    with classroom.database.begin() as session:
        draft = offerings.find_offering(session, classroom.course_id, "affine")
        assert draft is not None
        draft.published_version_id = None
    with pytest.raises(Refused, match="is not open"):
        classroom.hand_in()


def test_an_extension_lets_one_student_hand_in(classroom):
    classroom.set_policy({"due_at": "2026-11-01T12:00:00+00:00"})
    classroom.extend(NOW + DAY, person_id=classroom.ids["ada"])
    classroom.hand_in("ada")
    with pytest.raises(Refused):
        classroom.hand_in("blaise")


def test_a_list_of_an_offering_can_be_narrowed_and_turned(classroom):
    for person in ("ada", "blaise", "ada"):
        classroom.hand_in(person)
    done = classroom.graded("blaise", earned=4)

    def pick(**chosen):
        with classroom.database.read() as session:
            return submissions.list_of_offering(session, classroom.offering.id, **chosen)

    page = pick(limit=3)
    assert (4, 3) == (page.n_total, len(page.rows))
    assert done.id == page.rows[0].submission.id
    assert page.rows[0].score is not None
    assert 4 == page.rows[0].score.final
    assert 1 == len(pick(limit=3, offset=3).rows)
    assert 2 == pick(person="bLAI").n_total
    assert 0 == pick(person="%").n_total
    assert 3 == pick(status=RunStatus.QUEUED).n_total
    assert [done.id] == [row.submission.id for row in pick(status=RunStatus.GRADED).rows]
    again = classroom.rerun(done)
    [row] = pick(person="blaise", status=RunStatus.QUEUED, limit=1).rows
    assert (RunStatus.GRADED, again.id) == (row.run.status, row.latest.id)


def test_members_of_a_team_share_numbers_attempts_and_lists(classroom):
    classroom.set_policy({"attempts": {"per_day": 3}})
    classroom.team_up("ada", "blaise")
    classroom.hand_in("ada")
    submission, _run = classroom.hand_in("blaise")
    assert 2 == submission.number
    assert 1 == classroom.standing("ada").attempts_left
    assert [2, 1] == [row.submission.number for row in list_own(classroom, "ada")]


def test_who_is_nobody_cannot_hand_in(classroom):
    classroom.ids["ghost"] = 10**9
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        classroom.hand_in("ghost")
    with classroom.database.read() as session:
        assert 0 == session.scalars(select(func.count()).select_from(Submission)).one()
