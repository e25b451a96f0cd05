"""The best tier of the machine, one slot for all tests of authoring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.errors import GraderError
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING


@pytest.fixture(scope="session")
def authors_slot(require) -> Iterator[Slot]:
    """A slot whose jails stay warm."""
    try:
        tier = select_tier(CONFINING)
    except GraderError as error:
        require(False, str(error))
        raise
    with Slot(tier) as slot:
        yield slot
