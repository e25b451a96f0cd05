"""`grader db`: the database's schema."""

from __future__ import annotations

import typer

db_app = typer.Typer(
    help="The database: bring its schema up to date.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@db_app.callback()
def _describe() -> None:
    """The database: bring its schema up to date."""


@db_app.command("upgrade")
def upgrade() -> int:
    """Bring the database to the schema of this version; run it before the new version starts.

    SQLite is brought up to date by `grader up` itself. Safe to run twice, and by two at once.
    """
    from grader.cli.db import run_upgrade

    return run_upgrade()
