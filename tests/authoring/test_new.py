"""What `new` proposes for a solution, and what it says of a file of which nothing can be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.proposal import box, make_assignment
from grader.errors import GraderError, SandboxUnavailable, SpecError
from grader.sandbox.pool import Slot
from grader.sandbox.program import Limits
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING
from grader.spec import GradientCheck, OutputCheck, load_assignment


@pytest.fixture(scope="module")
def slot(require):
    """One slot for all: starting the jails takes longer than a proposal."""
    try:
        tier = select_tier(CONFINING)
    except SandboxUnavailable as error:
        require(False, str(error))
    with Slot(tier) as slot:
        yield slot


@pytest.fixture
def make(slot, tmp_path):
    """A function that makes an assignment of the text of a solution."""

    def make(text):
        folder, source = tmp_path / "made", Path("mine.py")
        make_assignment(folder, "Made", text, source, slot, lambda _: lambda: None)
        return load_assignment(folder)

    return make


def checks_of(assignment):
    return {check.id: check for check in assignment.spec.checks}


FORWARD = "def f_forward(X, W):\n    return X @ W, (X, W)\n"
BACKWARD = "def f_backward(dout, cache):\n    X, W = cache\n    return dout @ W.T, {grad_W}\n"


def test_a_backward_pass_is_checked_against_the_numeric_derivative(make):
    assignment = make(FORWARD + BACKWARD.format(grad_W="X.T @ dout"))
    check = checks_of(assignment)["f-backward"]
    assert isinstance(check, GradientCheck)
    assert "out, cache = f_forward(X, W)" == check.forward
    assert "grad_X, grad_W = f_backward(dout, cache)" == check.backward
    assert {"X": "grad_X", "W": "grad_W"} == check.gradient
    assert ("f", "f-single", "f-square") == check.inputs
    assert "dout" == check.cotangent


def test_what_is_no_gradient_is_not_proposed_as_one(make):
    assignment = make(FORWARD + BACKWARD.format(grad_W="X.T @ dout + 1"))
    check = checks_of(assignment)["f-backward"]
    assert {"X": "grad_X"} == check.gradient


def test_a_derivative_of_each_element_is_multiplied_by_what_comes_from_above(make):
    text = "import numpy as np\ndef squash(z):\n    return np.tanh(z)\n"
    text += "def squash_grad(z):\n    return 1 - np.tanh(z) ** 2\n"
    check = checks_of(make(text))["squash-grad"]
    assert "grad_z = grad_out * squash_grad(z)" == check.backward


def test_gradients_in_a_dictionary_beside_the_loss_are_found(make):
    text = """import numpy as np
def loss(X, y, params, reg=0.0):
    r = X @ params["W1"] + params["b1"] - y[:, None]
    n = r.size
    value = np.sum(r**2) / n + reg * np.sum(params["W1"] ** 2)
    grads = {"b1": 2 * r.sum(0) / n, "W1": 2 * X.T @ r / n + 2 * reg * params["W1"]}
    return value, grads
"""
    checks = checks_of(make(text))
    assert {"W1": "grad_W1", "b1": "grad_b1"} == checks["loss-gradient"].gradient
    assert 'grad_W1 = grads["W1"]' in checks["loss-gradient"].forward
    # A penalty that is 0 unless it is asked for would never be judged.
    assert "reg" in checks["loss"].run
    assert {"value"} == set(checks["loss"].compare)


def test_the_cotangent_of_a_single_number_is_1(make):
    text = 'def dot_forward(x, w):\n    """Take x (D,) and w (D,)."""\n    return x @ w, (x, w)\n'
    text += (
        "def dot_backward(grad_p, cache):\n    x, w = cache\n    return grad_p * w, grad_p * x\n"
    )
    assignment = make(text)
    check = checks_of(assignment)["dot-backward"]
    assert "grad_x, grad_w = dot_backward(1.0, cache)" == check.backward
    assert (None, {"x": "grad_x", "w": "grad_w"}) == (check.cotangent, check.gradient)


def test_an_array_that_only_the_backward_pass_needs_is_not_judged(make):
    text = "import numpy as np\ndef relu_forward(Z):\n    return np.maximum(Z, 0), Z > 0\n"
    text += "def relu_backward(dout, cache):\n    return dout * cache\n"
    checks = checks_of(make(text))
    assert {"out"} == set(checks["relu-forward"].compare)
    assert {"Z": "grad_Z"} == checks["relu-backward"].gradient


def test_no_two_checks_and_no_two_sets_have_one_name(make):
    text = """import numpy as np
def f(w):
    return np.sum(w**2), 2 * w
def f_gradient_(w):
    return 2 * w
def f_single(X):
    return X @ X.T
def F(X):
    return X + 1
