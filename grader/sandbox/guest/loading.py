"""Loads a program's modules from memory: cell by cell, and each file once, when it is imported."""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from .definitions import run_definitions
from .dialects import find_python2_remedy, restore_numpy1_names, uses_python2_names
from .imports import NUMPY1, PYTHON2_BUILTINS, Importer, Rules
from .raised import describe_exception, remember_source, sources

__all__ = [
    "LoadFailure",
    "LoadedProgram",
    "Rules",
    "describe_exception",
    "find_function",
    "load_program",
    "sources",
]

Chunks = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A chunk that did not compile, or raised: what it defined stays.

    Of a file, what it defines behind the failing statement too.
    """

    file: str
    label: str
    """The cell of a notebook; empty for a `.py` file."""
    kind: str
    message: str
    line: int | None
    trace: str
    is_refused: bool = False
    """Whether Python itself said, while the chunk ran, that there was no more memory."""


@dataclass(slots=True)
class LoadedProgram:
    """The module under test, and what was to be told about loading it."""

    namespace: dict[str, Any]
    failures: list[LoadFailure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    modules: list[dict[str, Any]] = field(default_factory=list)
    """The names of each module, support files too, in the order in which they were needed."""
    on_module: Callable[[dict[str, Any]], None] = lambda _: None
    """Called with the names of a module when it has been run."""
    imports: Callable[[], list[Any]] = list
    """Returns what the student's own code has imported so far: [kind, name, file, line] each."""


def load_program(
    files: Sequence[tuple[str, Chunks]], support: Sequence[tuple[str, str]], rules: Rules
) -> LoadedProgram:
    """Run the first file's chunks as a module; the others can be imported, and run when they are.

    Parameters
    ----------
    files
        Name and chunks (text and label) of the student's files; the first is the module under
        test. A name may have folders, and is a member of `rules.package` where there is one.
    support
        Name and text of the author's own files, to which the rules do not apply.
    """
    program = _Program(files, support, rules)
    sys.meta_path.insert(0, program)
    program.importer.watch_import_module()
    loaded = program.loaded
    loaded.imports = program.importer.list_facts
    loaded.namespace = vars(importlib.import_module(program.under_test))
    return loaded


def find_function(loaded: LoadedProgram, name: str, support: Sequence[str]) -> Any:
    """Return what a program calls so: the module under test first, then the support files.

    Raises NameError where nothing does.
    """
    if name in loaded.namespace:
        return loaded.namespace[name]
    for module in map(importlib.import_module, support):
        if name in vars(module):
            return vars(module)[name]
    raise NameError(f"name {name!r} is not defined", name=name)


@dataclass(frozen=True, slots=True)
class _Source:
    """A module's text, before it is run."""

    file: str
    chunks: Chunks
    is_students: bool


