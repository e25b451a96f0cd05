"""Sends a run id to the queue, by the name of the task: whoever sends imports no task."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING

import structlog

from grader.queue.broker import INTERACTIVE, QUEUES, TASK, prepare_queue, publisher_options
from grader.settings import Settings

if TYPE_CHECKING:
    from celery import Celery

_log = structlog.get_logger(__name__)


def send_run(settings: Settings, run_id: int, queue: str = INTERACTIVE) -> bool:
    """Wake a worker for a run that is committed; tell whether that was possible.

    It never raises and soon returns: a run that nobody was woken for waits in the database, and
    the sweeper sends it again.
    """
    try:
        _publisher(settings).send_task(TASK, args=[run_id], queue=queue, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever a broker does, what was accepted stands
        _publisher.cache_clear()
        _log.warning("not published", run_id=run_id, queue=queue, error=str(error) or repr(error))
        return False
    return True


def count_messages(settings: Settings) -> int | None:
    """Return how many wake-ups wait in all queues together; None where the broker is gone."""
    from kombu.exceptions import ChannelError

    n_messages = 0
    try:
        with _publisher(settings).connection_for_read() as connection:
            for queue in QUEUES:
                with contextlib.suppress(ChannelError):  # nobody has sent anything there yet
                    declared = connection.default_channel.queue_declare(queue, passive=True)
                    n_messages += declared.message_count
    except Exception as error:  # noqa: BLE001 - as above
        _log.warning("queue not counted", error=str(error) or repr(error))
        return None
    return n_messages


@functools.lru_cache(maxsize=4)
def _publisher(settings: Settings) -> Celery:
    """Return an app that can only send."""
    from celery import Celery

    prepare_queue(settings)
    return Celery("grader", config_source=publisher_options(settings), set_as_current=False)
