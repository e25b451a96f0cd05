"""What each family of mutations makes of a small function, and how mutants are named."""

from __future__ import annotations

import ast

import pytest

from grader.authoring.mutation.mutators.listing import apply_splices, list_mutants, tell_mutants
from grader.authoring.mutation.mutators.operators import OPERATORS
from grader.authoring.mutation.mutators.source import Source

EXAMPLES = {
    "drop-mean": (
        "f(X, y): return X.mean(), X @ y / X.shape[0]",
        ["X.sum()", "X @ y", "X.sum() ... X @ y"],
    ),
    "add-mean": ("f(X): return np.sum(X), sum(X), X.sum()", ["np.mean(X)", "X.mean()"]),
    "stability": ("f(z): return np.exp(z - np.max(z)), z.clip(0, 1)", ["np.exp(z)", "z"]),
    "eps": (
        "f(v, eps): return 1 / (np.sqrt(v) + eps), 1 / np.sqrt(v + 1e-8)",
        ["1 / (np.sqrt(v))", "1 / (np.sqrt(v + eps))", "1 / (np.sqrt(v) + 1e-8)", "1 / np.sqrt(v)"],
    ),
    "bias-correction": (
        "f(m, beta1, t): return m / (1 - beta1**t)",
        ["m", "m / (1 - beta1 ** (t - 1))", "m / (1 - beta1 ** (t + 1))"],
    ),
    "complement": ("f(m, beta1): return (1 - beta1) * m", ["(beta1) * m"]),
    "regulariser": (
        "f(W, b, reg, x): db = x.sum(); return (W**2).sum() + 0.5 * reg, db",
        ["db = x.sum() + reg * b", "(W**2).sum()", "(W**2).sum() + reg"],
    ),
    "mask": ("f(Z, grad): return grad * (Z > 0)", ["grad * (grad > 0)"]),
    "mode": (
        "f(x, is_training): return x if is_training else -x",
        ["x if not is_training else -x"],
    ),
    "transpose": (
        "f(X, W): return X.T @ W, np.dot(X, W)",
        [
            "W @ X.T",
            "X.T @ W.T",
            "X @ W",
            "X.reshape(X.T.shape) @ W",
            "np.dot(W, X)",
            "np.dot(X.T, W)",
            "np.dot(X, W.T)",
        ],
    ),
    "axis": (
        "f(X): return X.sum(axis=0), np.max(X, 1), X.mean((0, 1))",
        [
            "X.sum(axis=1)",
            "X.sum()",
            "np.max(X, 0)",
            "np.max(X)",
            "X.mean(0)",
            "X.mean(1)",
            "X.mean()",
        ],
    ),
    "keepdims": ("f(X): return X.sum(axis=0, keepdims=True)", ["X.sum(axis=0)"]),
    "sign": ("f(a, b): a -= b; return -a + b", ["a += b", "return -(-a + b)", "-a - b", "a + b"]),
    "assign": ("f(a, b): a[0] += b; return a", ["a[0] = b"]),
    "in-place": (
        "f(W, g): V = W.copy(); V = V - g; return [w - g for w in V]",
        [
            "V = W",
            "V -= g",
            "V = np.subtract(V, g, out=V)",
            "[np.subtract(w, g, out=w) for w in V]",
        ],
    ),
    "return": (
        "f(a, b): return a, b",
        ["return b, a", "return 0 * a, b", "return a, 0 * b"],
    ),
    "square": ("f(a): return np.sqrt(a), a**2", ["a", "a", "a**3"]),
    "function": ("f(a): return np.exp(a), np.maximum(a, 0)", ["a", "np.minimum(a, 0)"]),
    "factor": ("f(a, b): return a * b / 4", ["a * b", "a / 4", "b / 4"]),
    "term": ("f(a, b): return a + b - 1", ["a + b", "-1", "a - 1", "b - 1"]),
    "arithmetic": ("f(a, b): return a / b @ a", ["a / b * a", "a * b @ a", "a // b @ a"]),
    "comparison": ("f(a, b): return a > b", ["a >= b", "a < b"]),
    "condition": ("f(a, b): return not a and b", ["(not a) or b", "a and b"]),
    "loop": (
        "f(n): return [i for i in range(n)], [i for i in n]",
        [
            "[i for i in range(0, n - 1)]",
            "[i for i in range(0, n + 1)]",
            "[i for i in range(0 + 1, n)]",
            "[i for i in list(n)[:-1]]",
            "[i for i in list(n)[1:]]",
        ],
    ),
    "slice": (
        "f(a): return a[1:], a[:-1], a[::-1]",
        ["a[:]", "a[1 + 1:]", "a[:]", "a[:-2]", "a[:]"],
    ),
    "statement": ("f(a): a.sort(); b = 2; b = 3; return b", ["pass"]),
    "name": ("f(a, b): c = a; return c", ["c = b"]),
    "argument": ("f(g, a, b): return g(a, b, n=3)", ["g(b, a, n=3)", "g(a, b)", "g(a, n=3)"]),
    "constant": (
        "f(a): return a[0], a[-1], 3 * a, 0.5",
        ["a[1]", "a[(-1)]", "a[-2]", "4 * a", "0 * a", "6 * a", "1.0", "0.25", "(-0.5)"],
    ),
    "integer": ("f(n): return np.zeros(n), np.ones(n, dtype=float)", ["np.zeros(n, dtype=int)"]),
}
"""A function in one line, and what its family makes of it, in order."""

