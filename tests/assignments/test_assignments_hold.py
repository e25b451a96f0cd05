"""Every assignment of the course is what it claims to be, in every tier."""

from __future__ import annotations

import pytest

from grader.assignment_packs import course_pack
from grader.authoring.validation import Place, count_submissions, validate
from grader.errors import SandboxUnavailable
from grader.expected import expected_values
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import assert_confines
from grader.sandbox.tiers import CONFINING, Tier
from grader.settings import load_settings
from grader.spec import list_assignments, load_assignment

FOLDERS = list_assignments([course_pack()])


FIRST, *OTHERS = CONFINING


@pytest.fixture(params=[FIRST, *(pytest.param(tier, marks=pytest.mark.slow) for tier in OTHERS)])
def slot(request, require):
    """A slot of each tier in turn; a tier that this machine lacks is skipped.

    Ten seconds each: the tests of the sandbox hold that the tiers give the same answers.
    """
    tier = Tier(request.param)
    reason = ""
    try:
        assert_confines(tier, load_settings().cache_dir)
    except SandboxUnavailable as error:
        reason = f"no tier {tier}: {error}"
    require(not reason, reason)
    with Slot(tier) as slot:
        yield slot


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("number", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_an_assignment_holds(slot, folder, number, tmp_path):
    assignment = load_assignment(folder)
    with (
        expected_values(assignment, slot, tmp_path) as expected,
        Slot(slot.tier) as other,
        expected_values(assignment, other, tmp_path) as other_expected,
    ):
        others = [Place(other, other_expected)]
        findings = list(validate(assignment, slot, expected, number, others))
    assert {} == {one.name: one.problems for one in findings if not one.holds}
    assert count_submissions(assignment) == len(findings)
