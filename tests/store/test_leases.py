"""A run belongs to one worker at a time, and to nobody for ever."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from grader.report import RunStatus
from grader.store import blobs, offerings, runs
from tests.store.classroom import DAY, LEASE_S, NOW

LEASE = timedelta(seconds=LEASE_S)
SECOND = timedelta(seconds=1)


def extend(classroom, run_id, token, now):
    with classroom.database.begin() as session:
        return runs.extend(session, run_id, token, now=now, lease_s=LEASE_S)


def list_stale(classroom, now, age_s=60.0):
    with classroom.database.begin() as session:
        return runs.list_stale(session, now=now, age_s=age_s)


def at_once(*calls):
    """Call all at the same moment, each in a thread of its own; return what they returned."""
    barrier = threading.Barrier(len(calls))

    def wait_and_call(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(wait_and_call, calls))


def test_a_claim_tells_the_worker_all_it_needs(classroom):
    submission, run = classroom.hand_in(text="def f(x): return 3")
    with classroom.database.begin() as session:
        claim = runs.claim(
            session, run.id, token="t", worker="w", tier="landlock", now=NOW, lease_s=30,
            seed=lambda digest: len(digest),
        )  # fmt: skip
    assert claim is not None
    assert (run.id, 1, 64) == (claim.run_id, 1, claim.seed)
    assert classroom.assignment.digest == claim.version_digest
    assert ("affine", submission.id) == (claim.slug, claim.submission_id)
    assert [b"def f(x): return 3"] == [upload.content for upload in claim.uploads]
    assert NOW + LEASE == classroom.run(run.id).lease_until


def test_a_validation_is_claimed_with_the_folder_as_it_was_uploaded(classroom):
    with classroom.database.begin() as session:
        _offering, run = offerings.upload_draft(
            session,
            course_id=classroom.course_id,
            assignment=classroom.assignment,
            archive=b"the same version, another known submission",
            person_id=classroom.ids["david"],
            now=NOW,
        )
        claim = runs.claim(
            session, run.id, token="t", worker="w", tier=None, now=NOW, lease_s=30,
            seed=lambda _: 1,
        )  # fmt: skip
        assert claim is not None
        kept = blobs.load_blob(session, claim.archive_digest)
    assert b"the same version, another known submission" == kept
    assert () == claim.uploads


def test_a_seed_is_drawn_once_in_the_life_of_a_run(classroom):
    _submission, run = classroom.hand_in()
    drawn, seeds = iter([11, 22]), []
    for token in ("first", "second"):
        with classroom.database.begin() as session:
            claim = runs.claim(
                session, run.id, token=token, worker="w", tier=None, now=NOW, lease_s=30,
                seed=lambda _: next(drawn),
            )  # fmt: skip
            assert claim is not None
            seeds.append(claim.seed)
        classroom.give_back(run.id, token)
    assert [11, 11] == seeds


def test_a_run_is_claimed_once(classroom):
    _submission, run = classroom.hand_in()
    assert classroom.claim(run.id)
    assert "" == classroom.claim(run.id)
    assert "" == classroom.claim(run.id, now=NOW + LEASE)
    assert "" == classroom.claim(10**9)


def test_of_many_claims_at_once_one_is_granted(classroom):
    _submission, run = classroom.hand_in()
    tokens = at_once(*[lambda: classroom.claim(run.id) for _ in range(8)])
    assert 1 == sum(bool(token) for token in tokens)
    assert 1 == classroom.run(run.id).attempt


def test_a_finished_run_is_not_claimed_again(classroom):
    _submission, run = classroom.hand_in()
    classroom.finish(run.id, classroom.claim(run.id))
    assert "" == classroom.claim(run.id, now=NOW + DAY)


def test_a_heartbeat_keeps_the_run(classroom):
    _submission, run = classroom.hand_in()
    token = classroom.claim(run.id)
    assert extend(classroom, run.id, token, NOW + 20 * SECOND)
    assert [] == classroom.expire(NOW + 45 * SECOND)
    assert [run.id] == classroom.expire(NOW + 51 * SECOND)
    assert not extend(classroom, run.id, token, NOW + 51 * SECOND)


def test_only_the_token_extends(classroom):
    _submission, run = classroom.hand_in()
    classroom.claim(run.id)
    assert not extend(classroom, run.id, "another", NOW)


def test_a_lost_run_is_claimed_without_waiting_for_the_sweeper(classroom):
    _submission, run = classroom.hand_in()
    first = classroom.claim(run.id)
    second = classroom.claim(run.id, now=NOW + LEASE + SECOND)
    assert second
    assert not extend(classroom, run.id, first, NOW + LEASE + SECOND)
    assert extend(classroom, run.id, second, NOW + LEASE + SECOND)


def test_the_third_lost_lease_fails_the_run(classroom):
    _submission, run = classroom.hand_in()
    now = NOW
    for _ in range(2):
        assert classroom.claim(run.id, now=now)
        now += LEASE + SECOND
        assert [run.id] == classroom.expire(now)
    assert classroom.claim(run.id, now=now)
    now += LEASE + SECOND
    # Not a fourth time, even where a wake-up comes before the sweeper.
    assert "" == classroom.claim(run.id, now=now)
    assert [] == classroom.expire(now)
    failed = classroom.run(run.id)
    assert RunStatus.FAILED is failed.status
    assert failed.failure == "the worker worker-1 was not heard of any more"


def test_lost_and_given_back_count_together(classroom):
    _submission, run = classroom.hand_in()
    assert RunStatus.QUEUED is classroom.give_back(run.id, classroom.claim(run.id))
    classroom.claim(run.id)
    classroom.expire(NOW + DAY)
    token = classroom.claim(run.id, now=NOW + DAY)
    assert RunStatus.FAILED is classroom.give_back(run.id, token, now=NOW + DAY)


def test_a_worker_that_is_told_to_stop_costs_a_run_none_of_its_attempts(classroom):
    _submission, run = classroom.hand_in()
    for _ in range(2 * runs.MOST_ATTEMPTS):
        token = classroom.claim(run.id)
        with classroom.database.begin() as session:
            status = runs.give_back(session, run.id, token, "stopped", now=NOW, is_counted=False)
        assert RunStatus.QUEUED is status
    # It goes before what has never been begun, all the same.
    _other, other = classroom.hand_in("blaise")
    with classroom.database.read() as session:
        assert [1, 2] == [runs.place_in_queue(session, one.id) for one in (run, other)]
    classroom.fail(run.id)
    assert RunStatus.FAILED is classroom.run(run.id).status


def test_whoever_lost_the_lease_gives_nothing_back(classroom):
    _submission, run = classroom.hand_in()
    late = classroom.claim(run.id)
    classroom.expire(NOW + DAY)
    classroom.claim(run.id, now=NOW + DAY)
    assert classroom.give_back(run.id, late) is None
    assert RunStatus.RUNNING is classroom.run(run.id).status


def test_a_clock_that_stepped_back_strands_no_run(classroom):
    """A lease from the future would else hold until the clock has caught up with it."""
    submission, run = classroom.hand_in()
    classroom.claim(run.id, now=NOW + DAY)
    assert [run.id] == classroom.expire(NOW)
    again = classroom.claim(run.id, now=NOW)
    assert classroom.finish(run.id, again, 5)
    assert 5 == classroom.score(submission).final


def test_a_lost_run_is_claimed_after_the_clock_stepped_back(classroom):
    _submission, run = classroom.hand_in()
    classroom.claim(run.id, now=NOW + DAY)
    assert classroom.claim(run.id, now=NOW)


def test_clocks_that_differ_a_little_take_no_run_away(classroom):
    _submission, run = classroom.hand_in()
    token = classroom.claim(run.id, now=NOW + 5 * SECOND)
    assert [] == classroom.expire(NOW)
    assert classroom.finish(run.id, token)


def test_a_worker_that_lives_outlasts_a_step_back(classroom):
    _submission, run = classroom.hand_in()
    token = classroom.claim(run.id, now=NOW + DAY)
    assert extend(classroom, run.id, token, NOW)
    assert [] == classroom.expire(NOW)
    assert classroom.finish(run.id, token)


def test_two_sweepers_at_once_find_each_lost_run_once(classroom):
    ids = [classroom.hand_in()[1].id for _ in range(12)]
    for run_id in ids:
        classroom.claim(run_id)
    found = at_once(*[lambda: classroom.expire(NOW + DAY) for _ in range(4)])
    assert Counter(ids) == Counter(run_id for some in found for run_id in some)
    assert {1} == {classroom.run(run_id).attempt for run_id in ids}


def test_two_sweepers_at_once_find_each_stale_run_once(classroom):
    ids = [classroom.hand_in()[1].id for _ in range(12)]
    found = at_once(*[lambda: list_stale(classroom, NOW + DAY) for _ in range(4)])
    assert Counter(ids) == Counter(run_id for some in found for run_id in some)


def test_a_run_that_waits_long_is_published_again_once_an_age(classroom):
    _submission, run = classroom.hand_in()
    assert [] == list_stale(classroom, NOW + 59 * SECOND)
    assert [run.id] == list_stale(classroom, NOW + 60 * SECOND)
    assert [] == list_stale(classroom, NOW + 61 * SECOND)
    assert [run.id] == list_stale(classroom, NOW + 120 * SECOND)


def test_a_run_queued_in_the_future_is_stale(classroom):
    _submission, run = classroom.hand_in(now=NOW + DAY)
    assert [run.id] == list_stale(classroom, NOW)
    assert [] == list_stale(classroom, NOW)


def test_a_running_run_is_not_stale(classroom):
    _submission, run = classroom.hand_in()
    classroom.claim(run.id)
    assert [] == list_stale(classroom, NOW + DAY)


def test_the_place_in_the_queue_counts_who_is_served_before(classroom):
    def place(run_id):
        with classroom.database.read() as session:
            return runs.place_in_queue(session, run_id)

    graded = classroom.graded()
    regrade = classroom.rerun(graded)
    first, second = classroom.hand_in()[1], classroom.hand_in("blaise")[1]
    assert (1, 2, 3) == (place(first.id), place(second.id), place(regrade.id))

    token = classroom.claim(second.id)
    assert (0, 1) == (place(second.id), place(first.id))
    # What was lost is served before what was never begun.
    classroom.give_back(second.id, token)
    assert (1, 2, 3) == (place(second.id), place(first.id), place(regrade.id))
    classroom.finish(second.id, classroom.claim(second.id))
    assert 0 == place(second.id)
    assert 0 == place(10**9)
