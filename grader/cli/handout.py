"""`grader assignment handout`: writes the zip for students."""

from __future__ import annotations

from pathlib import Path

from grader.cli.check import load
from grader.cli.render import print_line, show_progress
from grader.cli.slots import open_slot
from grader.errors import UsageError
from grader.settings import load_settings


def run_handout(
    name: str, output: Path | None, *, student: str, is_notebook: bool, tier: str, is_unsafe: bool
) -> int:
    """Make the handout, write it, and say what is in it."""
    settings = load_settings()
    with open_slot(settings, tier, is_unsafe=is_unsafe) as slot:
        # The jails warm up while numpy and the rest are imported here.
        from grader.authoring.handout.making import make_handout
        from grader.expected import expected_values

        assignment = load(name)
        place = output or Path(f"{assignment.slug}.zip")
        if place.is_dir():
            raise UsageError(
                f"{place} is a folder", remedy=f"write -o {place / assignment.slug}.zip"
            )
        with (
            expected_values(assignment, slot, settings.cache_dir) as expected,
            show_progress("asking the solution", len(assignment.spec.checks)) as advance,
        ):
            made = make_handout(
                assignment,
                slot,
                expected,
                student=student,
                is_notebook=is_notebook,
                on_step=advance,
            )
    try:
        place.write_bytes(made.content)
    except OSError as error:
        raise UsageError(
            f"{place}: {error.strerror}", remedy="name another file with -o"
        ) from error
    print_line(f"{place}: {len(made.content) / 1024:.0f} KiB, {', '.join(made.names)}")
    print_line(f"judged by check.py: {', '.join(made.checks) or 'nothing'}")
    for one in made.later:
        print_line(f"judged on the server: {one.id} ({one.reason})")
    if made.n_hidden:
        print_line(f"hidden from students: {made.n_hidden} of {len(assignment.spec.checks)} checks")
    return 0
