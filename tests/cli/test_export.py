"""`grader export`: every student's line, exact points, no formulas, and nothing that is hidden."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from decimal import Decimal

import pytest

from grader.export import list_results, list_scores, write_csv, write_json
from grader.report import STAFF, Audience
from grader.store import courses, ledger, offerings, people
from tests.web import world as worlds
from tests.web.marked import SEED
from tests.web.world import DUE

COURSE, SLUG = "ml-2026", "hw1"
ALL_POINTS = "25.109375"


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "site"


@pytest.fixture
def world(template, data_dir):
    """The site of the tests of pages: ada's work is wrong, and graded."""
    world = worlds.copy(template, data_dir)
    yield world
    world.database.dispose()


def read_lines(text):
    return {line["user"]: line for line in csv.DictReader(io.StringIO(text))}


def test_there_is_a_line_for_every_student_and_for_nobody_else(call, world):
    right = world.hand_in("blaise")
    world.grade(right, is_right=True)
    with world.database.begin() as session:
        course = courses.find_course(session, COURSE)
        assert course is not None
        idle = people.add_person(session, name="Idle", now=world.now)
        courses.enrol(
            session, idle.id, course_id=course.id, role="student", section="B", now=world.now
        )
    lines = read_lines(call("export", COURSE, SLUG).stdout)
    assert {"ada", "blaise", str(idle.id)} == set(lines)
    blaise = lines["blaise"]
    assert (ALL_POINTS, "0", ALL_POINTS, ALL_POINTS) == (
        blaise["earned"],
        blaise["penalty"],
        blaise["final"],
        blaise["max_score"],
    )
    assert (str(right.id), "graded", "0") == (
        blaise["submission"],
        blaise["status"],
        blaise["days_late"],
    )
    nothing = lines[str(idle.id)]
    assert ("none", "B", "", "", "") == (
        nothing["status"],
        nothing["section"],
        nothing["submission"],
        nothing["earned"],
        nothing["final"],
    )


def test_lateness_and_overrides_are_exact(call, world):
    world.now = DUE + datetime.timedelta(hours=30)
    late = world.hand_in("blaise")
    world.grade(late, is_right=True)
    line = read_lines(call("export", COURSE, SLUG).stdout)["blaise"]
    assert ("5.021875", "20.0875", "2") == (line["penalty"], line["final"], line["days_late"])
    with world.database.begin() as session:
        ledger.override(
            session,
            late.id,
            points=Decimal(3),
            person_id=world.person_id("grace"),
            remark="agreed",
            now=world.now,
        )
    assert "3" == read_lines(call("export", COURSE, SLUG).stdout)["blaise"]["final"]


def test_the_best_submission_counts_and_one_that_waits_is_told_where_none_does(call, world):
    best, worst, waiting = (world.hand_in(name) for name in ("ada", "ada", "blaise"))
    world.grade(best, is_right=True)
    world.grade(worst)
    told = {
        one["user"]: one
        for one in json.loads(call("export", COURSE, SLUG, "--format", "json").stdout)
    }
    assert (best.id, 25.109375) == (told["ada"]["submission"], told["ada"]["final"])
    assert (waiting.id, "queued", None) == (
        told["blaise"]["submission"],
        told["blaise"]["status"],
        told["blaise"]["final"],
    )


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_name_is_a_formula(call, world, name):
    with world.database.begin() as session:
        person = people.find_person(session, world.person_id("blaise"))
        assert person is not None
        person.name = name
    text = call("export", COURSE, SLUG).stdout
    assert f"'{name}" == read_lines(text)["blaise"]["name"]
    told = json.loads(call("export", COURSE, SLUG, "--format", "json").stdout)
    assert name in [one["name"] for one in told], "JSON is no spreadsheet"


@pytest.mark.usefixtures("world")
def test_what_is_still_hidden_is_in_no_export_for_students(call, tmp_path):
    """Today the due date has passed, so that one kind of hidden checks is open."""
    options = ("export", COURSE, SLUG, "--visible", "--format")
    texts = [call(*options, form).stdout for form in ("csv", "json")]
    call(*options, "results.json", "-o", tmp_path / "out")
    texts += [path.read_text() for path in (tmp_path / "out").iterdir()]
    assert 3 == len(texts)
    for text in texts:
        for word in ("zq-after-published", "zq-never", str(SEED), "25.1", "7.03", "11.01"):
            assert word not in text


def test_before_the_due_date_only_visible_checks_count_in_an_export_for_students(world):
    world.grade(world.hand_in("blaise"), is_right=True)
    with world.database.read() as session:
        offering = offerings.get_offering(session, world.offering.id)
        lines = list_scores(session, offering, Audience())
        results = [text for _, text in list_results(session, offering, Audience())]
    told = {line.user: (line.earned, line.penalty, line.final, line.max_score) for line in lines}
    assert {
        "ada": (Decimal(0), None, None, Decimal(2)),
        "blaise": (Decimal(2), None, None, Decimal(2)),
    } == told
    assert 2 == len(results)
    for text in [*results, write_csv(lines), write_json(lines)]:
        for word in ("zq-after", "zq-never", str(SEED), "25.1", "5.06"):
            assert word not in text


def test_an_export_for_students_does_not_tell_which_submission_hidden_checks_made_the_best(world):
    best = world.hand_in("ada")
    world.grade(best, is_right=True)
    newest = world.hand_in("ada")
    world.grade(newest)
    with world.database.read() as session:
        offering = offerings.get_offering(session, world.offering.id)
        told = {
            audience: next(
                line.submission
                for line in list_scores(session, offering, audience)
                if line.user == "ada"
            )
            for audience in (STAFF, Audience(), Audience(is_published=True))
        }
    assert [best.id, newest.id, best.id] == list(told.values())


def test_published_scores_are_whole_for_students_too(call, world):
    world.grade(world.hand_in("blaise"), is_right=True)
    now = datetime.datetime.now(datetime.UTC)
    with world.database.begin() as session:
        offerings.publish_scores(session, world.offering.id, person_id=None, now=now)
    line = read_lines(call("export", COURSE, SLUG, "--visible").stdout)["blaise"]
    assert (ALL_POINTS, ALL_POINTS) == (line["final"], line["max_score"])


def test_staff_get_everything_in_a_file_a_submission(call, world, tmp_path):
    archive = tmp_path / "results.zip"
    outcome = call("export", COURSE, SLUG, "--format", "results.json", "-o", archive)
    assert "1 submissions written" in outcome.stderr
    assert 0o600 == archive.stat().st_mode & 0o777
    with zipfile.ZipFile(archive) as packed:
        [name] = packed.namelist()
        results = json.loads(packed.read(name))
    assert f"ada-{world.submission.id}.json" == name
    assert (4, SEED) == (len(results["tests"]), results["extra_data"]["seed"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", SLUG), "there is no course 'nowhere'"),
        ((COURSE, "hw9"), "ml-2026 has no assignment 'hw9'; it has hw1, hw2"),
        ((COURSE, SLUG, "--format", "xlsx"), "choose from csv, json, results.json"),
        ((COURSE, SLUG, "--format", "results.json"), "give -o FOLDER"),
        ((COURSE, SLUG, "-o", "/nowhere/scores.csv"), "choose another with -o"),
        ((COURSE, SLUG, "-o", "/"), "choose another with -o"),
        ((COURSE, SLUG, "--format", "results.json", "-o", "/dev/null"), "choose another with -o"),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_mistake_is_one_line(call, refused, arguments, said):
    refused(call("export", *arguments, status=None), said)
