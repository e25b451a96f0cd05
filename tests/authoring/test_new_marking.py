"""Where `new` puts the markers: around all that students write, and around nothing else."""

from __future__ import annotations

import ast
import tomllib

import pytest

from grader.authoring.proposal import outline
from grader.authoring.proposal.signatures import Function, Parameter, mark_blocks
from grader.authoring.proposal.toml import write_value
from grader.authoring.starter import cut_starter

LEFT = "# YOUR CODE HERE\n    raise NotImplementedError\n"
CASES = {
    "body": ("def f(x):\n    y = x\n    return y\n", f"def f(x):\n    {LEFT}"),
    "docstring": (
        'def f(x):\n    """Say.\n\n    More.\n    """\n    return x\n',
        f'def f(x):\n    """Say.\n\n    More.\n    """\n    {LEFT}',
    ),
    "comment that tells": ("def f(x):\n    # twice\n    return x\n", f"def f(x):\n    {LEFT}"),
    "one line": ("def f(x): return x\n", f"def f(x):\n    {LEFT}"),
    "one line, accents": ("def f(é): return é\n", f"def f(é):\n    {LEFT}"),
    "long signature": (
        "def f(\n    x,  # first\n    y,\n):\n    return x\n",
        f"def f(\n    x,  # first\n    y,\n):\n    {LEFT}",
    ),
    "text of several lines": (
        'def f(x):\n    return """\n# BEGIN\n"""\n\n\nA = 1\n',
        f"def f(x):\n    {LEFT}\n\nA = 1\n",
    ),
    "nested": (
        "def f(x):\n    def g(y):\n        return y\n    return g(x)\n",
        f"def f(x):\n    {LEFT}",
    ),
    "decorated inside": (
        "def f(x):\n    @staticmethod\n    def g(y):\n        return y\n    return g\n",
        f"def f(x):\n    {LEFT}",
    ),
    "method": (
        "class A:\n    size = 3\n\n    def f(self):\n        return 1\n",
        "class A:\n    size = 3\n\n    def f(self):\n        "
        "# YOUR CODE HERE\n        raise NotImplementedError\n",
    ),
    "nothing in it": (
        "def f(x):\n    pass\ndef g(x): ...\n",
        "def f(x):\n    pass\ndef g(x): ...\n",
    ),
    "tabs": (
        'def f(x):\n\t"""Say."""\n\treturn x\n',
        'def f(x):\n\t"""Say."""\n\t# YOUR CODE HERE\n\traise NotImplementedError\n',
    ),
    "two": (
        "def f(x): return x\ndef g(x):\n    return x\n",
        f"def f(x):\n    {LEFT}def g(x):\n    {LEFT}",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_starter_keeps_signatures_and_docstrings_and_no_line_of_a_body(case):
    solution, starter = CASES[case]
    marked = mark_blocks(solution, outline.read(solution)["blocks"])
    assert starter == cut_starter(marked)
    # What is marked is the same program.
    assert ast.dump(ast.parse(solution)) == ast.dump(ast.parse(marked))


def test_an_outline_tells_signatures_as_they_are_written():
    text = "def f(x, y=1.5, *rest, mode: str = 'a', **more) -> float:\n    return x, y\n"
    [told] = outline.read(text)["functions"]
    assert "f(x, y=1.5, *rest, mode: str='a', **more) -> float" == told["header"]
    assert [
        ["x", None, "", False],
        ["y", "1.5", "", False],
        ["mode", "'a'", "str", True],
    ] == told["parameters"]
    assert ["x", "y"] == told["returns"]


def test_an_outline_names_the_lines_that_print_when_the_module_is_imported():
    text = "def f():\n    print(1)\nfor i in range(3):\n    print(i)\n"
    text += "if __name__ == '__main__':\n    print(2)\n"
    assert [3] == outline.read(text)["prints"]


@pytest.mark.parametrize(
    ("docstring", "shape"),
    [
        ("X: samples (N, D)", ("N", "D")),
        ("X : array of shape (N, D)\n    The samples.", ("N", "D")),
        ("Takes X (N, D) and w (D,).", ("N", "D")),
        ("X - inputs, (4, D)", ("4", "D")),
        ("Return f(X, w).", None),
        ("X and w (D,)", None),
        ("X without one", None),
    ],
)
def test_a_shape_is_read_off_a_docstring(docstring, shape):
    parameters = (Parameter("X", None, "", False), Parameter("w", None, "", False))
    assert shape == Function("f", 1, docstring, "f(X, w)", parameters, ()).shape_of("X")


@pytest.mark.parametrize(
    "value",
    [
        "plain", 'a "quoted" one', "it's", 'both \' and "', "two\nlines", 'three """ quotes\nx',
        "back\\slash\nx", "tab\tand \x7f", True, 3, 1e-8, -2.5, [1, 2.0], {"a": "b", "c": "d"},
    ],
)  # fmt: skip
def test_what_is_written_as_toml_is_read_back(value):
    read = tomllib.loads(f"key = {write_value(value)}")["key"]
    assert value == (read.removesuffix("\n") if isinstance(value, str) else read)
