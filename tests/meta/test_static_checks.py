"""ruff, mypy and import-linter hold on the whole tree."""

import shutil

import pytest


def test_ruff_finds_nothing(run_tool):
    checked = run_tool("ruff", "check", "--no-cache", "--output-format=concise")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_file_is_formatted(run_tool):
    checked = run_tool("ruff", "format", "--check", "--no-cache")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_types_are_right(run_tool, cache):
    checked = run_tool("mypy", "--no-error-summary", "--cache-dir", cache(".mypy_cache"))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def lint_imports(run_tool, folder):
    checked = run_tool("lint-imports", "--no-logo", "--no-cache", cwd=folder)
    return checked.returncode, checked.stdout + checked.stderr


def test_packages_import_what_the_table_allows(run_tool, repository):
    status, said = lint_imports(run_tool, repository)
    assert status == 0, said


@pytest.fixture
def copy_of_the_tree(repository, tmp_path):
    without_caches = shutil.ignore_patterns("__pycache__")
    for name in ("grader", "reference", "tests/meta"):
        shutil.copytree(repository / name, tmp_path / name, ignore=without_caches)
    shutil.copy(repository / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "bad_import", "named"),
    [
        ("grader/spec/__init__.py", "import grader.sandbox", "grader.sandbox"),
        ("grader/report.py", "from rich import table", "rich"),
        ("grader/checks/__init__.py", "import reference.svm", "reference.svm"),
        ("grader/grading.py", "import typer", "typer"),
        ("grader/sandbox/guest/wire.py", "import grader.errors", "grader.errors"),
        ("grader/sandbox/__init__.py", "import grader.spec", "grader.spec"),
        ("reference/svm/certificates.py", "import grader.errors", "grader.errors"),
        (
            "grader/intake/__init__.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import grader.grading",
            "grader.grading",
        ),
    ],
)
def test_a_bad_import_is_caught(run_tool, copy_of_the_tree, module, bad_import, named):
    source = copy_of_the_tree / module
    source.write_text(f"{source.read_text()}\n\n{bad_import}\n")
    importer = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    status, said = lint_imports(run_tool, copy_of_the_tree)

    assert status == 1
    caught = [line for line in said.splitlines() if f" imports {named};" in line]
    assert [importer] == [line.split()[0] for line in caught]


def test_a_package_without_a_row_is_caught(run_tool, copy_of_the_tree):
    (copy_of_the_tree / "grader" / "newcomer.py").write_text("import json\n")

    status, said = lint_imports(run_tool, copy_of_the_tree)

    assert status == 1
    assert "grader.newcomer has no row in the table" in said
