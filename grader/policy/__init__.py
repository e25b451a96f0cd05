"""What a policy means for what is handed in: lateness, slip days, attempts, which one counts.

Pure functions: nothing here reads a clock, a file or a database. 24 hours are 24 hours, on the
days too on which a time zone changes its offset.
"""

from grader.policy.acceptance import Acceptance, decide
from grader.policy.attempts import Allowance, attempts_left
from grader.policy.counting import Account, HandIn, Settlement, counting, final_points, settle
from grader.policy.lateness import (
    DECIMAL_PLACES,
    days_late,
    is_after_due,
    last_accepted_at,
    late_share,
    opens_after_due,
    penalty,
    slip_days_for,
)
from grader.policy.sentences import describe_attempts, describe_lateness, format_moment
from grader.policy.terms import Terms, adjust

__all__ = [
    "DECIMAL_PLACES",
    "Acceptance",
    "Account",
    "Allowance",
    "HandIn",
    "Settlement",
    "Terms",
    "adjust",
    "attempts_left",
    "counting",
    "days_late",
    "decide",
    "describe_attempts",
    "describe_lateness",
    "final_points",
    "format_moment",
    "is_after_due",
    "last_accepted_at",
    "late_share",
    "opens_after_due",
    "penalty",
    "settle",
    "slip_days_for",
]
