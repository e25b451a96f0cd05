"""What a solution defines, read off its text.

This module is sent into a jail and runs there, as the program under test: an author's file is
never parsed in our own process. It needs nothing but the standard library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def read(text: str) -> dict[str, Any]:
    """Return functions, classes, blocks to be cut, and lines that print; or what does not parse."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return {"error": str(error.msg), "line": error.lineno}
    except (ValueError, RecursionError, MemoryError) as error:
        return {"error": str(error) or type(error).__name__, "line": None}
    lines = text.split("\n")
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    classes = [one for one in tree.body if isinstance(one, ast.ClassDef)]
    blocks = [_find_block(one, lines) for one in _list_bodies(tree.body)]
    return {
        "functions": [_describe(one, lines) for one in functions],
        "classes": [[one.name, one.lineno] for one in classes],
        "blocks": [block for block in blocks if block],
        "prints": [one.lineno for one in tree.body if _calls(one, "print")],
    }


def _list_bodies(statements: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for statement in statements:
        if isinstance(statement, _DEFINITIONS):
            yield statement
        elif isinstance(statement, ast.ClassDef):
            yield from _list_bodies(statement.body)


def _describe(function: ast.FunctionDef, lines: list[str]) -> dict[str, Any]:
    return {
        "name": function.name,
        "line": function.lineno,
        "docstring": ast.get_docstring(function) or "",
        "parameters": [list(one) for one in _parameters(function.args)],
        "returns": _returned_names(function),
        "header": _header(function, lines),
    }


def _parameters(arguments: ast.arguments) -> Iterator[tuple[str, str | None, str, bool]]:
    """Yield name, text of the default, text of the annotation, and whether a name is needed."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    keywords = [(one, default, True) for one, default in zip(
        arguments.kwonlyargs, arguments.kw_defaults, strict=True
    )]  # fmt: skip
    named = [(one, default, False) for one, default in zip(positional, defaults, strict=True)]
    for one, default, is_keyword in (*named, *keywords):
        annotation = ast.unparse(one.annotation) if one.annotation else ""
        yield one.arg, ast.unparse(default) if default else None, annotation, is_keyword


def _header(function: ast.FunctionDef, lines: list[str]) -> str:
    """Return the signature as it is written, in one line."""
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    return f"{function.name}({ast.unparse(function.args)}){returns}" if lines else ""


def _returned_names(function: ast.FunctionDef) -> list[str]:
    """Return the names in the last `return` of a function; "" for what is no name."""
    found: ast.expr | None = None
    for statement in _own_statements(function.body):
        if isinstance(statement, ast.Return) and statement.value is not None:
            found = statement.value
    if found is None:
        return []
    values = found.elts if isinstance(found, ast.Tuple) else [found]
    return [value.id if isinstance(value, ast.Name) else "" for value in values]


def _own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a function without those of the functions in it."""
    for statement in body:
        yield statement
        if isinstance(statement, (*_DEFINITIONS, ast.ClassDef)):
            continue
        for field in ("body", "orelse", "finalbody"):
            yield from _own_statements(getattr(statement, field, []))


def _find_block(
    function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]
) -> list[Any] | None:
    """Return first line, first character, last line and indent of what students write.

    The first character is 0 where the block begins with its line. Comments above the first
    statement belong to the block: they may tell how it is done.
    """
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    if not body or all(_says_nothing(one) for one in body):
        return None
    first, last = body[0], max(one.end_lineno or one.lineno for one in body)
    start = min([first.lineno, *(one.lineno for one in getattr(first, "decorator_list", []))])
    text = lines[start - 1]
    # ast counts bytes.
    column = len(text.encode()[: first.col_offset].decode(errors="ignore"))
    if text[:column].strip() and start == first.lineno:
        return [start, column, last, f"{_margin(lines[function.lineno - 1])}    "]
    begin = start
    while begin > function.lineno + 1 and lines[begin - 2].lstrip().startswith("#"):
        begin -= 1
    return [begin, 0, last, _margin(text)]


def _margin(line: str) -> str:
    """Return what a line is indented by: tabs stay tabs."""
    return line[: len(line) - len(line.lstrip())]


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)


def _calls(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement calls something by this name when the module is imported."""
    if isinstance(statement, (*_DEFINITIONS, ast.ClassDef)) or _is_guard(statement):
        return False
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(statement)
    )


def _is_guard(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test)
