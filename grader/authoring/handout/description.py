"""Writes the table that a handout's check reads: what is judged at a student's, and nothing else.

What goes in is named by the fields of the dataclasses that will be made of it (offline/spec.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from grader import __version__
from grader.authoring.handout.offline import spec as twin
from grader.authoring.handout.offline.stored import FORMAT, LaterCheck
from grader.authoring.handout.recording import Recorder
from grader.authoring.handout.values import ValuesFile
from grader.checks import Context
from grader.sandbox.guest import wire
from grader.sandbox.messages import into_box
from grader.spec import Assignment, Case, CheckSpec, variants

_MADE_HERE = ("cases", "accepted", "needs", "limits", "compare", "expect")
_LEFT_OUT = ("carry_forward", "trace", "boundary")


def describe(
    assignment: Assignment,
    checks: Sequence[CheckSpec],
    later: Sequence[LaterCheck],
    context: Context,
    recorder: Recorder,
    values: ValuesFile,
) -> dict[str, Any]:
    """Return the table of an assignment with the checks that are judged at a student's."""
    spec = assignment.spec
    ids = {check.id for check in checks}
    writer = _Writer(ids, context, recorder, values)
    return {
        "format": FORMAT,
        "grader_version": __version__,
        "slug": assignment.slug,
        "digest": assignment.digest,
        "title": spec.title,
        "files": list(spec.files),
        "allow": list(spec.allow),
        "shims": list(spec.shims),
        "package": spec.package,
        "limits": _plain_fields(spec.limits, twin.Limits),
        "support": dict(assignment.support),
        "checks": [writer.write_check(check) for check in checks],
        "later": [asdict(one) for one in later],
        "carried": {
            one.id: list(one.carry_forward)
            for one in spec.checks
            if one.id in ids and one.carry_forward
        },
        "n_hidden": len(spec.checks) - len(checks) - len(later),
        "answers": {
            name: [{"sums": list(one.sums), "spans": list(one.spans)} for one in kept]
            for name, kept in sorted(recorder.kept.items())
        },
    }


class _Writer:
    """Writes checks one by one."""

    def __init__(
        self, ids: set[str], context: Context, recorder: Recorder, values: ValuesFile
    ) -> None:
        self._ids = ids
        self._context = context
        self._recorder = recorder
        self._values = values

    def write_check(self, check: CheckSpec, *, is_variant: bool = False) -> dict[str, Any]:
        """Return a check as a table, with its cases; and, unless it is one, with its variants."""
        kind = getattr(twin, type(check).__name__)
        names = [one.name for one in fields(kind) if one.name not in _MADE_HERE + _LEFT_OUT]
        written = {name: _plain(getattr(check, name)) for name in names}
        written["class"] = kind.__name__
        # A check that is not here cannot be waited for, and its name is nobody's business.
        written["needs"] = [name for name in check.needs if name in self._ids]
        written["limits"] = _plain_fields(check.limits, twin.Limits)
        if hasattr(check, "compare"):
            written["compare"] = {
                name: _plain_fields(rule, twin.CompareRule) for name, rule in check.compare.items()
            }
        if hasattr(check, "expect"):
            written["expect"] = self._recorder.masks_of(check).name_of(check.expect)
        written["cases"] = [self._write_case(one) for one in self._context.cases(check)]
        written["accepted"] = [
            {
                "name": one.name,
                "when": one.when,
                "check": self.write_check(one.check, is_variant=True),
            }
            for one in variants(check)
            if one.name and not is_variant
        ]
        return written

    def _write_case(self, case: Case) -> dict[str, Any]:
        body = wire.encode(into_box(dict(case.inputs)), wire.INTO_BOX)
        return {
            "label": case.label,
            "scale": case.scale,
            "shape_index": case.shape_index,
            "seed": case.seed,
            "inputs": list(self._values.put(body)),
        }


def _plain_fields(model: object, kind: type[Any]) -> dict[str, Any]:
    return {one.name: _plain(getattr(model, one.name)) for one in fields(kind)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return list(value) if isinstance(value, tuple) else value