class _Program(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and runs the modules of one program."""

    def __init__(
        self, files: Sequence[tuple[str, Chunks]], support: Sequence[tuple[str, str]], rules: Rules
    ) -> None:
        self.rules = rules
        self.loaded = LoadedProgram({})
        self.sources: dict[str, _Source] = {}
        self.aliases: dict[str, str] = {}
        """Further names of modules: with the package's name, and without it."""
        self.renamed: dict[str, str] = {}
        """Names that a module of Python's already bears for everybody but the student."""
        names = [
            self._add(_Source(file, chunks, is_students=True), rules.package)
            for file, chunks in files
        ]
        for file, text in support:
            self._add(_Source(file, [(text, "")], is_students=False), None)
        self.under_test = names[0]
        self.packages = {parent for name in self.sources for parent in _list_parents(name)}
        owned = {*self.sources, *self.aliases, *self.packages}
        self.importer = Importer(rules, owned, self.renamed)

    def _add(self, source: _Source, package: str | None) -> str:
        dotted = _dot(source.file)
        if package:
            bare = dotted.removeprefix(f"{package}.")
            name = f"{package}.{bare}"
            self.aliases.setdefault(bare, name)
        elif dotted in sys.stdlib_module_names or dotted in sys.modules:
            name = f"submitted_{dotted}"
            self.renamed[dotted] = name
        else:
            name = dotted
            if self.rules.package:
                self.aliases.setdefault(f"{self.rules.package}.{dotted}", name)
        self.sources.setdefault(name, source)
        return name

    # What importlib asks

    def find_spec(
        self, fullname: str, _path: object = None, _target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return how to load a module of this program, and None for any other."""
        if fullname in self.sources or fullname in self.packages:
            return importlib.util.spec_from_loader(
                fullname, self, is_package=fullname in self.packages
            )
        if fullname in self.aliases:
            return importlib.util.spec_from_loader(fullname, _AliasLoader(self.aliases[fullname]))
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run a module; what goes wrong in a student's file is kept, not raised."""
        source = self.sources.get(module.__name__)
        if source is None:
            return
        scope = vars(module)
        scope["__builtins__"] = self.importer.make_builtins(is_ruled=source.is_students)
        scope["__file__"] = str(Path(source.file).absolute())
        self.loaded.modules.append(scope)
        for text, label in source.chunks:
            filename = f"{source.file}, {label}" if label else source.file
            linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
            if not source.is_students:
                exec(compile(text, filename, "exec", dont_inherit=True), scope)
                continue
            remember_source(filename, text)
            self.importer.files.add(filename)
            try:
                self._run_chunk(text, filename, scope, is_file=not label)
            except BaseException as error:  # noqa: BLE001 - a student may raise anything
                self.loaded.failures.append(self._record(error, source.file, label, text))
        self.loaded.on_module(scope)

    def _run_chunk(self, text: str, filename: str, scope: dict[str, Any], *, is_file: bool) -> None:
        tree = ast.parse(text, filename)
        code = compile(tree, filename, "exec", dont_inherit=True)
        self.importer.note_guarded_imports(filename, tree)
        if NUMPY1 in self.rules.shims and restore_numpy1_names(tree):
            self._note("numpy1")
        if PYTHON2_BUILTINS in self.rules.shims and uses_python2_names(tree):
            self._note("python2")
        try:
            exec(code, scope)
        except BaseException as error:
            if is_file:
                run_definitions(tree, code, error, scope)
            raise

    def _record(self, error: BaseException, file: str, label: str, text: str) -> LoadFailure:
        told = describe_exception(error, "")
        if isinstance(error, SyntaxError) and not told["line"]:
            return self._record_syntax_error(error, file, label, text)
        # A compiler that finds a chunk too complicated raises a MemoryError, too.
        is_refused = told["is_refused"] and told["file"] != ""
        texts = (told["kind"], told["message"], told["line"], told["trace"])
        return LoadFailure(file, label, *texts, is_refused)

    def _record_syntax_error(
        self, error: SyntaxError, file: str, label: str, text: str
    ) -> LoadFailure:
        lines = text.split("\n")
        number = error.lineno or 0
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        message = str(error.msg)
        if remedy := find_python2_remedy(line):
            message = f"{message}; this is Python 2: {remedy}"
            self._note("python2")
        kind = type(error).__name__
        trace = f'  File "{error.filename}", line {number}\n    {line.strip()}\n{kind}: {message}'
        return LoadFailure(file, label, kind, message, error.lineno, trace)

    def _note(self, note: str) -> None:
        if note not in self.loaded.notes:
            self.loaded.notes.append(note)


class _AliasLoader(importlib.abc.Loader):
    """Gives a module that has a name of its own under another one."""

    def __init__(self, name: str) -> None:
        self.name = name

    def create_module(self, _spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Return the module itself, loaded if it was not."""
        module = importlib.import_module(self.name)
        self.spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Undo what importlib did to the module on the way: relative imports go by its spec."""
        module.__spec__ = self.spec


def _dot(file: str) -> str:
    return (
        file.removesuffix(".ipynb").removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    )


def _list_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]
