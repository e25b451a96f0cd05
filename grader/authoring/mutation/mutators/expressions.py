"""Edits of any program's expressions: operators, comparisons, numbers, names, arguments."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from .edit import Edit, Place, callee, is_number, number

_OTHER_SIGNS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("-",),
    ast.Sub: ("+",),
    ast.Mult: ("/",),
    ast.Div: ("*", "//"),
    ast.FloorDiv: ("/",),
    ast.Pow: ("*",),
    ast.MatMult: ("*",),
    ast.Mod: ("//",),
    ast.BitAnd: ("|",),
    ast.BitOr: ("&",),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">", "<=")),
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<", ">=")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.In: ("in", ("not in",)),
}
_OPPOSITES = {
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    "sin": "cos",
    "cos": "sin",
    "any": "all",
    "all": "any",
    "append": "extend",
    "ceil": "floor",
    "floor": "ceil",
}
_PLAIN = ("exp", "log", "abs", "fabs", "tanh", "log1p", "expm1", "sign", "sorted", "reversed")
_ROOTS = ("sqrt", "square")
_ORDERLESS = ("zip", "min", "max", "maximum", "minimum", "isinstance", "getattr", "print")


def edit_arithmetic(place: Place) -> Iterator[Edit]:
    """Yield other operators, and operands left out."""
    node = place.node
    if isinstance(node, ast.UnaryOp):
        inner = place.atom(node.operand)
        if isinstance(node.op, ast.USub) and not is_number(node.operand):
            yield place.put("sign", inner)
        elif isinstance(node.op, ast.Not):
            yield place.put("condition", inner)
        elif isinstance(node.op, ast.Invert):
            yield place.put("mask", inner)
    if isinstance(node, ast.BoolOp):
        word = "or" if isinstance(node.op, ast.And) else "and"
        yield place.put("condition", f" {word} ".join(map(place.atom, node.values)))
    if not isinstance(node, ast.BinOp) or _is_text(node.left) or _is_text(node.right):
        return
    left, span, right = place.source.split(node)
    for sign in _OTHER_SIGNS.get(type(node.op), ()):
        operator = "sign" if isinstance(node.op, ast.Add | ast.Sub) else "arithmetic"
        yield place.splice(operator, span, sign)
    match node.op:
        case ast.Add() | ast.Sub():
            yield place.put("term", left)
            yield place.put("term", right if isinstance(node.op, ast.Add) else f"-{right}")
        case ast.Mult():
            yield place.put("factor", left)
            yield place.put("factor", right)
        case ast.Div():
            yield place.put("factor", left)
        case ast.Pow():
            is_square = number(node.right) is not None
            yield place.put("square" if is_square else "factor", left)
            if number(node.right) == 2:
                yield place.put("square", "3", node.right)


def _is_text(node: ast.AST) -> bool:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text or isinstance(node, ast.JoinedStr)


def edit_comparisons(place: Place) -> Iterator[Edit]:
    """Yield other comparisons."""
    node = place.node
    if not isinstance(node, ast.Compare) or type(node.ops[0]) not in _COMPARISONS:
        return
    sign, others = _COMPARISONS[type(node.ops[0])]
    end, begin = place.source.span(node.left)[1], place.source.span(node.comparators[0])[0]
    at = end + place.source.text[end:begin].index(sign)
    for other in others:
        yield place.splice("comparison", (at, at + len(sign)), other)


def edit_functions(place: Place) -> Iterator[Edit]:
    """Yield calls left out, calls of the opposite, and arguments changed or left out."""
    node = place.node
    if not isinstance(node, ast.Call):
        return
    name = callee(node)
    if name in _OPPOSITES:
        yield place.splice("function", place.callee_span(node), _OPPOSITES[name])
    if name in (*_PLAIN, *_ROOTS) and node.args:
        operator = "square" if name in _ROOTS else "function"
        operator = "loop" if name == "reversed" else operator
        yield place.put(operator, place.atom(node.args[0]))
    if name not in _ORDERLESS:
        for one, other in itertools.pairwise(node.args):
            spans = place.source.span(one), place.source.span(other)
            texts = place.text(one), place.text(other)
            yield Edit("argument", node, ((*spans[0], texts[1]), (*spans[1], texts[0])))
    for keyword in node.keywords:
        if keyword.arg not in ("axis", "keepdims", "strict", "dtype", None):
            yield place.put("argument", place.call_without(node, keyword))
    if len(node.args) > 1:
        yield place.put("argument", place.call_without(node, node.args[-1]))


def edit_constants(place: Place) -> Iterator[Edit]:
    """Yield other numbers, and the other truth value."""
    node = place.node
    if not isinstance(node, ast.Constant) or _is_setting(place):
        return
    if isinstance(node.value, bool):
        yield place.put("constant", str(not node.value))
    elif isinstance(node.value, int):
        yield place.put("constant", str(node.value + 1))
        if node.value == 0:
            yield place.put("constant", "(-1)")
        elif not isinstance(place.parent, ast.UnaryOp):
            yield place.put("constant", "0")
        if node.value > 1:
            yield place.put("constant", str(2 * node.value))
    elif isinstance(node.value, float) and node.value:
        yield place.put("constant", repr(2 * node.value))
        yield place.put("constant", repr(node.value / 2))
        yield place.put("constant", f"(-{place.text(node)})")


def _is_setting(place: Place) -> bool:
    """Whether a constant says how a call is made: other families edit these."""
    settings = ("axis", "keepdims", "strict", "dtype")
    chain = (place.node, *place.ancestors())
    return any(isinstance(one, ast.keyword) and one.arg in settings for one in chain)


def edit_names(place: Place) -> Iterator[Edit]:
    """Yield other variables of the same function; another parameter for a parameter."""
    node = place.node
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    names = place.function.names_before(node.lineno)
    if node.id not in names:
        return
    is_parameter = node.id in place.function.parameters
    alike = [name for name in names if (name in place.function.parameters) is is_parameter]
    at = alike.index(node.id)
    around = [*alike[at + 1 :], *alike[:at]]
    yield from (place.put("name", other) for other in around[:1])


FAMILIES = (edit_arithmetic, edit_comparisons, edit_functions, edit_constants, edit_names)
