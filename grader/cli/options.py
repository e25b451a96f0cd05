"""Options and arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else.")]
AssignmentName = Annotated[
    str,
    typer.Argument(metavar="ASSIGNMENT", help="A slug of the course pack, or a folder."),
]
CourseSlug = Annotated[str, typer.Argument(metavar="COURSE", help="The slug of a course.")]
StudentName = Annotated[
    str,
    typer.Option(
        "--student",
        metavar="NAME",
        help='Draw the numbers of one student in checks with `seed = "student"`.',
    ),
]
TierName = Annotated[
    str,
    typer.Option("--tier", metavar="NAME", help="Confine by `namespaces` or `landlock` only."),
]
IsUnsafe = Annotated[
    bool,
    typer.Option(
        "--unsafe-no-sandbox",
        help="Run code of your own with all your rights, confined by nothing.",
    ),
]
