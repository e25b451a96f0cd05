"""Known submissions say what they fail; their code is never run to find out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.spec import Expectations, list_submissions, read_expectations

Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("text", "fails", "diagnosis"),
    [
        ("# fails: a, b\n# diagnosis: transposed\n", ("a", "b"), ("transposed",)),
        ("#fails:a\nimport numpy\n# fails: late\n", ("a",), ()),
        ("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n# fails: a\n", ("a",), ()),
        ("\ufeff# fails: a,\n# fails: b, a\n", ("a", "b"), ()),
        ('"""Doc."""\n# fails: a\n', (), ()),
        ("# It fails: never\n", (), ()),
        ("", (), ()),
    ],
)
def test_the_leading_comments(
    text: str, fails: tuple[str, ...], diagnosis: tuple[str, ...]
) -> None:
    assert Expectations(fails, diagnosis) == read_expectations(text)


def test_wrong_ones_come_before_right_ones(write_folder: Write) -> None:
    folder = write_folder(
        **{
            "submissions/passed/loops__py": "# in loops\n",
            "submissions/transposed__py": "# fails: total\n# diagnosis: transposed\n",
            "submissions/notes__txt": "no submission",
        }
    )

    wrong, right = list_submissions(folder)

    assert ("transposed", False) == (wrong.name, wrong.is_right)
    assert Expectations(("total",), ("transposed",)) == wrong.expectations
    assert ("loops", True, "# in loops\n") == (right.name, right.is_right, right.text)


def test_no_submissions(write_folder: Write) -> None:
    assert () == list_submissions(write_folder())


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("submissions/w__py", "x = 1\n", "does not say which checks it fails"),
        ("submissions/passed/r__py", "# fails: a\n", "lies among the right ones"),
        ("submissions/w__py", b"# fails: a\n\xff", "is not UTF-8"),
    ],
)
def test_a_submission_in_the_wrong_place(
    write_folder: Write, name: str, text: str, problem: str
) -> None:
    folder = write_folder(**{name: text})

    with pytest.raises(SpecError, match=problem) as raised:
        list_submissions(folder)

    assert folder / name.replace("__", ".") == raised.value.file
