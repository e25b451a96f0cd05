"""`grader db upgrade`."""

from __future__ import annotations

from grader.cli.render import print_line
from grader.settings import load_settings


def run_upgrade() -> int:
    """Bring the schema up to date."""
    from grader.store import Database, schema

    database = Database.from_settings(load_settings())
    try:
        schema.upgrade(database)
        schema.assert_current(database)
    finally:
        database.dispose()
    print_line("The database has the schema of this version.")
    return 0
