"""Submissions: handed in once, never changed; what they are worth is in the ledger."""

from grader.store.submissions.hand_in import QuotaLimits, check_quotas, hand_in
from grader.store.submissions.overview import Line, Overview, overview
from grader.store.submissions.queries import (
    Page,
    SubmissionRow,
    count_of_offering,
    find_submission,
    list_of_offering,
    list_of_person,
    load_uploads,
)
from grader.store.submissions.standing import Standing, choose, standing

__all__ = [
    "Line",
    "Overview",
    "Page",
    "QuotaLimits",
    "Standing",
    "SubmissionRow",
    "check_quotas",
    "choose",
    "count_of_offering",
    "find_submission",
    "hand_in",
    "list_of_offering",
    "list_of_person",
    "load_uploads",
    "overview",
    "standing",
]
