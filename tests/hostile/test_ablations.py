"""Without one defence, one program of the corpus gets through; with it alone, none does.

The table is in ablations/table.py. Rows that need the same alterations share a jail.
"""

from __future__ import annotations

import ctypes.util
import dataclasses
import datetime
import socket
import zlib
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.calls import Evaluation
from grader.errors import SandboxFailure
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Limits, Program, SourceFile
from grader.sandbox.tiers import Side, Tier
from tests.hostile.ablations.alterations import (
    SELF_CHECK,
    AlterationDoesNotApply,
    Bubblewrap,
    Edit,
    Limit,
    OpenModes,
    Permit,
    switched_off,
)
from tests.hostile.ablations.row import OUR_FAILURE
from tests.hostile.ablations.switches import (
    KILL,
    NO_ADDRESS_SPACE,
    NO_LANDLOCK,
    NO_PROMISE,
    SOCKETS,
)
from tests.hostile.ablations.table import ROWS

LISTENED_TO = "\0grader-tests-listen-here"


def is_due(name):
    """Tell whether an ablation is among today's quarter; the others are slow tests."""
    today = datetime.datetime.now(datetime.UTC).date().toordinal()
    return zlib.crc32(name.encode()) % 4 == today % 4


def cases():
    """What is switched off together -> the rows it is asked of, and what their program must get."""
    wanted = defaultdict(list)
    for row in ROWS:
        if not row.where():
            continue
        for tier in row.tiers:
            wanted[tier, frozenset((*row.off, *row.behind))].append((row, row.gets))
            if row.behind:
                wanted[tier, frozenset(row.behind)].append((row, row.held))
    for (tier, off), rows in wanted.items():
        name = " and ".join(dict.fromkeys(row.defence for row, _ in rows))
        is_whole = any(off == {*row.off, *row.behind} for row, _ in rows)
        name = f"{tier}-{'without' if is_whole else 'only'} {name}"
        is_slow = any(row.is_slow for row, _ in rows) or not is_due(name)
        marks = [pytest.mark.slow] if is_slow else []
        yield pytest.param(tier, off, rows, id=name, marks=marks)


@pytest.fixture
def altered_bench(bench, assignment, tmp_path):
    """A function that opens a slot without some defences, and the assignment without its limits."""

    @contextmanager
    def open_bench(tier, off):
        _, expected = bench(tier)
        limits = {one.name: one.value for one in off if isinstance(one, Limit)}
        checks = [
            check.model_copy(update={"limits": check.limits.model_copy(update=limits)})
            for check in assignment.spec.checks
        ]
        spec = assignment.spec.model_copy(update={"checks": checks})
        altered = dataclasses.replace(assignment, spec=spec)
        with switched_off(off, tmp_path), Slot(tier) as slot:
            yield altered, slot, expected

    return open_bench


@pytest.fixture(scope="session", autouse=True)
def listener():
    """A server of this machine, for programs that should not reach it."""
    with socket.socket(socket.AF_UNIX) as server:
        try:
            server.bind(LISTENED_TO)
            server.listen()
        except OSError:
            pass  # another run of these tests listens already
        yield


@pytest.mark.parametrize(("tier", "off", "rows"), list(cases()))
def test_a_defence_that_is_switched_off_is_missed(
    tier, off, rows, altered_bench, assignment, hostile_text, hand_in, expected_verdicts
):
    with altered_bench(tier, {*off, SELF_CHECK}) as (altered, slot, expected):
        if any(isinstance(one, OpenModes) for one in off):
            hand_in(assignment.solution["solution.py"], slot, expected, altered)
            open_to_all(slot.start(Side.STUDENT).data)
        for row, wanted in rows:
            usual = expected_verdicts(row.program, tier)
            usual = usual.get(row.check, usual["rest"])
            got = ""
            for _ in range(row.n_runs):
                try:
                    report = hand_in(hostile_text(row.program), slot, expected, altered, row.check)
                    result = report.results[0].judgement
                except (SandboxFailure, RecursionError) as error:
                    got, message = OUR_FAILURE, str(error)
                else:
                    got, message = result.verdict, result.message
            assert (row.defence, wanted or usual) == (row.defence, got), message
            assert wanted != usual or off == set(row.behind), f"{row.program} shows nothing"


def open_to_all(folder):
    """Take away the modes behind which the files of the author stand too."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)


NOTICED = [
    ("a socket could be opened", SOCKETS),
    ("kill was allowed", KILL),
    ("/ could be listed", NO_LANDLOCK),
    ("the address space is not limited", NO_ADDRESS_SPACE),
]


@pytest.mark.parametrize(("said", "off"), NOTICED, ids=[said for said, _ in NOTICED])
def test_a_worker_without_a_wall_refuses_to_start(said, off, tier, bench, tmp_path):
    """The rows above show what gets through where this look at its own walls is switched off."""
    bench(tier)
    with (
        switched_off([off], tmp_path),
        Slot(tier) as slot,
        pytest.raises(SandboxFailure, match=said),
    ):
        hand_over(slot)


def test_without_no_new_privileges_neither_landlock_nor_seccomp_lets_itself_be_installed(
    bench, tmp_path
):
    """In the other tier bubblewrap has made the promise already."""
    bench(Tier.LANDLOCK)
    with (
        switched_off([NO_PROMISE], tmp_path),
        Slot(Tier.LANDLOCK) as slot,
        pytest.raises(SandboxFailure, match="landlock_restrict: Operation not permitted"),
    ):
        hand_over(slot)


def hand_over(slot):
    program = Program((SourceFile("solution.py", (Chunk(""),)),))
    with slot.open(Side.STUDENT, program) as session:
        session.run([Evaluation("r = 1", {}, ("r",))], Limits())


HERE = Path(__file__).parent


def test_every_row_names_a_program_of_the_corpus():
    assert [] == [row for row in ROWS if not (HERE / row.program / "program.py").exists()]


@pytest.mark.parametrize(
    "alteration",
    [Edit("confine.py", "not there"), Edit("confine.py", "def ")],
    ids=["not there", "there often"],
)
def test_an_edit_that_does_not_apply_fails_loudly(alteration, tmp_path):
    with pytest.raises(AlterationDoesNotApply), switched_off([alteration], tmp_path):
        pass


@pytest.mark.parametrize(
    "alteration",
    [Permit("kill", "KILLED"), Permit("mount"), Permit("openat"), Permit("read")],
    ids=["not killed", "not unlisted", "ruled", "allowed anyway"],
)
def test_a_call_that_stands_elsewhere_in_the_table_fails_loudly(alteration, tmp_path, require):
    require(ctypes.util.find_library("seccomp"), "libseccomp is not installed")
    with pytest.raises(AlterationDoesNotApply), switched_off([alteration], tmp_path):
        pass


@pytest.mark.parametrize("old", [("--no-such-option",), ("--setenv", "*", "*")])
def test_an_option_that_bubblewrap_is_not_given_once_fails_loudly(old, bench, tmp_path):
    bench(Tier.NAMESPACES)
    with (
        switched_off([Bubblewrap(old)], tmp_path),
        Slot(Tier.NAMESPACES) as slot,
        pytest.raises(AlterationDoesNotApply),
    ):
        slot.start(Side.STUDENT)
