"""Mistakes of machine learning: means, penalties, masks, stability, Adam."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .edit import Edit, Place, callee, number

_SIZE_NAME = re.compile(r"[NnmM]|[nN]_\w+|num_\w+|\w*_size|\w*_?count|\w*_samples")
_STEP = re.compile(r"t|k|i|step|iteration|\w*\.t|\w*\.step\w*|n_steps|epoch")
_PENALTY = re.compile(r"\b(reg\w*|lam\w*|lmbda|l[12]\w*|weight_decay|penalty|decay)\b")
_EPS = re.compile(r"(\w+\.)?(eps\w*|tiny|delta)")
_MODE = re.compile(r"\b(is_)?(train\w*|test\w*|mode|eval\w*|infer\w*|nesterov|bias_correction)\b")
_BIAS_GRADIENT = re.compile(r"(?:d|grad_?)(b\w*)")
_SMALL = 1e-4
_MEANS = {"mean": "sum", "average": "sum", "nanmean": "nansum", "sum": "mean", "nansum": "nanmean"}


def edit_means(place: Place) -> Iterator[Edit]:
    """Yield sums for means, and means for sums; a division by a length left out."""
    node = place.node
    name = callee(node)
    if isinstance(node, ast.Call) and name in _MEANS:
        is_builtin = isinstance(node.func, ast.Name) and name == "sum"
        operator = "add-mean" if name.endswith("sum") else "drop-mean"
        if not is_builtin:
            yield place.splice(operator, place.callee_span(node), _MEANS[name])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_size(place, node.right):
        yield place.put("drop-mean", place.source.split(node)[0])
    if (
        isinstance(node, ast.AugAssign)
        and isinstance(node.op, ast.Div)
        and _is_size(place, node.value)
    ):
        yield place.put("drop-mean", "pass")


def _is_size(place: Place, node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="len")) | ast.Attribute(attr="size"):
            return True
        case ast.Subscript(value=ast.Attribute(attr="shape")):
            return True
        case ast.Call(func=ast.Name(id="float" | "int"), args=[inner]):
            return _is_size(place, inner)
    return bool(_SIZE_NAME.fullmatch(place.text(node)))


def edit_stability(place: Place) -> Iterator[Edit]:
    """Yield what overflows, or divides by zero, where the author took care."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, _, right = place.source.split(node)
        is_maximum = callee(node.right) in ("max", "amax", "nanmax") or "max" in right.split("[")[0]
        if isinstance(node.op, ast.Sub) and is_maximum and "arg" not in right:
            yield place.put("stability", left)
        if _is_eps(place, node.right):
            yield place.put("eps", left)
            if callee(node.left) == "sqrt" and isinstance(node.left, ast.Call):
                inside = place.call_without(node.left, None)
                yield place.put("eps", f"{inside[:-1]} + {right})")
    if callee(node) == "sqrt" and isinstance(node, ast.Call) and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.BinOp) and _is_eps(place, inner.right):
            left, _, right = place.source.split(inner)
            yield place.put("eps", f"({place.text(node.func)}({left}) + {right})")
    if callee(node) == "clip" and isinstance(node, ast.Call) and node.args:
        is_method = len(node.args) < 3 and isinstance(node.func, ast.Attribute)
        kept = node.func.value if is_method and isinstance(node.func, ast.Attribute) else None
        yield place.put("stability", place.atom(kept or node.args[0]))


def _is_eps(place: Place, node: ast.AST) -> bool:
    value = number(node)
    if value is not None:
        return 0 < value < _SMALL
    return bool(_EPS.fullmatch(place.text(node)))


def edit_steps(place: Place) -> Iterator[Edit]:
    """Yield Adam's mistakes: t off by one, no correction, beta for 1 - beta."""
    node = place.node
    if not isinstance(node, ast.BinOp):
        return
    left, _, right = place.source.split(node)
    if isinstance(node.op, ast.Pow) and _STEP.fullmatch(right):
        yield place.put("bias-correction", f"{left} ** ({right} - 1)")
        yield place.put("bias-correction", f"{left} ** ({right} + 1)")
    if isinstance(node.op, ast.Div) and isinstance(node.right, ast.BinOp):
        inner = node.right
        if number(inner.left) == 1 and isinstance(inner.op, ast.Sub) and "**" in right:
            yield place.put("bias-correction", left)
    if isinstance(node.op, ast.Sub) and number(node.left) == 1:
        yield place.put("complement", right)


def edit_penalties(place: Place) -> Iterator[Edit]:
    """Yield a penalty that is left out, halved or doubled, or that the biases pay too."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, _, right = place.source.split(node)
        if _PENALTY.search(right):
            yield place.put("regulariser", left)
        elif _PENALTY.search(left) and isinstance(node.op, ast.Add):
            yield place.put("regulariser", right)
    if isinstance(node, ast.AugAssign) and _PENALTY.search(place.text(node.value)):
        yield place.put("regulariser", "pass")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        left, _, right = place.source.split(node)
        if number(node.left) in (0.5, 2) and _PENALTY.search(right):
            yield place.put("regulariser", right)
        if number(node.right) in (0.5, 2) and _PENALTY.search(left):
            yield place.put("regulariser", left)
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        yield from _regularised_bias(place, node)


def _regularised_bias(place: Place, node: ast.Assign) -> Iterator[Edit]:
    bias = _BIAS_GRADIENT.fullmatch(place.text(node.targets[0]))
    names = place.function.names_before(node.lineno)
    factors = [name for name in names if _PENALTY.fullmatch(name)]
    if bias and bias[1] in names and factors:
        new = f"{place.atom(node.value)} + {factors[0]} * {bias[1]}"
        yield place.put("regulariser", new, node.value)


def edit_masks(place: Place) -> Iterator[Edit]:
    """Yield masks of another variable, and training taken for evaluation."""
    node = place.node
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and _is_mask(place):
        others = place.function.names_before(node.lineno)
        for side in (node.left, node.comparators[0]):
            if isinstance(side, ast.Name):
                for other in [name for name in others if name != side.id][:2]:
                    yield place.put("mask", other, side)
    test = node.test if isinstance(node, ast.If | ast.IfExp | ast.While) else None
    if test is not None:
        text = place.text(test)
        operator = "mode" if _MODE.search(text) else "condition"
        new = text[4:] if text.startswith("not ") else f"not {place.atom(test)}"
        yield place.put(operator, new, test)


def _is_mask(place: Place) -> bool:
    """Whether a comparison is multiplied with, indexed by, or chosen by: nothing branches on it."""
    for parent in place.ancestors():
        if isinstance(parent, ast.If | ast.IfExp | ast.While | ast.comprehension | ast.BoolOp):
            return False
        if isinstance(parent, ast.stmt):
            return True
    return False


FAMILIES = (edit_means, edit_stability, edit_steps, edit_penalties, edit_masks)
