"""Reads what a handout keeps: `assignment.json`, and the numbers in `values.bin`.

Numbers are frames of our own (grader/sandbox/guest/wire.py): nothing is evaluated on reading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import grader.spec
from grader.authoring.handout.offline.answers import KeptAnswer
from grader.errors import OperationError
from grader.sandbox.guest import wire
from grader.sandbox.messages import from_box
from grader.spec import Assignment

# In a handout this is the module offline/spec.py, whose classes take what is written as it is.
_SPEC: Any = grader.spec

SPEC_FILE = "assignment.json"
VALUES_FILE = "values.bin"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class LaterCheck:
    """A visible check that only the server judges, and why."""

    id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stored:
    """All that a handout's check has of an assignment."""

    assignment: Assignment
    answers: Mapping[str, tuple[KeptAnswer, ...]]
    values: bytes
    later: tuple[LaterCheck, ...]
    carried: Mapping[str, tuple[str, ...]]
    """Functions with which the server judges a failed check again, by the check's id."""
    n_hidden: int


def read_stored(folder: Path) -> Stored:
    """Return what is kept in a folder.

    Raises
    ------
    OperationError
        Where it is not whole.
    """
    try:
        table = json.loads((folder / SPEC_FILE).read_text("utf-8"))
        values = (folder / VALUES_FILE).read_bytes()
        return Reader(table, values).read()
    except (OSError, ValueError, KeyError, TypeError, wire.ProtocolError) as error:
        raise OperationError(
            f"{folder}: the handout is damaged ({error})", remedy="unpack it again"
        ) from error


@dataclass(frozen=True)
class Reader:
    """Makes the objects again that a table describes."""

    table: Mapping[str, Any]
    values: bytes

    def read(self) -> Stored:
        """Return what the whole table describes."""
        table = self.table
        if table["format"] != FORMAT:
            raise ValueError(f"its format is {table['format']}")
        spec = _SPEC.AssignmentSpec(
            title=table["title"],
            files=tuple(table["files"]),
            allow=tuple(table["allow"]),
            shims=tuple(table["shims"]),
            package=table["package"],
            limits=_SPEC.Limits(**table["limits"]),
            checks=tuple(map(self._check, table["checks"])),
        )
        assignment = _SPEC.Assignment(
            table["slug"], Path(), spec, table["digest"], {}, table["support"], {}
        )
        answers = {
            name: tuple(
                KeptAnswer(
                    tuple(one["sums"]),
                    tuple(None if span is None else (span[0], span[1]) for span in one["spans"]),
                )
                for one in kept
            )
            for name, kept in table["answers"].items()
        }
        return Stored(
            assignment,
            answers,
            self.values,
            tuple(LaterCheck(**one) for one in table["later"]),
            {name: tuple(names) for name, names in table["carried"].items()},
            table["n_hidden"],
        )

    def _check(self, written: Mapping[str, Any]) -> Any:
        kind = getattr(_SPEC, written["class"])
        values = {one.name: written[one.name] for one in fields(kind) if one.name in written}
        values["points"] = Decimal(written["points"])
        values["visible"] = _SPEC.Visibility(written["visible"])
        values["hint"] = _SPEC.Hint(written["hint"])
        values["limits"] = _SPEC.Limits(**written["limits"])
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = tuple(value)
        if "compare" in values:
            values["compare"] = {
                name: _SPEC.CompareRule(**rule) for name, rule in written["compare"].items()
            }
        values["cases"] = tuple(map(self._case, written["cases"]))
        values["accepted"] = tuple(
            _SPEC.Variant(one["name"], one["when"], self._check(one["check"]))
            for one in written["accepted"]
        )
        return kind(**values)

    def _case(self, written: Mapping[str, Any]) -> Any:
        body = self.values[slice(*written["inputs"])]
        inputs = from_box(wire.decode(body, wire.INTO_BOX))
        return _SPEC.Case(
            written["label"], inputs, written["scale"], written["shape_index"], written["seed"]
        )
