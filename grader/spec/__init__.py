"""What an assignment is: its models, the inputs it draws, its loader and its digest."""

from grader.spec.check import CHECK_KINDS, Accept, CheckSpec, Hint, Visibility
from grader.spec.checks import (
    CostCheck,
    GradientCheck,
    Grows,
    OutputCheck,
    PropertyCheck,
    SourceCheck,
)
from grader.spec.comparison import CompareRule
from grader.spec.course import CourseSpec, find_course_errors, load_course
from grader.spec.drawing import Case, draw_cases, seed_of_student
from grader.spec.limits import Limits
from grader.spec.loader import find_spec_errors, load_assignment, locate_checks, parse_spec
from grader.spec.models import (
    Assignment,
    AssignmentSpec,
    Environment,
    Leaderboard,
    RubricItem,
    Team,
)
from grader.spec.packs import find_assignment, list_assignments
from grader.spec.plots import BoundaryPlot, TracePlot
from grader.spec.policy import (
    Attempts,
    Counts,
    Late,
    LateStep,
    Policy,
    read_policy,
    write_policy,
)
from grader.spec.submissions import (
    Expectations,
    KnownSubmission,
    list_submissions,
    read_expectations,
)
from grader.spec.variants import Variant, variants

__all__ = [
    "CHECK_KINDS",
    "Accept",
    "Assignment",
    "AssignmentSpec",
    "Attempts",
    "BoundaryPlot",
    "Case",
    "CheckSpec",
    "CompareRule",
    "CostCheck",
    "Counts",
    "CourseSpec",
    "Environment",
    "Expectations",
    "GradientCheck",
    "Grows",
    "Hint",
    "KnownSubmission",
    "Late",
    "LateStep",
    "Leaderboard",
    "Limits",
    "OutputCheck",
    "Policy",
    "PropertyCheck",
    "RubricItem",
    "SourceCheck",
    "Team",
    "TracePlot",
    "Variant",
    "Visibility",
    "draw_cases",
    "find_assignment",
    "find_course_errors",
    "find_spec_errors",
    "list_assignments",
    "list_submissions",
    "load_assignment",
    "load_course",
    "locate_checks",
    "parse_spec",
    "read_expectations",
    "read_policy",
    "seed_of_student",
    "variants",
    "write_policy",
]
