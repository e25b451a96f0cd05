"""What property checks can name: everything public of the packages, and only that."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import reference

FOLDER = Path(reference.__file__).parent
PAGE = FOLDER.parent / "docs" / "reference.md"
SHARED = {"arrays", "categories", "convergence", "fitted"}
"""Modules that the others stand on, which nobody looks for."""


def test_every_name_exported_exists_and_has_a_docstring():
    assert sorted(set(reference.__all__)) == sorted(reference.__all__)
    for name in reference.__all__:
        exported = getattr(reference, name)
        if not isinstance(exported, dict):
            assert inspect.getdoc(exported), name


def test_no_name_hides_the_module_that_it_comes_from():
    """`from reference.svm import smo` must not depend on what was imported before."""
    for package in [
        FOLDER,
        *(path for path in FOLDER.iterdir() if (path / "__init__.py").exists()),
    ]:
        modules = {path.stem for path in package.iterdir() if path.suffix in ("", ".py")}
        name = ".".join(package.relative_to(FOLDER.parent).parts)
        module = __import__(name, fromlist=["__all__"])
        hidden = {one for one in modules & set(module.__all__) if one not in ("graph", "numdiff")}
        assert set() == hidden, name


def test_the_page_names_every_package():
    text = PAGE.read_text()
    names = {path.stem for path in FOLDER.iterdir() if path.suffix == ".py" or path.is_dir()}
    named = {name for name in names if f"`{name}`" in text}
    assert SHARED == {name for name in names - named if not name.startswith("_")}


def test_the_example_of_the_page_runs():
    results = doctest.testfile(str(PAGE), module_relative=False)
    assert results.attempted > 5
    assert 0 == results.failed
