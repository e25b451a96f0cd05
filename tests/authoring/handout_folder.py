"""An assignment with every kind of check, and a mark in everything that is no student's business.

The marks are searched for in the bytes of the handout.
"""

from __future__ import annotations

import struct
from pathlib import Path

from grader.authoring.starter import cut_starter

MARKS = (
    "mark_of_the_solution",
    "mark_of_a_helper",
    "mark_of_what_runs_on_it",
    "mark_of_an_accepted_way",
    "mark_of_a_hidden_id",
    "mark_of_a_hidden_title",
    "mark_of_a_hidden_snippet",
    "mark_of_a_hidden_hint",
    "mark_of_a_late_rule",
    "mark_of_a_wrong_submission",
    "mark_of_a_right_submission",
    "mark_of_a_mutant",
    "mark_of_the_rubric",
    "mark_of_other_files",
)
HIDDEN_NUMBER = 83746.50291847365
NUMBER_MARKS = (
    repr(HIDDEN_NUMBER).encode(),
    struct.pack("<d", HIDDEN_NUMBER),
    struct.pack("<d", 2 * HIDDEN_NUMBER),
)

ASSIGNMENT = """
title = "Every kind"
files = ["work.py"]
support = ["given.py"]
data = ["numbers.txt"]
[inputs.batch]
X = {normal = [4, 3]}
W = {normal = [3, 2]}
g = {normal = [4, 2]}
reg = 0.5
[inputs.square]
X = {normal = [2, 2]}
W = {normal = [2, 2]}
g = {normal = [2, 2]}
reg = 0.25

[[checks]]
id = "product"
kind = "output"
title = "product returns X W"
inputs = ["batch", "square"]
scales = [0.01, 1.0]
run = "out = product(X, W)"
compare = ["out"]

[[checks]]
id = "loss"
kind = "output"
inputs = "batch"
run = "value, parts = loss(X, W, reg)"
expect = "value = mark_of_what_runs_on_it(X, W, reg); parts = [value, 2.0]"
compare = ["value", "parts"]
trace = {value = "parts"}
[[checks.accept]]
name = "without the half"
expect = "value = mark_of_an_accepted_way(X, W, reg); parts = [value, 2.0]"

[[checks]]
id = "gradient"
kind = "gradient"
inputs = ["batch", "square"]
forward = "out = product(X, W)"
backward = "dX, dW = product_backward(g, X, W)"
value = "out"
cotangent = "g"
gradient = {X = "dX", W = "dW"}
carry_forward = ["product"]
needs = ["product", "mark_of_a_hidden_id"]
points = 3

[[checks]]
id = "drawn"
kind = "property"
run = "numbers = draw(50)"
returns = ["numbers"]
holds = "True if np.shape(numbers) == (50,) and np.ptp(numbers) > 0 else 'draw 50 numbers'"

[[checks]]
id = "best"
kind = "property"
inputs = "batch"
run = "out = product(X, W)"
returns = ["out"]
holds = "abs(mark_of_the_solution(X, W) - out).max() < 1e-9"

[[checks]]
id = "rules"
kind = "source"
define = ["product(X, W)"]
forbid = ["numpy.einsum"]

[[checks]]
id = "quick"
kind = "cost"
inputs = "batch"
run = "product(X, W)"
ratio = 100.0

[[checks]]
id = "mark_of_a_hidden_id"
kind = "output"
title = "mark_of_a_hidden_title"
inputs = {x = {value = [83746.50291847365, 1.0]}}
run = "mark_of_a_hidden_snippet = double(x)"
compare = ["mark_of_a_hidden_snippet"]
visible = "never"

[[checks]]
id = "mark_of_a_hidden_hint"
kind = "source"
define = ["mark_of_a_late_rule"]
visible = "after_published"

[[rubric]]
id = "style"
title = "mark_of_the_rubric"
points = 2
"""

SOLUTION = '''
"""Matrices."""

import numpy as np

import given


# A product, of two.
def product(X, W):
    """Return X W."""
    # BEGIN SOLUTION
    mark_of_the_helper = "mark_of_a_helper"
    return X @ W
    # END SOLUTION


def product_backward(g, X, W):
    """Return the gradients."""
    # BEGIN SOLUTION
    return g @ W.T, X.T @ g
    # END SOLUTION


def loss(X, W, reg):
    """Return the value, and [value, 2]."""
    # BEGIN SOLUTION
    value = mark_of_what_runs_on_it(X, W, reg)
    return value, [value, 2.0]
    # END SOLUTION


def draw(n):
    """Return n numbers."""
    # BEGIN SOLUTION
    return np.random.normal(size=n)
    # END SOLUTION


def double(x):
    """Return 2 x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


# BEGIN SOLUTION
def mark_of_the_solution(X, W):
    return X @ W


def mark_of_what_runs_on_it(X, W, reg):
    return given.square(X @ W).mean() + 0.5 * reg * (W**2).sum()


def mark_of_an_accepted_way(X, W, reg):
    return given.square(X @ W).mean() + reg * (W**2).sum()


def mark_of_a_late_rule():
    return 0
# END SOLUTION
'''


def write_folder(folder: Path) -> Path:
    """Write the assignment, and return its folder."""
    texts = {
        "assignment.toml": ASSIGNMENT,
        "solution.py": SOLUTION,
        "starter.py": cut_starter(SOLUTION.partition("\n\n\n# BEGIN SOLUTION")[0]),
        "README.md": "# Every kind\n\nWrite `product`. ![a picture](images/shape.svg) "
        "![none](submissions/wrong.png) ![out](../secret.png)\n",
        "images/shape.svg": "<svg/>",
        "given.py": "def square(x):\n    return x * x\n",
        "numbers.txt": "1 2 3\n",
        "MUTANTS.md": "- `mark_of_a_mutant`: accepted\n",
        "notes.txt": "mark_of_other_files\n",
        "submissions/wrong.py": "# fails: product\n# mark_of_a_wrong_submission\n",
        "submissions/passed/other.py": _in_other_words(SOLUTION),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def _in_other_words(solution: str) -> str:
    other = solution.replace("return X @ W", "return np.dot(X, W)")
    return f"# mark_of_a_right_submission\n{other}"
