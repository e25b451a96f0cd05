"""What carries the wake-ups: the embedded queue in a SQLite file, or Redis. Imports no Celery."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.errors import ConfigurationError
from grader.settings import Settings

RETRY = "grade.retry"
INTERACTIVE = "grade.interactive"
REGRADE = "grade.regrade"
QUEUES = (RETRY, INTERACTIVE, REGRADE)
"""In the order in which they are served."""
TASK = "grader.queue.grade"
POLL_EVERY_S = 0.1
"""How often a worker looks into the embedded queue."""
_FILE = "queue.db"
_WAIT_S = 30.0
_PUBLISH_WITHIN_S = 2.0
_LONGEST_TASK_S = 3300.0
"""Far above what any run may take by its own limits; this one is for a grader that hangs."""
_VISIBILITY_S = 3600
"""Redis gives a message to a second worker after this time, whether or not the first still works:
it is longer than any task."""


def is_embedded(settings: Settings) -> bool:
    """Whether the queue is a file of ours."""
    return not settings.broker_url


def embedded_queue(settings: Settings) -> Path:
    """Return the file of the embedded queue."""
    if settings.data_dir is None:
        raise ConfigurationError("there is no folder for the queue", remedy="set GRADER_DATA_DIR")
    return settings.data_dir.absolute() / _FILE


def prepare_queue(settings: Settings) -> None:
    """Make the file of the embedded queue where it is missing.

    Raises
    ------
    ConfigurationError
        Where it cannot be made, or is no queue any more.
    """
    if not is_embedded(settings):
        return
    path = embedded_queue(settings)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_file(path)
    except (OSError, sqlite3.OperationalError) as error:
        raise ConfigurationError(
            f"{path} cannot be used: {error}", remedy="set GRADER_DATA_DIR to a folder that can"
        ) from error
    except sqlite3.DatabaseError as error:
        raise ConfigurationError(
            f"{path} is damaged: {error}",
            remedy="delete it; what waits is in the database and will be queued again",
        ) from error


def make_file(path: Path) -> None:
    """Make the file of an embedded queue where it is missing: WAL lets readers and writers be."""
    path.touch(mode=0o600)
    with closing(_connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def forget_delivered(settings: Settings) -> int:
    """Delete the messages that the embedded queue keeps after their delivery; return how many."""
    if not is_embedded(settings):
        return 0
    path = embedded_queue(settings)
    if not path.exists():
        return 0
    with closing(_connect(path)) as connection, connection:
        tables = "SELECT count(*) FROM sqlite_master WHERE name = 'kombu_message'"
        if connection.execute(tables).fetchone() == (0,):
            return 0
        return connection.execute("DELETE FROM kombu_message WHERE visible = 0").rowcount


def _connect(path: Path, timeout_s: float = _WAIT_S) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=timeout_s, check_same_thread=False)
    # Safe with WAL against a crash of ours; a power cut may lose a wake-up, and those may be lost.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def worker_options(settings: Settings) -> dict[str, Any]:
    """Return Celery's configuration for a worker; its figures were measured."""
    return {
        **_shared_options(settings),
        "broker_transport_options": _transport_options(settings, _WAIT_S),
        "broker_connection_retry_on_startup": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # Whether a run is tried again is decided by its row, never by the broker.
        "task_acks_on_failure": True,
        "task_acks_on_timeout": True,
        "task_track_started": False,
        "task_soft_time_limit": _LONGEST_TASK_S,
        "task_time_limit": _LONGEST_TASK_S + 30,
        "worker_prefetch_multiplier": 1,
        "worker_lost_wait": 2,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_soft_shutdown_timeout": 20,
        "worker_max_tasks_per_child": 200,
        "worker_max_memory_per_child": 400_000,
        "worker_send_task_events": False,
        "worker_enable_remote_control": not is_embedded(settings),
        "worker_redirect_stdouts": False,
    }


def publisher_options(settings: Settings) -> dict[str, Any]:
    """Return Celery's configuration for whoever sends: a broker that is gone is soon told."""
    return {
        **_shared_options(settings),
        "broker_transport_options": _transport_options(settings, _PUBLISH_WITHIN_S)
        | {"max_retries": 0},
        "broker_connection_timeout": _PUBLISH_WITHIN_S,
        "task_publish_retry": False,
    }


def _shared_options(settings: Settings) -> dict[str, Any]:
    from kombu import Exchange, Queue

    return {
        "broker_url": _broker_url(settings),
        "result_backend": None,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in QUEUES],
        "task_default_queue": INTERACTIVE,
        "task_create_missing_queues": False,
        "enable_utc": True,
    }


def _broker_url(settings: Settings) -> str:
    if not is_embedded(settings):
        return settings.broker_url
    from kombu.transport import TRANSPORT_ALIASES

    TRANSPORT_ALIASES["embedded"] = "grader.queue.embedded:Transport"
    # The address is only a name: the file is opened by `_connect`, whatever its path is made of.
    return f"embedded+sqlite:///{quote(str(embedded_queue(settings)))}"


def _transport_options(settings: Settings, timeout_s: float) -> dict[str, Any]:
    if is_embedded(settings):
        return {"creator": partial(_connect, embedded_queue(settings), timeout_s)}
    if not settings.broker_url.startswith(("redis://", "rediss://")):
        return {}
    return {
        "visibility_timeout": _VISIBILITY_S,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "queue_order_strategy": "priority",
        "socket_keepalive": True,
        "socket_timeout": timeout_s,
        "socket_connect_timeout": min(timeout_s, 5.0),
        "health_check_interval": 25,
    }
