"""Packages of assignments: built once a lock file, kept by its digest, never changed."""

from grader.environments.finding import describe_packages, find_packages, packages_of
from grader.environments.lock import Lock, lock_of, read_lock
from grader.environments.shelf import Built, find_built, find_by_prefix, list_built, remove_built

__all__ = [
    "Built",
    "Lock",
    "describe_packages",
    "find_built",
    "find_by_prefix",
    "find_packages",
    "list_built",
    "lock_of",
    "packages_of",
    "read_lock",
    "remove_built",
]
