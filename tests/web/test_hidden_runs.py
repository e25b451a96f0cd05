"""Nothing of a hidden check reaches a student from work that was really judged by the worker.

The program does everything that a program can do in a hidden check: it prints what it is given,
raises it, returns it, leaves it in files and globals, runs out of time, crashes.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from grader.errors import GraderError
from grader.export import list_results, list_scores, write_csv, write_json
from grader.queue import runner
from grader.queue.runner import work_on
from grader.queue.slots import choose_tier
from grader.queue.stopping import StopNotice
from grader.queue.workplace import open_workplace
from grader.report import STAFF, Audience, Report, Verdict, redact
from grader.results_json import to_results_json
from grader.settings import load_settings
from grader.spec import Visibility
from grader.store import Database, offerings, runs
from grader.store.tables import OutboxMessage, Submission
from grader.web import live
from tests.web import world as worlds
from tests.web.marked import SEED
from tests.web.markers import HIDDEN, crawl, reachable
from tests.web.world import DUE, START, World

ACTS = {
    "right": Verdict.PASSED,
    "wrong": Verdict.WRONG_ANSWER,
    "shape": Verdict.WRONG_SHAPE,
    "none": Verdict.NOT_IMPLEMENTED,
    "raise": Verdict.EXCEPTION,
    "crash": Verdict.CRASH,
    "loop": Verdict.TIME_LIMIT,
}
"""What the program does where the input `act` says so, and what comes of it."""
LOOPING = Visibility.NEVER
"""Two checks that run out of time end a run: one is enough."""
MARK = re.compile(r"zq[-_](?:after|never|printed|raised)")
POINTS = "0.0625"
NUMBERS = re.compile(
    r"(?<![\w.])(?:(?:48,?15[12]|62,?34[23]|0?\.0625)(?!\w)|4\.815\d*e|6\.234\d*e)"
)
"""The right values, the student's wrong ones, the points of a hidden check, in any notation.

Whole words and whole numbers: request numbers and tokens hold a few characters of them by chance.
"""
PROGRAM = """
import os, sys, tempfile
import numpy as np

# The file itself, which its student may see, holds none of what is looked for.
MARK, RIGHT, WRONG = "qz"[::-1], float("6.15184"[::-1]), float("8.24326"[::-1])
seen = []

def affine(x, tag, act):
    seen.append(tag)
    print("was given", tag, x, "and before", seen)
    print(f"{MARK}-printed", tag, file=sys.stderr)
    try:
        with open(os.path.join(tempfile.gettempdir(), "notes"), "a+") as notes:
            notes.write(tag)
            notes.seek(0)
            print("noted", notes.read())
    except OSError as error:
        print("no notes:", type(error).__name__)
    if act == "raise":
        raise ValueError(f"{MARK}-raised {tag} {x}")
    if act == "crash":
        os._exit(3)
    while act == "loop":
        pass
    if act == "none":
        return None
    if act == "shape":
        return np.full((2, 7), WRONG)
    if act == "wrong":
        return np.full((3, 2), WRONG)
    return RIGHT

def plain(x):
    print("plain has seen", seen)
    return -x
"""
SOLUTION = """
import numpy as np

def affine(x, tag, act):
    return 48151.6 if act == "right" else np.full((3, 2), 48151.6)

def plain(x):
    return x
