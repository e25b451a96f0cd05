"""Dates and extensions are changed by forms, in the course's time, with a trace."""

from __future__ import annotations

import datetime

import pytest

from grader.store import audit, courses, offerings
from tests.web.forms import find_form
from tests.web.records import get_offering
from tests.web.world import DUE

DATES, GRANTS = "/courses/ml-2026/hw1/dates", "/courses/ml-2026/hw1/extensions"


def read(world, slug="hw1"):
    return get_offering(world, slug)


def list_actions(world):
    with world.database.read() as session:
        return [entry.action for entry in audit.list_audit(session, "offering", world.offering.id)]


def move_course(world, zone):
    with world.database.begin() as session:
        courses.update_course(
            session, world.offering.course_id, time_zone=zone, person_id=None, now=world.now
        )


def test_a_moved_date_holds_at_once_and_makes_no_version(world):
    browser = world.client("david")
    before = read(world)
    form = find_form(browser.get(DATES), "Save")
    assert "2026-10-14T22:00" == form.fields["due_at"]
    answer = form.send(browser, due_at="2026-10-20T12:00")
    assert 303 == answer.status_code
    after = read(world)
    assert datetime.datetime(2026, 10, 20, 12, tzinfo=datetime.UTC) == after.due_at
    assert before.published_version_id == after.published_version_id
    assert "policy_set" == list_actions(world)[-1]
    page = browser.get(answer.location).text
    assert "Due: Wed 14 Oct 2026, 22:00 UTC → Tue 20 Oct 2026, 12:00 UTC" in page
    assert "Tue 20 Oct 2026, 12:00 UTC" in world.client("ada").get("/courses/ml-2026/hw1").text


def test_dates_are_shown_and_typed_in_the_courses_time_with_its_offset(world):
    move_course(world, "America/New_York")
    browser = world.client("david")
    page = browser.get(DATES)
    assert "In America/New_York. Now Wed 14 Oct 2026, 18:00 EDT (UTC-04:00)." in page.text
    find_form(page, "Save").send(browser, due_at="2026-10-14T23:59")
    assert datetime.datetime(2026, 10, 15, 3, 59, tzinfo=datetime.UTC) == read(world).due_at


def test_a_form_that_is_sent_back_as_it_came_changes_nothing(world):
    browser = world.client("david")
    before, actions = read(world).policy, list_actions(world)
    answer = find_form(browser.get(DATES), "Save").send(browser)
    assert "Nothing has changed" in browser.get(answer.location).text
    assert (before, actions) == (read(world).policy, list_actions(world))


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept(world):
    browser = world.client("david")
    form = find_form(browser.get(DATES), "Save")
    answer = form.send(browser, due_at="never", share='"><script>alert(1)</script>', days="3")
    assert 422 == answer.status_code
    assert 'id="error-due_at"' in answer.text
    assert 'id="error-share"' in answer.text
    assert "<script>alert" not in answer.text
    kept = find_form(answer, "Save").fields
    assert ("never", '"><script>alert(1)</script>', "3") == (
        kept["due_at"],
        kept["share"],
        kept["days"],
    )
    assert DUE == read(world).due_at


def test_of_two_who_change_dates_at_once_the_second_is_told(world):
    david, leonhard = world.client("david"), world.client("leonhard")
    forms = [find_form(browser.get(DATES), "Save") for browser in (david, leonhard)]
    assert 303 == forms[0].send(david, due_at="2026-10-20T12:00").status_code
    answer = forms[1].send(leonhard, days="5")
    assert 409 == answer.status_code
    assert "changed by somebody else" in answer.text
    assert 20 == read(world).due_at.day


def test_dates_of_a_draft_are_set_before_it_is_published(world):
    browser = world.client("david")
    page = browser.get("/courses/ml-2026/hw2/dates")
    assert "What will hold once it is published" in page.text
    find_form(page, "Save").send(browser, due_at="2026-10-20T12:00")
    draft = read(world, "hw2")
    assert draft.draft_policy["due_at"].startswith("2026-10-20T12:00")
    assert draft.due_at is None


def give(world, browser, **typed):
    form = find_form(browser.get(GRANTS), "Give")
    usual = {
        "whom": f"person-{world.person_id('ada')}",
        "due_at": "2026-10-20T12:00",
        "reason": "ill, with a letter",
    }
    return form.send(browser, **{**usual, **typed})


def test_an_extension_is_given_listed_and_taken_back(world):
    browser = world.client("david")
    assert 303 == give(world, browser).status_code
    page = browser.get(GRANTS)
    assert "ill, with a letter" in page.text
    assert "your extension included" in world.client("ada").get("/courses/ml-2026").text
    assert "your extension included" not in world.client("blaise").get("/courses/ml-2026").text
    assert 303 == find_form(page, "Revoke").send(browser).status_code
    assert "revoked" in browser.get(GRANTS).text
    assert "your extension included" not in world.client("ada").get("/courses/ml-2026").text
    assert ["adjusted", "adjustment_revoked"] == list_actions(world)[-2:]


def test_a_section_is_given_an_extension(world):
    with world.database.begin() as session:
        enrolment = courses.enrol(
            session,
            world.person_id("blaise"),
            course_id=world.offering.course_id,
            role="student",
            section="Evening",
            now=world.now,
        )
    browser = world.client("david")
    assert 303 == give(world, browser, whom=f"section-{enrolment.section_id}").status_code
    assert "Section Evening" in browser.get(GRANTS).text
    assert "your extension included" in world.client("blaise").get("/courses/ml-2026").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"whom": "person-999"}, "whom"),
        ({"whom": "everybody"}, "whom"),
        ({"kind": "favour"}, "kind"),
        ({"due_at": ""}, "due_at"),
        ({"due_at": "soon"}, "due_at"),
        ({"due_at": "2026-10-14T22:00"}, "due_at"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_an_extension_that_cannot_be_is_told_at_its_field(world, typed, field):
    answer = give(world, world.client("david"), **typed)
    assert 422 == answer.status_code
    assert f'id="error-{field}"' in answer.text
    assert (
        find_form(answer, "Give").fields["reason"]
        == typed.get("reason", "ill, with a letter").strip()
    )
    with world.database.read() as session:
        assert [] == offerings.list_adjustments(session, world.offering.id)


def test_an_extension_of_another_assignment_is_not_there_to_be_revoked(world):
    browser = world.client("david")
    give(world, browser)
    with world.database.read() as session:
        [grant] = offerings.list_adjustments(session, world.offering.id)
    foreign = f"/courses/ml-2026/hw2/extensions/{grant.id}/revoke"
    assert 404 == browser.post(foreign).status_code
    assert 404 == browser.post(f"{GRANTS}/999/revoke").status_code


def test_nobody_else_changes_dates(world):
    for who in ("ada", "emmy", "grace"):
        browser = world.client(who)
        for path in (DATES, GRANTS):
            assert 403 == browser.get(path).status_code
            assert 403 == browser.post(path, {"due_at": "2026-12-01T00:00"}).status_code
    assert DUE == read(world).due_at
