"""What two transactions at once must not spoil: ledgers, reruns, publications, penalties."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from grader.errors import Conflict, DatabaseUnavailable, TooMany
from grader.intake import SubmittedFiles, Upload
from grader.spec import load_assignment
from grader.store import ledger, offerings, runs, submissions
from tests.store.classroom import DAY, MANY, NOW, make_report, write_folder

LATE = {"due_at": NOW.isoformat(), "late": {"per_day": 0.1, "days": 5}}
HOUR = DAY / 24


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Make the calls at the same moment; return what each returned, or the conflict it met."""
    barrier = threading.Barrier(len(calls))

    def attempt(call: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return call()
        except Conflict as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))


def n_conflicts(answers: list[object]) -> int:
    return sum(isinstance(one, Conflict) for one in answers)


def test_of_reruns_at_once_one_is_queued(classroom):
    submission = classroom.graded(earned=3)
    answers = at_once(*[lambda: classroom.rerun(submission) for _ in range(6)])
    assert 5 == n_conflicts(answers)


def test_a_run_that_is_finished_many_times_at_once_scores_once(classroom):
    submission, run = classroom.hand_in()
    token = classroom.claim(run.id)
    answers = at_once(*[lambda: classroom.finish(run.id, token, 5) for _ in range(6)])
    assert [False] * 5 + [True] == sorted(bool(one) for one in answers)
    assert [("score", 5)] == classroom.lines(submission)


def test_finishing_and_sweeping_at_once_leave_one_score(classroom):
    for _ in range(5):
        submission, run = classroom.hand_in()
        token = classroom.claim(run.id)
        finished, swept = at_once(
            partial(classroom.finish, run.id, token, 5), partial(classroom.expire, NOW + DAY)
        )
        assert finished != (run.id in list(swept))  # type: ignore[call-overload]
        if not finished:
            assert classroom.finish(run.id, classroom.claim(run.id), 5)
        assert [("score", 5)] == classroom.lines(submission)


def test_penalties_are_right_whatever_is_finished_while_dates_move(make_classroom):
    """The last line must be that of the dates that hold, not of those a transaction began with."""
    classroom = make_classroom(slip_days=1)
    classroom.set_policy(LATE)
    works = []
    for person in ("ada", "blaise"):
        submission, run = classroom.hand_in(person, now=NOW + DAY + HOUR)
        works.append((submission, run.id, classroom.claim(run.id)))
    moved = {**LATE, "due_at": (NOW - DAY).isoformat()}
    at_once(
        *[partial(classroom.finish, work[1], work[2], 10) for work in works],
        lambda: classroom.set_policy(moved),
        lambda: classroom.extend(NOW + 10 * DAY, person_id=classroom.ids["blaise"]),
    )
    # Ada: three days late, one of them slipped. Blaise: in time.
    finals = [classroom.score(submission).final for submission, _, _ in works]
    assert [8, 10] == finals
    with classroom.database.begin() as session:
        assert 0 == ledger.settle(session, classroom.course_id, now=NOW)


def test_a_date_that_moves_waits_for_a_score_that_is_being_written(classroom):
    classroom.set_policy(LATE)
    submission, run = classroom.hand_in(now=NOW + HOUR)
    token = classroom.claim(run.id)
    is_written = threading.Event()

    def finish_slowly():
        with classroom.database.begin() as session:
            runs.finish(session, run.id, token, make_report(10), now=NOW + HOUR)
            is_written.set()
            time.sleep(0.3)  # whoever does not wait has by now settled without this score

    def move():
        is_written.wait(10)
        classroom.set_policy({**LATE, "due_at": (NOW - DAY).isoformat()})

    at_once(finish_slowly, move)
    assert 8 == classroom.score(submission).final


def test_members_of_a_team_who_hand_in_at_once_share_their_attempts(classroom):
    classroom.set_policy({"attempts": {"per_day": 1}})
    classroom.team_up("ada", "blaise")

    def try_to(person):
        try:
            return classroom.hand_in(person)
        except TooMany as error:
            return error

    answers = at_once(lambda: try_to("ada"), lambda: try_to("blaise"))
    assert 1 == sum(isinstance(one, TooMany) for one in answers)


def test_drafts_uploaded_at_once_leave_one_that_is_validated(classroom):
    def upload(archive):
        with classroom.database.begin() as session:
            return offerings.upload_draft(
                session,
                course_id=classroom.course_id,
                assignment=classroom.assignment,
                archive=archive,
                person_id=classroom.ids["david"],
                now=NOW,
            )

    at_once(*[partial(upload, f"folder {n}".encode()) for n in range(4)])
    with classroom.database.read() as session:
        offering = offerings.get_offering(session, classroom.offering.id)
        latest = offerings.latest_validation(session, offering.id)
    assert latest is not None
    assert offering.draft_archive_digest == latest.archive_digest
    assert classroom.validate(latest.id)


def test_a_new_assignment_uploaded_twice_at_once_is_one_offering(classroom):
    fresh = load_assignment(write_folder(classroom.folder / "fresh", title="Fresh"))

    def upload(number):
        with classroom.database.begin() as session:
            return offerings.upload_draft(
                session,
                course_id=classroom.course_id,
                assignment=fresh,
                archive=b"one folder",
                person_id=number,
                now=NOW,
            )

    answers = at_once(*[lambda: upload(classroom.ids["david"]) for _ in range(4)])
    assert n_conflicts(answers) < 4
    with classroom.database.read() as session:
        listed = offerings.list_offerings(session, classroom.course_id, published_only=False)
    assert ["affine", "fresh"] == sorted(one.slug for one in listed)


def test_the_same_files_handed_in_at_once_in_another_order_do_not_wait_for_each_other(classroom):
    contents = [f"file {number}".encode() * 1000 for number in range(8)]

    def hand_in(person, order):
        with classroom.database.begin() as session:
            submissions.hand_in(
                session, classroom.offering, classroom.ids[person],
                uploads=[Upload(f"{n}.py", content) for n, content in enumerate(order)],
                submitted=SubmittedFiles((), (), "0" * 64), is_attempt=True, limits=MANY, now=NOW,
            )  # fmt: skip

    try:
        at_once(lambda: hand_in("ada", contents), lambda: hand_in("blaise", contents[::-1]))
    except DatabaseUnavailable as error:
        pytest.fail(f"the two waited for each other: {error}")


def test_an_overview_names_the_same_as_counting_as_each_students_page(classroom):
    for person, earned in (("ada", 3), ("ada", 9), ("ada", 5), ("blaise", 2)):
        classroom.graded(person, earned=earned)
    with classroom.database.read() as session:
        found = submissions.overview(session, classroom.offering)
    counting = {line.submission_id for line in found.lines if line.is_counting}
    own = {classroom.standing(person).counting_id for person in ("ada", "blaise")}
    assert own == counting
    names = sorted(person.name for people in found.members.values() for person in people)
    assert ["Ada", "Blaise"] == names
