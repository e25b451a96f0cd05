"""Edits of calls: another function, another axis, a product the other way round."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import REDUCTIONS, Edit, Place, Scope, callee, constant, is_method, transposed

_TWINS = {
    "sum": ("mean",),
    "mean": ("sum",),
    "max": ("min", "sum"),
    "min": ("max",),
    "amax": ("amin",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "std": ("var",),
    "var": ("std",),
    "sqrt": ("square", "abs"),
    "square": ("sqrt", "abs"),
    "abs": ("square", "sign"),
    "sign": ("abs",),
    "exp": ("log", "expm1"),
    "log": ("log2", "log10", "log1p", "exp"),
    "log2": ("log",),
    "log10": ("log",),
    "log1p": ("log",),
    "tanh": ("sin", "arctan"),
    "sin": ("cos",),
    "cos": ("sin",),
    "normal": ("uniform",),
    "uniform": ("normal",),
    "randn": ("rand",),
    "rand": ("randn",),
    "random": ("standard_normal",),
    "standard_normal": ("random",),
    "floor": ("ceil",),
    "dot": ("multiply",),
    "any": ("all",),
    "all": ("any",),
    "argsort": ("sort",),
}
"""Functions that are taken for each other."""


def edit_call(place: Place, node: ast.Call, scope: Scope) -> Iterator[Edit]:
    """Yield the edits of a call."""
    name = callee(node)
    for twin in _TWINS.get(name, ()):
        func: ast.expr = (
            ast.Attribute(node.func.value, twin, ast.Load())
            if isinstance(node.func, ast.Attribute)
            else ast.Name(twin, ast.Load())
        )
        yield place.put("function", ast.Call(func, node.args, node.keywords), node)
    if name in ("dot", "matmul"):
        yield from _edit_dot(place, node)
    elif name == "reshape" and isinstance(node.func, ast.Attribute):
        yield place.put("transpose", transposed(node.func.value), node)
    elif name == "append" and len(node.args) == 1:
        yield from _copied_item(place, node)
    elif len(node.args) == 2:
        yield place.put("arguments", ast.Call(node.func, node.args[::-1], node.keywords))
    is_of_numpy = isinstance(node.func, ast.Attribute)
    if len(node.args) == 1 and not node.keywords and name not in ("range", "len"):
        yield place.put("unwrap", node.args[0], node)
        yield from _bring_out(place, node)
    elif not node.args and is_of_numpy and isinstance(node.func, ast.Attribute):
        yield place.put("copy" if name == "copy" else "unwrap", node.func.value, node)
    if not place.is_index and name not in ("range", "xrange", "len", "append"):
        yield place.put("power", ast.BinOp(node, ast.Pow(), constant(2)), node)
    yield from _edit_reduction(place, node, name)
    if name == "range" or name == "xrange":
        yield from _edit_range(place, node)
    if name == "exp" and len(node.args) == 1 and scope.numpy:
        yield place.put("stabilise", _stabilised(node, scope.numpy), node)
    for index, keyword in enumerate(node.keywords):
        if keyword.arg not in ("axis", "keepdims"):
            rest = node.keywords[:index] + node.keywords[index + 1 :]
            yield place.put("keyword_out", ast.Call(node.func, node.args, rest), keyword.arg or "")


def _copied_item(place: Place, node: ast.Call) -> Iterator[Edit]:
    item = node.args[0]
    if isinstance(item, ast.Name | ast.Attribute | ast.Subscript):
        copy = ast.Call(ast.Attribute(item, "copy", ast.Load()), [], [])
        yield place.at(item, node, "args", 0).put("copy", copy, node)


def _bring_out(place: Place, node: ast.Call) -> Iterator[Edit]:
    """Yield f(a) + b for f(a + b)."""
    inner = node.args[0]
    if isinstance(inner, ast.BinOp):
        for call, other, is_left in (
            (inner.left, inner.right, True),
            (inner.right, inner.left, False),
        ):
            called = ast.Call(node.func, [call], [])
            pair = (called, other) if is_left else (other, called)
            yield place.put("bring_out", ast.BinOp(pair[0], inner.op, pair[1]), other)


def _edit_dot(place: Place, node: ast.Call) -> Iterator[Edit]:
    if len(node.args) == 2:
        yield place.put("transpose", ast.Call(node.func, node.args[::-1], []))
        for index in (0, 1):
            operand = node.args[index]
            if not isinstance(operand, ast.Name) and _is_plain(operand):
                yield place.at(operand, node, "args", index).put(
                    "transpose", transposed(operand), operand
                )
    elif len(node.args) == 1 and isinstance(node.func, ast.Attribute):
        left, right = node.func.value, node.args[0]
        swapped = ast.Attribute(right, node.func.attr, ast.Load())
        yield place.put("transpose", ast.Call(swapped, [left], []))
        if _is_plain(left):
            owner = ast.Attribute(transposed(left), node.func.attr, ast.Load())
            yield place.put("transpose", ast.Call(owner, [right], []), left)
        if not isinstance(right, ast.Name) and _is_plain(right):
            yield place.at(right, node, "args", 0).put("transpose", transposed(right), right)
        yield place.put("operator", ast.BinOp(left, ast.Mult(), right))


def _is_plain(node: ast.AST) -> bool:
    return not (isinstance(node, ast.Attribute) and node.attr == "T")


def _edit_reduction(place: Place, node: ast.Call, name: str) -> Iterator[Edit]:
    if name not in REDUCTIONS:
        return
    words = {keyword.arg for keyword in node.keywords}
    has_axis = "axis" in words or len(node.args) > (0 if is_method(node) else 1)
    if not has_axis:
        for axis in (0, 1, -1):
            added = [*node.keywords, ast.keyword("axis", constant(axis))]
            yield place.put("axis", ast.Call(node.func, node.args, added), node)
    if has_axis and "keepdims" not in words and not name.startswith("arg"):
        added = [*node.keywords, ast.keyword("keepdims", ast.Constant(True))]
        yield place.put("keepdims", ast.Call(node.func, node.args, added), node)
    if name in ("std", "var") and "ddof" not in words:
        added = [*node.keywords, ast.keyword("ddof", constant(1))]
        yield place.put("ddof", ast.Call(node.func, node.args, added), node)
    for drop in ("axis", "keepdims"):
        if drop in words:
            rest = [keyword for keyword in node.keywords if keyword.arg != drop]
            yield place.put(drop, ast.Call(node.func, node.args, rest), node)


def _edit_range(place: Place, node: ast.Call) -> Iterator[Edit]:
    for index, argument in enumerate(node.args):
        for step in (1, -1):
            if not isinstance(argument, ast.Name | ast.Constant):
                moved = ast.BinOp(argument, ast.Add(), constant(step))
                yield place.at(argument, node, "args", index).put("index", moved, argument)
    if len(node.args) == 1:
        further = ast.BinOp(node.args[0], ast.Add(), constant(1))
        for last in (node.args[0], further):
            yield place.put("index", ast.Call(node.func, [constant(1), last], []), node)
    elif len(node.args) == 2:
        yield place.put("index", ast.Call(node.func, node.args[1:], []), node)
    backwards = ast.Call(ast.Name("reversed", ast.Load()), [node], [])
    yield place.put("order", backwards, node)


def _stabilised(node: ast.Call, numpy: str) -> ast.expr:
    argument = node.args[0]
    keywords = [
        ast.keyword("axis", constant(-1)),
        ast.keyword("keepdims", ast.Constant(True)),
    ]
    largest = ast.Call(
        ast.Attribute(ast.Name(numpy, ast.Load()), "max", ast.Load()), [argument], keywords
    )
    return ast.Call(node.func, [ast.BinOp(argument, ast.Sub(), largest)], [])
