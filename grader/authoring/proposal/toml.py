"""Writes checks and inputs as TOML: the standard library only reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from grader.authoring.proposal.drafts import Draft, Group
from grader.authoring.proposal.trials import Lengths, geometries
from grader.authoring.proposal.vocabulary import Draw, Input

_LONGEST_LINE = 98


def write_value(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if "\n" in value:
            return f'"""\n{_escape_lines(value)}\n"""'
        return _quote(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(write_value, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {write_value(one)}" for key, one in value.items()) + "}"
    return repr(value)


def _quote(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _escape_lines(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '""\\"')


def write_sets(group: Group) -> Iterator[str]:
    """Yield the lines of the sets of inputs that a group's checks name."""
    known = geometries()
    for geometry in known:
        if not any(geometry in draft.geometries for draft in group.drafts):
            continue
        yield f"[inputs.{group.set_name(geometry)}]"
        entries = {
            name: write_value(table_of(one, known[geometry])) for name, one in group.inputs.items()
        }
        yield from write_entries(entries)
        yield ""


def table_of(one: Input, lengths: Lengths) -> object:
    """Return an input as it is written: a table, or a bare value."""
    return one.table(lengths) if isinstance(one, Draw) else one


def write_check(draft: Draft, group: Group) -> Iterator[str]:
    """Yield the lines of a check."""
    if draft.note:
        yield f"# {draft.note}"
    yield "[[checks]]"
    entries: dict[str, object] = {"id": draft.id, "kind": draft.kind, "title": draft.title}
    if group.inputs:
        entries["inputs"] = [group.set_name(geometry) for geometry in draft.geometries]
    entries |= draft.keys
    entries["points"] = draft.points
    yield from write_entries({key: write_value(value) for key, value in entries.items()})
    yield ""


def write_entries(entries: Mapping[str, str]) -> Iterator[str]:
    """Yield `key = value` lines, the equals signs below each other."""
    width = max(map(len, entries), default=0)
    for key, value in entries.items():
        yield f"{key.ljust(width)} = {value}"


def write_comment(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines as comments."""
    for line in lines:
        yield f"# {line}".rstrip()
