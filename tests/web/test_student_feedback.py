"""Feedback: named mistakes first; of what is hidden nothing, not even through a total."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from grader.report import VERDICT_SENTENCES, Diagnosis, Judgement, Report, RubricMark, Verdict
from grader.spec import Visibility, load_assignment, read_policy
from grader.store import ledger, offerings, runs, submissions
from grader.store.tables import Submission
from grader.web.filters import VERDICT_WORDS
from tests.web.marked import marker
from tests.web.reading import PAGE, extend, set_policy, text_of
from tests.web.world import DUE, World, judge, write_assignment

ALL = {"always", "after_due", "after_published", "never"}


def finish(world: World, submission: Submission, report: Report) -> None:
    with world.database.begin() as session:
        found = submissions.find_submission(session, submission.id)
        assert found is not None
        token = world.claim(session, found.runs[-1].id, world.now)
        assert runs.finish(session, found.runs[-1].id, token, report, now=world.now)


def fail(world: World, submission: Submission) -> None:
    """Let a run fail through us, as often as it takes."""
    with world.database.begin() as session:
        found = submissions.find_submission(session, submission.id)
        assert found is not None
        for _ in range(3):
            token = world.claim(session, found.runs[-1].id, world.now)
            runs.give_back(session, found.runs[-1].id, token, "no bubblewrap", now=world.now)


def judged(world: World, change: Callable[[Any], Any], *, only: Visibility | None = None) -> Report:
    """Return a right report, with some of its results changed."""
    report = judge(world.assignment, is_right=True)
    results = [
        change(result) if only is None or result.visible is only else result
        for result in report.results
    ]
    return dataclasses.replace(report, results=tuple(results))


def verdict(verdict: Verdict, **fields: Any) -> Callable[[Any], Any]:
    return lambda result: dataclasses.replace(
        result, judgement=Judgement(verdict, **fields), output=result.output
    )


def pages_of(world: World, name: str, submission: Submission) -> str:
    """Everything that a student can read of one submission, and of its assignment."""
    browser = world.client(name)
    paths = ["/", "/courses/ml-2026", PAGE]
    paths += [f"/submissions/{submission.id}{part}" for part in ("", "/status", "/events")]
    return "\n".join(browser.get(path).get_data(as_text=True) for path in paths)


def publish_scores(world: World) -> None:
    with world.database.begin() as session:
        offerings.publish_scores(
            session, world.offering.id, person_id=world.person_id("david"), now=world.now
        )


def wait_until_due(world: World) -> None:
    world.now = DUE + datetime.timedelta(days=3)


@pytest.mark.parametrize(
    ("arrange", "opened"),
    [
        ([], {"always"}),
        ([wait_until_due], {"always", "after_due"}),
        ([publish_scores], {"always", "after_published"}),
        ([wait_until_due, publish_scores], {"always", "after_due", "after_published"}),
    ],
)
def test_a_student_reads_of_checks_what_is_open_and_nothing_else(world: World, arrange, opened):
    for step in arrange:
        step(world)
    shown = pages_of(world, "ada", world.submission)
    for visible in Visibility:
        is_there = marker(visible, "output") in shown
        assert (visible.value in opened) == is_there, visible
    for visible in ALL - opened:
        assert f"zq-{visible.replace('_', '-')}" not in shown
    for field in ("staff-note", "solution", "leader"):
        assert f"zq-never-{field}" not in shown
    assert "7771777177" not in shown, "the seed"


def stripped(page: str) -> str:
    """A page without what differs between any two of them: ids, tokens, names."""
    page = re.sub(r'name="csrf_token" value="[^"]*"|nonce="[^"]*"', "", page)
    return re.sub(r"/submissions/\d+|Ada|Blaise", "", page)


@pytest.mark.parametrize("arrange", [[], [wait_until_due]])
def test_whether_hidden_checks_passed_changes_no_byte_that_a_student_gets(world: World, arrange):
    lucky, unlucky = world.hand_in("blaise"), world.hand_in("ada", "def affine(x):\n    pass\n")
    finish(world, lucky, judged(world, lambda result: result))
    for visible in (Visibility.AFTER_PUBLISHED, Visibility.NEVER):
        report = judged(world, verdict(Verdict.WRONG_ANSWER), only=visible)
    finish(world, unlucky, report)
    for step in arrange:
        step(world)
    both = []
    for name, submission in (("blaise", lucky), ("ada", unlucky)):
        page = world.client(name).get(f"/submissions/{submission.id}").get_data(as_text=True)
        receipt = page.index('aria-labelledby="receipt-title"')
        both.append(stripped(page[:receipt]).replace("Submission 2", "Submission 1"))
    assert both[0] == both[1]


def test_which_submission_is_best_is_not_told_while_it_would_betray_hidden_checks(world: World):
    right = world.hand_in("ada")
    world.grade(right, is_right=True)
    shown = text_of(world.client("ada").get(PAGE))
    assert "Counts" not in shown
    assert "1 of 1 visible passed, 3 hidden hidden" in shown
    wait_until_due(world)
    publish_scores(world)
    assert "submission 2 ✓ Counts" in text_of(world.client("ada").get(PAGE))


def test_hidden_checks_of_work_that_is_too_old_for_the_list_are_not_betrayed(
    world: World, tmp_path, monkeypatch
):
    monkeypatch.setattr("grader.web.student.assignments.SHOWN_SUBMISSIONS", 1)
    folder = write_assignment(tmp_path / "open" / "hw1")
    text = (folder / "assignment.toml").read_text()
    (folder / "assignment.toml").write_text(re.sub("visible = .*", 'visible = "always"', text))
    world.publish(folder, world.now)
    open_work = world.hand_in("ada")
    finish(world, open_work, judge(load_assignment(folder), is_right=True))
    assert "Counts" not in text_of(world.client("ada").get(PAGE))
    publish_scores(world)
    assert "submission 2 ✓ Counts" in text_of(world.client("ada").get(PAGE))


def test_which_submission_is_last_betrays_nothing_and_is_told(world: World):
    set_policy(world, counts="last")
    world.hand_in("ada")
    assert "submission 2 ✓ Counts" in text_of(world.client("ada").get(PAGE))


def test_all_passed_is_never_said_while_some_are_hidden(world: World):
    submission = world.hand_in("blaise")
    world.grade(submission, is_right=True)
    shown = text_of(world.client("blaise").get(f"/submissions/{submission.id}"))
    assert "1 of 1 visible checks passed" in shown
    assert "1 hidden until Fri 16 Oct 2026, 22:00 UTC." in shown
    assert "1 hidden until the scores are published." in shown
    assert "1 stays hidden." in shown
    assert "2 of 2 points on what is visible" in shown
    assert "all passed" not in shown.lower()


def test_an_extension_of_somebody_else_moves_the_day_on_which_all_is_opened(world: World):
    extend(world, "blaise", DUE + datetime.timedelta(days=4))
    shown = text_of(world.client("ada").get(f"/submissions/{world.submission.id}"))
    assert "1 hidden until Tue 20 Oct 2026, 22:00 UTC." in shown


def test_the_score_is_told_once_it_is_published_with_what_lateness_took(world: World):
    world.now = DUE + datetime.timedelta(hours=1)
    submission = world.hand_in("blaise")
    world.grade(submission, is_right=True)
    page = f"/submissions/{submission.id}"
    assert "25.11" not in text_of(world.client("blaise").get(page))
    publish_scores(world)
    shown = text_of(world.client("blaise").get(page))
    assert (
        "22.6 of 25.11 points: 25.11 points earned, 2.51 points taken off for being late" in shown
    )


def test_a_score_that_staff_set_is_told_as_such(world: World):
    with world.database.begin() as session:
        ledger.override(
            session,
            world.submission.id,
            points=Decimal(9),
            person_id=world.person_id("grace"),
            remark="zq-remark-for-staff",
            now=world.now,
        )
    page = f"/submissions/{world.submission.id}"
    assert "set by staff" not in text_of(world.client("ada").get(page))
    publish_scores(world)
    shown = text_of(world.client("ada").get(page))
    assert "9 of 25.11 points, set by staff" in shown
    assert "zq-remark-for-staff" not in shown


def test_a_failed_check_says_the_mistake_its_place_and_how_to_see_it_again(world: World):
    submission = world.hand_in("blaise")
    report = judged(
        world,
        verdict(
            Verdict.WRONG_SHAPE,
            message="out has shape (3,).",
            notes=("float32",),
            diagnosis=(Diagnosis("missing_batch_mean", "You forgot the mean."),),
            expected_shape={"out": (3, 2), "b": (4,)},
        ),
        only=Visibility.ALWAYS,
    )
    finish(world, submission, report)
    page = world.client("blaise").get(f"/submissions/{submission.id}")
    shown = text_of(page)
    for told in (
        "affine returns x ✗ Wrong shape 0 of 2 points You forgot the mean. out has shape (3,).",
        "Expected shapes: out (3, 2), b (4,)",
        "Note: float32",
        "grader check hw1 solution.py --check affine",
        f"What your code printed here {marker(Visibility.ALWAYS, 'output')}",
    ):
        assert told in shown
    assert "--seed" not in shown
    assert "<details>\n    <summary>What your code printed" in page.get_data(as_text=True)


def test_what_a_program_printed_is_shown_as_text_and_nothing_in_it_acts(world: World):
    attack = "<script>alert(1)</script>\x1b[2J\u202ekcatta"
    submission = world.hand_in("blaise")
    report = judged(
        world,
        lambda result: dataclasses.replace(
            result,
            output=attack,
            judgement=Judgement(Verdict.EXCEPTION, message=attack, notes=(attack,)),
        ),
    )
    finish(world, submission, report)
    page = world.client("blaise").get(f"/submissions/{submission.id}").get_data(as_text=True)
    assert 3 == page.count("&lt;script&gt;alert(1)&lt;/script&gt;")
    assert "<script>alert" not in page
    assert not {"\x1b", "\u202e"} & set(page)


# A report with an internal error is a failed run: nobody is shown its checks.
@pytest.mark.parametrize("each", sorted(set(Verdict) - {Verdict.INTERNAL_ERROR}))
def test_every_verdict_has_its_words_a_symbol_and_a_sentence(world: World, each: Verdict):
    submission = world.hand_in("blaise")
    finish(world, submission, judged(world, verdict(each), only=Visibility.ALWAYS))
    shown = text_of(world.client("blaise").get(f"/submissions/{submission.id}"))
    found = re.search(r"affine returns x (\S) ([A-Z][a-z]+(?: [a-z]+)?) \d", shown)
    assert found is not None
    assert not found[1].isalnum()
    assert VERDICT_WORDS[each] == found[2]
    assert each is Verdict.PASSED or VERDICT_SENTENCES[each] in shown


def test_a_skipped_check_leads_to_the_one_that_it_builds_on(world: World):
    submission = world.hand_in("blaise")
    report = judged(
        world,
        lambda result: dataclasses.replace(
            result,
            judgement=Judgement(Verdict.SKIPPED, "Skipped: it builds on affine."),
            blocked_by=("affine", marker(Visibility.NEVER, "id")),
        ),
        only=Visibility.ALWAYS,
    )
    finish(world, submission, report)
    page = world.client("blaise").get(f"/submissions/{submission.id}").get_data(as_text=True)
    assert '<a href="#check-affine">affine</a>' in page
    assert "zq-never" not in page


def test_a_failure_of_ours_costs_nothing_and_says_so(world: World):
    set_policy(world, attempts={"per_day": 2})
    submission = world.hand_in("blaise")
    blaise = world.client("blaise")
    assert "1 of 2 attempts left" in text_of(blaise.get(PAGE))
    fail(world, submission)
    shown = text_of(blaise.get(f"/submissions/{submission.id}"))
    assert "! Grader failed" in shown
    assert "This costs you nothing: no attempt, and no points. Staff have been told." in shown
    assert "no bubblewrap" not in shown
    assert "2 of 2 attempts left" in text_of(blaise.get(PAGE))
    assert "Affine layers: 1 on which the grader failed" in text_of(world.client("grace").get("/"))


def test_marks_of_people_are_shown_when_scores_are_published(world: World):
    submission = world.hand_in("blaise")
    rubric = (
        RubricMark("clarity", "Readable code", Decimal(2), Decimal(1)),
        RubricMark("report", "Report", Decimal(3)),
    )
    finish(world, submission, dataclasses.replace(judge(world.assignment), rubric=rubric))
    page = f"/submissions/{submission.id}"
    shown = text_of(world.client("blaise").get(page))
    assert "Readable code not yet graded Report not yet graded" in shown
    publish_scores(world)
    shown = text_of(world.client("blaise").get(page))
    assert "Readable code 1 of 2 points Report not yet graded" in shown


def test_a_rerun_keeps_what_a_student_sees_until_it_is_graded(world: World):
    before = text_of(world.client("ada").get(f"/submissions/{world.submission.id}"))
    with world.database.begin() as session:
        runs.rerun(session, world.submission.id, person_id=world.person_id("grace"), now=world.now)
    assert before == text_of(world.client("ada").get(f"/submissions/{world.submission.id}"))


def test_staff_get_the_page_of_review_at_the_same_address(world: World):
    shown = text_of(world.client("grace").get(f"/submissions/{world.submission.id}"))
    assert marker(Visibility.NEVER, "diagnosis") in shown
    assert "Receipt" not in shown


def test_without_hidden_checks_the_points_are_told_at_once(world: World):
    folder = world.folder / "open"
    folder.mkdir()
    (folder / "assignment.toml").write_text(
        'title = "Open"\n\n[[checks]]\nid = "a"\nkind = "output"\nrun = "out = f(1)"\n'
        'compare = ["out"]\npoints = 4\n'
    )
    (folder / "solution.py").write_text("def f(x):\n    return x\n")
    world.offering = world.publish(folder, world.now)
    with world.database.begin() as session:
        offerings.set_policy(
            session, world.offering.id, read_policy({}), person_id=None, now=world.now
        )
    from grader.spec import load_assignment

    world.assignment = load_assignment(folder)
    submission = world.hand_in("blaise")
    world.grade(submission, is_right=True)
    shown = text_of(world.client("blaise").get(f"/submissions/{submission.id}"))
    assert "1 of 1 checks passed" in shown
    assert "4 of 4 points" in shown
    assert "visible" not in shown
