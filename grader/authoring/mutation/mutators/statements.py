"""Edits of statements: what is left out, loops that are off, bounds of slices."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edit import Edit, Place, callee, number

_AUGMENTED: dict[type[ast.operator], str] = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*="}
_OTHER = {"+=": "-=", "-=": "+="}


def edit_assignments(place: Place) -> Iterator[Edit]:
    """Yield `=` for `+=`, `-=` for it, and a new array for an old one overwritten."""
    node = place.node
    if isinstance(node, ast.AugAssign) and type(node.op) in _AUGMENTED:
        sign = _AUGMENTED[type(node.op)]
        end, begin = place.source.span(node.target)[1], place.source.span(node.value)[0]
        at = end + place.source.text[end:begin].index(sign)
        span = at, at + len(sign)
        yield place.splice("assign", span, "=")
        if sign in _OTHER:
            yield place.splice("sign", span, _OTHER[sign])
    match node:
        case ast.Assign(
            targets=[ast.Name(id=target)],
            value=ast.BinOp(left=ast.Name(id=left), op=ast.Add() | ast.Sub() | ast.Mult() as op),
        ) if target == left and isinstance(node.value, ast.BinOp):
            right = place.source.split(node.value)[2]
            yield place.put("in-place", f"{target} {_AUGMENTED[type(op)]} {right}")


def edit_statements(place: Place) -> Iterator[Edit]:
    """Yield the function without a statement, where it then still has all its names."""
    node = place.node
    match node:
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.If(orelse=[]) | ast.Delete():
            yield place.put("statement", "pass")
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield place.put("statement", "pass")
        case ast.Assign(targets=[ast.Name(id=name)]):
            if name in place.function.names_before(node.lineno):
                yield place.put("statement", "pass")


def edit_loops(place: Place) -> Iterator[Edit]:
    """Yield loops that begin late, end early, or stop after one round."""
    node = place.node
    if isinstance(node, ast.For | ast.comprehension):
        yield from _shorten(place, node.iter)
    if isinstance(node, ast.For | ast.While):
        last = node.body[-1]
        indent = " " * last.col_offset
        if last.lineno > node.lineno and not isinstance(last, ast.Return | ast.Break):
            end = place.source.span(last)[1]
            yield Edit("loop", node, ((end, end, f"\n{indent}break"),))


def _shorten(place: Place, iterated: ast.expr) -> Iterator[Edit]:
    if callee(iterated) == "range" and isinstance(iterated, ast.Call):
        arguments = [place.text(one) for one in iterated.args]
        start, stop = ("0", arguments[0]) if len(arguments) == 1 else arguments[:2]
        rest = "".join(f", {one}" for one in arguments[2:])
        yield place.put("loop", f"range({start}, {stop} - 1{rest})", iterated)
        yield place.put("loop", f"range({start}, {stop} + 1{rest})", iterated)
        yield place.put("loop", f"range({start} + 1, {stop}{rest})", iterated)
        return
    text = place.text(iterated)
    yield place.put("loop", f"list({text})[:-1]", iterated)
    yield place.put("loop", f"list({text})[1:]", iterated)


def edit_slices(place: Place) -> Iterator[Edit]:
    """Yield slices whose bounds are off or left out."""
    node = place.node
    if not isinstance(node, ast.Slice):
        return
    lower, upper, step = (
        "" if one is None else place.text(one) for one in (node.lower, node.upper, node.step)
    )
    more = f":{step}" if step else ""
    if lower:
        yield place.put("slice", f":{upper}{more}")
        yield place.put("slice", f"{lower} + 1:{upper}{more}")
    if upper:
        yield place.put("slice", f"{lower}:{more}")
        if number(node.upper or node) == -1:
            yield place.put("slice", f"{lower}:-2{more}")
        else:
            yield place.put("slice", f"{lower}:{upper} - 1{more}")
    if step:
        yield place.put("slice", f"{lower}:{upper}")


FAMILIES = (edit_assignments, edit_statements, edit_loops, edit_slices)
