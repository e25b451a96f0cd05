"""Nothing outlives a jail: no process, no file, no descriptor, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.calls import Evaluation, Returned
from grader.errors import SandboxFailure, SandboxUnavailable
from grader.sandbox.jail import Jail
from grader.sandbox.pool import Slot
from grader.sandbox.program import Exit, Limits
from grader.sandbox.tiers import CONFINING, Side, Tier

ROOT = Path(__file__).parents[2]
GRACE_S = 0.5


def parents() -> dict[int, int]:
    """Return every process of the machine and its parent."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            found[int(folder.name)] = int(fields[1])
    return found


def descendants(root: int) -> set[int]:
    """Return the processes that `root` has started, and those that they have started."""
    known, found = parents(), {root}
    while grown := {pid for pid, parent in known.items() if parent in found} - found:
        found |= grown
    return found - {root}


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def count_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def run_once(slot: Slot, program, text: str = "def f(x): return x + 1", code: str = "r = f(1)"):
    with slot.open(Side.STUDENT, program(text)) as session:
        return session.run([Evaluation(code, {}, ("r",))], Limits(wall_time_s=5.0))


def test_a_jail_leaves_no_process_no_file_and_no_descriptor(tier, program):
    before = count_descriptors()
    others = descendants(os.getpid())
    with Slot(tier) as slot:
        assert Exit.FINISHED == run_once(slot, program).exit
        data = slot.start(Side.STUDENT).data
        ours = descendants(os.getpid()) - others
        assert ours
        assert data.is_dir()
    assert wait_for(lambda: not ours & set(parents()), GRACE_S)
    assert not data.parent.exists()
    assert before == count_descriptors()


def test_a_jail_that_never_served_leaves_nothing_either(tier):
    before, others = count_descriptors(), descendants(os.getpid())
    jail = Jail(tier, Side.STUDENT)
    ours = descendants(os.getpid()) - others
    jail.close()
    assert wait_for(lambda: not ours & set(parents()), GRACE_S)
    assert not jail.data.parent.exists()
    assert before == count_descriptors()


def test_a_jail_that_cannot_start_says_why_and_leaves_nothing(tier, monkeypatch):
    from grader.sandbox import jail as jails
    from grader.sandbox.tiers import Command

    before = count_descriptors()
    broken = Command((sys.executable, "-c", "import sys; sys.exit('the disk is on fire')"))
    monkeypatch.setattr(jails, "command_for", lambda *_, **__: broken)
    jail = Jail(tier, Side.STUDENT)
    with pytest.raises(SandboxUnavailable, match="the disk is on fire"):
        jail.wait_until_warm()
    jail.close()
    assert not jail.data.parent.exists()
    assert before == count_descriptors()


def test_a_zygote_that_cannot_warm_up_says_why(tier, monkeypatch):
    from grader.sandbox import jail as jails
    from grader.sandbox import tiers

    true_command = tiers.command_for

    def command_for(*given, **named):
        command = true_command(*given, **named)
        return replace(command, options={**command.options, "modules": ["no_such_module"]})

    monkeypatch.setattr(jails, "command_for", command_for)
    with Jail(tier, Side.STUDENT) as jail, pytest.raises(SandboxUnavailable, match="no_such_mod"):
        jail.wait_until_warm()


def test_a_session_ends_its_worker_and_one_spare_is_left(program, slot):
    with slot.open(Side.STUDENT, program("def f(x): return x")) as session:
        session.run([Evaluation("r = f(1)", {}, ("r",))], Limits(wall_time_s=5.0))
        zygote, worker = slot.start(Side.STUDENT).pid, session._worker
        assert zygote is not None
        assert worker is not None
        assert worker.pid in descendants(zygote)

    def is_one_spare_left() -> bool:
        left = descendants(zygote)
        return len(left) == 1 and worker.pid not in left

    assert wait_for(is_one_spare_left, 5.0)


def test_three_hundred_workers_cost_no_descriptor_and_no_process(slot, program):
    run_once(slot, program)
    zygote = slot.start(Side.STUDENT).pid
    assert zygote is not None
    assert wait_for(lambda: 1 == len(descendants(zygote)), 5.0)
    descriptors = count_descriptors()
    for n in range(300):
        text = "import os\nos._exit(n)" if n % 10 == 0 else "def f(x): return x + 1"
        run_once(slot, program, text.replace("n)", f"{n % 100})"))
    assert wait_for(lambda: 1 == len(descendants(zygote)), 5.0)
    assert descriptors == count_descriptors()
    assert zygote == slot.start(Side.STUDENT).pid


