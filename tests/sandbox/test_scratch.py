"""The folder in which a worker may write: its own, bounded, gone with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.calls import Evaluation
from grader.sandbox.guest.confine import WorkerLimits
from grader.sandbox.program import MIB, Exit, Limits
from grader.sandbox.tiers import Side, Tier
from tests.service.processes import wait_until

FILL = """
import itertools, os, tempfile
HERE = tempfile.gettempdir()

def fill():
    for number in itertools.count():
        with open(f"{HERE}/{number}", "wb") as file:
            file.write(bytes(1 << 20))

def litter():
    for number in itertools.count():
        os.mkdir(f"{HERE}/d{number}")

def nest():
    for number in itertools.count():
        os.mkdir("d", 0o700)
        os.chdir("d")

def count(attempt):
    try:
        attempt()
    except OSError:
        return len(os.listdir(HERE))
"""
LIMITS = Limits(wall_time_s=10.0, cpu_time_s=5.0)


@pytest.mark.parametrize(
    ("attempt", "most", "said"),
    [
        ("fill", 17, "the limit is 16 MiB of temporary files, it wrote "),
        ("litter", 256, "the limit is 256 temporary files and folders, it made more"),
        ("nest", 256, "the limit is 256 temporary files and folders, it made more"),
    ],
)
def test_it_is_bounded_in_bytes_and_in_entries(ask, tier, attempt, most, said):
    outcome = ask(FILL, f"r = count({attempt})", limits=LIMITS)
    if tier is Tier.NAMESPACES:
        [answer] = outcome.answers
        assert most >= answer.values["r"] > 0
    else:
        assert Exit.OUTPUT_LIMIT == outcome.exit
        assert outcome.detail.startswith(said)


def test_a_file_is_bounded_in_size_by_an_exception_not_by_a_signal(ask):
    write = "open(f'{HERE}/large', 'wb', 0).write(bytes(2 << 20)) == 1 << 20"
    [answer] = ask(FILL, f"r = {write}").answers
    assert answer.values["r"]


def test_what_fits_may_be_written_and_read_again(result):
    text = (
        FILL
        + """
def use():
    with tempfile.TemporaryDirectory() as folder:
        for number in range(12):
            with open(f"{folder}/{number}", "wb") as file:
                file.write(bytes(1 << 20))
        return sum(os.path.getsize(f"{folder}/{name}") for name in os.listdir(folder))
"""
    )
    assert 12 * MIB == result(text, "r = use()")


def test_the_next_worker_finds_nothing_of_it(slot, program):
    text = FILL + "def leave():\n    open(f'{HERE}/left', 'w').close()\n    return HERE"
    find = "r = [HERE, os.listdir(HERE)]"
    with slot.open(Side.STUDENT, program(text)) as session:
        [left] = session.run([Evaluation("r = leave()", {}, ("r",))], LIMITS).answers
        with slot.open(Side.STUDENT, program(text)) as other:
            [found] = other.run([Evaluation(find, {}, ("r",))], LIMITS).answers
    assert [] == found.values["r"][1]
    if slot.tier is Tier.LANDLOCK:
        assert left.values["r"] != found.values["r"][0]


@pytest.mark.parametrize("tier", [Tier.LANDLOCK], indirect=True)
def test_it_is_removed_with_its_worker_however_deep_it_is(slot, program):
    with slot.open(Side.STUDENT, program(FILL)) as session:
        session.run([Evaluation("r = 1", {}, ("r",))], LIMITS)
        assert session._worker is not None
        scratch = session._worker.scratch
        assert scratch is not None
        nested = "import os\nfor _ in range(200): os.mkdir('d', 0o300); os.chdir('d')"
        assert Exit.FINISHED == session.run([Evaluation(nested, {}, ())], LIMITS).exit
        assert any(scratch.path.iterdir())
    jail = slot.start(Side.STUDENT)
    # Its end is heard in passing, by whoever is next.
    wait_until(lambda: is_removed_after_another(jail, scratch.path))


def is_removed_after_another(jail, path: Path) -> bool:
    jail.give_back(jail.take(WorkerLimits(LIMITS.memory_bytes, 60)))
    return not path.exists()
