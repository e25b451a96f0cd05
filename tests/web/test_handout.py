"""A handout is shown as its author wrote it, less what could do harm or does not work."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.web.handout import render_markdown


def test_the_title_that_the_page_says_already_is_left_out():
    assert "Title" not in render_markdown("# Title\n\nText")


def test_headings_fit_under_the_pages_own():
    assert "<h2>Part</h2>" in render_markdown("# Title\n\n# Part\n")
    assert "<h3>Detail</h3>" in render_markdown("# Title\n\n# Part\n\n## Detail")
    assert "<h2>Part</h2>" in render_markdown("# Title\n\n## Part\n")


@pytest.mark.parametrize("formula", ["$a_1 * b_1 * c_1$", "$$\\sum_i x_i^2$$", "$x < y$"])
def test_a_formula_stays_as_it_was_written(formula):
    html = render_markdown(f"Let {formula} be.")
    assert f'<span class="math">{formula.replace("<", "&lt;")}</span>' in html


def test_dollars_of_money_and_of_code_are_no_formula():
    html = render_markdown("It costs $5 and $6. `$x$`")
    assert "math" not in html
    assert "<code>$x$</code>" in html


def test_code_is_coloured_by_classes():
    html = render_markdown("```python\ndef f(): pass\n```")
    assert '<pre class="highlight">' in html
    assert '<span class="k">def</span>' in html
    assert "<pre><code>" in render_markdown("```nonsense\nx\n```")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='https://a.example' onclick='alert(1)'>x</a>",
        "<div style='position:fixed'>x</div>",
        "<form action='https://a.example'><input name=password></form>",
        "<iframe src='https://a.example'></iframe>",
        "<p hx-get='/sign-out' hx-trigger='load'>x</p>",
        "<span class='visually-hidden'>x</span>",
        "![x](https://a.example/track.png)",
        "$<script>alert(1)</script>$",
        "```python\n</span><script>alert(1)</script>\n```",
    ],
)
def test_nothing_in_it_runs_loads_or_hides(attack):
    html = render_markdown(attack)
    tags = " ".join(re.findall(r"<[^>]*>", html))
    for word in ("<script", "<img", "<form", "<iframe", "javascript:", "data:text", "track.png"):
        assert word not in tags
    assert not any(name in tags for name in (" onclick=", " style=", " hx-", "visually-hidden"))


def test_a_picture_of_the_folder_is_shown_where_it_is_served_and_described_elsewhere():
    text = "![two < three](figures/a b.svg) ![far](https://a.example/x.png) <img src=/x.svg>"
    text += "<img src=/pictures/../../sign-out.svg>"
    text = text.replace("a b", "a%20b")
    shown = render_markdown(text, "/pictures/")
    assert '<img src="/pictures/figures/a%20b.svg" alt="two &lt; three">' in shown
    assert "[picture: far]" in shown
    assert 'src="/x.svg"' not in shown
    assert "sign-out" not in shown
    assert "[picture: two &lt; three]" in render_markdown(text)


def test_a_link_to_a_file_that_is_not_served_leads_nowhere_and_others_work():
    html = render_markdown("[a](starter.py) [b](https://b.example/x)")
    assert "starter.py" not in html
    assert 'href="https://b.example/x"' in html


def test_tables_are_tables():
    assert "<th>check</th>" in render_markdown("| check | points |\n|---|---|\n| a | 1 |\n")


@given(st.text(alphabet=st.sampled_from("$`*_[]()<>#!\n\\ ax1|-"), max_size=80))
def test_any_text_can_be_shown(text):
    assert "<script" not in render_markdown(text)
