"""Modules stay short, and nothing bears a name that says nothing."""

from __future__ import annotations

import ast

import pytest

MOST_LINES = 400
EMPTY_NAMES = {
    "common", "data", "handle", "helpers", "impl", "manager", "misc", "process", "utils",
}  # fmt: skip
CODE = ("grader", "reference", "tests", "benchmarks")


def sources(repository):
    """Our own modules; attackers and students write as they do."""
    for folder in CODE:
        for path in sorted((repository / folder).rglob("*.py")):
            if "hostile" not in path.parts and "corpus" not in path.parent.parent.parts:
                yield path.relative_to(repository), path.read_text(encoding="utf-8")


def empty_names(path, text):
    """Names in a module that say nothing, its own among them."""
    defined = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    return [name for name in (*path.with_suffix("").parts, *defined) if is_empty(name)]


def is_empty(name):
    return name.strip("_").lower() in EMPTY_NAMES


def test_no_module_is_too_long(repository):
    lengths = {str(path): text.count("\n") for path, text in sources(repository)}
    assert lengths
    assert {} == {name: count for name, count in lengths.items() if count > MOST_LINES}


def test_no_name_is_empty(repository):
    found = {str(path): empty_names(path, text) for path, text in sources(repository)}
    assert {} == {path: names for path, names in found.items() if names}


@pytest.mark.parametrize("name", ["utils", "_helpers", "Manager", "handle"])
def test_an_empty_name_is_seen(name):
    assert is_empty(name)


@pytest.mark.parametrize("name", ["handles", "data_folder", "subprocess", "test_data"])
def test_a_name_that_says_more_is_not(name):
    assert not is_empty(name)
