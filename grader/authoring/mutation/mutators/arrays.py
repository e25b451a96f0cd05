"""Mistakes with arrays: transposition, axes, copies, returned values."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from .edit import Edit, Place, callee, number

_PRODUCTS = ("dot", "matmul", "outer")
_REDUCTIONS = (
    *("sum", "mean", "max", "min", "amax", "amin", "std", "var", "prod", "argmax", "argmin"),
    *("cumsum", "argsort", "sort", "concatenate", "stack", "any", "all", "norm"),
)
_COPIES = ("copy", "deepcopy", "array", "list", "dict")
_FRACTIONS = ("zeros", "zeros_like", "ones", "ones_like", "empty", "empty_like", "full")


def edit_transpositions(place: Place) -> Iterator[Edit]:
    """Yield a transposition left out, added, or made by reshaping; a product turned round."""
    node = place.node
    if isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.ctx, ast.Load):
        inner = place.atom(node.value)
        yield place.put("transpose", inner)
        yield place.put("transpose", f"{inner}.reshape({inner}.T.shape)")
    if callee(node) == "transpose" and isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and place.text(node.func.value) != (
            place.source.numpy
        ):
            yield place.put("transpose", place.atom(node.func.value))
        elif node.args:
            yield place.put("transpose", place.atom(node.args[0]))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield place.put("transpose", f"{place.atom(node.right)} @ {place.atom(node.left)}")
        for side in (node.left, node.right):
            if not place.text(side).endswith(".T"):
                yield place.put("transpose", f"{place.atom(side)}.T", side)
    if isinstance(node, ast.Call) and callee(node) in _PRODUCTS:
        if len(node.args) == 2:
            one, other = map(place.text, node.args)
            yield place.put("transpose", f"{place.text(node.func)}({other}, {one})")
        for side in node.args:
            if not place.text(side).endswith(".T"):
                yield place.put("transpose", f"{place.atom(side)}.T", side)


def edit_axes(place: Place) -> Iterator[Edit]:
    """Yield another axis, all axes, and axes that are not kept."""
    node = place.node
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        if keyword.arg == "axis":
            yield from _other_axes(place, keyword.value)
            yield place.put("axis", place.call_without(node, keyword))
        if keyword.arg == "keepdims":
            yield place.put("keepdims", place.call_without(node, keyword))
    is_method = isinstance(node.func, ast.Attribute) and (
        place.text(node.func.value) != place.source.numpy
    )
    position = 0 if is_method else 1
    if callee(node) in _REDUCTIONS and len(node.args) > position:
        axis = node.args[position]
        if number(axis) is not None or isinstance(axis, ast.Tuple):
            yield from _other_axes(place, axis)
            yield place.put("axis", place.call_without(node, axis))


def _other_axes(place: Place, axis: ast.expr) -> Iterator[Edit]:
    match number(axis):
        case 0:
            yield place.put("axis", "1", axis)
        case 1 | -1:
            yield place.put("axis", "0", axis)
        case 2:
            yield place.put("axis", "1", axis)
    if isinstance(axis, ast.Tuple) and len(axis.elts) > 1:
        for one in axis.elts:
            yield place.put("axis", place.text(one), axis)


def edit_copies(place: Place) -> Iterator[Edit]:
    """Yield a copy left out, and an input overwritten."""
    node = place.node
    if isinstance(node, ast.Call) and callee(node) in _COPIES:
        if node.args and not isinstance(node.args[0], ast.List | ast.Tuple | ast.GeneratorExp):
            yield place.put("in-place", place.atom(node.args[0]))
        elif callee(node) == "copy" and isinstance(node.func, ast.Attribute) and not node.args:
            yield place.put("in-place", place.atom(node.func.value))
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name) and place.source.numpy:
        words = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply"}
        word = words.get(type(node.op))
        is_value = isinstance(place.parent, ast.ListComp | ast.Assign | ast.Return | ast.Tuple)
        if word and is_value:
            left, _, right = place.source.split(node)
            call = f"{place.source.numpy}.{word}({left}, {right}, out={left})"
            yield place.put("in-place", call)
    if isinstance(node, ast.Call) and callee(node) in _FRACTIONS:
        is_typed = any(keyword.arg == "dtype" for keyword in node.keywords)
        if isinstance(node.func, ast.Attribute) and not is_typed:
            yield place.put("integer", place.call_without(node, None, "dtype=int"))


def edit_returns(place: Place) -> Iterator[Edit]:
    """Yield returned values that have changed places, and one that is zero or has its sign lost."""
    node = place.node
    if not isinstance(node, ast.Return) or node.value is None:
        return
    values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for one, other in itertools.pairwise(values):
        span, after = place.source.span(one), place.source.span(other)
        yield Edit("return", node, ((*span, place.text(other)), (*after, place.text(one))))
    for value in values:
        if isinstance(value, ast.Constant | ast.List | ast.ListComp | ast.Starred):
            continue
        yield place.put("return", f"0 * {place.atom(value)}", value)
        if isinstance(value, ast.BinOp | ast.Call):
            yield place.put("sign", f"-{place.atom(value)}", value)


FAMILIES = (edit_transpositions, edit_axes, edit_copies, edit_returns)
