"""Penalties follow the policy: a line when a submission is graded, another when dates move."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from grader.errors import Refused, UsageError
from grader.report import RunStatus
from grader.store import courses, ledger, offerings, submissions
from tests.store.classroom import DAY, NOW

DUE = "2026-11-02T12:00:00+00:00"
"""NOW: what comes an hour later is one day late."""
LATE = {"due_at": DUE, "late": {"per_day": 0.1, "days": 5}}
HOUR = timedelta(hours=1)
SCORE, PENALTY, OVERRIDE = "score", "penalty", "override"


def override(classroom, submission, points, remark=""):
    with classroom.database.begin() as session:
        ledger.override(
            session, submission.id, points=Decimal(points), person_id=classroom.ids["grace"],
            remark=remark, now=NOW,
        )  # fmt: skip


def settle(classroom):
    with classroom.database.begin() as session:
        return ledger.settle(session, classroom.course_id, now=NOW)


def test_work_in_time_has_no_penalty_line(classroom):
    classroom.set_policy(LATE)
    submission = classroom.graded(now=NOW)
    assert [(SCORE, 10)] == classroom.lines(submission)


def test_late_work_has_a_penalty_line(classroom):
    classroom.set_policy(LATE)
    submission = classroom.graded(earned=5, now=NOW + DAY + HOUR)
    assert [(SCORE, 5), (PENALTY, 1)] == classroom.lines(submission)
    score = classroom.score(submission)
    assert (5, 1, 4, False) == (score.earned, score.penalty, score.final, score.is_overridden)


def test_a_penalty_is_taken_of_a_regrade_anew(classroom):
    classroom.set_policy(LATE)
    submission = classroom.graded(earned=5, now=NOW + HOUR)
    run = classroom.rerun(submission, now=NOW + DAY)
    classroom.finish(run.id, classroom.claim(run.id), 10)
    half = Decimal("0.5")
    lines = [(SCORE, 5), (PENALTY, half), ("regrade", 10), (PENALTY, 1)]
    assert lines == classroom.lines(submission)
    assert 9 == classroom.score(submission).final


def test_a_date_that_moves_settles_penalties_again(classroom):
    classroom.set_policy(LATE)
    submission = classroom.graded(now=NOW + HOUR)
    classroom.set_policy({**LATE, "due_at": "2026-11-03T12:00:00+00:00"})
    assert [(SCORE, 10), (PENALTY, 1), (PENALTY, 0)] == classroom.lines(submission)
    classroom.set_policy({**LATE, "due_at": "2026-11-01T12:00:00+00:00"})
    assert (PENALTY, 2) == classroom.lines(submission)[-1]


def test_settling_twice_adds_nothing(classroom):
    classroom.set_policy(LATE)
    classroom.graded(now=NOW + HOUR)
    assert 0 == settle(classroom)
    classroom.set_policy(LATE)
    assert 0 == settle(classroom)


def test_an_extension_takes_a_penalty_back_from_whom_it_is_for(classroom):
    classroom.set_policy(LATE)
    ada, blaise = (classroom.graded(one, now=NOW + HOUR) for one in ("ada", "blaise"))
    adjustment = classroom.extend(NOW + DAY, person_id=classroom.ids["ada"])
    assert [10, 9] == [classroom.score(one).final for one in (ada, blaise)]

    with classroom.database.begin() as session:
        offerings.revoke_adjustment(
            session, classroom.offering.id, adjustment, by=classroom.ids["david"], now=NOW
        )
    assert [(SCORE, 10), (PENALTY, 1), (PENALTY, 0), (PENALTY, 1)] == classroom.lines(ada)


def test_a_section_is_extended_together(classroom):
    classroom.set_policy(LATE)
    with classroom.database.begin() as session:
        section = courses.enrol(
            session, classroom.ids["ada"], course_id=classroom.course_id, role="student",
            section="Monday", now=NOW,
        ).section_id  # fmt: skip
    ada, blaise = (classroom.graded(one, now=NOW + HOUR) for one in ("ada", "blaise"))
    classroom.extend(NOW + DAY, section_id=section)
    assert [10, 9] == [classroom.score(one).final for one in (ada, blaise)]


def test_whoever_comes_into_a_section_or_leaves_it_is_settled_at_once(classroom):
    classroom.set_policy(LATE)
    ada, blaise = classroom.ids["ada"], classroom.ids["blaise"]
    student = {"course_id": classroom.course_id, "role": "student", "now": NOW}
    with classroom.database.begin() as session:
        section = courses.enrol(session, blaise, section="Monday", **student).section_id
    classroom.extend(NOW + DAY, section_id=section)
    submission = classroom.graded("ada", now=NOW + HOUR)
    finals = [classroom.score(submission).final]
    for name in ("Monday", "Tuesday", "Monday"):
        with classroom.database.begin() as session:
            courses.enrol(session, ada, section=name, **student)
        finals.append(classroom.score(submission).final)
    with classroom.database.begin() as session:
        courses.unenrol(session, ada, course_id=classroom.course_id, now=NOW)
    finals.append(classroom.score(submission).final)
    assert [9, 10, 9, 10, 9] == finals
    assert 0 == settle(classroom)


def test_what_is_granted_to_a_member_is_granted_to_the_team(classroom):
    classroom.set_policy(LATE)
    team = classroom.team_up("ada", "blaise")
    submission = classroom.graded("ada", now=NOW + HOUR)
    classroom.extend(NOW + DAY, person_id=classroom.ids["blaise"])
    assert 10 == classroom.score(submission).final
    classroom.extend(NOW + 2 * DAY, team_id=team)
    assert NOW + 2 * DAY == classroom.standing("blaise").terms.due_at


@pytest.mark.parametrize("targets", [(), ("person_id", "section_id")])
def test_an_adjustment_is_for_one(classroom, targets):
    with pytest.raises(UsageError, match="for one person, one section or one team"):
        classroom.extend(NOW, **dict.fromkeys(targets, 1))


def test_slip_days_spare_a_penalty(make_classroom):
    classroom = make_classroom(slip_days=2)
    classroom.set_policy(LATE)
    submission = classroom.graded(now=NOW + DAY + HOUR)
    assert [(SCORE, 10)] == classroom.lines(submission)
    late = classroom.graded(now=NOW + 2 * DAY + HOUR)
    assert [(SCORE, 10), (PENALTY, 1)] == classroom.lines(late)


def test_slip_days_run_over_the_course_in_order_of_due_date(make_classroom):
    classroom = make_classroom(slip_days=2)
    first = classroom.publish_another("first", **LATE)
    later_due = {**LATE, "due_at": "2026-11-20T12:00:00+00:00"}
    second = classroom.publish_another("second", **later_due)
    moment = NOW + 18 * DAY + HOUR
    # The later assignment is graded first, and has both days to itself...
    work = classroom.graded(offering=second, now=moment)
    assert [(SCORE, 10)] == classroom.lines(work)
    # ... until work for the earlier one turns up that spends two of them.
    early = classroom.graded(offering=first, now=NOW + DAY + HOUR)
    assert [(SCORE, 10)] == classroom.lines(early)
    assert [(SCORE, 10), (PENALTY, 1)] == classroom.lines(work)
    # An extension for the earlier one gives them back.
    classroom.offering = first
    classroom.extend(NOW + 3 * DAY, person_id=classroom.ids["ada"])
    assert [(SCORE, 10), (PENALTY, 1), (PENALTY, 0)] == classroom.lines(work)


def test_slip_days_of_one_do_not_touch_another(make_classroom):
    classroom = make_classroom(slip_days=1)
    classroom.set_policy(LATE)
    works = [classroom.graded(one, now=NOW + HOUR) for one in ("ada", "blaise")]
    assert [10, 10] == [classroom.score(one).final for one in works]


def test_a_team_spends_the_days_of_each_member(make_classroom):
    classroom = make_classroom(slip_days=1)
    first = classroom.publish_another("first", **LATE)
    both = classroom.publish_another("both", **{**LATE, "due_at": "2026-11-20T12:00:00+00:00"})
    classroom.team_up("ada", "blaise", offering=both)
    # Blaise's day is spent on the first assignment, so the team has none.
    classroom.graded("blaise", offering=first, now=NOW + HOUR)
    work = classroom.graded("ada", offering=both, now=NOW + 18 * DAY + HOUR)
    assert [(SCORE, 10), (PENALTY, 1)] == classroom.lines(work)


def test_other_slip_days_of_the_course_settle_all_again(classroom):
    classroom.set_policy(LATE)
    work = classroom.graded(now=NOW + HOUR)
    with classroom.database.begin() as session:
        courses.update_course(
            session, classroom.course_id, slip_days=1, person_id=classroom.ids["david"], now=NOW
        )
    assert [(SCORE, 10), (PENALTY, 1), (PENALTY, 0)] == classroom.lines(work)


def test_publishing_with_another_date_settles_again(classroom):
    work = classroom.graded(now=NOW + 9 * DAY)
    assert [(SCORE, 10), (PENALTY, 1)] == classroom.lines(work)
    classroom.set_policy({"due_at": "2026-11-20T12:00:00+00:00"})
    assert (PENALTY, 0) == classroom.lines(work)[-1]
    classroom.publish(classroom.assignment)  # its folder still says 10 November
    assert (PENALTY, 1) == classroom.lines(work)[-1]


def test_an_override_holds_over_all_else(classroom):
    classroom.set_policy(LATE)
    work = classroom.graded(earned=5, now=NOW + HOUR)
    override(classroom, work, "8.5", "the handout was unclear")
    assert Decimal("8.5") == classroom.score(work).final
    run = classroom.rerun(work, now=NOW + DAY)
    classroom.finish(run.id, classroom.claim(run.id), 6)
    score = classroom.score(work)
    assert (6, Decimal("8.5"), True) == (score.earned, score.final, score.is_overridden)
    override(classroom, work, 7)
    assert 7 == classroom.score(work).final
    with classroom.database.read() as session:
        lines = ledger.history(session, work.id)
        remarks = ledger.remarks_of(session, work.id)
    assert ["the handout was unclear"] == list(remarks.values())
    assert [classroom.ids["grace"]] * 2 == [
        line.person_id for line in lines if line.kind.value == OVERRIDE
    ]


def test_work_that_we_could_not_judge_can_be_given_points(classroom):
    work, run = classroom.hand_in()
    classroom.fail(run.id)
    override(classroom, work, 9)
    score = classroom.score(work)
    assert (None, 9, 10) == (score.earned, score.final, score.max_points)
    assert RunStatus.FAILED is classroom.run(run.id).status


@pytest.mark.parametrize("points", ["-1", "20.1", "NaN", "Infinity", "0.0000001"])
def test_points_that_cannot_be_are_refused(classroom, points):
    work = classroom.graded()
    with pytest.raises(UsageError):
        override(classroom, work, points)
    assert [(SCORE, 10)] == classroom.lines(work)


def test_the_best_counts_by_default_and_an_override_can_change_which(classroom):
    low, high = classroom.graded(earned=3), classroom.graded(earned=8)
    assert high.id == classroom.standing().counting_id
    override(classroom, low, 9)
    assert low.id == classroom.standing().counting_id


def test_a_student_chooses_which_counts(classroom):
    classroom.set_policy({**LATE, "due_at": "2026-11-10T12:00:00+00:00", "counts": "chosen"})
    first, second = classroom.graded(earned=8), classroom.graded(earned=3)
    assert second.id == classroom.standing().counting_id

    def choose(submission, now=NOW):
        with classroom.database.begin() as session:
            submissions.choose(session, submission, classroom.ids["ada"], now)

    choose(first)
    assert first.id == classroom.standing().counting_id
    # The last choice holds, where the clock stepped back too.
    choose(second, NOW - DAY)
    assert second.id == classroom.standing().counting_id
    with pytest.raises(Refused, match="hidden results are open"):
        choose(first, NOW + 30 * DAY)


def test_where_the_best_counts_nobody_chooses(classroom):
    work = classroom.graded()
    with (
        pytest.raises(Refused, match="not for you to choose"),
        classroom.database.begin() as session,
    ):
        submissions.choose(session, work, classroom.ids["ada"], NOW)


def test_standing_says_what_handing_in_now_costs(make_classroom):
    classroom = make_classroom(slip_days=1)
    classroom.set_policy({**LATE, "attempts": {"per_day": 2}})
    standing = classroom.standing(now=NOW + 2 * DAY + HOUR)
    assert (Decimal("0.2"), 1) == (standing.share_now, standing.slip_days_now)
    assert (0, None, 0) == (standing.n_submissions, standing.counting_id, standing.penalty)
    assert (2, None) == (standing.attempts_left, standing.next_at)
    assert NOW + 5 * DAY == standing.last_accepted_at

    work = classroom.graded(now=NOW + DAY + HOUR)
    standing = classroom.standing(now=NOW + DAY + HOUR)
    assert (1, work.id, 1) == (standing.n_submissions, standing.counting_id, standing.penalty)
    assert 1 == standing.attempts_left
