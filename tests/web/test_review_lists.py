"""A TA sees an assignment's submissions: in numbers, filtered, page by page."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest

from grader.store import courses, ledger, people
from grader.web.review.lists import PAGE_LINES
from tests.web.forms import find_forms
from tests.web.records import fail_run, get_latest_run

PAGE = "/courses/ml-2026/hw1/review"
LINE = re.compile(r'<a href="/submissions/(\d+)[^"]*">([^<]+), no\. (\d+)</a>')


def read(world, query="", who="grace"):
    page = world.client(who).get(PAGE + query)
    assert 200 == page.status_code
    return page.text


def list_lines(text):
    return [(name, int(number)) for _, name, number in LINE.findall(text)]


@pytest.fixture
def work(world):
    """Three more submissions: a right one, one that failed through us, and one that waits."""
    world.grade(world.hand_in("blaise"), is_right=True)
    fail_run(world, get_latest_run(world, world.hand_in("blaise").id).id, "no jail")
    world.hand_in("ada")
    return world


def test_the_newest_comes_first(work):
    assert [("Ada", 2), ("Blaise", 2), ("Blaise", 1), ("Ada", 1)] == list_lines(read(work))


def test_the_numbers_are_above_the_list(work):
    with work.database.begin() as session:
        courses.enrol(
            session,
            work.person_id("carl"),
            course_id=work.offering.course_id,
            role="student",
            now=work.now,
        )
    text = read(work)
    for told in (
        "2 of 3 students handed in, 4 submissions.",
        "1 waits to be graded.",
        "The grader failed on 1 submission",
        '<span class="points">12.55 of 25.11 points</span>',
    ):
        assert told in text, told


def test_what_the_grader_failed_on_is_one_click_away(work):
    assert f'href="{PAGE}?status=failed"' in read(work)
    assert [("Blaise", 2)] == list_lines(read(work, "?status=failed"))


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("?status=waiting", [("Ada", 2)]),
        ("?status=graded", [("Blaise", 1), ("Ada", 1)]),
        ("?counting=yes", [("Blaise", 1), ("Ada", 1)]),
        ("?person=BLA", [("Blaise", 2), ("Blaise", 1)]),
        ("?person=bla&status=graded&counting=yes", [("Blaise", 1)]),
        ("?person=nobody", []),
        ("?status=nonsense&counting=maybe", [("Ada", 2), ("Blaise", 2), ("Blaise", 1), ("Ada", 1)]),
    ],
)
def test_filters_narrow_the_list(work, query, lines):
    assert lines == list_lines(read(work, query))


def test_the_filter_form_keeps_what_it_filters_by(work):
    text = read(work, '?person="><script>alert(1)</script>&status=graded')
    assert "<script>alert" not in text
    page = work.client("grace").get(PAGE + "?person=ada&status=graded")
    form = next(form for form in find_forms(page) if "Show" in form.buttons)
    assert ("ada", "graded") == (form.fields["person"], form.fields["status"])


def test_earned_penalty_and_final_have_their_columns(work):
    with work.database.begin() as session:
        ledger.override(
            session,
            work.submission.id,
            points=Decimal("7.5"),
            person_id=work.person_id("grace"),
            remark="",
            now=work.now,
        )
    text = read(work, "?person=ada")
    assert "7.5 of 25.11 (set by hand)" in text


def test_a_long_list_has_pages(world):
    with world.database.begin() as session:
        ids = []
        for number in range(PAGE_LINES):
            person = people.add_person(session, name=f"P{number:03}", now=world.now)
            courses.enrol(
                session,
                person.id,
                course_id=world.offering.course_id,
                role="student",
                now=world.now,
            )
            ids.append(person.id)
    for number, person_id in enumerate(ids):
        world._people[f"p{number}"] = person_id
        world.hand_in(f"p{number}")
    first, second = read(world), read(world, "?page=2")
    assert (PAGE_LINES, 1) == (len(list_lines(first)), len(list_lines(second)))
    assert [("Ada", 1)] == list_lines(second)
    assert "Page 1 of 2" in first
    assert f'rel="next" href="{PAGE}?page=2"' in first
    assert f'rel="prev" href="{PAGE}?page=1"' in second
    for odd in ("0", "-1", "99", "x", "9" * 30):
        assert "of 2" in read(world, f"?page={odd}")


def test_the_scores_are_there_as_a_table_for_a_spreadsheet(work):
    browser = work.client("grace")
    assert f'href="{PAGE.removesuffix("/review")}/scores.csv"' in read(work)
    answer = browser.get("/courses/ml-2026/hw1/scores.csv")
    assert "attachment; filename=ml-2026-hw1-scores.csv" == answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [("ada", "0"), ("blaise", "25.109375")] == [(one["user"], one["final"]) for one in lines]
    assert "scores.csv" not in read(work, who="emmy")


def test_an_assignment_without_work_says_so(world):
    assert (
        "Nobody has handed in yet" in world.client("grace").get("/courses/ml-2026/hw2/review").text
    )


def test_nobody_else_sees_the_list(world):
    for who, status in (("ada", 403), ("carl", 404), ("sophie", 404)):
        assert status == world.client(who).get(PAGE).status_code
