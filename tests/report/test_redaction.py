"""No hidden byte reaches a student."""

import dataclasses
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.picture import Picture
from grader.plot import Boundary, Region, Trace
from grader.report import (
    STAFF,
    Audience,
    CheckResult,
    Diagnosis,
    Judgement,
    LeaderboardEntry,
    Report,
    RubricMark,
    Verdict,
    redact,
)
from grader.results_json import to_results_json
from grader.spec import Hint, Visibility

STUDENT = Audience()
MARK = "MARKER"
NUMBER = 918273645
RIGHT = 777.0
"""Three digits: as a picture's numbers have."""


def picture(mark, own=NUMBER + 1):
    """A picture whose right values are the number that nobody may see."""
    return Picture(
        name=f"{mark} value",
        case=f"{mark} case",
        shape=(2,),
        n_row_axes=0,
        block=(1, 1),
        n_wrong=1,
        worst=(0,),
        student=((own, 1.0),),
        decades=((0, None),),
        reference=((RIGHT, 1.0),),
    )


def plots(mark):
    """A plot of each kind, whose right values are numbers that nobody may see."""
    line = (NUMBER + 1.0, 2.0)
    return (
        Trace(f"{mark} losses", mark, "step", False, 1, 2, line, line, line, (RIGHT, 2.0)),
        Boundary(
            mark,
            ("0", "1"),
            (-1.0, 1.0),
            (-1.0, 1.0),
            1,
            ((0.5, 0.5, 1),),
            (Region(mark, ("00", "01"), 0, (), ("77", "70")),),
        ),
    )


def marked(number, visible, verdict=Verdict.WRONG_ANSWER, hint=Hint.NAME, mark=MARK, **changes):
    """A check whose every text and number carries the mark."""
    return CheckResult(
        check=f"{mark}-id-{number}",
        title=f"{mark} title",
        number=number,
        points=Decimal(NUMBER) if mark == MARK else Decimal(1),
        visible=visible,
        hint=hint,
        judgement=Judgement(
            verdict,
            f"{mark} message",
            (f"{mark} note",),
            (Diagnosis(f"{mark}_code", f"{mark} diagnosis", f"{mark} where"),),
            {mark: mark},
            {mark: (NUMBER,)} if mark == MARK else {},
            (picture(mark),),
            plots(mark),
        ),
        output=f"{mark} printed",
        wall_time_s=NUMBER if mark == MARK else 0.5,
        cpu_time_s=NUMBER if mark == MARK else 0.5,
        memory_bytes=NUMBER if mark == MARK else 1,
        **changes,
    )


def report(*results, **changes):
    return Report("mlp", "0" * 64, "0.1.0", "namespaces", 7, results, **changes)


def shown(one, audience):
    return json.dumps(to_results_json(redact(one, audience)))


VISIBILITIES = st.sampled_from(Visibility)
RESULTS = st.lists(
    st.tuples(VISIBILITIES, st.sampled_from(Verdict), st.sampled_from(Hint)), max_size=6
)


@given(RESULTS, st.booleans(), st.booleans())
def test_no_marker_of_a_hidden_check_survives(drawn, is_after_due, is_published):
    audience = Audience(is_after_due=is_after_due, is_published=is_published)
    results = [
        marked(n, visible, verdict, hint, mark="open" if audience.sees(visible) else MARK)
        for n, (visible, verdict, hint) in enumerate(drawn, 1)
    ]
    hidden = [r for r in results if r.check.startswith(MARK)]
    one = report(
        *results,
        leaderboard=tuple(LeaderboardEntry(MARK, NUMBER, "desc", r.check) for r in hidden),
        staff_notes=(MARK,),
        rubric=(RubricMark("clarity", "Clear", Decimal(5), Decimal(3)),),
    )
    text = shown(one, audience)
    assert MARK not in text
    assert str(NUMBER) not in text
    assert f"{RIGHT:.3g}" not in text
    assert [str(n) for n in range(1, len(results) - len(hidden) + 1)] == [
        test["number"] for test in json.loads(text)["tests"]
    ]
    assert json.loads(text)["extra_data"]["n_hidden"] == len(hidden)


@pytest.mark.parametrize(
    ("audience", "visible"),
    [
        (STUDENT, {Visibility.ALWAYS}),
        (Audience(is_after_due=True), {Visibility.ALWAYS, Visibility.AFTER_DUE}),
        (Audience(is_published=True), {Visibility.ALWAYS, Visibility.AFTER_PUBLISHED}),
        (
            Audience(is_after_due=True, is_published=True),
            {Visibility.ALWAYS, Visibility.AFTER_DUE, Visibility.AFTER_PUBLISHED},
        ),
        (STAFF, set(Visibility)),
    ],
)
def test_each_audience_sees_what_its_dates_allow(audience, visible):
    assert {v for v in Visibility if audience.sees(v)} == visible


def test_the_total_is_never_all_passed_where_checks_are_hidden():
    results = [marked(n, Visibility.ALWAYS, Verdict.PASSED, mark="open") for n in range(1, 13)]
    results += [marked(n, Visibility.NEVER) for n in range(13, 21)]
    seen = redact(report(*results), STUDENT)
    assert seen.summary == "12 of 12 visible passed, 8 hidden"
    assert seen.max_score == 12


def test_students_do_not_see_the_seed_of_hidden_numbers():
    one = report(marked(1, Visibility.ALWAYS, mark="open"))
    assert redact(one, STUDENT).seed is None
    assert redact(one, STAFF).seed == 7


