"""A TA sees all of one submission, has it graded again, and sets its score, with a trace."""

from __future__ import annotations

import dataclasses
import json
import re
from decimal import Decimal

import pytest

from grader.intake import Upload, accept_uploads
from grader.report import Diagnosis
from grader.spec import Visibility
from grader.store import audit, ledger, offerings, runs, submissions
from tests.web.forms import find_form, find_forms
from tests.web.marked import SEED, marker
from tests.web.records import fail_run, get_latest_run, get_score
from tests.web.world import judge


def read(world, submission=None, query="", browser=None):
    submission = submission or world.submission
    browser = browser or world.client("grace")
    page = browser.get(f"/submissions/{submission.id}{query}")
    assert 200 == page.status_code
    return page


def test_everything_about_a_submission_is_there(world):
    text = read(world).text
    for visible in Visibility:
        for field in ("message", "note", "diagnosis", "where", "measured", "output"):
            assert marker(visible, field) in text, (visible, field)
    version = world.offering.published_version
    for told in (
        "Ada, submission 1",
        str(SEED),
        version.digest[:12],
        "0.1.0, namespaces",
        f"grader check hw1 solution.py --seed {SEED} --check affine",
        "0.250 s",
        "zq-never-staff-note",
        "Wrong answer",
        "0 of 25.11 points",
        "Score by the checks",
        "first grading",
    ):
        assert told in text, told


def test_the_source_is_there_with_numbered_lines(world):
    text = read(world).text
    assert 'class="highlight' in text
    assert 'href="#f1-2"' in text
    assert "style=" not in text


def test_a_notebook_is_there_cell_by_cell(world):
    cells = [{"cell_type": "code", "source": f"x{n} = {n}"} for n in (1, 2)]
    content = json.dumps({"nbformat": 4, "cells": cells}).encode()
    uploads = [Upload("solution.ipynb", content)]
    with world.database.begin() as session:
        submission, _ = submissions.hand_in(
            session,
            offerings.get_offering(session, world.offering.id),
            world.person_id("blaise"),
            uploads=uploads,
            submitted=accept_uploads(uploads, ["solution.py"]),
            is_attempt=True,
            limits=submissions.QuotaLimits(9, 9),
            now=world.now,
        )
    text = read(world, submission).text
    assert "<h4>cell 1</h4>" in text
    assert 'href="#f1c2-1"' in text


def test_another_run_is_queued_and_what_is_shown_stays(world):
    browser = world.client("grace")
    answer = find_form(read(world, browser=browser), "Grade again").send(browser)
    assert (303, f"/submissions/{world.submission.id}") == (answer.status_code, answer.location)
    with world.database.read() as session:
        _, again = runs.list_runs(session, world.submission.id)
        entry = audit.list_audit(session, "submission", world.submission.id)[-1]
    assert ([again.id], SEED) == (world.sent, again.seed)
    assert ("rerun", world.person_id("grace")) == (entry.action, entry.person_id)
    page = read(world)
    assert "zq-never-message" in page.text
    assert "Waiting" in page.text
    assert not [form for form in find_forms(page) if "Grade again" in form.buttons]
    assert 409 == browser.post(f"/submissions/{world.submission.id}/rerun").status_code
    world.grade(world.submission, is_right=True)
    after = read(world).text
    assert "25.11 of 25.11 points" in after
    assert "graded again" in after


def test_old_runs_stay_readable(world):
    with world.database.begin() as session:
        runs.rerun(session, world.submission.id, person_id=world.person_id("grace"), now=world.now)
    world.grade(world.submission, is_right=True)
    with world.database.read() as session:
        first, _ = runs.list_runs(session, world.submission.id)
    assert f"run={first.id}" in read(world).text
    old = read(world, query=f"?run={first.id}").text
    assert f"These are the results of run {first.id}" in old
    assert "0 of 4 passed" in old
    other = world.hand_in("blaise")
    for foreign in ("999", "x", str(first.id)):
        path = f"/submissions/{other.id}?run={foreign}"
        assert 404 == world.client("grace").get(path).status_code


def test_a_run_that_failed_through_us_says_why_to_staff(world):
    submission = world.hand_in("blaise")
    fail_run(world, get_latest_run(world, submission.id).id, "no <b>jail</b>")
    text = read(world, submission).text
    assert "The grader failed on this run" in text
    assert "no &lt;b&gt;jail&lt;/b&gt;" in text
    assert "Grade again" in text
    assert "jail" not in world.client("blaise").get(f"/submissions/{submission.id}").text


def test_a_score_is_set_by_hand_with_a_reason_that_stays(world):
    browser = world.client("grace")
    form = find_form(read(world, browser=browser), "Set")
    answer = form.send(browser, points="7,25", reason="first line\nsecond <b>line</b>")
    assert 303 == answer.status_code
    with world.database.read() as session:
        entry = audit.list_audit(session, "submission", world.submission.id)[-1]
    score = get_score(world, world.submission.id)
    assert (Decimal("7.25"), True) == (score.final, score.is_overridden)
    assert ("score_set", world.person_id("grace")) == (entry.action, entry.person_id)
    text = read(world).text
    for told in ("7.25 of 25.11 points</span>, set by hand", "Final score set by hand", "Grace"):
        assert told in text, told
    assert "second &lt;b&gt;line&lt;/b&gt;" in text


