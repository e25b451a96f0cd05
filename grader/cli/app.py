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

from grader.cli.assignment_group import assignment_app
from grader.cli.course_group import course_app
from grader.cli.db_group import db_app
from grader.cli.environment_group import environment_app
from grader.cli.options import AsJson, AssignmentName, CourseSlug, IsUnsafe, StudentName, TierName
from grader.cli.token_group import token_app
from grader.cli.user_group import user_app
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
app.add_typer(assignment_app, name="assignment")
app.add_typer(environment_app, name="environment")
app.add_typer(course_app, name="course")
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")
app.add_typer(db_app, name="db")


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
    student: StudentName = "",
    tier: TierName = "",
    is_unsafe: IsUnsafe = False,
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
        student=student,
        tier=tier,
        is_unsafe=is_unsafe,
    )


@app.command()
def submit(
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="Its name on the course's page.")
    ],
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="What to hand in: .py, .zip, .tar.gz or .ipynb."),
    ],
    server: Annotated[
        str, typer.Option(metavar="URL", help="The grader's address; else the one that was saved.")
    ] = "",
    course: Annotated[
        str, typer.Option(metavar="SLUG", help="Needed where two courses have this assignment.")
    ] = "",
    is_token_from_stdin: Annotated[
        bool, typer.Option("--token-stdin", help="Read the token from stdin.")
    ] = False,
    is_again: Annotated[
        bool, typer.Option("--again", help="Hand in even what was handed in last.")
    ] = False,
    is_json: AsJson = False,
) -> int:
    """Hand in files on a server, and wait for the results.

    The token is the one that `grader token save` keeps, or GRADER_TOKEN. What was handed in last is
    not handed in again, so the command may be repeated when a connection broke.

    Exit status: 0 full score, 1 less, 2 refused (one line says why), 3 the server's failure.

    Example: grader submit mlp-backprop solution.py --server https://grader.example.org
    """
    from grader.cli.submit import run_submit

    return run_submit(
        assignment,
        paths,
        server=server,
        course=course,
        is_token_from_stdin=is_token_from_stdin,
        is_again=is_again,
        is_json=is_json,
    )


@app.command()
def up(
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Listen there; else GRADER_BIND_HOST.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, max=65535, help="Listen there; else GRADER_PORT."),
    ] = None,
) -> int:
    """Run web, worker and sweeper on this machine, until Ctrl-C.

    All that it keeps is in GRADER_DATA_DIR, unless GRADER_DATABASE_URL and GRADER_BROKER_URL name
    PostgreSQL and Redis. A process that dies is started again.
    """
    from grader.cli.up import run_up

    return run_up(host, port)


@app.command()
def demo(
    port: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=65535, help="Listen there, or on the next free one."),
    ] = 8000,
    is_exit: Annotated[
        bool, typer.Option("--exit", help="End after the last score, not at Ctrl-C.")
    ] = False,
) -> int:
    """Watch real submissions travel from upload to score, in a course made for it.

    Six students hand in what is right, what is wrong, what never ends and what hunts for the
    answers. All of it lies in a folder of its own, which is removed at the end.

    Exit status: 0 every score is the expected one, 1 one is not, 3 our failure.
    """
    from grader.cli.demo import run_demo_command

    return run_demo_command(port, is_exit=is_exit)


@app.command()
def export(
    course: CourseSlug,
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="Its name in that course.")
    ],
    form: Annotated[
        str, typer.Option("--format", metavar="NAME", help="csv, json, or results.json.")
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help="Write there.")
    ] = None,
    is_visible_only: Annotated[
        bool, typer.Option("--visible", help="Only what students may see now.")
    ] = False,
) -> int:
    """Write the scores of an assignment to a file.

    `csv` and `json` have the counting submission of every student, in points. `results.json` has a
    file for each submission, in a folder, or in an archive where PATH ends in .zip.

    Example: grader export ml-2026 mlp-backprop -o scores.csv
    """
    from grader.cli.export import run_export

    return run_export(course, assignment, form=form, out=out, is_visible_only=is_visible_only)


@app.command()
def doctor(is_json: AsJson = False) -> int:
    """Show what this machine can do, and attack every sandbox tier afresh.

    Exit status: 0 where a tier confines programs, 3 where none does.
    """
    from grader.cli.doctor import run_doctor

    return run_doctor(is_json=is_json)


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
