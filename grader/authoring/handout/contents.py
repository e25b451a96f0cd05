"""What students start from, of an assignment folder."""

from __future__ import annotations

from collections.abc import Iterator

from grader.authoring.starter import cut_starter, has_markers
from grader.errors import SpecError
from grader.spec import Assignment
from grader.spec.folder import STARTER_FILE, decode_utf8


def read_starters(assignment: Assignment) -> dict[str, str]:
    """Return what students start from, by the name under which they hand it in.

    Of a file without a starter and without markers in its solution there is none.
    """
    return dict(_list_starters(assignment))


def _list_starters(assignment: Assignment) -> Iterator[tuple[str, str]]:
    first, *_ = assignment.spec.files
    written = assignment.folder / STARTER_FILE
    for name in assignment.spec.files:
        if name == first and written.is_file():
            yield name, decode_utf8(written.read_bytes(), written)
        elif has_markers(assignment.solution[name]):
            try:
                yield name, cut_starter(assignment.solution[name])
            except ValueError as error:
                raise SpecError(
                    f"the starter cannot be cut: {error}",
                    file=assignment.folder / "solution.py",
                    remedy="begin each part that is left to students with # BEGIN SOLUTION, and "
                    "end it with # END SOLUTION",
                ) from error
