"""What docs/security.md tells an operator is what the compose file and the program say."""

from __future__ import annotations

import re

import pytest
import yaml

from grader.sandbox import symptoms
from grader.sandbox.symptoms import find_remedy

SWITCH = r"sysctl (?:kernel|user)\.\w+"


@pytest.fixture(scope="module")
def page(repository):
    return (repository / "docs" / "security.md").read_text()


def rows(page, first):
    """The table below this first column, without its head."""
    _, _, rest = page.partition(f"| {first} |")
    table = rest.partition("\n\n")[0].splitlines()[2:]
    assert table
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


def test_every_line_that_the_page_explains_stands_in_the_workers_service(page, services):
    worker = services["worker"]
    for cell, *_ in rows(page, "setting"):
        for setting in re.findall(r"`([^`]+)`", cell):
            if setting in worker["security_opt"] or setting in worker:
                continue
            [(name, value)] = yaml.safe_load(setting).items()
            assert value == worker[name]


def test_every_security_option_of_the_worker_is_explained(page, services):
    told = " ".join(cell for cell, *_ in rows(page, "setting"))
    assert [] == [option for option in services["worker"]["security_opt"] if option not in told]


def test_for_what_a_machine_says_the_program_and_the_page_name_the_same_switch(page):
    compared = 0
    for said, _, change in rows(page, "it says"):
        for symptom in re.findall(r"`([^`]+)`", said):
            switches = re.findall(SWITCH, find_remedy(symptom))
            assert set(switches) <= set(re.findall(SWITCH, change))
            compared += len(switches)
    assert 6 == compared


def test_every_switch_that_the_program_may_name_is_on_the_page(page):
    named = re.findall(SWITCH, " ".join(remedy for _, remedy in symptoms._REMEDIES))
    assert named
    assert [] == [name for name in named if name not in page]
