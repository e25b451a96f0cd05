"""docs/curriculum.md says where every topic is asked, and leaves no check, slip or example out."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import reduce
from pathlib import Path

import pytest

import reference
from grader.assignment_packs import course_pack
from grader.spec import list_assignments, list_submissions, load_assignment
from tests.reference.worked import EXAMPLES

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "curriculum.md").read_text(encoding="utf-8")
ASSIGNMENTS, SLIPS, WORKED = "The assignments", "Where the slides are wrong", "The worked examples"
NAME = r"`([^`]+)`"
FOLDERS = {folder.name: folder for folder in list_assignments([course_pack()])}


def sections(text):
    """Text below each heading of the second rank, by the heading's words."""
    parts = re.split(r"^## +(.*)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text):
    """The cells of a table's rows, without its head."""
    lines = [line.strip("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r" \| ", line)] for line in lines[2:]]


def unquoted(text):
    """The name between backquotes, which must be all that there is."""
    (name,) = re.findall(rf"^{NAME}$", text)
    return name


def places(cell):
    """What a cell names, as pairs: (assignment, check), (assignment, *submission*), ("", test)."""
    for part in cell.split("; "):
        slug, colon, named = part.partition(": ")
        if not colon:
            yield "", unquoted(part)
            continue
        for name in named.split(", "):
            yield unquoted(slug), name if name.startswith("*") else unquoted(name)


SECTIONS = sections(PAGE)
LECTURES = {title: text for title, text in SECTIONS.items() if title.startswith("Lecture")}
TOPICS = [
    pytest.param(row, id=f"{title.split(':')[0]}: {row[0]}")
    for title, text in LECTURES.items()
    for row in rows(text)
]
SAID: defaultdict[str, set[str]] = defaultdict(set)
"""What the page names of each assignment, and under "" the tests."""
GRADED: defaultdict[str, set[str]] = defaultdict(set)
"""The checks in the lectures' tables and in the last column of the assignments."""


def read_places():
    for title, text in SECTIONS.items():
        for row in rows(text):
            if row[-1].startswith("told: "):
                continue
            cell = f"{row[0]}: {row[-1]}" if title == ASSIGNMENTS else row[-1]
            for slug, name in places(cell):
                SAID[slug].add(name)
                if title == ASSIGNMENTS or title in LECTURES:
                    GRADED[slug].add(name)


read_places()


def check_ids(slug):
    return [check.id for check in load_assignment(FOLDERS[slug]).spec.checks]


def wrong_submissions(slug):
    known = list_submissions(FOLDERS[slug])
    return {f"*{one.path.stem}*" for one in known if not one.is_right}


def test_the_page_has_five_lectures():
    assert [f"Lecture {k}" for k in range(1, 6)] == [title.split(":")[0] for title in LECTURES]


@pytest.mark.parametrize("title", LECTURES)
def test_every_topic_of_a_lecture_has_its_row_and_no_other(title):
    (listed,) = re.findall(r"^Topics: (.*?)\.$", LECTURES[title], re.MULTILINE | re.DOTALL)
    topics = " ".join(listed.split()).split("; ")
    assert topics == [row[0] for row in rows(LECTURES[title])]


@pytest.mark.parametrize("row", TOPICS)
def test_every_reference_function_of_a_topic_exists(row):
    names = re.findall(NAME, row[1])
    assert names or row[1] == "—"
    for name in names:
        assert reduce(getattr, name.split("."), reference) is not None


@pytest.mark.parametrize("row", TOPICS)
def test_a_topic_is_asked_by_a_check_or_says_why_not(row):
    assert row[2].startswith("told: ") or list(places(row[2]))


def test_every_assignment_of_the_course_has_a_row_and_no_other_has():
    assert set(FOLDERS) == {row[0].strip("`") for row in rows(SECTIONS[ASSIGNMENTS])}


def test_an_assignments_row_names_the_lectures_whose_tables_ask_it():
    asked = defaultdict(set)
    for number, text in enumerate(LECTURES.values(), 1):
        for *_, cell in rows(text):
            if not cell.startswith("told: "):
                for slug, _ in places(cell):
                    asked[f"`{slug}`"].add(number)
    told = {slug: lectures for slug, lectures, _ in rows(SECTIONS[ASSIGNMENTS])}
    assert told == {slug: ", ".join(map(str, sorted(asked[slug]))) for slug in told}


@pytest.mark.parametrize("slug", FOLDERS)
def test_every_check_of_an_assignment_is_in_the_tables(slug):
    assert [] == [one for one in check_ids(slug) if one not in GRADED[slug]]


@pytest.mark.parametrize("slug", sorted(set(SAID) - {""}))
def test_every_check_and_wrong_submission_that_is_named_exists(slug):
    assert slug in FOLDERS
    assert set() == SAID[slug] - set(check_ids(slug)) - wrong_submissions(slug)


@pytest.mark.parametrize("row", rows(SECTIONS[ASSIGNMENTS]), ids=lambda row: row[0].strip("`"))
def test_what_is_asked_beyond_the_slides_is_in_no_lectures_table(row):
    beyond = set(places(f"{row[0]}: {row[-1]}"))
    in_lectures = {
        place
        for text in LECTURES.values()
        for *_, cell in rows(text)
        if not cell.startswith("told: ")
        for place in places(cell)
    }
    assert set() == beyond & in_lectures


def test_every_test_that_is_named_exists():
    assert [] == [name for name in SAID[""] if not (REPOSITORY / name).is_file()]


def test_every_slip_of_the_slides_is_caught():
    listed = sections((REPOSITORY / "docs" / "reference.md").read_text(encoding="utf-8"))
    slips = [row[:2] for row in rows(listed["Where the lectures are wrong, or disagree"])]
    assert slips
    assert slips == [row[:2] for row in rows(SECTIONS[SLIPS])]
    assert all(list(places(row[-1])) for row in rows(SECTIONS[SLIPS]))


def test_every_worked_example_is_asked():
    slugs = [one["slug"] for one in json.loads(EXAMPLES.read_text())]
    assert slugs == [row[0].strip("`") for row in rows(SECTIONS[WORKED])]
    assert all(list(places(row[-1])) for row in rows(SECTIONS[WORKED]))
