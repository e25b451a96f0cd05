"""Finds an assignment by its slug in a course pack, or by the path of its folder."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UnknownAssignment
from grader.spec.folder import SPEC_FILE


def list_assignments(packs: Sequence[Path]) -> tuple[Path, ...]:
    """Return the assignment folders of the packs by slug; an earlier pack goes before a later."""
    found: dict[str, Path] = {}
    for pack in packs:
        for spec in sorted(pack.glob(f"*/{SPEC_FILE}")):
            found.setdefault(spec.parent.name, spec.parent)
    return tuple(found[slug] for slug in sorted(found))


def find_assignment(name_or_path: str, packs: Sequence[Path]) -> Path:
    """Return the folder of an assignment.

    Parameters
    ----------
    name_or_path
        A folder, or the slug of an assignment in one of the packs. A plain name that is both is
        the folder if that holds assignment.toml.
    packs
        Folders of assignment folders.

    Raises
    ------
    UnknownAssignment
        If it is neither; the remedy names the nearest slugs.
    """
    path = Path(name_or_path)
    if (path / SPEC_FILE).is_file():
        return path
    if path.name == SPEC_FILE and path.is_file():
        return path.parent
    folders = {folder.name: folder for folder in list_assignments(packs)}
    if name_or_path in folders:
        return folders[name_or_path]
    if name_or_path and path.is_dir():
        return path
    nearest = difflib.get_close_matches(name_or_path, folders, n=3, cutoff=0.5) or sorted(folders)
    remedy = f"known are: {', '.join(nearest)}" if nearest else "name a folder"
    raise UnknownAssignment(f"there is no assignment {name_or_path!r}", remedy=remedy)