def test_after_a_killed_zygote_the_session_goes_on_and_the_answer_is_right(tier, program):
    with Slot(tier) as slot, slot.open(Side.STUDENT, program("def f(x): return x + 1")) as session:
        ask = [Evaluation("r = f(1)", {}, ("r",))]
        before = session.run(ask, Limits())
        first = slot.start(Side.STUDENT).pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert wait_for(lambda: first not in parents(), GRACE_S)
        after = session.run(ask, Limits())
        assert [2, 2] == [
            one.values["r"] for one in before.answers + after.answers if isinstance(one, Returned)
        ]
        assert first != slot.start(Side.STUDENT).pid


def test_a_zygote_killed_in_the_middle_of_a_request_costs_no_submission(tier, program):
    text = "import time\ndef f(x):\n    time.sleep(0.3)\n    return x + 1"
    with Slot(tier) as slot, slot.open(Side.STUDENT, program(text)) as session:
        jail = slot.start(Side.STUDENT)
        jail.wait_until_warm()
        killer = subprocess.Popen(["sh", "-c", f"sleep 0.15; kill -9 {jail.pid}"])
        outcome = session.run([Evaluation("r = f(1)", {}, ("r",))], Limits())
        killer.wait()
        [answer] = outcome.answers
        assert isinstance(answer, Returned)
        assert 2 == answer.values["r"]
        assert jail.pid != slot.start(Side.STUDENT).pid


def test_a_jail_that_always_dies_is_our_failure_not_the_students(tier, program, monkeypatch):
    with Slot(tier) as slot:

        def spawn_and_die(*_):
            raise SandboxFailure("it died")

        monkeypatch.setattr(Jail, "take", spawn_and_die)
        with pytest.raises(SandboxFailure):
            run_once(slot, program)


SUPERVISOR = """
import sys
from grader.calls import Evaluation, Returned
from grader.sandbox.pool import Slot
from grader.sandbox.program import *
from grader.sandbox.tiers import Side, Tier

text = "while True: pass"
program = Program((SourceFile("solution.py", (Chunk(text),)),))
with Slot(Tier(sys.argv[1])) as slot, slot.open(Side.STUDENT, program) as session:
    slot.start(Side.REFERENCE).wait_until_warm()
    session.run([Evaluation("r = 1", {}, ("r",))], Limits(15.0, 15.0))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_a_supervisor_that_is_killed_takes_everything_with_it(tier, number):
    command = [sys.executable, "-c", SUPERVISOR, tier]
    with subprocess.Popen(command, cwd=ROOT) as supervisor:
        assert wait_for(lambda: burns_cpu(descendants(supervisor.pid)), 30)
        left = descendants(supervisor.pid)
        supervisor.send_signal(number)
        supervisor.wait()
        assert wait_for(lambda: not left & set(parents()), GRACE_S)


def test_ctrl_c_ends_a_check_of_an_endless_loop_and_leaves_no_process(tier, tmp_path):
    looping = tmp_path / "solution.py"
    looping.write_text("while True: pass\n")
    command = [sys.executable, "-m", "grader", "check", "mlp-backprop", str(looping)]
    with subprocess.Popen(
        [*command, "--tier", tier],
        cwd=ROOT,
        env={**os.environ, "GRADER_CACHE_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as check:
        # The fresh cache makes it attack itself first: wait until one worker has used up time.
        assert wait_for(lambda: burns_cpu(descendants(check.pid)), 30)
        left = descendants(check.pid)
        check.send_signal(signal.SIGINT)
        output, errors = check.communicate(timeout=10)
    assert 130 == check.returncode
    assert "" == output
    assert "grader: interrupted\n" == errors
    assert wait_for(lambda: not left & set(parents()), GRACE_S)


def burns_cpu(pids: set[int]) -> bool:
    """Tell whether one of them has run for longer than any step of ours takes."""
    ticks = os.sysconf("SC_CLK_TCK")
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[11]) + int(fields[12]) > 1.0 * ticks:
            return True
    return False


def test_the_tiers_are_tried_from_the_stronger_to_the_weaker():
    assert (Tier.NAMESPACES, Tier.LANDLOCK) == CONFINING
