"""What must be there before the first process starts: the data folder and the schema."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from grader.errors import ConfigurationError
from grader.settings import Settings
from grader.store import Database, people, schema

_REMEDY = "set GRADER_DATA_DIR to a folder of this user's"


def make_data_dir(settings: Settings) -> tuple[Settings, Path]:
    """Make the data folder, mode 0700; return it, and settings that name it in full.

    Raises
    ------
    ConfigurationError
        Where there is none, or it cannot be written.
    """
    if settings.data_dir is None:
        raise ConfigurationError("there is no home to keep data in", remedy=_REMEDY)
    folder = settings.data_dir.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{folder}: {error.strerror}", remedy=_REMEDY) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ConfigurationError(f"{folder} cannot be written by this user", remedy=_REMEDY)
    return replace(settings, data_dir=folder), folder


def prepare_schema(settings: Settings) -> None:
    """Bring SQLite to this program's schema; of a database on a server only see that it has it.

    Raises
    ------
    SchemaMismatch
        Where the database is newer than this program, or older and not ours to change unasked.
    """
    database = Database.from_settings(settings)
    try:
        if database.is_sqlite or schema.is_empty(database):
            schema.upgrade(database)
        schema.assert_current(database)
    finally:
        database.dispose()


def has_people(settings: Settings) -> bool:
    """Tell whether anybody could sign in at all."""
    database = Database.from_settings(settings)
    try:
        with database.read() as session:
            return bool(people.list_people(session))
    finally:
        database.dispose()