LOOP = """\
def f(n):
    for i in range(n):
        n = n + i
    return n
"""


def mutants_of(text):
    return list(list_mutants(Source(text)))


def ids_of(text):
    return {one.id for one in mutants_of(text)}


def test_there_are_more_than_twelve_families_and_each_has_an_example():
    assert len(OPERATORS) >= 12
    assert set(EXAMPLES) == set(OPERATORS)


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_family_makes_these_mutants(operator):
    function, expected = EXAMPLES[operator]
    mutants = mutants_of(f"import numpy as np\ndef {function}\n")
    assert expected == [one.after for one in mutants if one.operator == operator]


def test_a_loop_that_stops_early_breaks_after_one_round():
    [stopped] = [one for one in mutants_of(LOOP) if one.after.endswith("... break")]
    changed = apply_splices(LOOP, stopped.splices)
    assert LOOP.replace("n + i\n", "n + i\n        break\n") == changed
    assert ("for i in range(n):", 2) == (stopped.before, stopped.line)


def test_a_penalty_that_the_bias_gradient_pays_too_is_made_of_the_functions_own_names():
    without = mutants_of("def f(W, reg, x):\n    db = x.sum()\n    return db\n")
    assert not [one for one in without if one.operator == "regulariser"]


def test_every_mutant_parses_and_no_two_of_a_function_say_the_same():
    text = "import numpy as np\n" + "".join(
        f"def {function.replace('f(', f'f{index}(', 1)}\n"
        for index, (function, _) in enumerate(EXAMPLES.values())
    )
    dumps = [ast.dump(ast.parse(apply_splices(text, one.splices))) for one in mutants_of(text)]
    assert len(dumps) == len(set(dumps)) > 200
    assert ast.dump(ast.parse(text)) not in dumps


def test_the_authors_formatting_stays_as_it_is():
    text = "def f(a,b):\n    # why\n    return ( a+b  ) /\\\n        2  # half\n"
    [mutant] = [one for one in mutants_of(text) if one.after == "( a-b ) /\\ 2"]
    assert text.replace("a+b", "a-b") == apply_splices(text, mutant.splices)


def test_positions_are_right_behind_letters_of_several_bytes():
    text = "def f(ä, b):\n    return 'ö', ä + b\n"
    changed = {apply_splices(text, one.splices) for one in mutants_of(text)}
    assert "def f(ä, b):\n    return 'ö', ä - b\n" in changed


def test_an_id_stays_when_something_is_written_elsewhere():
    text = "def f(a, b):\n    c = a * b\n    return c + 1\n"
    longer = "import math\n\n\ndef g(x):\n    return x\n\n\n" + text.replace(
        "return", "# now\n    return"
    )
    assert ids_of(text) == {one for one in ids_of(longer) if one.startswith("f:")}


def test_equal_expressions_of_a_function_are_told_apart():
    ids = ids_of("def f(a):\n    a = a * 3\n    a = a * 3\n    return a\n")
    arithmetic = sorted(one for one in ids if one.startswith("f:arithmetic"))
    assert [arithmetic[0], f"{arithmetic[0]}-2"] == arithmetic


def test_between_markers_alone_is_mutated_where_there_are_any():
    text = (
        "def f(a):\n    a = a + 1\n    # BEGIN SOLUTION\n    a = a * 3\n    # END SOLUTION\n"
        "    return a + 2\n"
    )
    assert {4} == {one.line for one in mutants_of(text)}


def test_messages_assertions_and_docstrings_are_left_alone():
    text = (
        'def f(a: int = 1) -> int:\n    """Return 1 + 1."""\n    assert a > 1\n'
        '    print(a + 1)\n    if a:\n        raise ValueError(f"{a + 1}")\n    return g()\n'
    )
    assert {5, 7} == {one.line for one in mutants_of(text)}


def test_methods_bear_the_name_of_their_class():
    text = "class Adam:\n    def step(self, t):\n        self.t += 1\n        return t\n"
    mutants = mutants_of(text)
    assert {"Adam.step"} == {one.function for one in mutants}
    assert {"self.t = 1", "self.t -= 1", "pass"} <= {one.after for one in mutants}


def test_what_is_told_is_flat_and_says_where_bodies_are():
    text = "def f(a):\n    return a + 1\n\n\ndef g():\n    pass\n"
    ids, *columns, owners, begins, ends, news, names, openings, closings = tell_mutants(text, "m.")
    assert {len(ids)} == {len(column) for column in columns}
    assert {len(owners)} == {len(begins), len(ends), len(news)}
    assert all(one.startswith("m.f:") for one in ids)
    assert ["return a + 1"] == [text[a:b] for a, b in zip(openings, closings, strict=True)]
    assert ["m.f"] == names
