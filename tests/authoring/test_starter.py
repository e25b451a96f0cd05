"""A starter is the solution with its marked blocks taken out."""

import pytest

from grader.authoring.starter import cut_starter, has_markers

SOLUTION = """import numpy as np


def f(x):
    # BEGIN SOLUTION
    y = x + 1
    return y
    # END SOLUTION


def g(x):
    return f(x)
"""


def test_a_block_becomes_an_invitation_at_its_own_indent():
    cut = SOLUTION.replace(
        "    # BEGIN SOLUTION\n    y = x + 1\n    return y\n    # END SOLUTION\n",
        "    # YOUR CODE HERE\n    raise NotImplementedError\n",
    )
    assert cut == cut_starter(SOLUTION)


def test_only_marked_solutions_have_markers():
    assert has_markers(SOLUTION)
    assert not has_markers("x = '# BEGIN SOLUTION'\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# BEGIN SOLUTION\nx = 1\n", "line 1: # BEGIN SOLUTION without # END"),
        ("x = 1\n# END SOLUTION\n", "line 2: # END SOLUTION without"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION\n", "line 2: the block of line 1"),
    ],
)
def test_markers_that_do_not_pair_are_told_with_their_line(text, problem):
    with pytest.raises(ValueError, match=problem):
        cut_starter(text)
