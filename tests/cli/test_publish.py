"""`grader assignment publish`: what does not hold is not published, what does is at once."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from grader.report import RunStatus
from grader.settings import load_settings
from grader.store import Database, courses, offerings

POLICY = "\n[policy]\ndue_at = 2026-12-01T23:59:00+01:00\n"


@pytest.fixture
def publish(call, tier_or_reason, require):
    """A function that publishes in a course."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    call("course", "add", "ml-2026", "--timezone", "Europe/Berlin")
    return lambda folder, **options: call(
        "assignment", "publish", folder, "--course", "ml-2026", **options
    )


def published():
    """Return the published assignments, and the last validation of each."""
    database = Database.from_settings(load_settings())
    with database.read() as session:
        course = courses.find_course(session, "ml-2026")
        assert course is not None
        found = offerings.list_offerings(session, course.id, published_only=True)
        runs = [offerings.latest_validation(session, one.id) for one in found]
    database.dispose()
    return list(zip(found, runs, strict=True))


def offered():
    """Return the zip that students of the one published assignment get."""
    [(offering, _)] = published()
    database = Database.from_settings(load_settings())
    with database.read() as session:
        handout = offerings.load_handout(session, offering)
    database.dispose()
    return handout


def test_an_assignment_that_holds_is_published_with_its_dates_and_its_findings(publish, small):
    with (small / "assignment.toml").open("a") as file:
        file.write(POLICY)
    shown = publish(small).stdout
    assert "small is published in ml-2026: Tue 1 Dec 2026, 23:59 CET.\n" == shown
    [(offering, run)] = published()
    assert "2026-12-01T22:59:00+00:00" == offering.due_at.isoformat()
    assert (RunStatus.GRADED, True) == (run.status, run.outcome["holds"])
    assert "solution" == run.outcome["findings"][0]["name"]
    handout = offered()
    assert handout is not None
    with zipfile.ZipFile(io.BytesIO(handout)) as packed:
        assert {"small/check.py", "small/checker/values.bin"} < set(packed.namelist())


def test_publishing_again_takes_the_place_of_what_was_there(publish, small):
    publish(small)
    text = (small / "assignment.toml").read_text()
    (small / "assignment.toml").write_text(text.replace("points = 2", "points = 5"))
    publish(small)
    [(offering, _)] = published()
    assert 6 == offering.published_version.max_score


def test_what_does_not_hold_is_shown_and_stays_unpublished(publish, small):
    (small / "starter.py").write_text((small / "solution.py").read_text())
    shown = publish(small, status=1).stdout
    assert "without any work" in shown
    assert "small does not hold what it claims and is not published." in shown
    assert [] == published()


def test_a_broken_solution_stays_unpublished(publish, small):
    (small / "solution.py").write_text("def double(x):\n    raise ValueError\n")
    assert "solution.py" in publish(small, status=1).stdout
    assert [] == published()


def test_dates_of_another_time_zone_are_one_line(publish, small, refused):
    with (small / "assignment.toml").open("a") as file:
        file.write(POLICY.replace("+01:00", "-05:00"))
    refused(publish(small, status=None), "due_at", "Europe/Berlin")


def test_a_course_that_is_not_there_is_one_line(call, small, refused):
    outcome = call("assignment", "publish", small, "--course", "nowhere", status=None)
    refused(outcome, "there is no course 'nowhere'")
    assert [] == json.loads(call("course", "list", "--json").stdout)
