"""Edits of statements: what is missing on the right of one, or one too many, or out of order."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from .edits import Change, Edit, Place, Scope, read_name

_MOST_NAMES = 24


def edit_statement(place: Place, scope: Scope) -> Iterator[Edit]:
    """Yield the edits of one statement as a whole."""
    node = place.node
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        own = ast.Name(node.target.id, ast.Load())
        anew = ast.Assign([node.target], ast.BinOp(own, node.op, node.value))
        yield place.put("rebind", anew, node)
    match node:
        case ast.AugAssign(op=ast.Add() | ast.Sub()):
            other: ast.operator = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield place.put("sign", ast.AugAssign(node.target, other, node.value))
            yield place.put("overwrite", ast.Assign([node.target], node.value))
        case ast.AugAssign(op=ast.Mult() | ast.Div() | ast.FloorDiv()):
            op: ast.operator = ast.Div() if isinstance(node.op, ast.Mult) else ast.Mult()
            yield place.put("inverse", ast.AugAssign(node.target, op, node.value), node.value)
            if isinstance(node.op, ast.FloorDiv):
                yield place.put("division", ast.AugAssign(node.target, ast.Div(), node.value))
        case ast.Assign(targets=[ast.Name() | ast.Subscript() | ast.Attribute() as target]):
            yield place.put("accumulate", ast.AugAssign(target, ast.Add(), node.value))
            if isinstance(node.value, ast.Name | ast.Attribute | ast.Subscript):
                yield _copied(node)
            yield from _copied_deeply(node)
        case ast.Return(value=ast.Name() | ast.Attribute() | ast.Subscript()):
            yield _copied(node)
        case ast.If():
            test = Place(node.test, node, "test", None, statement=node)
            yield test.put("test", ast.UnaryOp(ast.Not(), node.test), node)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
        yield from _add_each(place, node, scope)
    if not isinstance(node, ast.Return | ast.FunctionDef | ast.ClassDef | ast.Pass):
        yield place.put("statement_out", ast.Pass(), node)
    following = getattr(place.parent, place.name)
    if place.index is not None and place.index + 1 < len(following):
        yield from _swap_with_next(place, following)
    yield from _move(place, following)
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Return) and node.value is not None:
        value = Place(node.value, node, "value", None, statement=node)
        yield value.put("negate", ast.UnaryOp(ast.USub(), node.value), node.value)
        if isinstance(node.value, ast.Tuple):
            yield from _swap_items(node.value)


def _add_each(place: Place, node: ast.AugAssign, scope: Scope) -> Iterator[Edit]:
    """Yield the sum over indices that occur twice, where `+=` takes the last of them."""
    target = node.target
    assert isinstance(target, ast.Subscript)
    if scope.numpy and isinstance(node.op, ast.Add) and isinstance(target.slice, ast.expr):
        add = ast.Attribute(read_name(f"{scope.numpy}.add"), "at", ast.Load())
        array = ast.parse(ast.unparse(target.value), mode="eval").body
        call = ast.Call(add, [array, _plain_index(target.slice), node.value], [])
        yield place.put("add_at", ast.Expr(call), node)


def _plain_index(index: ast.expr) -> ast.expr:
    """Return an index as an argument: slices as calls."""
    if isinstance(index, ast.Slice):
        bounds = (index.lower, index.upper, index.step)
        return ast.Call(
            ast.Name("slice", ast.Load()), [one or ast.Constant(None) for one in bounds], []
        )
    if isinstance(index, ast.Tuple):
        return ast.Tuple([_plain_index(one) for one in index.elts], ast.Load())
    return index


def _copied(node: ast.Assign | ast.Return) -> Edit:
    assert node.value is not None
    copy = ast.Call(ast.Attribute(node.value, "copy", ast.Load()), [], [])
    return Place(node.value, node, "value", None, statement=node).put("copy", copy, node)


def _copied_deeply(node: ast.Assign) -> Iterator[Edit]:
    """Yield a copy of a dict whose arrays are copied too."""
    call = node.value
    if not isinstance(call, ast.Call) or len(call.args) > 1 or call.keywords:
        return
    if isinstance(call.func, ast.Name) and call.func.id == "dict" and call.args:
        held = call.args[0]
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "copy" and not call.args:
        held = call.func.value
    else:
        return
    text = f"{{_k: _v.copy() for _k, _v in {ast.unparse(held)}.items()}}"
    yield Place(call, node, "value", None, statement=node).put("copy", read_name(text), node)


def _swap_with_next(place: Place, statements: list[Any]) -> Iterator[Edit]:
    index = place.index
    assert index is not None
    one, other = statements[index], statements[index + 1]
    simple = (ast.Assign, ast.AugAssign, ast.Expr)
    for last in range(index + 2, min(index + 5, len(statements))):
        if isinstance(one, simple):
            moved = [*statements[index + 1 : last + 1], one]
            changed = [
                Change(place.parent, place.name, index + offset, statement)
                for offset, statement in enumerate(moved)
            ]
            yield Edit("statement_swap", one.lineno, tuple(changed), one, other, one)
    if isinstance(one, simple) and isinstance(other, (*simple, ast.For, ast.If)):
        changes = (
            Change(place.parent, place.name, index, other),
            Change(place.parent, place.name, index + 1, one),
        )
        yield Edit("statement_swap", one.lineno, changes, one, other, one)


def _move(place: Place, statements: list[Any]) -> Iterator[Edit]:
    """Yield the statement as the last of the loop or branch before it, or behind its own."""
    node, index = place.node, place.index
    if index is None or not isinstance(node, ast.Assign | ast.AugAssign | ast.Expr):
        return
    before = statements[index - 1] if index else None
    if isinstance(before, ast.For | ast.While | ast.If):
        inner = before.body
        if isinstance(inner[-1], ast.If) and isinstance(before, ast.For | ast.While):
            yield _moved(place, inner[-1], node)
        yield _moved(place, before, node)
    following = statements[index + 1] if index + 1 < len(statements) else None
    if isinstance(following, ast.For | ast.While):
        changes = (
            Change(following, "body", None, [node, *following.body]),
            Change(place.parent, place.name, index, ast.copy_location(ast.Pass(), node)),
        )
        yield Edit("refresh", node.lineno, changes, node, node, node)
    if isinstance(node, ast.AugAssign | ast.Assign) and isinstance(before, ast.If):
        for nested in before.body:
            if isinstance(nested, ast.For | ast.While):
                yield _moved(place, nested, node)


def _moved(place: Place, into: Any, node: ast.stmt) -> Edit:
    changes = (
        Change(into, "body", None, [*into.body, node]),
        Change(place.parent, place.name, place.index, ast.copy_location(ast.Pass(), node)),
    )
    return Edit("move", node.lineno, changes, node, node, node)


def _swap_items(node: ast.Tuple) -> Iterator[Edit]:
    for index in range(len(node.elts) - 1):
        items = list(node.elts)
        items[index], items[index + 1] = items[index + 1], items[index]
        changes = (Change(node, "elts", None, items),)
        yield Edit("item_swap", node.lineno, changes, node, node, node)


def insert_into(place: Place, scope: Scope) -> Iterator[Edit]:
    """Yield what may be missing on the right side of a statement: a factor, a term, a mask."""
    node = place.node
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple | ast.Dict):
        items = node.value.elts if isinstance(node.value, ast.Tuple) else node.value.values
        name = "elts" if isinstance(node.value, ast.Tuple) else "values"
        for index, item in enumerate(items):
            if isinstance(item, ast.expr):
                inner = Place(item, node.value, name, index, statement=node)
                yield from _insert(inner, None, scope)
        return
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Return) and node.value is not None:
        target: ast.AST | None = None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
        elif isinstance(node, ast.AugAssign):
            target = node.target
        if not isinstance(target, ast.Tuple):
            yield from _insert(
                Place(node.value, node, "value", None, statement=node), target, scope
            )


def _insert(place: Place, target: ast.AST | None, scope: Scope) -> Iterator[Edit]:
    value = place.node
    named = target or value
    shape = _shape_of(named, scope)
    for factor in _factors(scope):
        yield place.put("factor_in", ast.BinOp(value, ast.Mult(), factor), factor)
        yield place.put("divisor_in", ast.BinOp(value, ast.Div(), factor), factor)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub):
        for name in ("left", "right"):
            operand = getattr(value, name)
            inner = place.at(operand, value, name)
            for factor in _factors(scope):
                yield inner.put("factor_in", ast.BinOp(operand, ast.Mult(), factor), factor)
                yield inner.put("divisor_in", ast.BinOp(operand, ast.Div(), factor), factor)
    for term in _terms(shape, scope):
        for op in (ast.Add(), ast.Sub()):
            yield place.put("term_in", ast.BinOp(value, op, term), term)
    yield from _masks(place, shape, scope)
    if (shape is None or len(shape) == 2) and scope.numpy:
        for name, held in scope.names.items():
            if held.is_integer and len(held.shape) == 1:
                yield place.put(
                    "one_hot_in", _minus_one_hot(value, name, scope.numpy), read_name(name)
                )


def _factors(scope: Scope) -> Iterator[ast.expr]:
    for name in scope.scalars()[:_MOST_NAMES]:
        yield read_name(name)
        yield ast.BinOp(ast.Constant(1), ast.Sub(), read_name(name))
    for number in (2.0, 0.5):
        yield ast.Constant(number)
    seen: set[int] = set()
    for name, one in list(scope.names.items())[:_MOST_NAMES]:
        for axis, length in enumerate(one.shape):
            if length not in seen and length > 1:
                seen.add(length)
                shape = ast.Attribute(read_name(name), "shape", ast.Load())
                yield ast.Subscript(shape, ast.Constant(axis), ast.Load())


def _terms(shape: tuple[int, ...] | None, scope: Scope) -> Iterator[ast.expr]:
    """Yield what may have been left out of a sum: a scaled parameter, another path."""
    strengths = [n for n in scope.scalars() if not scope.names[n].is_integer][:4]
    if shape is None:
        return
    for name in scope.arrays(shape)[:_MOST_NAMES]:
        for strength in strengths:
            term = ast.BinOp(read_name(strength), ast.Mult(), read_name(name))
            yield term
            for times in (2.0, 0.5):
                yield ast.BinOp(ast.Constant(times), ast.Mult(), term)
        yield read_name(name)
    if not shape:
        for name, held in list(scope.names.items())[:_MOST_NAMES]:
            if len(held.shape) == 2 and not held.is_integer:
                squares = ast.BinOp(read_name(name), ast.Pow(), ast.Constant(2))
                total = ast.Call(ast.Attribute(squares, "sum", ast.Load()), [], [])
                for strength in strengths:
                    term = ast.BinOp(read_name(strength), ast.Mult(), total)
                    yield term
                    yield ast.BinOp(ast.Constant(0.5), ast.Mult(), term)
        yield ast.Constant(1)


def _masks(place: Place, shape: tuple[int, ...] | None, scope: Scope) -> Iterator[Edit]:
    if shape is None:
        return
    names = scope.arrays(shape) if shape else [n for n in scope.scalars() if "." in n]
    for name in names[:_MOST_NAMES]:
        other = read_name(name)
        if scope.names[name].is_mask:
            yield place.put("mask_in", ast.BinOp(place.node, ast.Mult(), other), other)
            continue
        mask = ast.Compare(other, [ast.Gt()], [ast.Constant(0)])
        yield place.put("mask_in", ast.BinOp(place.node, ast.Mult(), mask), mask)
        yield place.put("factor_in", ast.BinOp(place.node, ast.Mult(), other), other)
        yield place.put("divisor_in", ast.BinOp(place.node, ast.Div(), other), other)
    for name, held in scope.names.items():
        if shape and held.is_integer and held.shape == shape:
            other = read_name(name)
            yield place.put("factor_in", ast.BinOp(place.node, ast.Mult(), other), other)


def _minus_one_hot(value: ast.expr, labels: str, numpy: str) -> ast.expr:
    width = ast.Subscript(
        ast.Attribute(read_name("_v"), "shape", ast.Load()), ast.Constant(1), ast.Load()
    )
    eye = ast.Call(ast.Attribute(read_name(numpy), "eye", ast.Load()), [width], [])
    rows = ast.Subscript(eye, read_name(labels), ast.Load())
    arguments = ast.arguments([], [ast.arg("_v")], None, [], [], None, [])
    function = ast.Lambda(arguments, ast.BinOp(read_name("_v"), ast.Sub(), rows))
    return ast.Call(function, [value], [])


def _shape_of(node: ast.AST, scope: Scope) -> tuple[int, ...] | None:
    """Return the shape of what a name holds, or an entry of a dict that was seen by its key."""
    if isinstance(node, ast.Name):
        seen = scope.names.get(node.id)
        return seen.shape if seen else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        seen = scope.names.get(f"{node.value.id}[{key!r}]")
        return seen.shape if seen else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        seen = scope.names.get(f"{node.value.id}.{node.attr}")
        return seen.shape if seen else None
    return None
