"""Cuts a starter out of a solution."""

from __future__ import annotations

from collections.abc import Iterator

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
_LEFT_FOR_STUDENTS = ("# YOUR CODE HERE", "raise NotImplementedError")


def has_markers(solution: str) -> bool:
    """Tell whether a solution says what is to be cut."""
    return any(line.strip() in (BEGIN, END) for line in solution.splitlines())


def cut_starter(solution: str) -> str:
    """Return the solution with each marked block replaced by an invitation to write it.

    A block begins with `# BEGIN SOLUTION` and ends with `# END SOLUTION`, each alone on its line;
    both lines go with it. Raises ValueError, with the line,
    where they do not pair.
    """
    kept: list[str] = []
    begun_at = 0
    for number, line in enumerate(solution.splitlines(), 1):
        word = line.strip()
        if word == BEGIN:
            if begun_at:
                raise ValueError(f"line {number}: the block of line {begun_at} has no {END}")
            begun_at = number
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + left for left in _LEFT_FOR_STUDENTS]
        elif word == END:
            if not begun_at:
                raise ValueError(f"line {number}: {END} without {BEGIN}")
            begun_at = 0
        elif not begun_at:
            kept.append(line)
    if begun_at:
        raise ValueError(f"line {begun_at}: {BEGIN} without {END}")
    return "\n".join(kept) + "\n"


def hidden_lines(solution: str) -> Iterator[tuple[int, str]]:
    """Yield the lines inside the marked blocks, with their numbers: what students are to write."""
    is_inside = False
    for number, line in enumerate(solution.splitlines(), 1):
        word = line.strip()
        if word in (BEGIN, END):
            is_inside = word == BEGIN
        elif is_inside:
            yield number, line
