"""The commands of `grader assignment`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import AsJson, AssignmentName, IsUnsafe, StudentName, TierName

assignment_app = typer.Typer(
    help="Work on assignments: make them, prove them, publish them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@assignment_app.command("list")
def list_assignments(is_json: AsJson = False) -> int:
    """List the assignments of the course pack."""
    from grader.cli.assignment import run_list

    return run_list(is_json=is_json)


@assignment_app.command("new")
def new(
    slug: Annotated[
        str, typer.Argument(metavar="SLUG", help="Its name: of the folder, and in addresses.")
    ],
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A solution; else an example is made."),
    ] = None,
    parent: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Where the folder SLUG is made.")
    ] = Path(),
    title: Annotated[str, typer.Option(metavar="TEXT", help="Its title; else the slug's.")] = "",
    is_validated: Annotated[
        bool, typer.Option(" /--no-validate", help="Do not prove it at the end.")
    ] = True,
    tier: TierName = "",
    is_unsafe: IsUnsafe = False,
) -> int:
    """Make an assignment folder that validates, from a solution file or from nothing.

    The solution is tried out in the sandbox: inputs are found on which its functions run, and
    checks are proposed that it passes. Gradients are recognised and checked as such.

    Exit status: 0 it is made and holds, 1 it does not hold, 2 the input is wrong, 3 our failure.

    Example: grader assignment new softmax --from solution.py
    """
    from grader.cli.new import run_new

    return run_new(
        slug,
        source=source,
        parent=parent,
        title=title,
        is_validated=is_validated,
        tier=tier,
        is_unsafe=is_unsafe,
    )


@assignment_app.command("validate")
def validate(
    assignment: AssignmentName,
    is_json: AsJson = False,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Draw the numbers.")] = 0,
    tier: TierName = "",
    is_unsafe: IsUnsafe = False,
) -> int:
    """Prove an assignment: the solution scores full, every wrong submission fails as it says.

    Exit status: 0 it holds, 1 it does not, 2 the folder is wrong, 3 our failure.

    Example: grader assignment validate mlp-backprop
    """
    from grader.cli.assignment import run_validate

    return run_validate(assignment, is_json=is_json, seed=seed, tier=tier, is_unsafe=is_unsafe)


@assignment_app.command("mutate")
def mutate(
    assignment: AssignmentName,
    only: Annotated[
        str,
        typer.Option("--only", metavar="ID", help="Judge one mutant, and show it."),
    ] = "",
    at_least: Annotated[
        float, typer.Option(metavar="SHARE", min=0, max=1, help="The score that is asked for.")
    ] = 0.95,
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Judge so many at the most.")] = 250,
    is_fresh: Annotated[
        bool, typer.Option("--fresh", help="Judge anew what an earlier run has kept.")
    ] = False,
    is_written: Annotated[
        bool, typer.Option("--write", help="Add the survivors to MUTANTS.md.")
    ] = False,
    is_json: AsJson = False,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Draw the numbers.")] = 0,
    tier: TierName = "",
    is_unsafe: IsUnsafe = False,
) -> int:
    """Make wrong solutions by the hundred, and tell which of them no check finds.

    Exit status: 0 enough are found and every survivor is explained in MUTANTS.md, 1 not so,
    2 the folder is wrong, 3 our failure.

    Example: grader assignment mutate mlp-backprop
    """
    from grader.cli.mutate import run_mutate

    return run_mutate(
        assignment,
        only=only,
        at_least=at_least,
        most=most,
        is_fresh=is_fresh,
        is_written=is_written,
        is_json=is_json,
        seed=seed,
        tier=tier,
        is_unsafe=is_unsafe,
    )


@assignment_app.command("handout")
def handout(
    assignment: AssignmentName,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The zip; by default SLUG.zip."),
    ] = None,
    student: StudentName = "",
    is_notebook: Annotated[
        bool,
        typer.Option("--notebook", help="Give the starter as a notebook, a cell a function."),
    ] = False,
    tier: TierName = "",
    is_unsafe: IsUnsafe = False,
) -> int:
    """Write the zip for students: text, starter, and a check of their own for the visible checks.

    It holds values, never the solution, and nothing of hidden checks. `python check.py` in it needs
    Python 3.11 and numpy, on any system.

    Exit status: 0 it is written, 2 the folder is wrong, 3 our failure.

    Example: grader assignment handout mlp-backprop -o mlp.zip
    """
    from grader.cli.handout import run_handout

    return run_handout(
        assignment,
        output,
        student=student,
        is_notebook=is_notebook,
        tier=tier,
        is_unsafe=is_unsafe,
    )


@assignment_app.command("calibrate")
def calibrate(
    assignment: AssignmentName,
    is_json: AsJson = False,
    n_seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", min=1, max=1000, help="Runs of each program.")
    ] = 20,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="The first seed.")] = 0,
    tier: TierName = "",
    is_unsafe: IsUnsafe = False,
) -> int:
    """Measure how far right programs are from the expected values, and propose tolerances.

    The solution, on two kernels of BLAS, and the submissions in passed/ run with many seeds.

    Exit status: 0 all pass in every run, 1 one does not, 2 the folder is wrong, 3 our failure.

    Example: grader assignment calibrate mlp-backprop
    """
    from grader.cli.calibrate import run_calibrate

    return run_calibrate(
        assignment, is_json=is_json, n_seeds=n_seeds, seed=seed, tier=tier, is_unsafe=is_unsafe
    )


@assignment_app.command("publish")
def publish(
    assignment: AssignmentName,
    course: Annotated[str, typer.Option(metavar="SLUG", help="The course that gets it.")],
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Draw the numbers.")] = 0,
    tier: TierName = "",
) -> int:
    """Prove an assignment and publish it in a course, with the dates of its `[policy]`.

    What is published already is replaced for all that is handed in from now on.

    Exit status: 0 it is published, 1 it does not hold, 2 the input is wrong, 3 our failure.

    Example: grader assignment publish mlp-backprop --course ml-2026
    """
    from grader.cli.publish import run_publish

    return run_publish(assignment, course=course, seed=seed, tier=tier)
