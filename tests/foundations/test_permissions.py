from __future__ import annotations

import itertools

from grader.permissions import SHIPPED_ROLES, Permission


def test_five_roles_ship():
    assert {"student", "observer", "ta", "instructor", "admin"} == set(SHIPPED_ROLES)


def test_every_permission_belongs_to_some_role():
    assert set(Permission) == {one for role in SHIPPED_ROLES.values() for one in role}


def test_only_students_hand_in_and_no_student_sees_the_work_of_others():
    assert {"student"} == {
        name for name, role in SHIPPED_ROLES.items() if Permission.SUBMIT in role
    }
    assert Permission.SEE_SUBMISSIONS not in SHIPPED_ROLES["student"]


def test_each_staff_role_may_do_what_the_one_below_may():
    order = ["observer", "ta", "instructor", "admin"]
    for lower, higher in itertools.pairwise(order):
        assert set(SHIPPED_ROLES[lower]) < set(SHIPPED_ROLES[higher])


def test_an_observer_changes_nothing():
    assert {Permission.SEE_COURSE, Permission.SEE_SUBMISSIONS} == set(SHIPPED_ROLES["observer"])
