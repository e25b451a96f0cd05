"""What a pool child works with: its slot, its database, its assignment versions."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import ConfigurationError
from grader.queue.slots import WorkerSlot
from grader.queue.stopping import StopNotice
from grader.queue.versions import Versions
from grader.sandbox.tiers import Tier
from grader.secret_files import load_or_make_secret
from grader.settings import Settings
from grader.store import Database
from grader.store.blobs import load_blob

_NAME_CHARACTERS = 100


@dataclass(frozen=True)
class Workplace:
    """One process's own; nothing of it may be inherited over a fork."""

    settings: Settings
    database: Database
    slot: WorkerSlot
    versions: Versions
    seed_secret: bytes
    name: str
    """Machine and process, for staff."""
    stop: StopNotice

    def close(self) -> None:
        """End the jails and let go of the database."""
        self.slot.close()
        self.database.dispose()


def data_folder(settings: Settings) -> Path:
    """Return the folder of the service.

    Raises
    ------
    ConfigurationError
        Where there is none.
    """
    if settings.data_dir is None:
        raise ConfigurationError("there is no folder for the service", remedy="set GRADER_DATA_DIR")
    return settings.data_dir.absolute()


def load_seed_secret(settings: Settings) -> bytes:
    """Return the secret that seeds are drawn from, made when first needed."""
    return load_or_make_secret(data_folder(settings) / "seed-secret")


def open_workplace(settings: Settings, tier: Tier, stop: StopNotice) -> Workplace:
    """Return a workplace whose jails are warming up.

    Raises
    ------
    ConfigurationError
        Where there is no data folder, or it holds a secret that others can read.
    """
    folder = data_folder(settings)
    if settings.cache_dir is None:
        settings = replace(settings, cache_dir=folder / "cache")
    database = Database.from_settings(settings)

    def fetch(archive_digest: str) -> bytes:
        with database.read() as session:
            return load_blob(session, archive_digest)

    versions = Versions(folder / "versions", fetch)
    versions.forget_leftovers()
    secret = load_seed_secret(settings)
    slot = WorkerSlot(tier, settings.sandbox_uid, environments=settings.environments_dir)
    slot.warm_up()
    return Workplace(
        settings,
        database,
        slot,
        versions,
        secret,
        f"{socket.gethostname()}:{os.getpid()}"[-_NAME_CHARACTERS:],
        stop,
    )
