"""`grader assignment new`: a folder that holds what it claims, or one line that says why not."""

from __future__ import annotations

import pytest

from grader.intake import IntakeLimits
from grader.spec import list_submissions, load_assignment

SOLUTION = '''\
import numpy as np


def scale(x, factor):
    """Return x times a factor."""
    # every entry alike
    return factor * x


def one_line(x): return np.sum(x)


def squared_loss(w, X, y):
    """Return the mean squared error of X w, and its gradient."""
    error = X @ w - y
    return np.mean(error**2), 2 * X.T @ error / len(y)


def mystery(oracle):
    return oracle.speak()
'''


@pytest.fixture
def new(call, tier_or_reason, require, tmp_path):
    """A function that makes an assignment in a folder of its own, of a solution's text."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)

    def new(text=None, *options, slug="sums", **expected):
        source = tmp_path / "mine.py"
        if text is not None:
            source.write_bytes(text.encode() if isinstance(text, str) else text)
            options = ("--from", source, *options)
        return call("assignment", "new", slug, "--folder", tmp_path / "made", *options, **expected)

    return new


def test_out_of_nothing_comes_an_example_that_validates(new, tmp_path):
    shown = " ".join(new(slug="affine-layer").stdout.split())
    assignment = load_assignment(tmp_path / "made" / "affine-layer")
    assert "Affine layer" == assignment.spec.title
    assert ["affine-forward", "affine-backward"] == [one.id for one in assignment.spec.checks]
    assert "solution holds 3/3 full score" in shown
    assert "untouched_starter holds 0/3" in shown


def test_out_of_a_solution_come_checks_starter_and_handout_that_validate(new, tmp_path):
    shown = " ".join(new(SOLUTION, "--title", "Sums and squares").stdout.split())
    folder = tmp_path / "made" / "sums"
    assignment = load_assignment(folder)
    kinds = {check.id: check.kind for check in assignment.spec.checks}
    wanted = {"scale": "output", "one-line": "output", "squared-loss": "output"}
    assert {**wanted, "squared-loss-gradient": "gradient"} == kinds
    assert "Sums and squares" == assignment.spec.title
    assert "solution holds 5/5 full score" in shown
    assert "mystery" in shown
    assert "'numpy.ndarray' object has no attribute 'speak'" in shown
    assert "# [inputs.mystery]" in (folder / "assignment.toml").read_text()

    starter = (folder / "starter.py").read_text()
    assert 4 == starter.count("    # YOUR CODE HERE\n    raise NotImplementedError\n")
    assert "every entry alike" not in starter
    assert '    """Return x times a factor."""\n    # YOUR CODE HERE\n' in starter
    [known] = list_submissions(folder)
    assert tuple(kinds) == known.expectations.fails
    handout = (folder / "README.md").read_text()
    assert "| `squared-loss-gradient` | 2 |" in handout
    assert "### `scale(x, factor)`" in handout
    assert (folder / "submissions" / "passed").is_dir()


def test_markers_of_the_author_stay_as_they_are(new, tmp_path):
    text = "def f(x):\n    # BEGIN SOLUTION\n    y = 2 * x\n    # END SOLUTION\n    return y\n"
    text += "def given(x):\n    return x\n"
    shown = new(text, "--no-validate").stdout
    folder = tmp_path / "made" / "sums"
    assert text == (folder / "solution.py").read_text()
    # What the starter has already is no homework.
    assert ["f"] == [check.id for check in load_assignment(folder).spec.checks]
    assert "full score" not in shown


def test_a_folder_with_something_in_it_is_left_alone(new, refused, tmp_path):
    taken = tmp_path / "made" / "sums"
    taken.mkdir(parents=True)
    (taken / "notes.txt").write_text("mine")
    refused(new(status=None), "made/sums is already there", "--folder")
    assert ["notes.txt"] == [path.name for path in taken.iterdir()]


def test_an_empty_folder_is_filled(new, tmp_path):
    (tmp_path / "made" / "sums").mkdir(parents=True)
    new(None, "--no-validate")
    assert (tmp_path / "made" / "sums" / "assignment.toml").is_file()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x = 1\ndef f(x:\n", ("mine.py:2", "does not parse", "mend the syntax")),
        ("#" * (IntakeLimits().source_bytes + 1), ("262,144 bytes",)),
    ],
    ids=["does not parse", "too large"],
)
def test_a_file_of_which_nothing_can_be_made_is_one_line(new, refused, tmp_path, text, parts):
    refused(new(text, status=None), *parts)
    assert not (tmp_path / "made" / "sums").exists()


@pytest.mark.parametrize("slug", ["../sums", "x" * 65])
def test_a_name_that_cannot_be_in_an_address_is_one_line(new, refused, slug):
    refused(new(slug=slug, status=None), "letters, digits")


def test_a_file_that_is_not_there_is_one_line(new, refused, tmp_path):
    refused(new(None, "--from", tmp_path / "nowhere.py", status=None), "nowhere.py", "--from")
