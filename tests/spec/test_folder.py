"""An assignment folder is read whole, and what is missing or misplaced is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.spec import find_spec_errors, load_assignment

Write = Callable[..., Path]
SOLUTION = "def add(a, b):\n    return a + b\n"


def test_two_files_suffice(write_folder: Write) -> None:
    folder = write_folder()

    assignment = load_assignment(folder)

    assert ("sum", folder, "Sum") == (assignment.slug, assignment.folder, assignment.spec.title)
    assert {"solution.py": SOLUTION} == assignment.solution
    assert ({}, {}, "") == (assignment.support, assignment.data, assignment.readme)


def test_the_slug_of_the_current_folder(
    write_folder: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_folder())

    assert "sum" == load_assignment(Path()).slug


def test_everything_that_it_names(write_folder: Write, smallest: str) -> None:
    text = 'support = ["cases.py"]\ndata = ["iris.bin"]\n' + smallest
    assignment = load_assignment(
        write_folder(text, cases__py="CASES = 1\n", iris__bin=b"\x00\xff", README__md="# Sum\n")
    )

    assert {"cases.py": "CASES = 1\n"} == assignment.support
    assert {"iris.bin": b"\x00\xff"} == assignment.data
    assert "# Sum\n" == assignment.readme


def test_solution_py_stands_for_the_first_file(write_folder: Write, smallest: str) -> None:
    text = 'files = ["layers.py", "optim.py"]\n' + smallest

    assignment = load_assignment(write_folder(text, optim__py="step = 1\n"))

    assert {"layers.py": SOLUTION, "optim.py": "step = 1\n"} == assignment.solution


def test_a_folder_solution_holds_all_files(write_folder: Write, smallest: str) -> None:
    text = 'files = ["layers.py", "solution.py"]\n' + smallest
    folder = write_folder(
        text,
        solution__py=None,
        **{"solution/layers__py": "a = 1\n", "solution/solution__py": "b = 1\n"},
        **{"solution/further__py": "c = 1\n", "solution/notes__txt": "no module"},
    )

    assert {
        "layers.py": "a = 1\n",
        "solution.py": "b = 1\n",
        "further.py": "c = 1\n",
    } == load_assignment(folder).solution


def test_a_byte_order_mark_is_fine(write_folder: Write, smallest: str) -> None:
    folder = write_folder("\ufeff" + smallest, solution__py="\ufeff" + SOLUTION)

    assert SOLUTION == load_assignment(folder).solution["solution.py"]


def tell(folder: Path) -> str:
    """Return the one line of the error, the folder cut off."""
    with pytest.raises(SpecError) as raised:
        load_assignment(folder)
    return str(raised.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"solution__py": None}, "solution.py: is missing; write the author's solution"),
        ({"assignment__toml": None}, "assignment.toml: is missing; write it"),
        ({"solution__py": b"x = '\xe9'\n"}, "solution.py:1: is not UTF-8: byte 0xe9 at position 5"),
        ({"solution__py": "x = 1\ny = '\0'\n"}, "solution.py:2: has a NUL byte; remove it"),
        ({"solution__py": " \n"}, "solution.py: is empty; write it"),
    ],
)
def test_a_broken_folder(write_folder: Write, files: dict[str, str | None], line: str) -> None:
    assert tell(write_folder(**files)).startswith(line)


def test_a_missing_folder(tmp_path: Path) -> None:
    assert "there is no such folder" in tell(tmp_path / "nope")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'title = "a"\n\xff = 1\n', "assignment.toml:2: is not UTF-8: byte 0xff at position 12"),
        (b'title = "a"\ntitle = "b"\n', "assignment.toml:2: is not TOML: Cannot overwrite"),
        (b'title = "a"\n\n\nx = [1,\n', "assignment.toml:5: is not TOML"),
        (b'title = "a"\nx = = 3\n', "assignment.toml:2: is not TOML: Invalid value; mend"),
        (b"x = " + b"[" * 5000, "assignment.toml: is nested too deeply"),
        (b"", "assignment.toml:1: title: the key `title` is missing; add it"),
    ],
)
def test_a_text_that_is_no_assignment(write_folder: Write, content: bytes, line: str) -> None:
    assert tell(write_folder(assignment__toml=content)).startswith(line)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ('support = ["cases.py"]', "assignment.toml:1: support[0]: the folder has no file"),
        ('data = ["iris.csv"]', "assignment.toml:1: data[0]: the folder has no file 'iris.csv'"),
        (
            'environment = {requirements = "no.lock"}',
            "assignment.toml:1: environment.requirements: the folder has no file 'no.lock'",
        ),
        (
            'files = ["solution.py",\n "optim.py"]',
            "assignment.toml:2: files[1]: the folder has no solution 'optim.py'",
        ),
        (
            'files = ["layers.py",\n "solution.py"]',
            "assignment.toml:2: files[1]: solution.py is already the solution of 'layers.py'",
        ),
    ],
)
def test_a_missing_file_is_told_where_it_is_named(
    write_folder: Write, smallest: str, lines: str, place: str
) -> None:
    assert tell(write_folder(f"{lines}\n{smallest}")).startswith(place)


def test_a_link_out_of_the_folder_is_not_followed(
    write_folder: Write, smallest: str, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    folder = write_folder('data = ["iris.csv"]\n' + smallest)
    (folder / "iris.csv").symlink_to(tmp_path / "secret.csv")

    assert tell(folder).startswith("assignment.toml:1: data[0]: the folder has no file")


def test_a_folder_in_place_of_a_file(write_folder: Write, smallest: str) -> None:
    folder = write_folder('data = ["iris.csv"]\n' + smallest)
    (folder / "iris.csv").mkdir()

    assert "data[0]" in tell(folder)


def test_all_mistakes_are_listed_in_the_order_of_the_file(
    write_folder: Write, smallest: str
) -> None:
    folder = write_folder(f"titel = 1\nteam = {{min = 0}}\n{smallest}points = -1\nrnu = 1\n")

    errors = find_spec_errors(folder)

    assert [
        (1, "titel"),
        (2, "team.min"),
        (9, "checks.total.points"),
        (10, "checks.total.rnu"),
    ] == [(error.line, error.key) for error in errors]
    assert tell(folder).startswith("assignment.toml:1: titel")


def test_a_wrong_default_is_told_once_however_many_checks_take_it(
    write_folder: Write, smallest: str
) -> None:
    second = smallest.split("\n", 1)[1].replace("total", "second")
    folder = write_folder(f'{smallest}{second}[defaults]\npoints = "2"\n')

    assert [(13, "defaults.points")] == [(e.line, e.key) for e in find_spec_errors(folder)]