"""
    assignment = make(text)
    assert ["f", "f-gradient", "f-gradient-2", "f-single", "F-2"] == list(checks_of(assignment))
    assert {"f-single-2", "F-2"} <= set(assignment.spec.inputs)


CALLS = {
    "labels": (
        "def f(labels, n_classes):\n    return np.eye(n_classes)[labels]",
        "labels = {labels = 3, size = 4} n_classes = 3",
    ),
    "docstring": (
        'def f(a):\n    """Return the trace of each.\n\n    a: matrices (N, 3, 3)\n    """\n'
        "    return np.einsum('nii', a)",
        "a = {normal = [4, 3, 3]}",
    ),
    "generator": (
        "def f(sizes, rng):\n    return rng.normal(size=sizes[0])",
        "f(sizes, np.random.default_rng(1))",
    ),
    "callable": ("def f(f, x):\n    return f(x + 1) - f(x)", "f(lambda v: np.sum(v ** 2), x)"),
    "keyword": ("def f(x, a=2, *, seed):\n    return x * a + seed", "f(x, seed=seed)"),
    "probabilities": (
        "def f(p):\n    return -np.sum(p * np.log(p))",
        "p = {uniform = [4, 3], low = 0.1, high = 0.9}",
    ),
    "two of them": ("def f(x, y):\n    return np.maximum(x, y)", "y = {normal = [4, 6]}"),
    "one longer": (
        'def f(w, x):\n    """Return z.\n\n    x has shape (D,) and w shape (D + 1,).\n    """\n'
        "    return x @ w[1:] + w[0]",
        "w = {normal = 7}",
    ),
    "said of both": (
        'def f(p, targets):\n    """Return entropies.\n\n    p and targets have shape (N, K).\n'
        '    """\n    return -np.sum(targets * np.log(p))',
        "targets = {one_hot = 3, size = 4}",
    ),
    "list": ("def f(x):\n    return [x, 2 * x]", "out_1 = out[1]"),
}


@pytest.mark.parametrize("case", CALLS)
def test_inputs_are_found_by_names_docstrings_and_search(make, case):
    text, part = CALLS[case]
    assignment = make(f"import numpy as np\n{text}\n")
    [check] = assignment.spec.checks
    assert isinstance(check, OutputCheck)
    text = (assignment.folder / "assignment.toml").read_text()
    assert part in " ".join(text.split())


def test_a_solution_that_draws_says_so_in_the_file(make):
    assignment = make(
        "import numpy as np\ndef noise(x):\n    return x + np.random.randn(*x.shape)\n"
    )
    text = (assignment.folder / "assignment.toml").read_text()
    assert "# It draws from np.random" in text


def test_a_function_that_never_ends_costs_only_itself(make, monkeypatch):
    monkeypatch.setattr(box, "LIMITS", Limits(wall_time_s=0.3, cpu_time_s=0.3))
    text = "def f(x):\n    return 2 * x\ndef g(x):\n    while True:\n        pass\n"
    assignment = make(text)
    assert ["f"] == list(checks_of(assignment))
    assert "# --- g has no check yet" in (assignment.folder / "assignment.toml").read_text()


def test_a_solution_that_is_random_is_named(make):
    text = (
        "import os\ndef f(x):\n    return x + os.getpid() + int.from_bytes(os.urandom(2), 'big')\n"
    )
    with pytest.raises(SpecError, match="two different answers") as told:
        make(text)
    assert 2 == told.value.line


WRONG = {
    "nested": ("x = " + "(" * 5000 + ")" * 5000, None, "does not parse"),
    "no functions": ("x = 1\n", 1, "no function"),
    "classes": ("\nclass Net:\n    pass\n", 2, "classes and no function"),
    "private": ("def _f(x):\n    return x\n", 1, "underscore"),
    "prints": ("def f(x):\n    return x\nprint('hello', f(1))\n", 3, "'hello 1'"),
    "reads": ("def f(x):\n    return x\nn = input()\n", 3, "reads input"),
    "fails": ("def f(x):\n    return x\n1 / 0\n", 3, "ZeroDivisionError"),
    "torch": ("import torch\ndef f(x):\n    return x\n", 1, "only numpy"),
    "no body": ('def f(x):\n    """Say."""\n', 1, "nothing to write"),
    "marker": (
        "def f(x):\n    # BEGIN SOLUTION\n    return x\n",
        2,
        "cut: # BEGIN SOLUTION without",
    ),
    "nothing found": ("\ndef f(a):\n    return a.b\n", 2, "no inputs were found for f"),
    "ends": ("import os\ndef f(x):\n    return x\nos._exit(0)\n", None, "cannot be imported"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_of_which_nothing_can_be_made_is_named_with_its_line(make, tmp_path, case):
    text, line, part = WRONG[case]
    with pytest.raises(GraderError) as told:
        make(text)
    place = f"mine.py:{line}: " if line else "mine.py"
    assert place in str(told.value)
    assert part in str(told.value)
    assert told.value.remedy
    assert "\n" not in str(told.value)
    assert not (tmp_path / "made").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slug", "n_gradients", "not_found"),
    [
        ("mlp-backprop", 4, set()),
        ("activations-losses", 9, set()),
        ("graph-basics", 4, {"evaluate", "backpropagate"}),
    ],
)
def test_for_nearly_all_functions_of_our_own_assignments_checks_are_found(
    slot, tmp_path, slug, n_gradients, not_found
):
    source = Path(__file__).parents[2] / "assignments" / slug / "solution.py"
    made = make_assignment(
        tmp_path / slug, "Made", source.read_text(), source, slot, lambda _: lambda: None
    )
    assert not_found == {failed.function.name for failed in made.proposal.failed}
    kinds = [draft.kind for draft in made.proposal.drafts]
    assert n_gradients <= kinds.count("gradient")
