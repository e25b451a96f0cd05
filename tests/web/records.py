"""What the database of a site holds after its pages were used; what a worker would do to it."""

from __future__ import annotations

from typing import Any

from grader.store import ledger, offerings, runs
from grader.store.ledger import CurrentScore
from grader.store.tables import Offering, Run
from tests.web.world import World


def find_offering(world: World, slug: str) -> Offering | None:
    """Return an assignment of the first course, if it is there."""
    with world.database.read() as session:
        return offerings.find_offering(session, world.offering.course_id, slug)


def get_offering(world: World, slug: str) -> Offering:
    """Return an assignment of the first course."""
    found = find_offering(world, slug)
    assert found is not None
    return found


def get_validation(world: World, slug: str) -> Run:
    """Return the last validation of an assignment's draft."""
    with world.database.read() as session:
        run = offerings.latest_validation(session, get_offering(world, slug).id)
    assert run is not None
    return run


def get_latest_run(world: World, submission_id: int) -> Run:
    """Return the newest run of a submission."""
    with world.database.read() as session:
        run = runs.latest_run(session, submission_id)
    assert run is not None
    return run


def get_score(world: World, submission_id: int) -> CurrentScore:
    """Return what a submission is worth."""
    with world.database.read() as session:
        score = ledger.current_score(session, submission_id)
    assert score is not None
    return score


def end_validation(
    world: World, slug: str, *findings: dict[str, Any], error: str | None = None
) -> None:
    """End the open validation of a draft with these findings."""
    holds = error is None and all(one["holds"] for one in findings)
    run = get_validation(world, slug)
    with world.database.begin() as session:
        token = world.claim(session, run.id, world.now)
        outcome = {"holds": holds, "findings": list(findings), "error": error}
        assert runs.finish_validation(session, run.id, token, outcome, now=world.now)


def fail_run(world: World, run_id: int, why: str) -> None:
    """Let a run fail through us as often as it takes."""
    for _ in range(runs.MOST_ATTEMPTS):
        with world.database.begin() as session:
            token = world.claim(session, run_id, world.now)
            runs.give_back(session, run_id, token, why, now=world.now)
