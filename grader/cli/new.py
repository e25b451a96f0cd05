"""`grader assignment new`: makes an assignment folder, and proves it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.assignment import run_validate
from grader.cli.render import print_line, print_table, show_progress
from grader.cli.slots import open_slot
from grader.errors import UsageError
from grader.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.authoring.proposal import Made
    from grader.authoring.proposal.signatures import Outline


def run_new(
    slug: str,
    *,
    source: Path | None,
    parent: Path,
    title: str,
    is_validated: bool,
    tier: str,
    is_unsafe: bool,
) -> int:
    """Write the folder, print what was found, validate it, and return the exit status."""
    assert_slug(slug)
    settings = load_settings()
    folder = parent / slug
    with ExitStack() as stack:
        slot = stack.enter_context(open_slot(settings, tier, is_unsafe=is_unsafe))
        # The jails warm up while the rest is imported here.
        from grader.authoring.proposal import (
            EXAMPLE,
            assert_free,
            make_assignment,
            read_solution,
        )

        assert_free(folder)
        solution = EXAMPLE if source is None else read_solution(source)

        def show(outline: Outline) -> Callable[[], None]:
            n_functions = len(outline.functions)
            return stack.enter_context(show_progress("trying functions", n_functions))

        made = make_assignment(
            folder, title or _title_of(slug), solution, source or Path("solution.py"), slot, show
        )
    print_made(made)
    if not is_validated:
        return 0
    print_line("")
    return run_validate(str(folder), is_json=False, seed=0, tier=tier, is_unsafe=is_unsafe)


def print_made(made: Made) -> None:
    """Print the checks that were proposed, and what was not found."""
    rows: list[tuple[bool | None, tuple[str, ...]]] = [
        (True, (one.id, one.kind, str(one.points), one.title)) for one in made.proposal.drafts
    ]
    rows += [
        (
            False,
            (
                one.function.name,
                "no check",
                "-",
                f"tried {one.n_tried} ways, as {one.tried}: {one.reason}",
            ),
        )
        for one in made.proposal.failed
    ]
    print_table(("check", "kind", "points", "asks, or what was tried"), rows)
    print_line("")
    print_line(f"{made.folder} holds {', '.join(made.files)}.")


def assert_slug(slug: str) -> None:
    """Refuse a name that cannot be a folder and a part of an address."""
    from pydantic import TypeAdapter, ValidationError

    from grader.spec.course import Slug

    try:
        TypeAdapter(Slug).validate_python(slug)
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {})
        raise UsageError(str(context["problem"]), remedy=str(context["remedy"])) from None


def _title_of(slug: str) -> str:
    words = slug.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