@pytest.mark.parametrize(
    ("points", "reason", "field"),
    [
        ("", "x", "points"),
        ("many", "x", "points"),
        ("NaN", "x", "points"),
        ("Infinity", "x", "points"),
        ("-1", "x", "points"),
        ("1e400", "x", "points"),
        ("51", "x", "points"),
        ("0.12345678", "x", "points"),
        ("5", " ", "reason"),
        ("5", "x" * 2001, "reason"),
    ],
)
def test_a_score_that_cannot_be_is_told_at_its_field(world, points, reason, field):
    browser = world.client("grace")
    form = find_form(read(world, browser=browser), "Set")
    answer = form.send(browser, points=points, reason=reason)
    assert 422 == answer.status_code
    assert f'id="error-{field}"' in answer.text
    kept = find_form(answer, "Set").fields
    assert (points, reason.strip()) == (kept["points"], kept["reason"])
    assert not get_score(world, world.submission.id).is_overridden


def test_the_submissions_beside_it_are_those_of_the_list(world):
    blaise = [world.hand_in("blaise") for _ in range(2)]
    ada = world.hand_in("ada")
    page = read(world, blaise[1]).text
    assert re.search(rf'rel="prev" href="/submissions/{ada.id}"', page)
    assert "2 of 4" in page
    filtered = read(world, blaise[1], "?person=blaise").text
    assert 'rel="prev"' not in filtered
    assert re.search(rf'rel="next" href="/submissions/{blaise[0].id}\?person=blaise"', filtered)
    assert "1 of 2 of this kind" in filtered
    gone = read(world, ada, "?person=blaise").text
    assert 'rel="next"' not in gone


def test_a_rerun_leads_back_into_the_same_list(world):
    browser = world.client("grace")
    page = read(world, query="?person=ada", browser=browser)
    answer = find_form(page, "Grade again").send(browser)
    assert f"/submissions/{world.submission.id}?person=ada" == answer.location


HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202e"


def test_nothing_that_a_student_wrote_is_markup(world):
    code = f"x = {HOSTILE!r}\n# {HOSTILE}\n"
    uploads = [Upload(f"{HOSTILE}.py", code.encode())]
    with world.database.begin() as session:
        submission, run = submissions.hand_in(
            session,
            offerings.get_offering(session, world.offering.id),
            world.person_id("blaise"),
            uploads=uploads,
            submitted=accept_uploads(uploads, ["solution.py"]),
            is_attempt=True,
            limits=submissions.QuotaLimits(9, 9),
            now=world.now,
        )
        token = world.claim(session, run.id, world.now)
        report = judge(world.assignment)
        judgement = dataclasses.replace(
            report.results[0].judgement,
            message=HOSTILE,
            notes=(HOSTILE,),
            diagnosis=(Diagnosis("sign_flipped", HOSTILE, HOSTILE),),
            measured={HOSTILE: HOSTILE},
            expected_shape={HOSTILE: (1,)},
        )
        result = dataclasses.replace(report.results[0], judgement=judgement, output=HOSTILE)
        report = dataclasses.replace(
            report,
            results=(result, *report.results[1:]),
            environment={HOSTILE: HOSTILE},
            notes=(HOSTILE,),
            staff_notes=(HOSTILE,),
        )
        assert runs.finish(session, run.id, token, report, now=world.now)
    for page in (read(world, submission), world.client("grace").get("/courses/ml-2026/hw1/review")):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert not re.search("[\x1b\u202e]", page.text)
    assert read(world, submission).text.count("&lt;script&gt;") >= 10


def test_the_results_are_there_for_other_programs(world):
    path = f"/submissions/{world.submission.id}/results.json"
    assert f'href="{path}"' in read(world).text
    answer = world.client("grace").get(path)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert (0, 4) == (answer.json["score"], len(answer.json["tests"]))
    waiting = world.hand_in("blaise")
    assert 404 == world.client("grace").get(f"/submissions/{waiting.id}/results.json").status_code


def test_an_observer_reads_and_changes_nothing(world):
    page = read(world, browser=world.client("emmy"))
    assert "zq-never-message" in page.text
    assert not {"Grade again", "Set"} & {b for form in find_forms(page) for b in form.buttons}
    browser = world.client("emmy")
    for part in ("rerun", "override"):
        path = f"/submissions/{world.submission.id}/{part}"
        assert 403 == browser.post(path, {"points": "1", "reason": "x"}).status_code


def test_nobody_else_grades_again_or_sets_scores(world):
    for who, status in (("ada", 403), ("blaise", 404), ("sophie", 404)):
        for part in ("rerun", "override"):
            path = f"/submissions/{world.submission.id}/{part}"
            answer = world.client(who).post(path, {"points": "1", "reason": "x"})
            assert status == answer.status_code, (who, part)
    with world.database.read() as session:
        assert 1 == len(runs.list_runs(session, world.submission.id))
        assert 1 == len(ledger.history(session, world.submission.id))
