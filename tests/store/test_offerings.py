"""From a draft to what students see: validated first, dated, opened when nobody may hand in."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from grader.errors import Conflict, NotFound, Refused, SpecError
from grader.report import RunStatus
from grader.spec import load_assignment, read_policy
from grader.store import audit, blobs, offerings, runs
from grader.store.tables import AssignmentVersion, Purpose
from tests.store.classroom import DAY, NOW, write_folder

HOUR = timedelta(hours=1)


def upload(classroom, assignment=None, archive=b"a folder", person="david"):
    with classroom.database.begin() as session:
        return offerings.upload_draft(
            session,
            course_id=classroom.course_id,
            assignment=assignment or classroom.assignment,
            archive=archive,
            person_id=classroom.ids[person],
            now=NOW,
        )


def publish(classroom, **options):
    with classroom.database.begin() as session:
        return offerings.publish(
            session, classroom.offering.id, person_id=classroom.ids["david"], now=NOW, **options
        )


def another(classroom, **changes):
    """The same assignment in another version."""
    return load_assignment(write_folder(classroom.folder / "v2" / "affine", **changes))


def audience(classroom, now=NOW):
    with classroom.database.read() as session:
        found = offerings.audience_for(session, classroom.offering, now)
        return found.is_after_due, found.is_published


def find(classroom):
    with classroom.database.read() as session:
        return offerings.get_offering(session, classroom.offering.id)


def test_a_version_is_kept_once_with_the_folder_in_which_it_first_came(classroom):
    first = classroom.offering.published_version
    handout = another(classroom, handout="Do it well.")
    offering, run = upload(classroom, handout, b"another folder")
    assert first.id == offering.draft_version_id
    assert "Do it well." == offering.draft_handout
    with classroom.database.read() as session:
        assert b"another folder" == blobs.load_blob(session, run.archive_digest)
        assert b"the folder affine" == blobs.load_blob(session, first.archive_digest)
        assert 1 == session.scalars(select(func.count()).select_from(AssignmentVersion)).one()
    assert (Decimal(10), 1, ["solution.py"]) == (first.max_score, first.n_checks, first.files)


def test_what_students_see_does_not_change_with_a_draft(classroom):
    upload(classroom, another(classroom, title="Another", handout="Other."), b"another")
    offering = find(classroom)
    assert ("Affine layer", "Do it.") == (offering.published_version.title, offering.handout)
    assert ("Another", "Other.") == (offering.draft_version.title, offering.draft_handout)


def test_a_draft_is_published_once_its_validation_holds(classroom):
    _offering, run = upload(classroom, another(classroom, title="Another"), b"another")
    with pytest.raises(Refused, match="is still being validated"):
        publish(classroom)
    assert classroom.validate(run.id, holds=False)
    with pytest.raises(Refused, match="does not hold what it claims"):
        publish(classroom)
    with classroom.database.begin() as session:
        again = offerings.validate_again(
            session, classroom.offering.id, person_id=classroom.ids["david"], now=NOW
        )
    classroom.validate(again.id)
    assert "Another" == publish(classroom).published_version.title


def test_a_validation_of_another_folder_is_not_enough(classroom):
    _offering, first = upload(classroom, archive=b"first")
    token = classroom.claim(first.id)
    _offering, second = upload(classroom, archive=b"second")
    with classroom.database.begin() as session:
        assert runs.finish_validation(session, first.id, token, {"holds": True}, now=NOW)
    with pytest.raises(Refused):
        publish(classroom)
    classroom.validate(second.id)
    publish(classroom)


def test_a_validation_that_failed_through_us_can_be_asked_for_again(classroom):
    _offering, run = upload(classroom, archive=b"another")
    classroom.fail(run.id)
    with pytest.raises(Refused, match="the validation of this draft failed"):
        publish(classroom)
    with classroom.database.begin() as session:
        again = offerings.validate_again(
            session, classroom.offering.id, person_id=classroom.ids["david"], now=NOW
        )
        with pytest.raises(Conflict, match="being validated already"):
            offerings.validate_again(
                session, classroom.offering.id, person_id=classroom.ids["david"], now=NOW
            )
    classroom.validate(again.id)
    publish(classroom)


def test_a_waiting_validation_of_an_earlier_draft_is_cancelled(classroom):
    _offering, first = upload(classroom, archive=b"first")
    _offering, second = upload(classroom, archive=b"second")
    assert RunStatus.CANCELLED is classroom.run(first.id).status
    assert "" == classroom.claim(first.id)
    with classroom.database.read() as session:
        latest = offerings.latest_validation(session, classroom.offering.id)
    assert latest is not None
    assert (second.id, Purpose.VALIDATION) == (latest.id, latest.purpose)


def test_without_a_draft_nothing_is_published(classroom):
    with classroom.database.begin() as session:
        offerings.get_offering(session, classroom.offering.id).draft_version = None
    with pytest.raises(Refused, match="upload its folder first"):
        publish(classroom)


def test_an_offering_that_is_not_there_is_said(classroom):
    with classroom.database.read() as session, pytest.raises(NotFound):
        offerings.get_offering(session, 10**9)


def test_points_that_no_ledger_could_keep_are_refused(classroom):
    check = classroom.assignment.spec.checks[0]
    for points in (Decimal("0.1234567"), Decimal(10) ** 9):
        checks = (check.model_copy(update={"points": points}),)
        spec = classroom.assignment.spec.model_copy(update={"checks": checks})
        assignment = dataclasses.replace(classroom.assignment, spec=spec, digest="e" * 64)
        with pytest.raises(SpecError, match=r"checks\.affine\.points: .* cannot be kept exactly"):
            upload(classroom, assignment)


def test_moved_dates_outlast_a_publication_where_that_is_asked(classroom):
    classroom.set_policy({"due_at": "2026-12-01T12:00:00+00:00"})
    classroom.validate(upload(classroom, archive=b"a mended handout")[1].id)
    assert NOW.replace(month=12, day=1) == publish(classroom, keeps_policy=True).due_at
    assert NOW.replace(day=10) == classroom.publish(classroom.assignment).due_at


def test_dates_of_a_draft_can_be_moved_before_it_is_published(classroom):
    slug = "second"
    assignment = load_assignment(write_folder(classroom.folder / slug))
    offering, run = upload(classroom, assignment, b"second")
    moved = classroom.set_policy({"due_at": "2026-12-01T12:00:00+00:00"}, offering)
    assert moved.due_at is None
    classroom.validate(run.id)
    with classroom.database.begin() as session:
        published = offerings.publish(session, offering.id, person_id=None, now=NOW)
    assert NOW.replace(month=12, day=1) == published.due_at


def test_offerings_are_listed_by_due_date_and_drafts_for_staff_alone(classroom):
    classroom.publish_another("never")
    classroom.set_policy({}, classroom.publish_another("undated"))
    classroom.publish_another("early", due_at="2026-11-01T12:00:00+00:00")
    upload(classroom, load_assignment(write_folder(classroom.folder / "draft")), b"draft")
    with classroom.database.read() as session:
        seen = [
            [one.slug for one in offerings.list_offerings(session, classroom.course_id, **chosen)]
            for chosen in ({"published_only": True}, {"published_only": False})
        ]
    assert ["early", "affine", "never", "undated"] == seen[0]
    assert {*seen[0], "draft"} == set(seen[1])


def test_hidden_checks_open_when_nobody_may_hand_in_any_more(classroom):
    classroom.set_policy({"due_at": NOW.isoformat(), "late": {"per_day": 0.1, "days": 2}})
    end = NOW + 2 * DAY
    assert (False, True) == (audience(classroom, end)[0], audience(classroom, end + HOUR)[0])
    adjustment = classroom.extend(NOW + DAY, person_id=classroom.ids["blaise"])
    assert not audience(classroom, end + HOUR)[0]
    assert audience(classroom, end + DAY + HOUR)[0]
    with classroom.database.begin() as session:
        offerings.revoke_adjustment(
            session, classroom.offering.id, adjustment, by=classroom.ids["david"], now=NOW
        )
        assert end == offerings.after_due_opens_at(session, classroom.offering)
    assert audience(classroom, end + HOUR)[0]


def test_what_is_never_due_never_opens(classroom):
    classroom.set_policy({})
    assert not audience(classroom, NOW + 1000 * DAY)[0]


def test_scores_are_published_and_withdrawn(classroom):
    david = classroom.ids["david"]
    assert not audience(classroom)[1]
    with classroom.database.begin() as session:
        offerings.publish_scores(session, classroom.offering.id, person_id=david, now=NOW)
    assert audience(classroom)[1]
    with classroom.database.begin() as session:
        offerings.withdraw_scores(session, classroom.offering.id, person_id=david, now=NOW)
    assert not audience(classroom)[1]
    with classroom.database.read() as session:
        actions = [
            one.action for one in audit.list_audit(session, "offering", classroom.offering.id)
        ]
    assert ["draft_uploaded", "published", "scores_published", "scores_withdrawn"] == actions


def test_scores_of_a_draft_are_not_published(classroom):
    offering, _run = upload(
        classroom, load_assignment(write_folder(classroom.folder / "draft")), b"draft"
    )
    with classroom.database.begin() as session, pytest.raises(Refused, match="is not published"):
        offerings.publish_scores(session, offering.id, person_id=None, now=NOW)


def test_a_grant_of_another_offering_is_not_taken_back_here(classroom):
    adjustment = classroom.extend(NOW + DAY, person_id=classroom.ids["ada"])
    other = classroom.publish_another("other")
    with classroom.database.begin() as session:
        with pytest.raises(NotFound, match="no such adjustment"):
            offerings.revoke_adjustment(session, other.id, adjustment, by=1, now=NOW)
        granted = offerings.list_adjustments(session, classroom.offering.id)
    assert [(adjustment, None)] == [(one.id, one.revoked_at) for one in granted]


def test_terms_are_those_of_the_person(make_classroom):
    classroom = make_classroom(slip_days=3)
    classroom.extend(NOW + 30 * DAY, person_id=classroom.ids["ada"])
    with classroom.database.read() as session:
        ada, blaise = (
            offerings.terms_for(session, classroom.offering, classroom.ids[name])
            for name in ("ada", "blaise")
        )
    assert (NOW + 30 * DAY, 3) == (ada.due_at, ada.slip_days_left)
    assert NOW.replace(day=10) == blaise.due_at
    assert read_policy(classroom.offering.policy) == blaise.policy
