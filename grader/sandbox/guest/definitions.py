"""What a file that fails half-way still defines: the definitions behind the failing statement.

A file that trains a network or reads its data when it is imported is judged by its functions, as
a notebook is. Only what defines something is run: no loop, no call, no training.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
from collections.abc import Iterator
from types import CodeType
from typing import Any

_get_traceback = BaseException.__dict__["__traceback__"].__get__
_ACTIVE = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FRAMES_WALKED = 1000


def run_definitions(
    tree: ast.Module, code: CodeType, error: BaseException, scope: dict[str, Any]
) -> None:
    """Run the definitions behind the statement of a module in which an exception was raised.

    One that raises itself costs itself only. Where the statement is not known, nothing is run.
    """
    failed_at = _find_line(error, code)
    if failed_at is None:
        return
    flags = _future_flags(tree)
    for statement in tree.body:
        if statement.lineno > failed_at and is_definition(statement):
            module = ast.Module([statement], type_ignores=[])
            with contextlib.suppress(BaseException):
                exec(compile(module, code.co_filename, "exec", flags, dont_inherit=True), scope)


def is_definition(statement: ast.stmt) -> bool:
    """Tell whether a statement does nothing but to give names a meaning."""
    if isinstance(statement, ast.If | ast.Try):
        is_plain = isinstance(statement, ast.Try) or _is_plain(statement.test)
        return is_plain and all(map(is_definition, _inner(statement)))
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return statement.value is None or _is_plain(statement.value)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return isinstance(statement, (*kinds, ast.Pass))


def _inner(statement: ast.If | ast.Try) -> Iterator[ast.stmt]:
    yield from statement.body
    yield from statement.orelse
    if isinstance(statement, ast.Try):
        yield from statement.finalbody
        for handler in statement.handlers:
            yield from handler.body


def _is_plain(value: ast.expr) -> bool:
    """Tell whether an expression is read off: what a lambda does, it does when it is called."""
    if isinstance(value, ast.Lambda):
        return True
    return not any(isinstance(node, (*_ACTIVE, *_LOOPS)) for node in ast.walk(value))


def _find_line(error: BaseException, code: CodeType) -> int | None:
    """Return the line of a module's own code in which an exception came up."""
    traceback = _get_traceback(error)
    for _ in range(_FRAMES_WALKED):
        if traceback is None:
            return None
        if traceback.tb_frame.f_code is code:
            line: int = traceback.tb_lineno
            return line
        traceback = traceback.tb_next
    return None


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                flags |= getattr(__future__, alias.name).compiler_flag
    return flags
