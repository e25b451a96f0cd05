"""The text of a module, and where its parts stand in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
_ATOMS = (
    ast.Name,
    ast.Call,
    ast.Attribute,
    ast.Subscript,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """One module as its author wrote it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.open_lines = set(_open_lines(self.lines))
        self.numpy = _find_numpy(self.tree)

    def offset(self, line: int, column: int) -> int:
        """Return the position of a line and a column, which the parser counts in bytes."""
        text = self.lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode())
        return self.starts[line - 1] + column

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node begins and ends, without parentheses around it."""
        start = self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        end = self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return start, end

    def segment(self, node: ast.AST) -> str:
        """Return the text of a node, without parentheses around it."""
        start, end = self.span(node)
        return self.text[start:end]

    def atom(self, node: ast.AST) -> str:
        """Return the text of an expression, in parentheses where an operator could tear it."""
        text = self.segment(node)
        if isinstance(node, _ATOMS) or (isinstance(node, ast.Tuple) and text.startswith("(")):
            return text
        is_whole = isinstance(node, ast.Constant) and not isinstance(node.value, str)
        return text if is_whole else f"({text})"

    def is_open(self, node: ast.AST) -> bool:
        """Whether a node lies where the author marked his own work, or nothing is marked."""
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]
        return all(line in self.open_lines for line in lines)

    def split(self, node: ast.BinOp) -> tuple[str, tuple[int, int], str]:
        """Return both operands of an operation with their parentheses, and where its sign is."""
        start, end = self.span(node)
        left_end, right_start = self.span(node.left)[1], self.span(node.right)[0]
        gap = self.text[left_end:right_start]
        sign = _SIGNS[type(node.op)]
        at = left_end + gap.index(sign)
        after = at + len(sign)
        return self.text[start:at].rstrip(), (at, after), self.text[after:end].lstrip()


def _open_lines(lines: list[str]) -> Iterator[int]:
    if not any(line.strip() in (BEGIN, END) for line in lines):
        yield from range(1, len(lines) + 1)
        return
    is_open = False
    for number, line in enumerate(lines, 1):
        word = line.strip()
        if word in (BEGIN, END):
            is_open = word == BEGIN
        elif is_open:
            yield number


def _find_numpy(tree: ast.Module) -> str:
    """Return what the module calls numpy; empty where it does not import it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "numpy":
                    return alias.asname or "numpy"
    return ""


_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}


@dataclass(slots=True)
class Function:
    """An outermost function, or a method, and the names that it gives to values."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    parameters: list[str]
    bound_at: dict[str, int] = field(default_factory=dict)
    """The line at which a name is first given a value; comprehensions keep theirs to themselves."""
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)

    def names_before(self, line: int) -> list[str]:
        """Return the names that have a value at a line."""
        return [name for name, at in self.bound_at.items() if at < line]


def list_functions(source: Source) -> Iterator[Function]:
    """Yield the functions of a module and the methods of its classes, in reading order."""
    yield from _walk_body(source.tree.body, "")


def _walk_body(body: list[ast.stmt], prefix: str) -> Iterator[Function]:
    for statement in body:
        if isinstance(statement, _Definition):
            yield _read_function(statement, prefix + statement.name)
        elif isinstance(statement, ast.ClassDef):
            yield from _walk_body(statement.body, f"{prefix}{statement.name}.")
        elif isinstance(statement, ast.If | ast.Try):
            yield from _walk_body([*statement.body, *statement.orelse], prefix)


def _read_function(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Function:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    parameters = [one.arg for one in arguments if one.arg not in ("self", "cls")]
    function = Function(name, node, parameters, dict.fromkeys(parameters, 0))
    own: set[ast.AST] = set()
    for parent in ast.walk(node):
        for child in ast.iter_child_nodes(parent):
            function.parents[child] = parent
            if isinstance(parent, ast.comprehension) and child is parent.target:
                own.update(ast.walk(child))
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store) and child not in own:
            at = function.bound_at.get(child.id, child.lineno)
            function.bound_at[child.id] = min(at, child.lineno)
    return function
