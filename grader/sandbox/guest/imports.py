"""The rules for a student's own import statements: a teaching aid, not a wall.

They hold for the statements in a student's modules only, through an `__import__` of each module's
own; whatever an allowed module imports is its own business.
"""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import importlib.util
import opcode
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .standins import PYTHON2_NAMES, Forbidden, Harmless

PYTHON2_BUILTINS = "python2-builtins"
NUMPY1 = "numpy1"
_NAMED_SETS = (PYTHON2_BUILTINS, NUMPY1)
_COMPANIONS = {"matplotlib": ("mpl_toolkits", "pylab"), "past.builtins": ("past.utils",)}
_CATCHING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}

_MOST_FACTS = 1000

_import = builtins.__import__


@dataclass(frozen=True, slots=True)
class Rules:
    """What an assignment says of imports: the keys of the same names in `assignment.toml`."""

    allow: tuple[str, ...]
    shims: tuple[str, ...]
    package: str | None
    forbid: tuple[str, ...] = ()
    """What a check of the source forbids; by a name in the text it can be imported and is told."""


class Importer:
    """Decides what an import statement gets: the module, a stand-in, or an ImportError."""

    def __init__(self, rules: Rules, owned: set[str], renamed: Mapping[str, str]) -> None:
        self.rules = rules
        self.owned = owned
        self.renamed = renamed
        self.guarded: set[tuple[str, int]] = set()
        """Files and lines of imports for whose failure the student has a plan."""
        self.files: set[str] = set()
        """Names of the student's files and cells."""
        self.facts: dict[tuple[str, str, int], None] = {}
        modules = [name for name in rules.shims if name not in _NAMED_SETS]
        self.shims = [one for name in modules for one in (name, *_COMPANIONS.get(name, ()))]

    def make_builtins(self, *, is_ruled: bool = True) -> dict[str, Any]:
        """Return the builtins of one module, with the `__import__` that follows the rules."""
        namespace = dict(vars(builtins))
        namespace["__import__"] = self._import_ruled if is_ruled else self._import_free
        if PYTHON2_BUILTINS in self.rules.shims:
            namespace.update(PYTHON2_NAMES)
        return namespace

    def note_guarded_imports(self, filename: str, tree: ast.AST) -> None:
        """Find the imports inside a `try` that catches their failure: they fail at once."""
        self.guarded |= {(filename, line) for line in find_guarded_lines(tree)}

    def _import_ruled(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        target = _resolve(name, globals, level)
        frame = sys._getframe(1)
        self._note(target, fromlist, frame)
        if not _is_statement(frame) and _is_under(target, self.rules.forbid):
            raise self._refuse(f"__import__({name!r})", target, frame)
        if _is_under(target, self.shims):
            return _stand_in(Harmless, target, fromlist)
        if target in self.renamed:
            return importlib.import_module(self.renamed[target])
        if target in self.owned or self._is_allowed(target):
            return _import(name, globals, locals, fromlist or (), level)
        if any(_is_under(shim, [target]) for shim in self.shims):
            return _stand_in(Harmless, target, fromlist)
        complaint = self._complain(frame.f_code.co_filename, frame.f_lineno, name, fromlist, level)
        if (frame.f_code.co_filename, frame.f_lineno) in self.guarded:
            # The kind that Python itself raises, so that every handler for it catches this one.
            raise ModuleNotFoundError(complaint, name=target)
        return _stand_in(Forbidden, target, fromlist, complaint)

    def watch_import_module(self) -> None:
        """Let the rules hold for `importlib.import_module` too, where a student calls it."""
        import_module = importlib.import_module

        @functools.wraps(import_module)
        def follow_rules(name: str, package: str | None = None) -> Any:
            frame = sys._getframe(1)
            if frame.f_code.co_filename not in self.files:
                return import_module(name, package)
            target = importlib.util.resolve_name(name, package)
            self._note(target, (), frame)
            if _is_under(target, self.shims):
                return _stand_in(Harmless, target, ("*",))
            if target in self.renamed:
                return import_module(self.renamed[target])
            is_free = target in self.owned or self._is_allowed(target)
            if not is_free or _is_under(target, self.rules.forbid):
                raise self._refuse(f"import_module({name!r})", target, frame)
            return import_module(target)

        importlib.import_module = follow_rules

    def list_facts(self) -> list[list[Any]]:
        """Return what the student's own code has imported so far, in the form of the inspection."""
        return [["import", *fact] for fact in self.facts]

    def _note(self, target: str, fromlist: Sequence[str] | None, frame: types.FrameType) -> None:
        place = frame.f_code.co_filename, frame.f_lineno
        names = [f"{target}.{name}" for name in fromlist or () if name != "*"]
        for name in names or [target]:
            if len(self.facts) < _MOST_FACTS:
                self.facts[name, *place] = None

    def _refuse(self, call: str, target: str, frame: types.FrameType) -> ImportError:
        if _is_under(target, self.rules.forbid):
            reason = f"this assignment forbids {target}"
        else:
            reason = f"this assignment allows {_list_allowed(self.rules.allow)}"
        place = f"{frame.f_code.co_filename} line {frame.f_lineno}"
        return ModuleNotFoundError(f"{place}: `{call}`: {reason}", name=target)

    def _import_free(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        target = _resolve(name, globals, level)
        if _is_under(target, self.shims):
            return _stand_in(Harmless, target, fromlist)
        if target in self.renamed:
            return importlib.import_module(self.renamed[target])
        return _import(name, globals, locals, fromlist or (), level)

    def _is_allowed(self, target: str) -> bool:
        # A member of the package that nobody handed in is not there: that is no matter of rules.
        if self.rules.package and _is_under(target, [self.rules.package]):
            return False
        top = target.partition(".")[0]
        if not target or top == "__future__" or "*" in self.rules.allow:
            return True
        is_standard = "stdlib" in self.rules.allow and top in sys.stdlib_module_names
        return is_standard or _is_under(target, self.rules.allow)

    def _complain(
        self, filename: str, line: int, name: str, fromlist: Sequence[str] | None, level: int
    ) -> str:
        module = "." * level + name
        statement = (
            f"from {module} import {', '.join(fromlist)}" if fromlist else f"import {module}"
        )
        if self.rules.package and (level or _is_under(name, [self.rules.package])):
            reason = "there is no such module in this assignment"
        else:
            reason = f"this assignment allows {_list_allowed(self.rules.allow)}"
        return f"{filename} line {line}: `{statement}`: {reason}"


def _is_statement(frame: types.FrameType) -> bool:
    """Tell whether it is an import statement that a frame stands at, and no call."""
    return opcode.opname[frame.f_code.co_code[frame.f_lasti]].startswith("IMPORT_")


def find_guarded_lines(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of imports in the body of a `try` whose handlers catch an ImportError."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try | ast.TryStar) and any(
            map(_catches_import_error, node.handlers)
        ):
            rest: list[ast.AST] = list(node.body)
            while rest:
                inner = rest.pop()
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield inner.lineno
                # A function that is only defined here runs elsewhere, outside of the `try`.
                if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                    rest.extend(ast.iter_child_nodes(inner))


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    if caught is None:
        return True
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    names = {getattr(kind, "id", getattr(kind, "attr", "")) for kind in kinds}
    return not names.isdisjoint(_CATCHING)


def _resolve(name: str, globals: Mapping[str, Any] | None, level: int) -> str:
    """Return the absolute name; empty for a relative import that leads nowhere."""
    if not level:
        return name
    parts = str((globals or {}).get("__package__") or "").split(".")
    if len(parts) < level or not parts[0]:
        return ""
    base = ".".join(parts[: len(parts) - level + 1])
    return f"{base}.{name}" if name else base


def _is_under(target: str, names: Sequence[str]) -> bool:
    return any(target == name or target.startswith(f"{name}.") for name in names)


def _stand_in(kind: Any, target: str, fromlist: Sequence[str] | None, *details: str) -> Any:
    """Return what the import statement binds, with the attributes that it asks for at once."""
    if fromlist:
        module = kind(target, *details)
        for name in fromlist:
            if name != "*" and name not in vars(module):
                setattr(module, name, kind(f"{target}.{name}", *details))
        return module
    # `import a.b as c` takes `b` from what is returned for `a`.
    top, *inner = target.split(".")
    module = outer = kind(top, *details)
    for name in inner:
        member = kind(f"{outer.__name__}.{name}", *details)
        setattr(outer, name, member)
        outer = member
    return module


def _list_allowed(allow: Sequence[str]) -> str:
    words = sorted(name for name in allow if name != "stdlib")
    if "stdlib" in allow:
        words.append("the standard library")
    if not words:
        return "no imports"
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
