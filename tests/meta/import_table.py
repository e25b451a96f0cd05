"""A contract for import-linter that reads the architecture's table of who may import whom.

The contracts that come with import-linter forbid; this one allows, so that a new package may
import nothing until a row says what.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class ImportTable(Contract):
    """Each row, `package : what it may import`, rules its package and all below it.

    Of two rows that fit a module the longer name rules. A package may import whatever lies within
    it, and the whole standard library.
    """

    type_name = "import_table"

    rows = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect every import that no row allows."""
        del verbose
        table = self._table()
        lines = [
            *self._rows_without_package(graph, table),
            *self._forbidden_imports(graph, table),
        ]
        return ContractCheck(kept=not lines, metadata={"lines": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line an import."""
        for line in cast("list[str]", check.metadata["lines"]):
            output.print_error(line)

    def _table(self) -> dict[str, frozenset[str]]:
        table = {}
        for row in cast("list[str]", self.rows):
            package, _, allowed = row.partition(":")
            table[package.strip()] = frozenset(allowed.split())
        return table

    def _rows_without_package(
        self, graph: ImportGraph, table: Mapping[str, frozenset[str]]
    ) -> Iterator[str]:
        for package in table:
            if package not in graph.modules:
                yield f"{package} has a row and does not exist"

    def _forbidden_imports(
        self, graph: ImportGraph, table: Mapping[str, frozenset[str]]
    ) -> Iterator[str]:
        roots = {package.partition(".")[0] for package in table}
        for importer in sorted(graph.modules):
            if importer.partition(".")[0] not in roots:
                continue
            package = _ruling_row(importer, table)
            imported = sorted(graph.find_modules_directly_imported_by(importer))
            if package is None:
                if importer not in roots or imported:
                    yield f"{importer} has no row in the table"
                continue
            for name in imported:
                if not _is_allowed(name, package, table):
                    (first, *_) = graph.get_import_details(importer=importer, imported=name)
                    yield (
                        f"{importer} line {first['line_number']} imports {name}; {package} may "
                        f"import {', '.join(sorted(table[package])) or 'the standard library only'}"
                    )


def _ruling_row(module: str, table: Mapping[str, frozenset[str]]) -> str | None:
    fitting = [package for package in table if _is_within(module, package)]
    return max(fitting, key=len, default=None)


def _is_allowed(name: str, package: str, table: Mapping[str, frozenset[str]]) -> bool:
    if name.partition(".")[0] in sys.stdlib_module_names or name == "grader":
        return True  # grader/__init__.py holds the version and no more
    if any(_is_within(name, allowed) for allowed in table[package]):
        return True
    return _is_within(name, package)


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
