"""What the folder of every assignment of the course says of itself, read without grading it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from grader.assignment_packs import course_pack
from grader.authoring.starter import cut_starter
from grader.spec import list_assignments, list_submissions, load_assignment

FOLDERS = list_assignments([course_pack()])
WRONG = [
    pytest.param(folder, known, id=f"{folder.name}-{known.name}")
    for folder in FOLDERS
    for known in list_submissions(folder)
    if not known.is_right
]


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request):
    """The folder of each assignment in turn."""
    return request.param


def checks_of(folder):
    return load_assignment(folder).spec.checks


def read(folder, name):
    return (folder / name).read_text(encoding="utf-8")


def test_the_handout_lists_every_check_with_its_points_in_order(folder):
    listed = re.findall(r"^\| `([\w-]+)` \| (\d+) \|", read(folder, "README.md"), re.MULTILINE)
    assert [(check.id, str(check.points)) for check in checks_of(folder)] == listed


def test_the_handout_says_which_checks_are_hidden(folder):
    marked = re.findall(r"^\| `([\w-]+)` .*hidden", read(folder, "README.md"), re.MULTILINE)
    assert [check.id for check in checks_of(folder) if check.visible != "always"] == marked


def test_the_handouts_lines_fit_a_terminal(folder):
    lines = read(folder, "README.md").splitlines()
    assert [] == [line for line in lines if len(line) > 100]


def test_every_picture_that_the_handout_shows_is_in_the_folder(folder):
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", read(folder, "README.md"))
    drawn = [f"figures/{path.name}" for path in folder.glob("figures/*")]
    assert sorted(drawn) == sorted(shown)


def test_every_picture_is_what_its_script_draws(folder):
    written = {path.name: path.read_text("utf-8") for path in folder.glob("figures/*")}
    drawn = {}
    if written:
        module = importlib.import_module(f"docs.figures.{folder.name.replace('-', '_')}")
        drawn = module.draw_figures()
    assert drawn == written


def test_the_starter_is_the_solution_with_every_marked_block_cut_out(folder):
    starter = read(folder, "starter.py")
    assert cut_starter(read(folder, "solution.py")) == starter
    assert "SOLUTION" not in starter


def test_the_starter_can_be_imported_while_nothing_is_filled_in(folder):
    assert [] == [line for line in read(folder, "starter.py").splitlines() if line[:5] == "raise"]


def test_the_untouched_starter_is_among_the_wrong_submissions(folder):
    untouched = read(folder, "submissions/untouched_starter.py")
    assert untouched.endswith(read(folder, "starter.py"))


def test_the_untouched_starter_may_score_nothing(folder):
    assert 0 == load_assignment(folder).spec.starter_max


@pytest.mark.parametrize(("folder", "known"), WRONG)
def test_a_wrong_submission_names_checks_that_exist(folder, known):
    ids = {check.id for check in checks_of(folder)}
    assert known.expectations.fails
    assert set() == set(known.expectations.fails) - ids


@pytest.mark.parametrize(("folder", "known"), WRONG)
def test_a_wrong_submission_names_the_checks_that_build_on_what_it_fails(folder, known):
    fails = set(known.expectations.fails)
    blocked = {check.id for check in checks_of(folder) if fails & set(check.needs)}
    assert set() == blocked - fails


def test_every_check_is_failed_by_a_submission_that_passes_half_of_them(folder):
    ids = {check.id for check in checks_of(folder)}
    wrong = [set(known.expectations.fails) for known in list_submissions(folder)]
    plausible = [fails for fails in wrong if len(fails) <= len(ids) / 2]
    assert ids == set().union(*plausible)


def test_the_commonest_non_answers_are_known_with_what_they_are_told(folder):
    told = {known.name: set(known.expectations.diagnosis) for known in list_submissions(folder)}
    assert "not_implemented" in told["untouched_starter"]
    assert any({"printed_not_returned"} <= codes for codes in told.values())
    # the values of gradcheck are judged by a property, whose message tells the order
    swapped = any("returns_swapped" in codes for codes in told.values())
    assert swapped or "wrong_return_order" in told


def test_there_are_twelve_wrong_submissions_and_two_right_ones_at_least(folder):
    known = list_submissions(folder)
    right = [one for one in known if one.is_right]
    assert len(known) - len(right) >= 12
    assert len(right) >= 2


def test_no_submission_of_one_assignment_is_a_copy_of_another(folder):
    texts = [known.path.read_text(encoding="utf-8") for known in list_submissions(folder)]
    programs = [re.sub(r"^#.*\n", "", text, flags=re.MULTILINE) for text in texts]
    assert len(programs) == len(set(programs))


def test_the_course_pack_lies_in_the_folder_assignments():
    assert Path(__file__).parents[2] / "assignments" == course_pack()
    assert FOLDERS
