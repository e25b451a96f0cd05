"""Those who manage a course enrol people, change roles, and remove; never more than their own."""

from __future__ import annotations

import pytest

from grader.store import audit, courses, people
from tests.web.forms import find_form

PAGE = "/courses/ml-2026/people"


def read_roles(world, slug="ml-2026"):
    with world.database.read() as session:
        found = {course.slug: course.id for course in courses.list_courses(session)}
        return {
            one.person.name: (one.role_name, one.section.name if one.section else None)
            for one in courses.list_enrolments(session, found[slug])
        }


def enrol(world, **typed):
    browser = world.client("david")
    return find_form(browser.get(PAGE), "Enrol").send(browser, **{"who": "carl", **typed})


def change(world, name, **typed):
    browser = world.client("david")
    page = browser.get(f"{PAGE}/{world.person_id(name)}")
    return find_form(page, "Save").send(browser, **typed)


def test_the_page_lists_who_is_in_the_course(world):
    page = world.client("david").get(PAGE).text
    for name in ("Ada", "Blaise", "Emmy", "Grace", "David"):
        assert name in page
    assert "Sophie" not in page


def test_somebody_with_an_account_is_enrolled_by_sign_in_name_or_address(world):
    assert 303 == enrol(world, section="Evening").status_code
    assert ("student", "Evening") == read_roles(world)["Carl"]
    with world.database.begin() as session:
        people.add_person(session, name="Hedy", email="hedy@example.org", now=world.now)
    assert 303 == enrol(world, who="Hedy@Example.org", role="ta").status_code
    assert ("ta", None) == read_roles(world)["Hedy"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"who": "nobody"}, "who"),
        ({"who": ""}, "who"),
        ({"who": "ada"}, "who"),
        ({"role": "admin"}, "role"),
        ({"role": "emperor"}, "role"),
        ({"section": "x" * 101}, "section"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_is_kept(world, typed, field):
    before = read_roles(world)
    answer = enrol(world, **typed)
    assert 422 == answer.status_code
    assert f'id="error-{field}"' in answer.text
    assert typed.get("who", "carl") == find_form(answer, "Enrol").fields["who"]
    assert before == read_roles(world)


def test_a_role_and_a_section_are_changed_with_a_trace(world):
    assert 303 == change(world, "blaise", role="ta", section="Evening").status_code
    assert ("ta", "Evening") == read_roles(world)["Blaise"]
    with world.database.read() as session:
        entry = audit.list_audit(session, "course", world.offering.course_id)[-1]
    assert ("enrolled", world.person_id("david")) == (entry.action, entry.person_id)
    assert {"person": world.person_id("blaise"), "role": "ta"} == entry.detail


def test_somebody_is_removed_and_what_they_handed_in_stays(world):
    browser = world.client("david")
    page = browser.get(f"{PAGE}/{world.person_id('ada')}")
    assert 303 == find_form(page, "Remove").send(browser).status_code
    assert "Ada" not in read_roles(world)
    assert 404 == world.client("ada").get("/courses/ml-2026").status_code
    assert "Ada, no. 1" in browser.get("/courses/ml-2026/hw1/review").text


def test_nobody_takes_away_their_own_role(world):
    browser = world.client("david")
    page = browser.get(f"{PAGE}/{world.person_id('david')}")
    assert "Remove from this course" not in page.text
    answer = find_form(page, "Save").send(browser, role="student")
    assert (403, "instructor") == (answer.status_code, read_roles(world)["David"][0])
    assert 403 == browser.post(f"{PAGE}/{world.person_id('david')}/remove").status_code
    assert "instructor" == read_roles(world)["David"][0]


def test_people_of_other_courses_are_not_there(world):
    browser = world.client("david")
    for path in ("", "/remove"):
        assert 404 == browser.post(f"{PAGE}/{world.person_id('sophie')}{path}").status_code
    assert 404 == browser.get(f"{PAGE}/{world.person_id('sophie')}").status_code
    assert ("ta", None) == read_roles(world, "other-2026")["Sophie"]


def test_nobody_else_manages_people(world):
    person = world.person_id("blaise")
    for who in ("ada", "emmy", "grace"):
        browser = world.client(who)
        assert 403 == browser.get(PAGE).status_code
        for path in ("", f"/{person}", f"/{person}/remove"):
            answer = browser.post(PAGE + path, {"who": "carl", "role": "ta"})
            assert 403 == answer.status_code
    assert ("student", None) == read_roles(world)["Blaise"]


def test_names_of_people_and_sections_are_shown_as_text(world):
    hostile = '"><img src=x onerror=alert(1)>'
    with world.database.begin() as session:
        person = people.add_person(session, name=hostile, now=world.now)
        course_id = world.offering.course_id
        courses.enrol(
            session,
            person.id,
            course_id=course_id,
            role="student",
            section=f"{hostile}'",
            now=world.now,
        )
    browser = world.client("david")
    for page in (PAGE, f"{PAGE}/{person.id}", "/courses/ml-2026/hw1/extensions"):
        text = browser.get(page).text
        assert "&lt;img src=x" in text
        assert "<img" not in text
