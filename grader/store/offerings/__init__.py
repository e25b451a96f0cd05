"""Offerings: an assignment in a course, from the draft to published scores."""

from grader.store.accounts import after_due_opens_at, audience_for, terms_for
from grader.store.offerings.dates import (
    adjust,
    list_adjustments,
    publish_scores,
    revoke_adjustment,
    set_policy,
    withdraw_scores,
)
from grader.store.offerings.drafts import (
    is_published_as,
    latest_validation,
    publish,
    upload_draft,
    validate_again,
)
from grader.store.offerings.handouts import has_handout, load_handout
from grader.store.offerings.queries import (
    find_offering,
    get_offering,
    list_offerings,
    list_versions,
)
from grader.store.offerings.versions import keep_version

__all__ = [
    "adjust",
    "after_due_opens_at",
    "audience_for",
    "find_offering",
    "get_offering",
    "has_handout",
    "is_published_as",
    "keep_version",
    "latest_validation",
    "list_adjustments",
    "list_offerings",
    "list_versions",
    "load_handout",
    "publish",
    "publish_scores",
    "revoke_adjustment",
    "set_policy",
    "terms_for",
    "upload_draft",
    "validate_again",
    "withdraw_scores",
]
