"""Whether code parses is asked of another process, and only a clear no saves an attempt."""

from __future__ import annotations

import json

import pytest

from grader.intake import Upload, accept_uploads
from grader.web.parsing import has_code_that_parses


def submit(**files: str):
    uploads = [Upload(f"{name}.py", text.encode()) for name, text in files.items()]
    return accept_uploads(uploads, [upload.name for upload in uploads])


def notebook(*cells: str):
    written = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {
                "cell_type": "code",
                "source": cell,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
            for cell in cells
        ],
    }
    return accept_uploads([Upload("a.ipynb", json.dumps(written).encode())], ["a.py"])


@pytest.mark.parametrize("text", ["x = 1", "print('a')  # \u00e9", "x = '\\d'", "# only a comment"])
def test_python_parses(text):
    assert has_code_that_parses(submit(a=text))


@pytest.mark.parametrize("text", ["def f(:", "print 'hello'", "x = (1,\n", "if True:\nx = 1"])
def test_what_is_not_python_does_not(text):
    assert not has_code_that_parses(submit(a=text))


def test_one_file_or_one_cell_that_parses_is_enough():
    assert has_code_that_parses(submit(a="def f(:", b="x = 1"))
    assert not has_code_that_parses(submit(a="def f(:", b="def g(:"))
    assert has_code_that_parses(notebook("def f(:", "x = 1"))
    assert not has_code_that_parses(notebook("def f(:", "   "))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "x = " + "-" * 200_000 + "1",
        "x = " + "[" * 90 + "]" * 90,
        "a" + ".b" * 80_000,
    ],
)
def test_a_hostile_text_costs_this_process_nothing(text):
    has_code_that_parses(submit(a=text))


def test_where_the_child_cannot_start_the_answer_is_yes(monkeypatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert has_code_that_parses(submit(a="def f(:"))
