"""The functions of a program as they ran: their text, what their names held, and their code.

An edited function is given its new code in place, so every name, module and object that knows the
function runs the edited one, and afterwards the old one again.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .edits import Scope, Seen

_MOST_LINES = 60_000
_MOST_NAMES = 60
_MOST_FUNCTIONS = 10
_LARGEST_LOOKED_AT = 100_000


@dataclass(slots=True)
class Unit:
    """One outermost function or method of a file."""

    file: str
    node: ast.FunctionDef
    owner: str
    """The class of a method."""
    scope: Scope
    functions: list[types.FunctionType]
    code: types.CodeType

    def compile(self) -> types.CodeType | None:
        """Return the code of the function as its tree stands now; None where it has none."""
        node: Any = self.node
        decorators, node.decorator_list = node.decorator_list, []
        try:
            body = [ast.ClassDef(self.owner, [], [], [node], [])] if self.owner else [node]
            for one in body:
                ast.copy_location(one, node)
            module = ast.Module(body, [])
            outer = compile(module, self.file, "exec", dont_inherit=True)
            holder = _find_code(outer, self.owner) if self.owner else outer
            found = _find_code(holder, node.name) if holder else None
        except (SyntaxError, ValueError, TypeError, RecursionError):
            return None
        finally:
            node.decorator_list = decorators
        return found if found and found.co_freevars == self.code.co_freevars else None

    def install(self, code: types.CodeType) -> None:
        """Have the function run this code."""
        for function in self.functions:
            function.__code__ = code


def _find_code(outer: types.CodeType, name: str) -> types.CodeType | None:
    for constant in outer.co_consts:
        if isinstance(constant, types.CodeType) and constant.co_name == name:
            return constant
    return None


@dataclass(slots=True)
class Observer:
    """Follows a run: which lines were executed, and what the names held when a function ended."""

    files: Mapping[str, Sequence[str]]
    lines: dict[str, set[int]] = field(default_factory=dict)
    names: dict[types.CodeType, dict[str, Seen]] = field(default_factory=dict)
    n_lines: int = 0

    def watch(self, run: Callable[[], object]) -> None:
        """Run something, and observe it; what it raises is raised."""
        sys.settrace(self._enter)
        try:
            run()
        finally:
            sys.settrace(None)

    def _enter(self, frame: types.FrameType, _event: str, _argument: object) -> Any:
        if frame.f_code.co_filename not in self.files:
            return None
        if self.n_lines > _MOST_LINES:
            frame.f_trace_lines = False
        return self._follow

    def _follow(self, frame: types.FrameType, event: str, _argument: object) -> Any:
        code = frame.f_code
        if event == "line":
            self.n_lines += 1
            self.lines.setdefault(code.co_filename, set()).add(frame.f_lineno)
            if self.n_lines > _MOST_LINES:
                frame.f_trace_lines = False
        elif event in ("return", "exception"):
            held = self.names.setdefault(code, {})
            for name, seen in see_names(frame.f_locals):
                held[name] = seen
        return self._follow


def see_names(scope: Mapping[str, Any]) -> Iterator[tuple[str, Seen]]:
    """Yield the numeric names of a scope; entries of dicts and attributes by how they are read."""
    n_seen = 0
    for name, value in list(scope.items()):
        for path, held in _look_into(name, value):
            seen = _see(held)
            if seen is not None:
                yield path, seen
                n_seen += 1
        if n_seen > _MOST_NAMES:
            return


def _look_into(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not name.isidentifier():
        return
    yield name, value
    if type(value) in (list, tuple) and value:
        for index in sorted({0, 1, -1} & set(range(-1, len(value)))):
            yield f"{name}[{index}]", value[index]
    members = value.items() if type(value) is dict else ()
    attributes = getattr(value, "__dict__", None)
    slots = getattr(type(value), "__slots__", ())
    if attributes is None and type(slots) in (tuple, list):
        attributes = {slot: getattr(value, slot, None) for slot in slots if type(slot) is str}
    if type(attributes) is dict and not isinstance(value, type | types.ModuleType):
        for attribute, held in list(attributes.items())[:_MOST_NAMES]:
            yield f"{name}.{attribute}", held
            if type(held) is dict:
                for key, item in held.items():
                    if isinstance(key, str):
                        yield f"{name}.{attribute}[{key!r}]", item
    for key, item in members:
        if isinstance(key, str):
            yield f"{name}[{key!r}]", item


def _see(value: Any) -> Seen | None:
    if type(value) in (int, float) or isinstance(value, np.generic):
        array = np.asarray(value)
        if array.dtype.kind not in "iuf":
            return None
        return Seen((), array.dtype.kind in "iu", float(array))
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return Seen(value.shape, value.dtype.kind in "iu", is_mask=_is_mask(value))
    return None


def _is_mask(array: Any) -> bool:
    """Whether an array holds zeros and one other number."""
    if array.dtype.kind == "b":
        return True
    if not array.size or array.size > _LARGEST_LOOKED_AT:
        return False
    largest = array.max()
    return bool(largest > 0 and not array.all() and np.all((array == 0) | (array == largest)))


def parse_files(files: Mapping[str, Sequence[str]]) -> dict[str, ast.Module]:
    """Return the trees of the files that parse."""
    trees = {}
    for file, lines in files.items():
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            trees[file] = ast.parse("\n".join(lines))
    return trees


def list_units(observer: Observer, trees: Mapping[str, ast.Module]) -> Iterator[Unit]:
    """Yield the functions of the program that were executed, file by file, in reading order."""
    codes = {(code.co_filename, code.co_firstlineno, code.co_name): code for code in observer.names}
    functions = _find_functions(set(observer.names))
    for file, tree in trees.items():
        executed = observer.lines.get(file, set())
        numpy = _name_of_numpy(tree)
        unary = tuple(
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and len(node.args.args) == 1
        )[:_MOST_FUNCTIONS]
        for node, owner in _outermost(tree.body, ""):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            code = codes.get((file, first, node.name))
            if code is not None:
                scope = Scope(executed, dict(observer.names[code]), numpy, unary)
                yield Unit(file, node, owner, scope, functions.get(code, []), code)


def _find_functions(codes: set[types.CodeType]) -> dict[types.CodeType, list[types.FunctionType]]:
    found: dict[types.CodeType, list[types.FunctionType]] = {}
    for one in gc.get_objects():
        if type(one) is types.FunctionType and one.__code__ in codes:
            found.setdefault(one.__code__, []).append(one)
    return found


def _outermost(body: Sequence[ast.stmt], owner: str) -> Iterator[tuple[ast.FunctionDef, str]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node, owner
        elif isinstance(node, ast.ClassDef):
            yield from _outermost(node.body, node.name)
        elif isinstance(node, ast.If | ast.Try):
            yield from _outermost(node.body, owner)


def _name_of_numpy(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "numpy":
                    return alias.asname or "numpy"
    return ""
