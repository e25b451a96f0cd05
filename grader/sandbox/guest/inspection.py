"""What the text of a submission names: parsed in the box, by a worker that never runs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Fact = list[str | int | None]
"""[kind, name, file, line]; the kinds are `import`, `use`, `define` and `error`."""


def inspect_files(files: list[tuple[str, list[tuple[str, str]]]]) -> list[Fact]:
    """Return what the chunks of the files import, use and define, in order."""
    facts: list[Fact] = []
    for name, chunks in files:
        aliases: dict[str, str] = {}
        for text, label in chunks:
            place = f"{name}, {label}" if label else name
            try:
                tree = ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                facts.append(["error", str(error)[:200], place, getattr(error, "lineno", None)])
                continue
            inspector = _Inspector(place, aliases)
            inspector.visit(tree)
            facts += inspector.facts
    return facts


class _Inspector(ast.NodeVisitor):
    def __init__(self, place: str, aliases: dict[str, str]) -> None:
        self.place = place
        self.aliases = aliases
        self.facts: list[Fact] = []
        self.scope: list[str] = []

    def note(self, kind: str, name: str, node: ast.AST) -> None:
        self.facts.append([kind, name, self.place, getattr(node, "lineno", None)])

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.note("import", alias.name, node)
            known_as = alias.asname or alias.name.partition(".")[0]
            self.aliases[known_as] = alias.name if alias.asname else known_as

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            dot = "" if module.endswith(".") else "."
            full = f"{module}{dot}{alias.name}" if alias.name != "*" else module
            self.note("import", full, node)
            self.aliases[alias.asname or alias.name] = full

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        name = ".".join([*self.scope, node.name])
        self.note("define", f"{name}({', '.join(_parameters(node.args))})", node)
        self.descend(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.note("define", ".".join([*self.scope, node.name]), node)
        self.descend(node)

    def descend(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.scope.append(node.name)
        self.generic_visit(node)
        self.scope.pop()

    def visit_Attribute(self, node: ast.Attribute) -> None:
        dotted = self.resolve(node)
        if dotted is None:
            self.generic_visit(node)
        else:
            self.note("use", dotted, node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.note("use", self.aliases.get(node.id, node.id), node)

    def resolve(self, node: ast.expr) -> str | None:
        """Return the dotted name of a chain of attributes, with its imports spelled out."""
        names = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return ".".join([self.aliases.get(node.id, node.id), *reversed(names)])


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    for argument in (*arguments.posonlyargs, *arguments.args):
        yield argument.arg
    if arguments.vararg:
        yield f"*{arguments.vararg.arg}"
    elif arguments.kwonlyargs:
        yield "*"
    for argument in arguments.kwonlyargs:
        yield argument.arg
    if arguments.kwarg:
        yield f"**{arguments.kwarg.arg}"
