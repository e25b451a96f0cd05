"""A handout judges as the server does, without the solution, and holds nothing of it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.authoring.handout.making import make_handout
from grader.expected import expected_values
from grader.spec import load_assignment
from tests.authoring.handout_folder import MARKS, NUMBER_MARKS, SOLUTION, write_folder

VISIBLE_HERE = ("product", "loss", "gradient", "drawn", "rules")


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return load_assignment(write_folder(tmp_path_factory.mktemp("author") / "every-kind"))


@pytest.fixture(scope="module")
def make(assignment, authors_slot):
    """Makes the handout."""

    def make(**options):
        with expected_values(assignment, authors_slot, None) as expected:
            return make_handout(assignment, authors_slot, expected, **options)

    return make


@pytest.fixture(scope="module")
def handout(make):
    return make()


@pytest.fixture(scope="module")
def home(handout, tmp_path_factory):
    """Where a student has unpacked it."""
    folder = tmp_path_factory.mktemp("a student's home")
    with zipfile.ZipFile(io.BytesIO(handout.content)) as packed:
        packed.extractall(folder)
    return folder / "every-kind"


@pytest.fixture
def check(home, tmp_path):
    """Writes a file, runs `check.py` on it from another folder; returns status and what it says."""

    def check(source, *options, name="work.py", **given):
        (tmp_path / name).write_text(source)
        command = [sys.executable, "-W", "error", home / "check.py", tmp_path / name, *options]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
            timeout=120, **given,
        )  # fmt: skip
        return ended.returncode, ended.stdout + ended.stderr

    return check


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def verdicts(printed):
    """Return the verdict of each check, by its id."""
    rows = [line.split() for line in printed.partition("\n\n")[0].splitlines()]
    return {row[1]: row[0] for row in rows if row[1] in VISIBLE_HERE}


def names_in(source):
    return re.findall(r"^def (\w+)", source, re.MULTILINE)


def test_what_is_judged_at_home_is_visible_and_needs_no_solution(handout):
    assert VISIBLE_HERE == handout.checks
    assert ["best", "quick"] == [one.id for one in handout.later]
    assert 2 == handout.n_hidden


def test_no_byte_of_it_tells_of_the_solution_or_of_what_is_hidden(handout, make):
    for content in (handout.content, make(is_notebook=True).content):
        everything = b"\n".join([name.encode() + b"\n" + b for name, b in members(content).items()])
        assert [] == [mark for mark in MARKS if mark.encode() in everything]
        assert [] == [mark for mark in NUMBER_MARKS if mark in everything]


def test_the_marks_are_in_the_folder(assignment):
    files = [path for path in assignment.folder.rglob("*") if path.is_file()]
    everything = "\n".join(path.read_text() for path in files)
    assert [] == [mark for mark in MARKS if mark not in everything]


def test_it_holds_what_a_student_works_with_and_the_check(handout):
    names = {name.removeprefix("every-kind/") for name in members(handout.content)}
    theirs = {name for name in names if not name.startswith("checker/")}
    assert {"README.md", "images/shape.svg", "work.py", "given.py", "numbers.txt", "check.py"} == (
        theirs
    )
    reference = {name for name in names if name.startswith("checker/reference/")}
    assert {"checker/reference/__init__.py", "checker/reference/numdiff.py"} == reference
    assert {"checker/grader/spec/__init__.py"} == {n for n in names if "/spec/" in n}


def test_the_same_folder_gives_the_same_bytes(handout, make):
    assert handout.content == make().content


def test_the_check_needs_numpy_and_the_standard_library_only(home):
    code = (
        "import sys; before = set(sys.modules); sys.path.insert(0, 'checker')\n"
        "import grader.authoring.handout.offline.main, grader.sandbox.guest.worker\n"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=home, capture_output=True, text=True, check=True
    )
    foreign = set(ended.stdout.split()) - sys.stdlib_module_names
    assert {"grader", "numpy", "reference"} == {
        name for name in foreign if not name.startswith(("_", "cython"))
    }


def test_the_solution_passes_all_and_is_told_what_is_judged_later(check):
    status, printed = check(SOLUTION)
    assert dict.fromkeys(VISIBLE_HERE, "passed") == verdicts(printed)
    assert "5 of 5 visible checks pass; 4 more are judged after you hand in." in printed
    assert "later: best: it is judged when you hand in" in printed
    assert 0 == status


def test_an_accepted_way_passes(check):
    status, printed = check(SOLUTION.replace("0.5 * reg", "reg"))
    assert "accepted: without the half" in printed
    assert 0 == status


def test_a_picture_beside_the_feedback_is_left_to_the_server(handout, assignment):
    written = json.loads(members(handout.content)["every-kind/checker/assignment.json"])
    assert {"loss"} == {one.id for one in assignment.spec.checks if one.trace}
    assert [] == [one["id"] for one in written["checks"] if {"trace", "boundary"} & set(one)]


def test_the_starter_is_not_implemented(check, home):
    status, printed = check((home / "work.py").read_text())
    expected = {**dict.fromkeys(VISIBLE_HERE, "not_implemented"), "rules": "passed"}
    assert {**expected, "gradient": "skipped"} == verdicts(printed)
    assert "1 of 5 visible checks pass" in printed
    assert 1 == status


def test_a_wrong_gradient_is_found_and_named(check):
    status, printed = check(SOLUTION.replace("X.T @ g", "-X.T @ g"))
    assert "wrong_answer" == verdicts(printed)["gradient"]
    assert "Your dW has the wrong sign." in printed
    assert "its own product: a mistake there alone costs nothing here." in printed
    assert 1 == status


def test_a_mistake_in_the_last_case_alone_is_found(check):
    wrong = "X.T @ g if len(X) != X.shape[1] else g.T @ X"
    status, printed = check(SOLUTION.replace("X.T @ g", wrong))
    assert ("wrong_answer", 1) == (verdicts(printed)["gradient"], status)


def test_single_precision_passes_as_on_the_server(check):
    single = SOLUTION.replace("return X @ W\n    # END", "return (X @ W).astype(np.float32)\n    #")
    status, printed = check(single)
    assert ("passed", 0) == (verdicts(printed)["product"], status)
    assert "note: float32" in printed


def test_a_wrong_property_is_told_in_the_authors_words(check):
    status, printed = check(SOLUTION.replace("size=n", "size=n + 1"))
    assert "wrong_answer" == verdicts(printed)["drawn"]
    assert "draw 50 numbers" in printed
    assert 1 == status


def test_a_forbidden_name_is_found_and_the_file_it_stands_in_not_run_for_it(check):
    status, printed = check(SOLUTION.replace("X @ W\n", 'np.einsum("ij,jk", X, W)\n'))
    assert ("forbidden", 1) == (verdicts(printed)["rules"], status)


def test_a_rule_that_misses_a_name_is_left_to_the_server(handout):
    assert handout.later[0].reason.startswith("it is judged when you hand in")


def test_what_it_prints_is_shown_and_no_line_of_ours_in_a_traceback(check):
    _, printed = check(SOLUTION.replace("return X @ W", "print('here I am'); return X @ V"))
    assert "here I am" in printed
    assert "NameError" in printed
    assert "checker" not in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("import os; os._exit(3)", "it ended with the status 3"),
        ("exit()", "SystemExit"),
    ],
)
def test_a_program_that_ends_costs_its_own_check_only(check, line, told):
    status, printed = check(SOLUTION.replace("return np.random", f"{line}; return np.random"))
    assert told in printed
    assert {"drawn"} == {name for name, one in verdicts(printed).items() if one != "passed"}
    assert 1 == status


def test_a_file_that_does_not_parse_names_the_line(check):
    status, printed = check("def product(X, W)\n    return 1\n")
    assert "work.py, line 1: SyntaxError" in printed
    assert 1 == status


def test_data_and_support_files_are_there_wherever_it_is_called_from(check):
    reads = 'from given import square\nassert open("numbers.txt").read() == "1 2 3\\n"\n'
    status, printed = check(reads + SOLUTION)
    assert 0 == status, printed


def test_a_students_file_called_like_a_module_of_pythons_harms_nothing(check, home):
    strange = home / "queue.py"
    strange.write_text("raise SystemExit('wrong module')\n")
    try:
        status, printed = check(SOLUTION, name="json.py")
    finally:
        strange.unlink()
    assert 0 == status, printed


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("work.txt.zip", (), "error: work.txt.zip"),
        (
            "work.py",
            ("--check", "nothing"),
            "'nothing' is no check that can be judged here; name one of",
        ),
        ("work.py", ("missing.py",), "error: missing.py: there is no such file"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(check, name, options, told):
    status, printed = check(SOLUTION, *options, name=name)
    assert 2 == status
    assert told in printed
    assert 1 == printed.count("\n")


def test_one_check_can_be_asked_for(check):
    status, printed = check(SOLUTION, "--check", "product")
    assert {"product": "passed"} == verdicts(printed)
    assert 0 == status


def test_without_a_name_it_judges_the_file_beside_it(home):
    command = [sys.executable, home / "check.py"]
    ended = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert "not_implemented" == verdicts(ended.stdout)["product"]


def test_a_check_whose_numbers_are_damaged_says_so(home, tmp_path):
    cut = tmp_path / "cut"
    (cut / "checker").mkdir(parents=True)
    for name in ("check.py", "work.py"):
        (cut / name).write_bytes((home / name).read_bytes())
    for path in (home / "checker").iterdir():
        (cut / "checker" / path.name).symlink_to(path)
    (cut / "checker" / "assignment.json").unlink()
    (cut / "checker" / "assignment.json").write_text("{}")
    ended = subprocess.run(
        [sys.executable, cut / "check.py"], capture_output=True, text=True, check=False
    )
    assert 3 == ended.returncode
    assert "the handout is damaged" in ended.stderr


def test_the_notebook_has_a_cell_a_function_and_can_be_handed_in(make, check):
    content = members(make(is_notebook=True).content)
    assert "every-kind/work.py" not in content
    document = json.loads(content["every-kind/work.ipynb"])
    cells = ["".join(cell["source"]) for cell in document["cells"]]
    assert cells[0].startswith("# Every kind")
    assert cells[2].startswith("# A product, of two.\ndef product")
    assert cells[-1].endswith("%run -e check.py work.ipynb")
    *functions, helpers = SOLUTION.split("\n\n\n# BEGIN SOLUTION")
    written = {name: text for text in functions[0].split("\n\n\n") for name in names_in(text)}
    for cell in document["cells"][2:-1]:
        [name] = names_in("".join(cell["source"]))
        cell["source"] = written[name]
    document["cells"][-2]["source"] += helpers
    status, printed = check(json.dumps(document), name="work.ipynb")
    assert dict.fromkeys(VISIBLE_HERE, "passed") == verdicts(printed)
    assert 0 == status


def test_a_program_that_does_not_end_is_stopped(handout, tmp_path):
    with zipfile.ZipFile(io.BytesIO(handout.content)) as packed:
        packed.extractall(tmp_path)
    home = tmp_path / "every-kind"
    table = json.loads((home / "checker" / "assignment.json").read_text())
    for one in table["checks"]:
        one["limits"]["wall_time_s"] = 1.0
    (home / "checker" / "assignment.json").write_text(json.dumps(table))
    (home / "work.py").write_text(SOLUTION.replace("return np.random", "while True: pass\n    np"))
    ended = subprocess.run(
        [sys.executable, Path(home, "check.py")], capture_output=True, text=True, check=False
    )
    assert "time_limit" == verdicts(ended.stdout)["drawn"]
    assert "the limit is 1 s" in ended.stdout
    assert "passed" == verdicts(ended.stdout)["rules"]
