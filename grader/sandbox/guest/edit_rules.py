"""Edits of expressions: a sign, an axis, a factor, a name, an operator, a constant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edit_calls import edit_call
from .edits import Edit, Place, Scope, constant, read_name, transposed

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
_PRODUCTS = (ast.Mult, ast.Div, ast.FloorDiv)


def edit_expression(place: Place, scope: Scope) -> Iterator[Edit]:
    """Yield the edits of one expression."""
    node = place.node
    match node:
        case ast.BinOp():
            yield from _edit_operation(place, node, scope)
        case ast.UnaryOp(op=ast.USub()) if not isinstance(node.operand, ast.Constant):
            yield place.put("sign", node.operand)
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
            yield place.put("sign" if isinstance(node.op, ast.USub) else "test", node.operand)
        case ast.Compare(ops=[op]):
            for other in _COMPARISONS.get(type(op), ()):
                yield place.put(
                    "compare", ast.Compare(node.left, [other()], node.comparators), node
                )
        case ast.BoolOp():
            other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield place.put("test", ast.BoolOp(other_op, node.values))
            for value in node.values:
                yield place.put("test", value)
        case ast.IfExp():
            yield place.put("test", ast.IfExp(node.test, node.orelse, node.body))
            yield place.put("test", node.body)
            yield place.put("test", node.orelse)
        case ast.Constant():
            yield from _edit_constant(place, node)
            yield from _masked_one(place, node, scope)
        case ast.Name(ctx=ast.Load()):
            yield from _edit_name(place, node, scope)
        case ast.Attribute(ctx=ast.Load()):
            yield from _edit_attribute(place, node, scope)
        case ast.Subscript(ctx=ast.Load()):
            yield from _edit_subscript(place, node, scope)
        case ast.Slice():
            yield from _edit_slice(place, node)
        case ast.Call():
            yield from edit_call(place, node, scope)
        case ast.Tuple(elts=[first, second]) if place.is_index:
            yield place.put("index_swap", ast.Tuple([second, first], node.ctx))


def _edit_operation(place: Place, node: ast.BinOp, scope: Scope) -> Iterator[Edit]:
    left, op, right = node.left, node.op, node.right
    if isinstance(op, ast.Add | ast.Sub):
        kind = "index" if place.is_index else "sign"
        yield place.put(kind, ast.BinOp(left, _other_sign(op), right), right)
        if isinstance(op, ast.Sub):
            yield place.put("sign", ast.BinOp(right, ast.Sub(), left))
        out = "index" if place.is_index else "term_out"
        yield place.put(out, left, right)
        yield place.put(out, right if isinstance(op, ast.Add) else _minus(right), left)
        yield place.put("operator", ast.BinOp(left, ast.Mult(), right))
    elif isinstance(op, _PRODUCTS):
        yield from _edit_product(place, node, scope)
    elif isinstance(op, ast.MatMult):
        yield place.put("transpose", ast.BinOp(right, ast.MatMult(), left))
        yield place.put("operator", ast.BinOp(left, ast.Mult(), right))
        yield from _transposed_operands(place, node)
    elif isinstance(op, ast.Pow):
        yield place.put("exponent", left, right)
        if isinstance(right, ast.Constant) and isinstance(right.value, int | float):
            for power in {0.5, 1, 2, 3, -0.5, right.value - 1, right.value + 1} - {right.value}:
                yield place.put("exponent", ast.BinOp(left, op, constant(power)), right)
        else:
            for step in (1, -1):
                moved = ast.BinOp(right, ast.Add(), constant(step))
                yield place.put("exponent", ast.BinOp(left, op, moved), right)
            if isinstance(right, ast.BinOp):
                yield place.put("exponent", ast.BinOp(left, op, right.left), right)
    yield from _reassociate(place, node)


def _edit_product(place: Place, node: ast.BinOp, scope: Scope) -> Iterator[Edit]:
    left, op, right = node.left, node.op, node.right
    if isinstance(op, ast.FloorDiv):
        yield place.put("division", ast.BinOp(left, ast.Div(), right))
    other: ast.operator = ast.Div() if isinstance(op, ast.Mult) else ast.Mult()
    yield place.put("inverse", ast.BinOp(left, other, right), right)
    if isinstance(op, ast.Mult):
        for kept, dropped in ((left, right), (right, left)):
            kind = "mask_out" if scope.is_mask(dropped) else "factor_out"
            yield place.put(kind, kept, dropped)
    else:
        yield place.put("divisor_out", left, right)
    if isinstance(op, ast.Mult):
        yield place.put("operator", ast.BinOp(left, ast.Add(), right))
        yield place.put("operator", ast.BinOp(left, ast.Sub(), right))
        yield place.put("operator", ast.BinOp(left, ast.MatMult(), right))
    else:
        yield place.put("operator", ast.BinOp(right, ast.Div(), left))
        yield place.put("operator", ast.BinOp(left, ast.Sub(), right))
        yield place.put("operator", ast.BinOp(left, ast.Add(), right))
        if isinstance(op, ast.Div):
            yield place.put("division", ast.BinOp(left, ast.FloorDiv(), right))


def _reassociate(place: Place, node: ast.BinOp) -> Iterator[Edit]:
    """Yield the same operations with the brackets elsewhere."""
    left, op, right = node.left, node.op, node.right
    if isinstance(right, ast.BinOp):
        inner = ast.BinOp(left, op, right.left)
        yield place.put("brackets", ast.BinOp(inner, right.op, right.right))
    if isinstance(left, ast.BinOp):
        inner = ast.BinOp(left.right, op, right)
        yield place.put("brackets", ast.BinOp(left.left, left.op, inner))
    # f(a) + b for f(a + b), and back: where an eps belongs
    for call, other, is_left in ((left, right, True), (right, left, False)):
        if isinstance(call, ast.Call) and len(call.args) == 1 and not call.keywords:
            pair = (call.args[0], other) if is_left else (other, call.args[0])
            moved = ast.Call(call.func, [ast.BinOp(pair[0], op, pair[1])], [])
            yield place.put("bring_in", moved, other)
        if isinstance(call, ast.BinOp) and isinstance(call.op, ast.Pow) and is_left:
            moved_power = ast.BinOp(ast.BinOp(call.left, op, other), call.op, call.right)
            yield place.put("bring_in", moved_power, other)
    if isinstance(op, ast.Pow) and isinstance(left, ast.BinOp):
        power = ast.BinOp(left.left, op, right)
        yield place.put("bring_out", ast.BinOp(power, left.op, left.right), left.right)


def _transposed_operands(place: Place, node: ast.BinOp) -> Iterator[Edit]:
    for name in ("left", "right"):
        operand = getattr(node, name)
        if not (isinstance(operand, ast.Attribute) and operand.attr == "T"):
            yield place.at(operand, node, name).put("transpose", transposed(operand), operand)


def _edit_constant(place: Place, node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, bool):
        yield place.put("keepdims" if place.is_axis else "flag", ast.Constant(not value))
    elif place.is_axis and isinstance(place.parent, ast.keyword) and place.parent.arg == "ddof":
        yield place.put("ddof", constant(0 if value else 1), node)
    elif place.is_axis and (value is None or isinstance(value, int)):
        for axis in (0, 1, -1, 2, None):
            if axis != value:
                yield place.put("axis", ast.Constant(axis), node)
    elif isinstance(value, int | float):
        others: list[float] = [value + 1, value - 1]
        if not place.is_index:
            others += [0, 1, 2, 0.5, -value, 2 * value, value / 2, 1 - value, 10 * value]
            others += [-1e30] if value == 0 else []
        kind = "index" if place.is_index else "constant"
        for other in dict.fromkeys(others):
            if other != value or (type(other) is not type(value) and not place.is_index):
                yield place.put(kind, constant(other), node)


def _masked_one(place: Place, node: ast.Constant, scope: Scope) -> Iterator[Edit]:
    """Yield a slope of 1 that is one only where a number is positive."""
    if place.is_index or place.is_axis or type(node.value) not in (int, float) or node.value != 1:
        return
    for name in scope.scalars():
        if not scope.names[name].is_integer:
            mask = ast.Compare(read_name(name), [ast.Gt()], [constant(0)])
            yield place.put("mask_in", ast.BinOp(mask, ast.Mult(), node), mask)


def _edit_name(place: Place, node: ast.Name, scope: Scope) -> Iterator[Edit]:
    if isinstance(place.parent, ast.Call) and place.name == "func":
        for other in scope.functions:
            if other != node.id and node.id in scope.functions:
                yield place.put("function", read_name(other), node)
        return
    for other in scope.like(node.id):
        yield place.put(_naming(place), read_name(other), node)
    seen = scope.names.get(node.id)
    if seen is None:
        return
    if not (seen.is_integer or place.is_index):
        yield place.put("power", ast.BinOp(node, ast.Pow(), constant(2)), node)
    if len(seen.shape) == 1 and not place.is_index:
        column = ast.Tuple([ast.Slice(), ast.Constant(None)], ast.Load())
        yield place.put("column", ast.Subscript(node, column, ast.Load()), node)
    if len(seen.shape) == 2 and isinstance(place.parent, ast.Call):
        yield place.put("transpose", transposed(node), node)
    if seen.is_integer and not seen.shape and place.is_index:
        for step in (1, -1):
            yield place.put("index", ast.BinOp(node, ast.Add(), constant(step)), node)


def _naming(place: Place) -> str:
    """Return the kind of an edit of a name: what a mask is taken of is a case of its own."""
    return "mask_name" if isinstance(place.parent, ast.Compare) else "name"


def _edit_attribute(place: Place, node: ast.Attribute, scope: Scope) -> Iterator[Edit]:
    if node.attr == "T":
        yield place.put("transpose", node.value)
        return
    dotted = f"{node.value.id}.{node.attr}" if isinstance(node.value, ast.Name) else ""
    for other in scope.like(dotted):
        yield place.put(_naming(place), read_name(other), node)


def _edit_subscript(place: Place, node: ast.Subscript, scope: Scope) -> Iterator[Edit]:
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        for other in scope.like(ast.unparse(node)):
            yield place.put(_naming(place), read_name(other), node)
        return
    if isinstance(node.slice, ast.Constant | ast.Name) and _is_shape(node.value):
        return
    yield place.put("unwrap", node.value, node)


def _is_shape(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "shape"


def _edit_slice(place: Place, node: ast.Slice) -> Iterator[Edit]:
    for name in ("lower", "upper"):
        bound = getattr(node, name)
        if bound is None:
            continue
        for step in (1, -1):
            moved = ast.BinOp(bound, ast.Add(), constant(step))
            new = ast.Slice(node.lower, node.upper, node.step)
            setattr(new, name, moved)
            yield place.put("index", new, node)
        new = ast.Slice(node.lower, node.upper, node.step)
        setattr(new, name, None)
        yield place.put("index", new, node)


def _other_sign(op: ast.operator) -> ast.operator:
    return ast.Sub() if isinstance(op, ast.Add) else ast.Add()


def _minus(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), node)
