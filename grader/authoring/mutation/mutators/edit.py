"""An edit of the text: what is put where, and by which family."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .source import Function, Source

Splice = tuple[int, int, str]
"""Begin and end in the text, and what comes there."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One way to make a function wrong."""

    operator: str
    node: ast.AST
    """What is shown as edited, or a part of it."""
    splices: tuple[Splice, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A node that may be edited, and where it hangs."""

    source: Source
    function: Function
    node: ast.AST

    @property
    def parent(self) -> ast.AST:
        """The node that holds this one."""
        return self.function.parents[self.node]

    def ancestors(self) -> Iterator[ast.AST]:
        """Yield what holds this node, from the inside to the function."""
        node = self.node
        while node is not self.function.node:
            node = self.function.parents[node]
            yield node

    def text(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return self.source.segment(node)

    def atom(self, node: ast.AST) -> str:
        """Return the text of an expression, in parentheses where an operator could tear it."""
        return self.source.atom(node)

    def put(self, operator: str, new: str, node: ast.AST | None = None) -> Edit:
        """Return the edit that puts a text in the place of this node, or of a part of it."""
        node = node or self.node
        return Edit(operator, self.node, ((*self.source.span(node), new),))

    def splice(self, operator: str, span: tuple[int, int], new: str) -> Edit:
        """Return the edit that puts a text in the place of a piece of this node."""
        return Edit(operator, self.node, ((*span, new),))

    def call_without(self, call: ast.Call, left_out: ast.AST | None, added: str = "") -> str:
        """Return the text of a call without one of its arguments, or with one more."""
        kept = [one for one in (*call.args, *call.keywords) if one is not left_out]
        parts = [*map(self.text, kept), *filter(None, [added])]
        return f"{self.text(call.func)}({', '.join(parts)})"

    def callee_span(self, call: ast.Call) -> tuple[int, int]:
        """Return where the last word of what is called stands."""
        end = self.source.span(call.func)[1]
        return end - len(callee(call)), end


def callee(node: ast.AST) -> str:
    """Return the last word of what a call calls; empty for anything else."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr
        if isinstance(node.func, ast.Name):
            return node.func.id
    return ""


def is_number(node: ast.AST) -> bool:
    """Whether a node is a number as it is written, and no truth value."""
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    )


def number(node: ast.AST) -> float | None:
    """Return the number that stands there, a negative one included."""
    if isinstance(node, ast.Constant) and is_number(node):
        value = node.value
        assert isinstance(value, int | float)
        return value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number(node.operand)
        return None if inner is None else -inner
    return None
