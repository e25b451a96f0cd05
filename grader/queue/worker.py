"""A worker's life: what is checked before it starts, what each pool child opens and closes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import structlog
from celery import signals

from grader.errors import GraderError
from grader.logs import configure_logs
from grader.queue.celery import settings
from grader.queue.slots import choose_tier
from grader.queue.stopping import StopNotice
from grader.queue.workplace import Workplace, load_seed_secret, open_workplace
from grader.sandbox.tiers import Tier
from grader.store import Database
from grader.store.schema import assert_current

_log = structlog.get_logger(__name__)
_stop = StopNotice()


@dataclass
class _Equipment:
    """What this process has found and opened; a child inherits the tier and nothing else."""

    tier: Tier | None = None
    workplace: Workplace | None = None


_equipment = _Equipment()


def current_workplace() -> Workplace:
    """Return this process's workplace, opened when first needed."""
    if _equipment.workplace is None:
        tier = _equipment.tier or choose_tier(settings)
        _equipment.workplace = open_workplace(settings, tier, _stop)
    return _equipment.workplace


@signals.setup_logging.connect
def _configure_logs(**_: Any) -> None:
    configure_logs(settings.log_format, process="worker")


@signals.worker_init.connect
def _prepare(**_: Any) -> None:
    """Refuse a database or a machine that is of no use, before any child is forked."""
    try:
        database = Database.from_settings(settings)
        try:
            assert_current(database)
        finally:
            database.dispose()
        load_seed_secret(settings)
        _equipment.tier = choose_tier(settings)
    except GraderError as error:
        sys.stderr.write(f"grader: {error}\n")
        sys.exit(error.exit_code)


@signals.worker_process_init.connect
def _open(**_: Any) -> None:
    if not settings.broker_url:
        from grader.queue.embedded import forget_inherited_connections

        forget_inherited_connections()
    current_workplace()


@signals.worker_process_shutdown.connect
def _close(**_: Any) -> None:
    if _equipment.workplace is not None:
        _equipment.workplace.close()
        _equipment.workplace = None


@signals.worker_ready.connect
def _tell(**_: Any) -> None:
    _log.info("worker ready", tier=_equipment.tier)


@signals.worker_shutting_down.connect
def _post_stop(**_: Any) -> None:
    _stop.post()
