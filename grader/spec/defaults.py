"""Fills [defaults] and [limits] into the checks that lack their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from grader.spec.check import CHECK_KINDS
from grader.spec.problems import Locator, Problem, list_problems
from grader.spec.schema import Path, suggest


def fill_checks(table: Mapping[str, Any], locator: Locator) -> dict[str, Any]:
    """Return the table with [defaults] and [limits] filled into every check that lacks them."""
    filled = {key: value for key, value in table.items() if key != "defaults"}
    checks = table.get("checks")
    if not isinstance(checks, list):
        return filled
    filled["checks"] = [
        _fill_check(check, table, index, locator) if isinstance(check, dict) else check
        for index, check in enumerate(checks)
    ]
    return filled


def _fill_check(
    check: dict[str, Any], table: Mapping[str, Any], index: int, locator: Locator
) -> dict[str, Any]:
    defaults = table.get("defaults")
    defaults = defaults if isinstance(defaults, dict) else {}
    own: tuple[str | int, ...] = ("checks", index)
    if isinstance(check.get("id"), str):
        locator.check_ids[index] = check["id"]
    kind = check.get("kind", defaults.get("kind"))
    model = CHECK_KINDS.get(kind) if isinstance(kind, str) else None
    known = model.keys() if model else frozenset(("kind",))
    filled = dict(check)
    for key, value in defaults.items():
        if key in known and key not in check:
            filled[key] = value
            locator.origins[(*own, key)] = ("defaults", key)
    limits = table.get("limits")
    if isinstance(limits, dict) and isinstance(filled.get("limits", {}), dict):
        stated = filled.get("limits", {})
        for key in limits.keys() - stated.keys():
            locator.origins[(*own, "limits", key)] = ("limits", key)
        filled["limits"] = {**limits, **stated}
    return filled


def find_default_problems(table: Mapping[str, Any], taken: Collection[Path]) -> Iterator[Problem]:
    """Yield what is wrong with [defaults] in itself.

    Parameters
    ----------
    table
        The parsed assignment.toml.
    taken
        Paths of the defaults that were filled into a check, and are validated with it.
    """
    defaults = table.get("defaults", {})
    if not isinstance(defaults, dict):
        yield Problem(("defaults",), "is not a table", "write [defaults]")
        return
    known = frozenset[str]().union(*(model.keys() for model in CHECK_KINDS.values()))
    own = {"id", "accept"}
    for key, value in defaults.items():
        if key in own:
            yield Problem(("defaults", key), "belongs to one check alone", "leave it out")
        elif key not in known:
            yield Problem(
                ("defaults", key), "no kind of check has this key", suggest(key, known - own)
            )
        elif ("defaults", key) not in taken:
            yield from _find_value_problems(key, value)
    checks = table.get("checks")
    entries = enumerate(checks) if isinstance(checks, list) else ()
    stated = [(("checks", index), entry) for index, entry in entries if isinstance(entry, dict)]
    for path, holder in (*stated, (("defaults",), defaults)):
        limits = holder.get("limits")
        if isinstance(limits, dict) and "total_time" in limits:
            yield Problem(
                (*path, "limits", "total_time"),
                "is the limit of the whole submission, not of a check",
                "state it in [limits]",
            )


def _find_value_problems(key: str, value: Any) -> Iterator[Problem]:
    """Yield what is wrong with a default that no check of this assignment takes."""
    model = next(model for model in CHECK_KINDS.values() if key in set(model.keys()))
    try:
        model.model_validate({key: value})
    except ValidationError as error:
        # The rest of the check is missing here; only what is said of this key counts.
        problems = list_problems(error, ("defaults",))
        yield from (each for each in problems if each.path[:2] == ("defaults", key))
