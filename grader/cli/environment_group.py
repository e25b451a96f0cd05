"""The commands of `grader environment`."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.cli.options import AsJson, TierName

environment_app = typer.Typer(
    help="Packages of assignments: install them once, list and remove them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@environment_app.command("build")
def build(
    assignment: Annotated[
        str,
        typer.Argument(
            metavar="ASSIGNMENT",
            help="A slug of the course pack or of a published assignment, or a folder.",
        ),
    ],
    tier: TierName = "",
) -> int:
    """Install what the `[environment]` of an assignment names, and try it in a jail.

    Wheels alone are installed, each with the hash that the lock file names. What was built from
    the same lock is used as it is. Without this no submission of the assignment is graded on this
    machine; a submission never starts a build.

    Exit status: 0 it is there and works, 2 the lock file is wrong, 3 our failure.

    Example: grader environment build kernel-regression
    """
    from grader.cli.environment import run_build

    return run_build(assignment, tier=tier)


@environment_app.command("list")
def list_environments(is_json: AsJson = False) -> int:
    """List the environments that were built on this machine: packages, size and date."""
    from grader.cli.environment import run_list

    return run_list(is_json=is_json)


@environment_app.command("remove")
def remove(
    digest: Annotated[
        str, typer.Argument(metavar="DIGEST", help="Its first characters are enough.")
    ],
) -> int:
    """Delete an environment that no course's assignment needs."""
    from grader.cli.environment import run_remove

    return run_remove(digest)
