"""Source is shown as it runs: escaped, numbered, without anything that misleads a reader."""

from __future__ import annotations

import json
import re
import time

import pytest

from grader.intake import IntakeLimits, Upload
from grader.web.review.source import HIGHLIGHT_TIME_S, HIGHLIGHTED_CHARACTERS, show_files

LIMITS = IntakeLimits()


def show(content, name="solution.py", limits=LIMITS):
    files, problem = show_files([Upload(name, content)], ["solution.py"], limits)
    assert "" == problem
    return files[0]


def test_each_line_has_a_number_and_an_anchor():
    file = show(b"\n\nx = 1\ny = 2\n")
    html = str(file.chunks[0].code)
    anchors = re.findall(r'(?:id|name)="(f1-\d+)"', html)
    assert {"f1-1", "f1-2", "f1-3", "f1-4"} <= set(anchors)
    assert 'href="#f1-3"' in html
    assert html.index("f1-2") < html.index('class="n">x<')


def test_no_inline_style_is_written():
    assert "style=" not in str(show(b"def f(x):\n    return 'a' + str(1.5)  # c\n").chunks[0].code)


def test_markup_in_source_is_text():
    html = str(
        show(b"x = '</pre><script>alert(1)</script>' # <img src=x onerror=y>\n").chunks[0].code
    )
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_directions_and_escapes_are_made_visible():
    html = str(show("x = '\u202e\x1b[31m\u200b'\n".encode()).chunks[0].code)
    assert not re.search("[\u202e\x1b\u200b]", html)


def test_a_notebook_is_shown_cell_by_cell():
    cells = [
        {"cell_type": "markdown", "source": "# <b>Title</b>"},
        {"cell_type": "code", "source": "x = 1"},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "y = '<i>'"]},
    ]
    notebook = json.dumps({"nbformat": 4, "cells": cells}).encode()
    file = show(notebook, "solution.ipynb")
    assert ["cell 1", "cell 2"] == [chunk.label for chunk in file.chunks]
    assert "f1c2-1" in str(file.chunks[1].code)
    assert "<i>" not in str(file.chunks[1].code)


def test_a_long_file_is_shown_without_colours():
    line = b"x = 'a'  # text\n"
    content = line * (HIGHLIGHTED_CHARACTERS // len(line) + 1)
    html = str(show(content, limits=IntakeLimits(source_bytes=10**7)).chunks[0].code)
    assert 'class="n"' not in html
    assert html.count("x = ") == content.count(b"x = ")


@pytest.mark.parametrize("text", [b" \n" * 90_000, b"'" + b"\\N{" * 60_000], ids=["blank", "names"])
def test_a_file_made_to_take_hours_of_colouring_is_shown_without_colours(text):
    """A ninth of the first took 45 s, the whole a square of that; all other pages waited."""
    begun_s = time.process_time()
    html = str(show(text + b"\nx = 1\n").chunks[0].code)
    assert HIGHLIGHT_TIME_S + 10 > time.process_time() - begun_s
    assert "x = 1" in html


def test_the_files_of_a_page_share_the_time_for_colours(monkeypatch):
    monkeypatch.setattr("grader.web.review.source.HIGHLIGHT_TIME_S", -1.0)
    assert 'class="n"' not in str(show(b"x = 1\n").chunks[0].code)


def test_what_cannot_be_shown_is_said():
    files, problem = show_files([Upload("solution.py", b"\0")], ["solution.py"], LIMITS)
    assert () == files
    assert "NUL" in problem