"""


def acts_of(visible: Visibility) -> list[str]:
    return [act for act in ACTS if act != "loop" or visible is LOOPING]


def write_assignment(folder: Path) -> Path:
    """Write an assignment whose hidden checks come first, between and after those that all see."""
    plain = '[[checks]]\nid = "plain{}"\nkind = "output"\ninputs = "open"\nrun = "y = plain(x)"\n'
    parts = [
        'title = "Affine layers"\nfiles = ["solution.py"]\n\n[policy]',
        f"opens_at = {START:%Y-%m-%dT%H:%M:%SZ}\ndue_at = {DUE:%Y-%m-%dT%H:%M:%SZ}",
        'late = {per_day = 0.10, days = 2}\n[limits]\nwall_time = "1s"\ncpu_time = "0.3s"',
        "[inputs.open]\nx = {normal = [3, 2]}",
    ]
    for number, visible in enumerate(HIDDEN):
        for act in acts_of(visible):
            mark = f"zq-{visible.value.replace('_', '-')}-{act}"
            name = mark.replace("-", "_")
            parts.append(
                f'[inputs.{name}]\n{name} = {{normal = [3, 2]}}\ntag = "{mark}-tag"\n'
                f'act = "{act}"\n\n[[checks]]\nid = "{mark}-id"\nkind = "output"\n'
                f'title = "{mark}-title"\ninputs = "{name}"\ncompare = ["{name}_out"]\n'
                f'run = "{name}_out = affine({name}, tag, act)"\n'
                f'visible = "{visible.value}"\npoints = {POINTS}\n'
            )
        parts.append(plain.format(number) + 'compare = ["y"]\npoints = 2')
    parts.append(
        '[[checks]]\nid = "needs"\nkind = "output"\ninputs = "open"\nrun = "y = plain(x)"\n'
        'compare = ["y"]\nneeds = ["zq-never-wrong-id", "plain0"]\npoints = 2\n'
        '[leaderboard]\nvalue = "zq_never_right_out"'
    )
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text("\n\n".join(parts) + "\n")
    (folder / "solution.py").write_text(SOLUTION)
    return folder


@dataclasses.dataclass
class Judged:
    """A site on which the program has been handed in and judged, and what the worker wrote."""

    world: World
    submission: Submission
    folder: Path
    report: Report
    """As staff have it."""
    logs: str


@pytest.fixture(scope="module")
def judged(
    template: World,
    tmp_path_factory: pytest.TempPathFactory,
    require: Callable[[object, str], None],
) -> Iterator[Judged]:
    folder = tmp_path_factory.mktemp("judged")
    world = worlds.copy(template, folder / "site")
    settings = dataclasses.replace(
        load_settings(), data_dir=folder / "site", database_url="", broker_url="", slots=1
    )
    try:
        tier = choose_tier(settings)
    except GraderError as error:
        require(False, str(error))
    world.offering = world.publish(write_assignment(folder / "hw9"), START)
    submission = world.hand_in("ada", PROGRAM)
    with world.database.read() as session:
        run = runs.latest_run(session, submission.id)
    assert run is not None
    place = open_workplace(settings, tier, StopNotice())
    try:
        with capture_logs() as log, pytest.MonkeyPatch.context() as patch:
            patch.setattr(runner, "send_run", lambda *_: True)
            work_on(run.id, place)
    finally:
        place.close()
    yield Judged(world, submission, folder / "hw9", load(world.database, submission), repr(log))
    world.database.dispose()


def load(database: Database, submission: Submission) -> Report:
    with database.read() as session:
        run = runs.latest_run(session, submission.id)
        assert run is not None
        return runs.load_report(session, run)


@pytest.fixture(autouse=True)
def short_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LONGEST_STREAM_S", 0.2)
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0.05)


def find_told(text: str) -> list[str]:
    """What a text tells of hidden checks: a few characters around each place."""
    return [
        text[max(0, match.start() - 30) : match.end() + 30]
        for pattern in (MARK, NUMBERS)
        for match in pattern.finditer(text)
    ]


def test_the_program_has_done_all_of_it(judged: Judged):
    """What follows would hold of a run in which nothing happened, too."""
    by_id = {result.check: result for result in judged.report.results}
    for visible in HIDDEN:
        for act in acts_of(visible):
            result = by_id[f"zq-{visible.value.replace('_', '-')}-{act}-id"]
            assert ACTS[act] is result.judgement.verdict, result.judgement.message
            if act in ("right", "wrong", "raise"):
                assert f"{act}-tag" in result.output
    wrong = by_id["zq-never-wrong-id"].judgement
    assert wrong.pictures
    assert wrong.pictures[0].name == "zq_never_wrong_out"
    assert "zq-raised" in by_id["zq-never-raise-id"].judgement.message
    staff = json.dumps(to_results_json(redact(judged.report, STAFF)))
    assert MARK.search(staff)
    assert NUMBERS.search(staff)
    assert "zq_never_right_out" == judged.report.leaderboard[0].name


def test_a_check_that_all_see_comes_first_and_can_print_nothing_of_a_hidden_one(judged: Judged):
    shown = [r for r in judged.report.results if r.visible is Visibility.ALWAYS]
    assert ["plain0", "plain1", "plain2", "needs"] == [result.check for result in shown]
    for result in shown[:3]:
        assert result.output.startswith("plain has seen []")
    assert Verdict.SKIPPED is shown[3].judgement.verdict


@pytest.mark.parametrize("name", ["ada", "blaise", "carl"])
def test_no_answer_tells_anything(judged: Judged, name: str):
    with capture_logs() as log:
        told = {
            path: ask().decode("utf-8", "replace")
            for path, ask in reachable(judged.world, name, submission_id=judged.submission.id)
        }
        crawled = crawl(judged.world, name)
        told |= {path: page.decode("utf-8", "replace") for path, page in crawled.items()}
    assert {} == {path: found for path, text in told.items() if (found := find_told(text))}
    assert [] == find_told(repr(log))
    if name == "ada":
        page = told[f"/submissions/{judged.submission.id}"]
        assert "Where y is wrong" in page
        assert "Right values" not in page
        assert str(SEED) not in page


def test_the_workers_log_tells_nothing(judged: Judged):
    assert "run ended" in judged.logs
    assert [] == find_told(judged.logs)


def test_nothing_waits_to_be_sent_that_tells_anything(judged: Judged):
    with judged.world.database.read() as session:
        waiting = [one.payload for one in session.scalars(select(OutboxMessage))]
    assert [] == find_told(json.dumps(waiting))


def test_times_and_numbers_are_those_of_the_checks_that_are_shown(judged: Judged):
    results = to_results_json(redact(judged.report, Audience()))
    shown = [r for r in judged.report.results if r.visible is Visibility.ALWAYS]
    hidden = [r for r in judged.report.results if r.visible is not Visibility.ALWAYS]
    assert results["execution_time"] == round(sum(r.wall_time_s for r in shown), 6)
    tests = results["tests"]
    assert isinstance(tests, list)
    assert ["1", "2", "3", "4"] == [test["number"] for test in tests]
    written = json.dumps(results)
    times = {str(getattr(r, of)) for r in hidden for of in ("wall_time_s", "cpu_time_s")} - {"0.0"}
    assert times
    assert [] == [one for one in times if one in written]


def test_what_is_exported_for_students_tells_nothing(judged: Judged):
    world = judged.world
    with world.database.read() as session:
        offering = offerings.get_offering(session, world.offering.id)
        audience = offerings.audience_for(session, offering, world.now)
        lines = list_scores(session, offering, audience)
        files = dict(list_results(session, offering, audience))
    assert [f"ada-{judged.submission.id}.json"] == list(files)
    for text in (write_csv(lines), write_json(lines), *files.values()):
        assert [] == find_told(text)


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["table", "json"])
def test_a_check_at_home_of_what_is_visible_tells_nothing(
    judged: Judged, tmp_path: Path, form: list[str]
):
    (tmp_path / "solution.py").write_text(PROGRAM)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRADER_")}
    files = (str(judged.folder), str(tmp_path / "solution.py"))
    completed = subprocess.run(
        [sys.executable, "-m", "grader", "check", *files, "--visible", *form],
        env={**kept, "GRADER_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 1 == completed.returncode, completed.stderr
    assert "plain0" in completed.stdout
    assert [] == find_told(completed.stdout + completed.stderr)
