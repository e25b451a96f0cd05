"""Opens this installation's database for a command, made or brought up to date where it is ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.settings import load_settings

if TYPE_CHECKING:
    from grader.store import Database


@contextmanager
def open_database() -> Iterator[Database]:
    """Yield the database that the settings name, with this program's schema."""
    from grader.service.preparation import make_data_dir, prepare_schema
    from grader.store import Database

    settings, _ = make_data_dir(load_settings())
    prepare_schema(settings)
    database = Database.from_settings(settings)
    try:
        yield database
    finally:
        database.dispose()
