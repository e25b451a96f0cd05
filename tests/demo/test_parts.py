"""What the demo computes, reads and writes, without its processes."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from grader.assignment_packs import course_pack
from grader.demo.browser import read_forms
from grader.demo.display import PlainLines
from grader.demo.progress import Row
from grader.demo.scenario import SHOWN, SLUG, STUDENTS, Work, plan_work
from grader.errors import SpecError
from grader.report import RunStatus

FOLDER = course_pack() / SLUG
WORK = Work("ada", "solution.py", b"", Decimal(24))


def test_expected_scores_follow_from_the_checks_that_a_file_says_it_fails():
    points = {work.name: work.expected for work in plan_work(FOLDER)}
    assert {
        "solution.py": 24, "loops.py": 24, "float32.py": 24, "untouched_starter.py": 0,
        "sign_flipped.py": 14, "softmax_unstable.py": 23,
        "never_ends.py": 22, "hunts_for_answers.py": 0,
    } == points  # fmt: skip


def test_everybody_hands_in_and_what_never_ends_goes_first():
    works = plan_work(FOLDER)
    assert set(STUDENTS) == {work.student for work in works}
    assert "never_ends.py" == works[0].name
    assert SHOWN in [work.name for work in works]
    leonhard = [work.expected for work in works if work.student == "leonhard"]
    assert [Decimal(14), Decimal(24)] == leonhard


def test_no_file_tells_the_site_what_it_fails():
    for work in plan_work(FOLDER):
        assert b"# fails" not in work.content
        compile(work.content, work.name, "exec")


def test_a_missing_submission_is_named(tmp_path):
    for name in ("assignment.toml", "solution.py", "README.md", "starter.py"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    with pytest.raises(SpecError, match=r"loops\.py: is missing"):
        plan_work(tmp_path)


def test_a_form_is_read_as_a_browser_reads_it():
    page = """
    <form method="get" action="/search"><input name="words"></form>
    <form method="post" action="/in?a=1&amp;b=2">
      <input type="hidden" name="csrf_token" value="&quot;x&quot;">
      <input type="file" name="file" multiple required>
      <input name="note"><button>Send</button>
    </form>
    <input name="outside">"""
    [form] = read_forms(page)
    assert "/in?a=1&b=2" == form.action
    assert {"csrf_token": '"x"', "file": "", "note": ""} == form.values
    assert {"csrf_token": "hidden", "file": "file", "note": "text"} == form.kinds


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (Row(WORK), ""),
        (Row(WORK, RunStatus.QUEUED, 1), "queued, next"),
        (Row(WORK, RunStatus.QUEUED, 12), "queued, 12th"),
        (Row(WORK, RunStatus.RUNNING), "running"),
        (Row(WORK, RunStatus.FAILED, remark="no disk"), "failed"),
        (
            Row(WORK, RunStatus.GRADED, score=Decimal("24.00"), max_score=Decimal(24)),
            "graded 24 of 24 as expected",
        ),
        (
            Row(WORK, RunStatus.GRADED, score=Decimal("3.50"), max_score=Decimal(24)),
            "graded 3.5 of 24 expected 24",
        ),
    ],
)
def test_a_row_fits_80_columns_and_says_how_far_it_is(row, told):
    assert len(row.line) <= 80
    assert f"ada solution.py {told}".strip() == re.sub(" +", " ", row.line)


def test_lines_are_written_only_for_what_has_changed(capsys):
    lines = PlainLines()
    queued = Row(WORK, RunStatus.QUEUED, 2)
    other = Row(Work("carl", "other.py", b"", Decimal(1)))
    for rows in ((Row(WORK), other), (queued, other), (queued, other)):
        lines.show(rows)
    lines.show((Row(WORK, RunStatus.RUNNING), other))
    said = [line[10:] for line in capsys.readouterr().out.splitlines()]
    assert ["ada       solution.py             queued, 2nd",
            "ada       solution.py             running"] == said  # fmt: skip


def test_control_characters_of_a_student_are_not_written(capsys):
    PlainLines().show([Row(WORK, RunStatus.FAILED, remark="\x1b[2J\u202e")])
    assert "\x1b" not in (said := capsys.readouterr().out)
    assert "\u202e" not in said
