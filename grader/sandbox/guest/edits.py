"""Small edits of a function's syntax tree: what a mistake of one place looks like, and its cure.

The edits of a student's function are tried to see which of them makes it right; those of the
author's solution, to see which of them makes it as wrong as the student's. They are enumerated in
an order that depends on the text and on the shapes of the values alone, so an index names one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

TEXT_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Seen:
    """What a name held when its function ended."""

    shape: tuple[int, ...]
    is_integer: bool
    number: float | None = None
    """The value of a scalar."""
    is_mask: bool = False
    """Whether an array holds zeros and one other number."""


@dataclass(slots=True)
class Scope:
    """One function as it ran: the lines that were executed, and its numeric names."""

    lines: set[int] = field(default_factory=set)
    names: dict[str, Seen] = field(default_factory=dict)
    numpy: str = ""
    """What the file calls numpy; empty where it does not import it."""
    functions: tuple[str, ...] = ()
    """The functions of the file that take one argument."""

    def like(self, name: str) -> list[str]:
        """Return the other names that hold an array of the same shape, or a scalar too."""
        seen = self.names.get(name)
        if seen is None:
            return []
        return [
            other
            for other, held in self.names.items()
            if other != name and held.shape == seen.shape
        ]

    def arrays(self, shape: tuple[int, ...]) -> list[str]:
        """Return the names that hold an array of this shape, but for one of integers."""
        return [
            name
            for name, held in self.names.items()
            if held.shape == shape and shape and not held.is_integer
        ]

    def is_mask(self, node: ast.AST) -> bool:
        """Whether an expression is a comparison, or a name that holds zeros and one number."""
        if isinstance(node, ast.Compare):
            return True
        seen = self.names.get(ast.unparse(node))
        return seen is not None and seen.is_mask

    def scalars(self) -> list[str]:
        """Return the names that hold one number."""
        return [name for name, held in self.names.items() if held.number is not None]


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one node, and what to put there."""

    parent: Any
    name: str
    index: int | None
    new: Any

    def swap(self) -> Change:
        """Make the change; return the one that undoes it."""
        if self.index is None:
            old = getattr(self.parent, self.name)
            setattr(self.parent, self.name, self.new)
        else:
            held = getattr(self.parent, self.name)
            old, held[self.index] = held[self.index], self.new
        return Change(self.parent, self.name, self.index, old)


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of one place."""

    kind: str
    """What it does: `sign`, `axis`, `factor_out`, ..."""
    line: int
    changes: tuple[Change, ...]
    before: ast.AST
    """The part that is edited."""
    thing: ast.AST | str = ""
    """What is put in, taken out, or stands there afterwards."""
    statement: ast.AST | None = None
    """The statement that holds the part."""

    def swap(self) -> list[Change]:
        """Make the edit; return the changes that undo it."""
        return [change.swap() for change in self.changes]

    def describe(self, scope: Scope) -> list[Any]:
        """Return kind, statement and part as they are, the thing, and what number that is."""
        thing = self.thing if isinstance(self.thing, str) else write(self.thing)
        statement = write(self.statement or self.before)
        return [self.kind, statement, write(self.before), thing, _number_of(self.thing, scope)]


def _number_of(thing: ast.AST | str, scope: Scope) -> float | None:
    """Return the value of a constant, of a scalar that was seen, or of a length."""
    match thing:
        case ast.Constant(value=int() | float() as constant):
            return float(constant)
        case ast.Call(func=ast.Name(id="len" | "float" | "int"), args=[inner]):
            seen = scope.names.get(ast.unparse(inner))
            if seen is None:
                return _number_of(inner, scope)
            return float(seen.shape[0]) if seen.shape else seen.number
        case ast.Subscript(
            value=ast.Attribute(value=inner, attr="shape"), slice=ast.Constant(value=int() as axis)
        ):
            seen = scope.names.get(ast.unparse(inner))
            is_there = seen is not None and -len(seen.shape) <= axis < len(seen.shape)
            return float(seen.shape[axis]) if seen is not None and is_there else None
        case ast.BinOp(left=ast.Constant(value=1), op=ast.Sub(), right=inner):
            number = _number_of(inner, scope)
            return None if number is None else 1 - number
        case ast.AST():
            seen = scope.names.get(ast.unparse(thing))
            return seen.number if seen else None
    return None


def write(node: ast.AST) -> str:
    """Return a node as one bounded line of source; a compound statement as its head."""
    text = ast.unparse(node)
    return text.partition("\n")[0][:TEXT_CHARACTERS]


def read_name(name: str) -> ast.expr:
    """Return what reads a name, an attribute of one, or an entry of a dict."""
    return ast.parse(name, mode="eval").body


@dataclass(frozen=True, slots=True)
class Place:
    """A node and where it hangs."""

    node: Any
    parent: Any
    name: str
    index: int | None
    is_index: bool = False
    """Whether it is part of a subscript, or of the arguments of a `range`."""
    is_axis: bool = False
    """Whether it is the axis of a reduction, or such."""
    statement: ast.AST | None = None

    def put(self, kind: str, new: ast.AST, thing: ast.AST | str = "") -> Edit:
        """Return the edit that puts another node here."""
        node = self.node
        ast.copy_location(new, node)
        _locate_children(new, node)
        change = Change(self.parent, self.name, self.index, new)
        return Edit(kind, node.lineno, (change,), node, thing or new, self.statement or node)

    def at(self, node: ast.AST, parent: ast.AST, name: str, index: int | None = None) -> Place:
        """Return the place of a node within this one."""
        return Place(node, parent, name, index, self.is_index, statement=self.statement)


def _locate_children(new: ast.AST, like: ast.AST) -> None:
    """Give the nodes of an edit a place in the text; those that have one keep it."""
    for child in ast.iter_child_nodes(new):
        if isinstance(child, ast.expr | ast.stmt | ast.keyword | ast.arg) and not hasattr(
            child, "lineno"
        ):
            ast.copy_location(child, like)
            _locate_children(child, like)


def walk(function: ast.AST, scope: Scope) -> Iterator[Place]:
    """Yield every expression and statement of a function that was executed, in reading order."""
    for index, statement in enumerate(getattr(function, "body", ())):
        yield from _walk_statement(Place(statement, function, "body", index), scope)


def _walk_statement(place: Place, scope: Scope) -> Iterator[Place]:
    node = place.node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        if isinstance(node, ast.FunctionDef):
            yield from walk(node, scope)
        return
    last = node.lineno if hasattr(node, "body") else (node.end_lineno or node.lineno)
    is_executed = not scope.lines.isdisjoint(range(node.lineno, last + 1))
    if is_executed:
        yield place
    for name, value in ast.iter_fields(node):
        if name in ("target", "targets"):
            if is_executed:
                yield from _walk_targets(value if isinstance(value, list) else [value], node)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                child = Place(item, node, name, index, statement=node)
                if isinstance(item, ast.stmt):
                    yield from _walk_statement(child, scope)
                elif is_executed and isinstance(item, ast.expr):
                    yield from _walk_expression(child)
        elif is_executed and isinstance(value, ast.expr):
            yield from _walk_expression(Place(value, node, name, None, statement=node))


def _walk_targets(targets: Sequence[Any], statement: ast.AST) -> Iterator[Place]:
    """Yield the indices of what is assigned to; another array there would only lose the value."""
    for target in targets:
        if isinstance(target, ast.Subscript):
            place = Place(target.slice, target, "slice", None, is_index=True, statement=statement)
            yield from _walk_expression(place)


def _walk_expression(place: Place) -> Iterator[Place]:
    node = place.node
    yield place
    if isinstance(node, ast.Lambda):
        yield from _walk_expression(place.at(node.body, node, "body"))
        return
    for name, value in ast.iter_fields(node):
        is_index = place.is_index or (isinstance(node, ast.Subscript) and name == "slice")
        is_index = is_index or (_calls(node, "range", "xrange", "arange") and name == "args")
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, item in items:
            if isinstance(item, ast.keyword):
                child = place.at(item.value, item, "value")
                child = replace(child, is_index=is_index, is_axis=item.arg in AXIS_WORDS)
                yield from _walk_expression(child)
            elif isinstance(item, ast.comprehension):
                yield from _walk_expression(place.at(item.iter, item, "iter"))
            elif isinstance(item, ast.expr):
                is_axis = name == "args" and index == int(not is_method(node))
                child = place.at(item, node, name, index)
                is_axis = is_axis and callee(node) in REDUCTIONS
                yield from _walk_expression(replace(child, is_index=is_index, is_axis=is_axis))


def join_alike(edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield the edits that do the same in several places at once, as who copies a line does."""
    groups: dict[str, list[Edit]] = {}
    for edit in edits:
        if edit.kind in _REPEATED and len(edit.changes) == 1:
            parts: tuple[ast.AST | str, ...] = (edit.thing, edit.changes[0].new)
            if edit.kind == "name":
                parts = (edit.before, *parts)
            elif edit.kind == "term_in":
                parts = (edit.thing, edit.before)
            elif edit.kind.endswith("_out"):
                parts = parts[:1]
            texts = (one if isinstance(one, str) else ast.dump(one) for one in parts)
            key = "|".join((edit.kind, *texts))
            groups.setdefault(key if edit.kind == "name" else _NAME.sub("_", key), []).append(edit)
    for group in groups.values():
        if 2 <= len(group) <= _MOST_ALIKE:
            changes = tuple(change for edit in group for change in edit.changes)
            yield replace(group[0], changes=changes)


_REPEATED = (
    "axis",
    "keepdims",
    "name",
    "divisor_out",
    "constant",
    "exponent",
    "compare",
    "function",
    "term_in",
)
_MOST_ALIKE = 6
_NAME = re.compile(r"id='\w+'")
AXIS_WORDS = ("axis", "keepdims", "ddof", "dtype")
REDUCTIONS = ("sum", "mean", "max", "min", "amax", "amin", "std", "var", "prod", "argmax", "argmin")


def callee(node: ast.AST) -> str:
    """Return the last word of what a call calls; empty for anything else."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr
        if isinstance(node.func, ast.Name):
            return node.func.id
    return ""


def _calls(node: ast.AST, *names: str) -> bool:
    return callee(node) in names


def is_method(node: ast.AST) -> bool:
    """Whether it is a reduction called on what it reduces, as in `x.sum(0)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in REDUCTIONS
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "numpy"))
    )


def constant(value: float) -> ast.expr:
    """Return a number as the parser would: a negative one is an operation."""
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def transposed(node: ast.expr) -> ast.expr:
    """Return the transpose of an array."""
    return ast.Attribute(node, "T", ast.Load())
