"""People, their ways in, and what ends them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from grader.errors import Conflict, NotFound, UsageError
from grader.permissions import Permission
from grader.store import audit, courses, outbox, people, sessions
from tests.store.classroom import DAY, NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def session(database):
    with database.begin() as session:
        yield session


@pytest.fixture
def ada(session):
    return people.add_person(session, name="  Ada   L. ", email=" Ada@Example.org ", now=NOW)


@pytest.fixture
def course(session):
    return courses.add_course(session, slug="ml", title="Machine Learning", now=NOW)


def test_names_and_addresses_are_kept_in_one_form(ada):
    assert ("Ada L.", "ada@example.org") == (ada.name, ada.email)


@pytest.mark.parametrize("name", ["", " ", "a\0b", "x" * 201, "a\x1b[1m"])
def test_what_is_no_name_is_refused(session, name):
    with pytest.raises(UsageError, match="is not a name"):
        people.add_person(session, name=name, now=NOW)


@pytest.mark.parametrize("email", ["ada", "", "a@" + "x" * 400])
def test_what_is_no_address_is_refused(session, email):
    with pytest.raises(UsageError, match="is not an e-mail address"):
        people.add_person(session, name="Ada", email=email, now=NOW)


def test_an_address_is_one_persons(session, ada):
    with pytest.raises(Conflict, match="somebody has the address"):
        people.add_person(session, name="Another", email="ADA@example.org", now=NOW)
    # The transaction goes on: what was there is there, and others without an address come in.
    people.add_person(session, name="Blaise", now=NOW)
    people.add_person(session, name="Carl", now=NOW)
    assert ["Ada L.", "Blaise", "Carl"] == [one.name for one in people.list_people(session)]
    assert ada is people.find_person(session, ada.id)
    assert people.find_person(session, 10**9) is None


def test_sign_in_names_do_not_depend_on_case(session, ada):
    identity = people.add_local_identity(
        session, ada.id, username="Ada", secret_hash="hash", now=NOW
    )
    assert identity is people.find_local_identity(session, " aDA ")
    with pytest.raises(Conflict, match="the sign-in name ada is taken"):
        people.add_local_identity(session, ada.id, username="ADA", secret_hash="h", now=NOW)
    assert people.find_local_identity(session, "blaise") is None


@pytest.mark.parametrize("username", ["", "a b", "a\0", "x" * 101])
def test_what_is_no_sign_in_name_is_refused(session, ada, username):
    with pytest.raises(UsageError, match="is not a sign-in name"):
        people.add_local_identity(session, ada.id, username=username, secret_hash="h", now=NOW)


def test_wrong_passwords_are_counted_and_forgotten(session, ada):
    identity = people.add_local_identity(
        session, ada.id, username="ada", secret_hash="hash", now=NOW
    )
    people.record_failure(session, identity, locked_until=None)
    people.record_failure(session, identity, locked_until=NOW + HOUR)
    found = find_identity(session, "ada")
    assert (2, NOW + HOUR) == (found.n_failures, found.locked_until)
    people.record_success(session, identity, NOW)
    assert (0, None, NOW) == (found.n_failures, found.locked_until, found.last_used_at)
    people.record_failure(session, identity, locked_until=NOW + HOUR)
    people.set_password(session, identity, "another")
    assert ("another", 0, None) == (found.secret_hash, found.n_failures, found.locked_until)


def test_a_row_of_another_block_can_be_changed(database):
    with database.begin() as session:
        person = people.add_person(session, name="Ada", now=NOW)
        people.add_local_identity(session, person.id, username="ada", secret_hash="h", now=NOW)
    with database.read() as session:
        identity = find_identity(session, "ada")
    with database.begin() as session:
        people.record_failure(session, identity, locked_until=None)
        people.record_failure(session, identity, locked_until=None)
    with database.read() as session:
        assert 2 == find_identity(session, "ada").n_failures


def test_a_token_opens_until_it_expires_or_is_revoked(session, ada):
    token = people.add_token(
        session, ada.id, digest="d" * 64, label="laptop", now=NOW, expires_at=NOW + DAY
    )
    assert token is people.find_token(session, "d" * 64, NOW)
    assert people.find_token(session, "e" * 64, NOW) is None
    assert people.find_token(session, "d" * 64, NOW + DAY) is None
    assert ["laptop"] == [one.label for one in people.list_tokens(session, ada.id)]
    with pytest.raises(NotFound):
        people.revoke_token(session, ada.id + 1, token.id, NOW)
    people.revoke_token(session, ada.id, token.id, NOW)
    assert people.find_token(session, "d" * 64, NOW) is None
    assert [] == people.list_tokens(session, ada.id)


def test_a_password_is_no_token(session, ada):
    identity = people.add_local_identity(
        session, ada.id, username="d" * 64, secret_hash="hash", now=NOW
    )
    assert people.find_token(session, "d" * 64, NOW) is None
    with pytest.raises(NotFound):
        people.revoke_token(session, ada.id, identity.id, NOW)


def find_identity(session, username) -> Any:
    return people.find_local_identity(session, username)


def open_session(session, person_id, digest="s" * 64) -> Any:
    return sessions.open_session(
        session, person_id, token_digest=digest, now=NOW, expires_at=NOW + DAY
    )


def test_a_session_lasts_until_it_expires_is_prolonged_or_revoked(session, ada):
    opened = open_session(session, ada.id)
    assert opened == sessions.find_session(session, "s" * 64, NOW)
    assert sessions.find_session(session, "s" * 64, NOW + DAY) is None
    sessions.touch_session(session, opened, NOW + HOUR, NOW + 2 * DAY)
    assert opened == sessions.find_session(session, "s" * 64, NOW + DAY)
    with pytest.raises(NotFound):
        sessions.revoke_session(session, ada.id + 1, opened.id, NOW)
    sessions.revoke_session(session, ada.id, opened.id, NOW)
    assert sessions.find_session(session, "s" * 64, NOW) is None
    sessions.touch_session(session, opened, NOW, NOW + DAY)
    assert sessions.find_session(session, "s" * 64, NOW) is None


def test_all_sessions_end_but_the_one_that_asks(session, ada):
    kept = open_session(session, ada.id, "k" * 64)
    open_session(session, ada.id, "o" * 64)
    sessions.revoke_all(session, ada.id, NOW, but=kept.id)
    assert [kept] == sessions.list_sessions(session, ada.id, NOW)
    sessions.revoke_all(session, ada.id, NOW)
    assert [] == sessions.list_sessions(session, ada.id, NOW)


def test_sessions_that_ended_long_ago_are_forgotten(session, ada):
    open_session(session, ada.id)
    assert 0 == sessions.forget_ended(session, before=NOW + DAY)
    assert 1 == sessions.forget_ended(session, before=NOW + 2 * DAY)


def test_whoever_is_disabled_is_shut_out_at_once(session, ada):
    open_session(session, ada.id)
    people.add_token(session, ada.id, digest="d" * 64, label="", now=NOW)
    people.add_local_identity(session, ada.id, username="ada", secret_hash="hash", now=NOW)
    people.disable_person(session, ada.id, NOW)

    def doors():
        return (
            sessions.find_session(session, "s" * 64, NOW),
            people.find_token(session, "d" * 64, NOW),
            people.find_local_identity(session, "ada"),
        )

    assert (None, None, None) == doors()
    people.enable_person(session, ada.id, NOW)
    assert [False, False, True] == [door is not None for door in doors()]
    assert ["disabled", "enabled"] == [
        one.action
        for one in audit.list_audit(session, "person", ada.id)
        if one.action != "token_added"
    ]
    with pytest.raises(NotFound):
        people.disable_person(session, 10**9, NOW)


def test_a_role_grants_permissions_in_its_course_alone(session, ada, course):
    other = courses.add_course(session, slug="other", title="Other", now=NOW)
    courses.enrol(session, ada.id, course_id=course.id, role="student", now=NOW)
    assert Permission.SUBMIT in courses.permissions_in(session, ada.id, course.id)
    assert frozenset() == courses.permissions_in(session, ada.id, other.id)
    assert frozenset() == courses.permissions_in(session, ada.id, None)
    assert [course] == courses.list_courses(session, ada.id)


def test_a_site_wide_role_grants_in_every_course_and_adds_to_the_course_role(session, ada, course):
    courses.enrol(session, ada.id, course_id=course.id, role="student", now=NOW)
    courses.enrol(session, ada.id, course_id=None, role="observer", now=NOW)
    wanted = {Permission.SEE_COURSE, Permission.SEE_SUBMISSIONS}
    assert wanted == courses.permissions_in(session, ada.id, None)
    assert wanted | {Permission.SUBMIT} == courses.permissions_in(session, ada.id, course.id)
    courses.add_course(session, slug="other", title="Other", now=NOW)
    assert 2 == len(courses.list_courses(session, ada.id)) == len(courses.list_courses(session))


def test_enrolling_again_changes_role_and_section(session, ada, course):
    first = courses.enrol(
        session, ada.id, course_id=course.id, role="student", section="Monday", now=NOW
    )
    again = courses.enrol(session, ada.id, course_id=course.id, role="ta", now=NOW)
    assert first is again
    [enrolment] = courses.list_enrolments(session, course.id)
    assert ("ta", "Ada L.") == (enrolment.role_name, enrolment.person.name)
    assert ["Monday"] == [one.name for one in courses.list_sections(session, course.id)]
    courses.unenrol(session, ada.id, course_id=course.id, now=NOW)
    assert [] == courses.list_enrolments(session, course.id)
    with pytest.raises(NotFound, match="is not enrolled"):
        courses.unenrol(session, ada.id, course_id=course.id, now=NOW)


def test_a_role_that_is_not_there_is_said(session, ada, course):
    with pytest.raises(UsageError, match="choose from admin, instructor, observer, student, ta"):
        courses.enrol(session, ada.id, course_id=course.id, role="god", now=NOW)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "ML 2026"}, "is not a course's short name"),
        ({"title": " "}, "is not a title"),
        ({"term": "x" * 65}, "is not a term"),
        ({"time_zone": "Berlin"}, "is not a time zone"),
        ({"slip_days": -1}, "slip days cannot be"),
    ],
)
def test_what_is_no_course_is_refused(session, wrong, said):
    with pytest.raises(UsageError, match=said):
        courses.add_course(session, **{"slug": "ml", "title": "ML", "now": NOW, **wrong})


def test_a_short_name_is_one_courses(session, course):
    with pytest.raises(Conflict, match="there is a course ml"):
        courses.add_course(session, slug="ml", title="Another", now=NOW)
    assert course is courses.find_course(session, "ml")
    assert courses.find_course(session, "none") is None
    with pytest.raises(NotFound):
        courses.get_course(session, 10**9)


def test_a_message_is_sent_once_a_key(session):
    first = outbox.add(session, kind="mail", key="k", payload={"to": 1}, now=NOW, due_at=NOW)
    again = outbox.add(session, kind="mail", key="k", payload={"to": 2}, now=NOW, due_at=NOW)
    later = outbox.add(session, kind="mail", key="l", payload={}, now=NOW, due_at=NOW + DAY)
    assert first.id == again.id
    assert [first.id] == [one.id for one in outbox.list_due(session, now=NOW)]
    first.sent_at = NOW
    session.flush()
    assert [later.id] == [one.id for one in outbox.list_due(session, now=NOW + DAY)]
