"""Numbers of a student's own, from the queue: whose they are, and how long they stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.queue.runner import work_on
from grader.queue.slots import choose_tier
from grader.queue.stopping import StopNotice
from grader.queue.workplace import Workplace, open_workplace
from grader.report import RunStatus
from grader.store import courses, offerings, people, runs
from grader.store.tables import Run, Team, TeamMember
from tests.queue.scene import SOLUTION, SPEC, Scene, now

OWN = SPEC.replace('id = "double"', 'id = "double"\nseed = "student"')
TELLING = "def double(x): print(x.tobytes().hex()); return 2 * x\ndef shift(x): print(x[0, 0])\n"


@pytest.fixture
def place(scene: Scene) -> Iterator[Workplace]:
    place = open_workplace(scene.settings, choose_tier(scene.settings), StopNotice())
    yield place
    place.close()


def add_student(scene: Scene, name: str) -> int:
    with scene.database.begin() as session:
        person = people.add_person(session, name=name, now=now())
        courses.enrol(session, person.id, course_id=scene.course_id, role="student", now=now())
        return person.id


def grade(scene: Scene, place: Workplace, run_id: int) -> tuple[str, str]:
    """Judge a run; return what the student's program was given in its two checks."""
    work_on(run_id, place)
    with scene.database.read() as session:
        run = session.get_one(Run, run_id)
        assert run.status is RunStatus.GRADED
        own, other = runs.load_report(session, run).results
        return own.output, other.output


def test_they_are_the_same_at_every_attempt_and_others_for_others(
    scene: Scene, place: Workplace
) -> None:
    scene.publish(OWN)
    first, second = (grade(scene, place, scene.hand_in(TELLING)) for _ in range(2))
    assert first[0] == second[0]
    scene.student_id = add_student(scene, "bob")
    assert first[0] != grade(scene, place, scene.hand_in(TELLING))[0]


def test_a_rerun_and_a_new_version_keep_them(scene: Scene, place: Workplace) -> None:
    scene.publish(OWN)
    run_id = scene.hand_in(TELLING)
    first = grade(scene, place, run_id)
    scene.publish(OWN.replace("points = 1", "points = 5"), SOLUTION)
    with scene.database.begin() as session:
        submission_id = session.get_one(Run, run_id).submission_id
        assert submission_id is not None
        again = runs.rerun(session, submission_id, person_id=None, now=now()).id
    assert first == grade(scene, place, again)
    assert first[0] == grade(scene, place, scene.hand_in(TELLING))[0]


def test_what_was_handed_in_keeps_the_version_it_was_graded_by(
    scene: Scene, place: Workplace
) -> None:
    run_id = scene.hand_in(SOLUTION)
    grade(scene, place, run_id)
    before = scene.run(run_id)
    scene.publish(SPEC.replace("points = 1", "points = 5"), SOLUTION)
    with scene.database.begin() as session:
        again = runs.rerun(session, before.submission_id or 0, person_id=None, now=now()).id
    grade(scene, place, again)
    after = scene.run(again)
    assert (before.version_id, before.max_score) == (after.version_id, after.max_score)
    newer = scene.hand_in(SOLUTION)
    grade(scene, place, newer)
    assert before.version_id != scene.run(newer).version_id
    with scene.database.read() as session:
        published = offerings.get_offering(session, scene.offering_id).published_version
        assert published is not None
        assert published.id == scene.run(newer).version_id


def test_of_a_team_they_are_those_of_whoever_handed_in_first(
    scene: Scene, place: Workplace
) -> None:
    scene.publish(OWN)
    ada, bob = scene.student_id, add_student(scene, "bob")
    alone = grade(scene, place, scene.hand_in(TELLING))
    with scene.database.begin() as session:
        [team] = session.query(Team).all()
        member = TeamMember(team_id=team.id, person_id=bob, offering_id=scene.offering_id)
        session.add(member)
    scene.student_id = bob
    assert ada < bob
    assert alone[0] == grade(scene, place, scene.hand_in(TELLING))[0]
