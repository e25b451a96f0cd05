"""A function's text is edited in one place at a time, as mistakes are made and mended."""

from __future__ import annotations

import ast
import textwrap

import pytest

from grader.sandbox.guest.edit_rules import edit_expression
from grader.sandbox.guest.edit_statements import edit_statement, insert_into
from grader.sandbox.guest.edits import Edit, Scope, Seen, join_alike, walk

NAMES = {
    "x": Seen((4, 3), is_integer=False),
    "h": Seen((4, 3), is_integer=False),
    "mask": Seen((4, 3), is_integer=False, is_mask=True),
    "v": Seen((4,), is_integer=False),
    "y": Seen((4,), is_integer=True),
    "N": Seen((), is_integer=True, number=4.0),
    "reg": Seen((), is_integer=False, number=0.7),
    "d['W']": Seen((2, 2), is_integer=False),
    "d['V']": Seen((2, 2), is_integer=False),
}


def function_of(body: str) -> ast.FunctionDef:
    tree = ast.parse(f"def f(x, h, y):\n{textwrap.indent(body, '    ')}")
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    return function


def edits_of(function: ast.FunctionDef) -> list[Edit]:
    scope = Scope(set(range(1, 99)), NAMES, "np", ("sigmoid", "tanh"))
    single: list[Edit] = []
    inserted: list[Edit] = []
    for place in list(walk(function, scope)):
        if isinstance(place.node, ast.stmt):
            single += edit_statement(place, scope)
            inserted += insert_into(place, scope)
        else:
            single += edit_expression(place, scope)
    return [*single, *join_alike(single), *inserted]


def texts_of(body: str) -> set[tuple[str, str]]:
    """Every edit's kind, and what the function's body then reads."""
    function = function_of(body)
    before = ast.unparse(function)
    texts = set()
    for edit in edits_of(function):
        undo = edit.swap()
        changed = ast.unparse(ast.fix_missing_locations(function))
        for change in reversed(undo):
            change.swap()
        assert before == ast.unparse(function), edit
        texts.add((edit.kind, textwrap.dedent(changed.partition("\n")[2])))
    return texts


@pytest.mark.parametrize(
    ("body", "kind", "edited"),
    [
        ("return x + h", "sign", "return x - h"),
        ("return x - h", "sign", "return h - x"),
        ("return x - h", "sign", "return x + h"),
        ("return -x", "sign", "return x"),
        ("x += h", "sign", "x -= h"),
        ("return x", "negate", "return -x"),
        ("return x @ h", "transpose", "return h @ x"),
        ("return x.T @ h", "transpose", "return x @ h"),
        ("return x @ h", "transpose", "return x.T @ h"),
        ("return np.dot(x, h)", "transpose", "return np.dot(h, x)"),
        ("return x.dot(h)", "transpose", "return h.dot(x)"),
        ("return x.reshape(h.shape)", "transpose", "return x.T"),
        ("return np.sum(x, axis=0)", "axis", "return np.sum(x, axis=1)"),
        ("return np.sum(x, 0)", "axis", "return np.sum(x, 1)"),
        ("return x.sum(0)", "axis", "return x.sum(1)"),
        ("return np.sum(x)", "axis", "return np.sum(x, axis=0)"),
        ("return x.std(0)", "ddof", "return x.std(0, ddof=1)"),
        ("return x.std(0, ddof=1)", "ddof", "return x.std(0, ddof=0)"),
        ("return x.sum(0)", "keepdims", "return x.sum(0, keepdims=True)"),
        ("return x / N", "divisor_out", "return x"),
        ("return x * N", "factor_out", "return x"),
        ("return x * mask", "mask_out", "return x"),
        ("return x * (h > 0)", "mask_out", "return x"),
        ("return x // N", "division", "return x / N"),
        ("return x / N", "inverse", "return x * N"),
        ("return x ** 2", "exponent", "return x"),
        ("return N ** y", "exponent", "return N ** (y + 1)"),
        ("return x > h", "compare", "return x >= h"),
        ("return x", "name", "return h"),
        ("return x > 0", "mask_name", "return h > 0"),
        ("return d['W']", "name", "return d['V']"),
        ("return np.sum(x)", "function", "return np.mean(x)"),
        ("return sigmoid(x)", "function", "return tanh(x)"),
        ("return np.sqrt(x)", "unwrap", "return x"),
        ("return np.sqrt(x + 1e-3)", "bring_out", "return np.sqrt(x) + 0.001"),
        ("return np.sqrt(x) + 1e-3", "bring_in", "return np.sqrt(x + 0.001)"),
        ("return (x + h) * 2", "brackets", "return x + h * 2"),
        ("return v", "column", "return v[:, None]"),
        ("return np.exp(x)", "stabilise", "return np.exp(x - np.max(x, axis=-1, keepdims=True))"),
        ("return x[1:N]", "index", "return x[1:N + 1]"),
        ("return x[1:N]", "index", "return x[:N]"),
        ("return x[0, y]", "index_swap", "return x[y, 0]"),
        ("x = h", "copy", "x = h.copy()"),
        ("return x[0]", "copy", "return x[0].copy()"),
        ("v.append(x)", "copy", "v.append(x.copy())"),
        ("x = dict(d)", "copy", "x = {_k: _v.copy() for _k, _v in d.items()}"),
        ("x *= h", "rebind", "x = x * h"),
        ("x[y] += h", "add_at", "np.add.at(x, y, h)"),
        ("x += h", "overwrite", "x = h"),
        ("x = h", "accumulate", "x += h"),
        ("x = h\nh = v", "statement_swap", "h = v\nx = h"),
        ("x = h\nreturn x", "statement_out", "pass\nreturn x"),
        ("return (x, h)", "item_swap", "return (h, x)"),
        ("return x", "divisor_in", "return x / N"),
        ("return x", "divisor_in", "return x / x.shape[1]"),
        ("return x", "mask_in", "return x * (h > 0)"),
        ("return x", "mask_in", "return x * mask"),
        ("return x", "term_in", "return x + h"),
        ("return x", "term_in", "return x + reg * h"),
        ("return x", "one_hot_in", "return (lambda _v: _v - np.eye(_v.shape[1])[y])(x)"),
        ("return x.max(0) + h.max(0)", "axis", "return x.max(1) + h.max(1)"),
    ],
)
def test_an_edit_changes_one_thing_and_can_be_taken_back(body, kind, edited):
    assert (kind, edited) in texts_of(body)


def test_a_statement_can_move_into_the_loop_before_it():
    loop = "for i in x:\n    y = i\nh -= y"
    moved = "for i in x:\n    y = i\n    h -= y\npass"
    assert ("move", moved) in texts_of(loop)


def test_lines_that_did_not_run_are_left_alone():
    function = function_of("if x:\n    return x + h\nreturn h")
    scope = Scope({2, 4}, NAMES, "np")
    assert {2, 4} == {place.node.lineno for place in walk(function, scope)}


def test_the_order_of_edits_depends_on_the_text_alone():
    body = "h = x @ h\nreturn np.sum(h * mask, axis=0) / N"
    first, second = (
        [(edit.kind, edit.line, ast.dump(edit.before)) for edit in edits_of(function_of(body))]
        for _ in range(2)
    )
    assert first == second
