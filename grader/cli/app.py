"""The command line: thin commands over the library, one line for every mistake.

Each command imports what it uses when it runs, so that `grader --help` stays fast.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from grader.errors import GraderError, OperationError, UsageError

INTERRUPTED = 130

app = typer.Typer(
    name="grader",
    help="Grades machine-learning homework: runs it in a jail, judges it outside.",
    epilog="In a clone also: `grader test` runs the tests, `grader bench NAME` a benchmark.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
assignment_app = typer.Typer(
    help="Work on assignments: list them, validate them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(assignment_app, name="assignment")

AssignmentName = Annotated[
    str,
    typer.Argument(metavar="ASSIGNMENT", help="A slug of the course pack, or a folder."),
]
TierName = Annotated[
    str,
    typer.Option("--tier", metavar="NAME", help="Confine by `namespaces` or `landlock` only."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else.")]


@app.callback()
def _describe() -> None:
    """Grades machine-learning homework: runs it in a jail, judges it outside."""


@app.command()
def check(
    assignment: AssignmentName,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="What to grade: .py, .zip, .tar.gz or .ipynb."),
    ],
    is_json: AsJson = False,
    is_visible_only: Annotated[
        bool, typer.Option("--visible", help="Show only what students may see.")
    ] = False,
    only: Annotated[
        str | None, typer.Option("--check", metavar="ID", help="Judge this one check alone.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Draw the numbers of this run.")
    ] = None,
    tier: TierName = "",
) -> int:
    """Grade files here and now, in the sandbox, by the very code that the server runs.

    Exit status: 0 full score, 1 less, 2 the input is wrong, 3 our failure.

    Example: grader check mlp-backprop solution.py
    """
    from grader.cli.check import run_check

    return run_check(
        assignment,
        paths,
        is_json=is_json,
        is_visible_only=is_visible_only,
        only=only,
        seed=seed,
        tier=tier,
    )


@app.command()
def doctor(is_json: AsJson = False) -> int:
    """Show what this machine can do, and attack every sandbox tier afresh.

    Exit status: 0 where a tier confines programs, 3 where none does.
    """
    from grader.cli.doctor import run_doctor

    return run_doctor(is_json=is_json)


@assignment_app.command("list")
def list_assignments(is_json: AsJson = False) -> int:
    """List the assignments of the course pack."""
    from grader.cli.assignment import run_list

    return run_list(is_json=is_json)


@assignment_app.command("validate")
def validate(
    assignment: AssignmentName,
    is_json: AsJson = False,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Draw the numbers.")] = 0,
    tier: TierName = "",
) -> int:
    """Prove an assignment: the solution scores full, every wrong submission fails as it says.

    Exit status: 0 it holds, 1 it does not, 2 the folder is wrong, 3 our failure.

    Example: grader assignment validate mlp-backprop
    """
    from grader.cli.assignment import run_validate

    return run_validate(assignment, is_json=is_json, seed=seed, tier=tier)


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit status; no user's mistake shows a traceback."""
    try:
        status = app(args=list(argv), prog_name="grader", standalone_mode=False)
        sys.stdout.flush()
    except GraderError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; so may we, without a word.
        sys.stderr.close()
        return 1
    except OSError as error:
        if error.errno not in _MACHINE_IS_FULL:
            raise
        return _fail(
            f"{error.filename or 'this machine'}: {error.strerror}; free some and run it again",
            OperationError.exit_code,
        )
    except Exception as error:
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        return _fail(f"{message().rstrip('.')}; see `grader --help`", UsageError.exit_code)
    if status == INTERRUPTED:  # typer makes a mere status of Ctrl-C inside a command
        return _fail("interrupted", INTERRUPTED)
    return status if isinstance(status, int) else 0


_MACHINE_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def _fail(problem: str, status: int) -> int:
    from grader.text import printable

    sys.stderr.write(f"grader: {' '.join(printable(problem).split())}\n")
    return status
