"""What the text of a submission names: parsed in the box, by a worker that never runs it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

Fact = list[str | int | None]
"""[kind, name, file, line].

The kinds are `import`, `use`, `define`, `error` (a file that does not parse), `cell_error` (a cell
of a notebook that does not, and costs only itself), and for functions that work something out and
hand nothing back `returnless`, or `prints` where they print.
"""

_IMPORTERS = ("__import__", "importlib.import_module", "import_module")


def inspect_files(files: list[tuple[str, list[tuple[str, str]]]]) -> list[Fact]:
    """Return what the chunks of the files import, use and define, in order."""
    facts: list[Fact] = []
    for name, chunks in files:
        names = _Names()
        for text, label in chunks:
            place = f"{name}, {label}" if label else name
            try:
                tree = ast.parse(text)
            except SyntaxError as error:
                facts.append(["cell_error" if label else "error", error.msg, place, error.lineno])
            except (ValueError, RecursionError, MemoryError) as error:
                facts.append(["cell_error" if label else "error", str(error)[:200], place, None])
            else:
                names.own |= set(_bound_names(tree))
                names.read_imports(tree)
                inspector = _Inspector(place, names)
                inspector.visit(tree)
                facts += inspector.facts
    return facts


def find_pattern(files: list[tuple[str, list[tuple[str, str]]]], pattern: str) -> list[Fact]:
    """Return where a regular expression first matches the text of all files, or nothing."""
    text = "\n".join(chunk for _, chunks in files for chunk, _ in chunks)
    match = re.search(pattern, text)
    return [["match", "", "", text.count("\n", 0, match.start()) + 1]] if match else []


class _Names:
    """What the names of one file stand for."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        self.starred: list[str] = []
        """Modules of which everything was imported."""
        self.own: set[str] = set()
        """Names that the file itself gives a value."""

    def read_imports(self, tree: ast.AST) -> None:
        """Learn what imported names stand for: a function may stand before the import it uses."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    known_as = alias.asname or alias.name.partition(".")[0]
                    self.aliases[known_as] = alias.name if alias.asname else known_as
            elif isinstance(node, ast.ImportFrom):
                for alias, full in _imported_names(node):
                    if alias.name == "*":
                        self.starred.append(full)
                    else:
                        self.aliases[alias.asname or alias.name] = full

    def meanings(self, name: str) -> Iterator[str]:
        """Yield the full names that a bare name can have."""
        yield self.aliases.get(name, name)
        if name not in self.own and name not in self.aliases:
            for module in self.starred:
                yield f"{module}.{name}"


def _bound_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name


class _Inspector(ast.NodeVisitor):
    def __init__(self, place: str, names: _Names) -> None:
        self.place = place
        self.names = names
        self.facts: list[Fact] = []
        self.scope: list[str] = []

    def note(self, kind: str, name: str, node: ast.AST) -> None:
        self.facts.append([kind, name, self.place, getattr(node, "lineno", None)])

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.note("import", alias.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for _, full in _imported_names(node):
            self.note("import", full, node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Follow `h = np`, so that `h.gradient` is known for what it is."""
        for target in node.targets:
            self.follow(target, node.value)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Follow `(h := np)`."""
        self.follow(node.target, node.value)
        self.generic_visit(node)

    def follow(self, target: ast.expr, value: ast.expr) -> None:
        """Learn another name of a module, or of what is in one."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            if len(target.elts) == len(value.elts):
                for one, other in zip(target.elts, value.elts, strict=True):
                    self.follow(one, other)
        elif isinstance(target, ast.Name):
            full = self.resolve(value)
            if full is not None and full.partition(".")[0] in self.modules():
                self.names.aliases[target.id] = full

    def modules(self) -> set[str]:
        """Return the first words of what has been imported."""
        return {full.partition(".")[0] for full in self.names.aliases.values()}

    def visit_Call(self, node: ast.Call) -> None:
        """Take imports and attributes that are named by a text for what they are."""
        function, texts = self.resolve(node.func), list(map(_read_text, node.args))
        if function in _IMPORTERS and texts and texts[0]:
            self.note("import", texts[0], node)
        elif function == "getattr" and len(texts) > 1 and texts[1]:
            self.note("use", f"{self.resolve(node.args[0])}.{texts[1]}", node)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Take `vars(np)["gradient"]` and `np.__dict__["gradient"]` for what they are."""
        owner, name = None, _read_text(node.slice)
        if isinstance(node.value, ast.Call) and self.resolve(node.value.func) == "vars":
            owner = self.resolve(node.value.args[0]) if node.value.args else None
        elif isinstance(node.value, ast.Attribute) and node.value.attr == "__dict__":
            owner = self.resolve(node.value.value)
        if owner and name:
            self.note("use", f"{owner}.{name}", node)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        name = ".".join([*self.scope, node.name])
        self.note("define", f"{name}({', '.join(_parameters(node.args))})", node)
        if _works(node) and not _hands_back(node):
            self.note("prints" if _prints(node) else "returnless", name, node)
        self.descend(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - named by ast

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
            for full in self.names.meanings(node.id):
                self.note("use", full, node)

    def resolve(self, node: ast.expr) -> str | None:
        """Return the dotted name of a chain of attributes, with its imports spelled out."""
        words = []
        while isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return ".".join([self.names.aliases.get(node.id, node.id), *reversed(words)])


def _works(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function does more than a template that nobody has filled in."""
    with_value = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)
    return any(
        not isinstance(node, (ast.Pass, ast.Raise))
        and not (
            isinstance(node, with_value) and isinstance(node.value, (ast.Constant, type(None)))
        )
        for node in function.body
    )


def _hands_back(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function has a `return` with a value, or is a generator."""
    return any(
        isinstance(node, (ast.Yield, ast.YieldFrom))
        or (isinstance(node, ast.Return) and node.value is not None and not _is_print(node.value))
        for node in _own_nodes(function)
    )


def _prints(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(map(_is_print, _own_nodes(function)))


def _is_print(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    )


def _own_nodes(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Yield what stands in a function, but not in one that is defined in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def _imported_names(node: ast.ImportFrom) -> Iterator[tuple[ast.alias, str]]:
    """Yield what an import takes from a module, with its full name; the module's for a star."""
    module = "." * node.level + (node.module or "")
    dot = "" if module.endswith(".") else "."
    for alias in node.names:
        yield alias, module if alias.name == "*" else f"{module}{dot}{alias.name}"


def _read_text(node: ast.expr) -> str | None:
    """Return the text that an expression writes out, in one piece or in several."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _read_text(node.left), _read_text(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.JoinedStr):
        values = (one.value if isinstance(one, ast.FormattedValue) else one for one in node.values)
        parts = [_read_text(one) for one in values]
        return None if None in parts else "".join(map(str, parts))
    return None


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
