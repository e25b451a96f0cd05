"""Which of our modules a handout's check consists of: found from their imports, never listed.

Three packages are exchanged: `grader.spec`, which reads assignments with pydantic, by dataclasses
of the same names (offline/spec.py); `grader.environments`, as a student has the packages that he
has (offline/environments.py); and `reference` by an empty one, so that of the mathematics only what
judging itself needs goes along.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_OURS = ("grader", "reference")
_MAIN = "grader.authoring.handout.offline.main"
_CHILD = "grader.authoring.handout.offline.child"
_EXCHANGED = {
    "grader.environments": "grader/authoring/handout/offline/environments.py",
    "grader.spec": "grader/authoring/handout/offline/spec.py",
    "reference": "grader/authoring/handout/offline/empty.py",
}
"""By name of the package, the file that stands in its place; nothing below it is taken."""


@cache
def bundle_sources() -> dict[str, bytes]:
    """Return the files of the check, by their place below the folder that holds them."""
    waiting, found = [_MAIN, _CHILD], dict[str, bytes]()
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        parent = module.rpartition(".")[0]
        if parent:
            waiting.append(parent)
        place, content = _read(module)
        found[place] = content
        waiting += _list_imports(module, content, is_package=place.endswith("/__init__.py"))
    return dict(sorted(found.items()))


def _read(module: str) -> tuple[str, bytes]:
    """Return the place of a module in the bundle, and its source."""
    stem = module.replace(".", "/")
    if module in _EXCHANGED:
        return f"{stem}/__init__.py", (_ROOT / _EXCHANGED[module]).read_bytes()
    for place in (f"{stem}/__init__.py", f"{stem}.py"):
        if (_ROOT / place).is_file():
            return place, (_ROOT / place).read_bytes()
    raise LookupError(f"there is no module {module}")


def _list_imports(module: str, content: bytes, *, is_package: bool) -> Iterator[str]:
    """Yield the modules of ours that a module imports, wherever in it."""
    package = module if is_package else module.rpartition(".")[0]
    for node in _walk_run(ast.parse(content)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            origin = ".".join(filter(None, [base, node.module]))
            names = [origin, *(f"{origin}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if _is_module(name))


def _walk_run(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a module, without those that only a type checker looks at."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _is_module(name: str) -> bool:
    """Whether a name is that of a module which goes along, and not of something in one."""
    if name.partition(".")[0] not in _OURS:
        return False
    if any(name.startswith(f"{package}.") for package in _EXCHANGED if package != "reference"):
        return False
    path = _ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
