"""Writes the tables of keys in docs/formats.md from the models: `python -m grader.spec.manual`.

What a key means is the docstring below its field, `Default: words` in it where the value says
too little. The docstrings are read from our own source when the page is written, not whenever a
program imports the models.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from grader.spec.check import CHECK_KINDS, Accept, CheckSpec
from grader.spec.checks import ComparingCheck, Grows
from grader.spec.course import CourseSpec
from grader.spec.generator import GENERATORS
from grader.spec.limits import Limits
from grader.spec.models import AssignmentSpec, Environment, Leaderboard, RubricItem, Team
from grader.spec.plots import BoundaryPlot, TracePlot
from grader.spec.policy import Attempts, Late, Policy
from grader.spec.quantities import GIB, KIB, MIB, format_duration
from grader.spec.schedule import TermDates
from grader.spec.schema import SpecModel

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"
_TABLE = re.compile(r"(?<=<!-- keys: )(.+?)( -->\n)(.*?)(?=<!-- end -->)", re.DOTALL)
_DEFAULTS = (
    "| `defaults` | none | Keys of checks, filled into every check that lacks them and whose kind "
    "knows them; a tolerance stated here is stated for every dtype |"
)
_SHORTEST_MINUTES_S = 120


@dataclass(frozen=True, slots=True)
class Table:
    """A table of keys: of a model, or of a part of one."""

    model: type[SpecModel]
    fields: Collection[str] | None = None
    """None for those that an author may write in the model's table."""


def list_tables() -> dict[str, Table]:
    """Return every table of the page, by its name in the marker before it."""
    return {
        "assignment": Table(AssignmentSpec),
        "team": Table(Team),
        "policy": Table(Policy),
        "late": Table(Late),
        "attempts": Table(Attempts),
        "limits": Table(Limits),
        "environment": Table(Environment),
        "rubric": Table(RubricItem),
        "leaderboard": Table(Leaderboard),
        **{head: Table(model) for head, model in GENERATORS.items()},
        "all checks": Table(CheckSpec, _shared_by(CHECK_KINDS)),
        "running checks": Table(CheckSpec, _shared_by(set(CHECK_KINDS) - {"source"})),
        "judging checks": Table(CheckSpec, _shared_by({"output", "gradient", "property"})),
        "drawing checks": Table(CheckSpec, _shared_by({"output", "property"})),
        "comparing checks": Table(
            ComparingCheck, set(ComparingCheck.model_fields) - set(CheckSpec.model_fields) - _OWN
        ),
        **{
            kind: Table(model, set(model.model_fields) - _shared(model))
            for kind, model in CHECK_KINDS.items()
        },
        "grows": Table(Grows),
        "trace": Table(TracePlot),
        "boundary": Table(BoundaryPlot),
        "accept": Table(Accept, ("name", "when")),
        "course": Table(CourseSpec),
        "term dates": Table(TermDates),
    }


_OWN = frozenset({"compare"})
"""Keys that several kinds of check have, and each means in its own way."""


def _shared(model: type[SpecModel]) -> set[str]:
    parent = ComparingCheck if issubclass(model, ComparingCheck) else CheckSpec
    return set(parent.model_fields) - _OWN


def _shared_by(kinds: Collection[str]) -> list[str]:
    """Return the keys that just these kinds of check share."""
    owners = {
        name: {kind for kind, model in CHECK_KINDS.items() if name in set(model.keys())}
        for name in CheckSpec.model_fields
    }
    return [name for name, known in owners.items() if known == set(kinds)]


def write_page(page: str) -> str:
    """Return the page with each table between its markers written anew."""
    tables = list_tables()
    return _TABLE.sub(
        lambda found: f"{found[1]}{found[2]}{write_table(found[1], tables[found[1]])}", page
    )


def names_on(page: str) -> list[str]:
    """Return the names of the tables that a page has."""
    return [found[1] for found in _TABLE.finditer(page)]


def write_table(name: str, table: Table) -> str:
    """Return a table of keys, defaults and meanings."""
    rows = ["| key | default | means |", "|---|---|---|"]
    rows += _list_rows(table)
    if name == "assignment":
        rows.insert(-4, _DEFAULTS)
    return "\n".join(rows) + "\n"


def _list_rows(table: Table) -> Iterator[str]:
    model = table.model
    told = read_docstrings(model)
    names = [name for name in _in_order(model) if table.fields is None or name in table.fields]
    for name in names:
        key = str(model.model_fields[name].validation_alias or name)
        if table.fields is None and key not in set(model.keys()):
            continue
        if name not in told:
            raise LookupError(f"{model.__name__}.{name} has no docstring below it: write one")
        meaning, _, default = told[name].partition("\n\nDefault: ")
        meaning = " ".join(meaning.split()).removesuffix(".").replace("|", "\\|")
        yield f"| `{key}` | {default or _write_default(model, name)} | {meaning} |"


def _in_order(model: type[SpecModel]) -> list[str]:
    """Return the fields of a model, its own before those that it inherits."""
    names: dict[str, None] = {}
    for parent in inspect.getmro(model):
        names |= dict.fromkeys(vars(parent).get("__annotations__", {}))
    return [name for name in names if name in model.model_fields]


def read_docstrings(model: type[SpecModel]) -> dict[str, str]:
    """Return the docstrings below the fields of a model and of those that it inherits from."""
    told: dict[str, str] = {}
    for parent in reversed(inspect.getmro(model)):
        if not issubclass(parent, SpecModel) or parent is SpecModel:
            continue
        [definition] = ast.parse(textwrap.dedent(inspect.getsource(parent))).body
        assert isinstance(definition, ast.ClassDef)
        for one, below in zip(definition.body, definition.body[1:], strict=False):
            match one, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    told[name] = inspect.cleandoc(text)
    return told


def _write_default(model: type[SpecModel], name: str) -> str:
    field = model.model_fields[name]
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None:
        return "none"
    if name.endswith("_bytes"):
        return f'`"{_write_size(value)}"`'
    if name.endswith("_s"):
        is_short = value < _SHORTEST_MINUTES_S and value == int(value)
        return f'`"{int(value)}s"`' if is_short else f'`"{format_duration(value)}"`'
    return f"`{_write_value(value)}`"


def _write_value(value: Any) -> str:
    if isinstance(value, StrEnum | str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_write_value, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    raise LookupError(f"{value!r} is no default for a page: add `Default: words` to the docstring")


def _write_size(n_bytes: int) -> str:
    for unit, size in (("GiB", GIB), ("MiB", MIB), ("KiB", KIB)):
        if n_bytes % size == 0:
            return f"{n_bytes // size}{unit}"
    return f"{n_bytes}B"


if __name__ == "__main__":
    PAGE.write_text(write_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
