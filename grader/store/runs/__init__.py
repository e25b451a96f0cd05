"""Runs: queued, claimed under a lease, finished once. The queue carries their ids alone."""

from grader.store.runs.finishing import finish, finish_validation
from grader.store.runs.leases import (
    MOST_ATTEMPTS,
    Claim,
    claim,
    expire_leases,
    extend,
    give_back,
    list_stale,
)
from grader.store.runs.queries import (
    count_queued,
    current_run,
    get_run,
    latest_run,
    list_failed,
    list_runs,
    list_states,
    place_in_queue,
)
from grader.store.runs.reports import load_report
from grader.store.runs.requests import rerun

__all__ = [
    "MOST_ATTEMPTS",
    "Claim",
    "claim",
    "count_queued",
    "current_run",
    "expire_leases",
    "extend",
    "finish",
    "finish_validation",
    "get_run",
    "give_back",
    "latest_run",
    "list_failed",
    "list_runs",
    "list_stale",
    "list_states",
    "load_report",
    "place_in_queue",
    "rerun",
]