def test_staff_see_every_check_and_every_hint():
    text = shown(report(marked(1, Visibility.NEVER, hint=Hint.NONE)), STAFF)
    for part in ("title", "message", "note", "code", "diagnosis", "where", "printed"):
        assert f"{MARK}" in text
        assert part in text


def test_hint_name_shows_message_and_diagnosis():
    (seen,) = redact(report(marked(1, Visibility.ALWAYS)), STUDENT).results
    assert seen.judgement.message == f"{MARK} message"
    assert [d.code for d in seen.judgement.diagnosis] == [f"{MARK}_code"]


def test_hint_locate_shows_the_place_and_not_the_mistake():
    (seen,) = redact(report(marked(1, Visibility.ALWAYS, hint=Hint.LOCATE)), STUDENT).results
    assert seen.judgement.message == f"{MARK} message"
    assert [(d.code, d.where) for d in seen.judgement.diagnosis] == [("located", f"{MARK} where")]
    assert f"{MARK} diagnosis" not in shown(
        report(marked(1, Visibility.ALWAYS, hint=Hint.LOCATE)), STUDENT
    )


@pytest.mark.parametrize("hint", [Hint.NAME, Hint.LOCATE])
def test_a_student_sees_the_own_values_and_the_difference_but_no_right_value(hint):
    one = report(marked(1, Visibility.ALWAYS, hint=hint, mark="open"))
    (seen,) = redact(one, STUDENT).results
    (drawn,) = seen.judgement.pictures
    assert drawn == dataclasses.replace(picture("open"), reference=None)
    assert seen.judgement.plots == tuple(plot.for_student() for plot in plots("open"))
    assert "reference" not in shown(one, STUDENT)
    assert "9.18e+08" in shown(one, STUDENT)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_hint_none_shows_no_picture_and_staff_always_see_all_of_it(verdict):
    one = report(marked(1, Visibility.ALWAYS, verdict, hint=Hint.NONE))
    student, staff = (redact(one, who).results[0].judgement for who in (STUDENT, STAFF))
    assert ((), ()) == (student.pictures, student.plots)
    assert ((picture(MARK),), plots(MARK)) == (staff.pictures, staff.plots)
    assert "777" in shown(one, STAFF)


def test_the_numbers_of_a_list_do_not_tell_where_hidden_checks_stand():
    visible = [Visibility.NEVER, Visibility.ALWAYS, Visibility.AFTER_DUE, Visibility.ALWAYS]
    one = report(*(marked(n, v, mark="open") for n, v in enumerate(visible, 1)))
    assert [r.number for r in redact(one, STUDENT).results] == [1, 2]
    assert [r.number for r in redact(one, Audience(is_after_due=True)).results] == [1, 2, 3]
    assert [r.number for r in redact(one, STAFF).results] == [1, 2, 3, 4]


def test_the_time_of_a_run_is_that_of_the_checks_that_are_shown():
    one = report(marked(1, Visibility.ALWAYS, mark="open"), marked(2, Visibility.NEVER))
    assert to_results_json(redact(one, STUDENT))["execution_time"] == 0.5


@pytest.mark.parametrize("verdict", [Verdict.WRONG_ANSWER, Verdict.WRONG_SHAPE])
def test_hint_none_shows_the_verdict_alone(verdict):
    one = report(marked(1, Visibility.ALWAYS, verdict, hint=Hint.NONE))
    (seen,) = redact(one, STUDENT).results
    assert seen.judgement.verdict is verdict
    assert MARK not in seen.judgement.message
    assert seen.judgement.diagnosis == ()
    assert seen.judgement.measured == {}


def test_hint_none_still_shows_the_students_own_exception():
    one = report(marked(1, Visibility.ALWAYS, Verdict.EXCEPTION, hint=Hint.NONE))
    (seen,) = redact(one, STUDENT).results
    assert seen.judgement.message == f"{MARK} message"


def test_students_do_not_read_our_internal_errors():
    one = report(marked(1, Visibility.ALWAYS, Verdict.INTERNAL_ERROR))
    (seen,) = redact(one, STUDENT).results
    assert MARK not in seen.judgement.message


def test_a_check_skipped_for_a_hidden_one_does_not_name_it():
    hidden = marked(1, Visibility.NEVER)
    skipped = marked(2, Visibility.ALWAYS, Verdict.SKIPPED, mark="open", blocked_by=(hidden.check,))
    text = shown(report(hidden, skipped), STUDENT)
    assert hidden.check not in text
    assert "open message" not in text


def test_a_check_skipped_for_a_visible_one_names_it():
    first = marked(1, Visibility.ALWAYS, mark="open")
    skipped = marked(2, Visibility.ALWAYS, Verdict.SKIPPED, mark="open", blocked_by=(first.check,))
    (_, seen) = redact(report(first, skipped), STUDENT).results
    assert seen.blocked_by == (first.check,)
    assert seen.judgement.message == "open message"


def test_rubric_marks_wait_for_publication():
    one = report(rubric=(RubricMark("clarity", "Clear", Decimal(5), Decimal(3)),))
    assert redact(one, STUDENT).rubric[0].score is None
    assert redact(one, Audience(is_published=True)).rubric[0].score == 3


@given(RESULTS)
def test_redacting_twice_changes_nothing(drawn):
    one = report(*(marked(n, *rest) for n, rest in enumerate(drawn, 1)))
    once = redact(one, STUDENT)
    assert redact(once, STUDENT) == once
