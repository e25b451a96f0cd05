"""`grader up` as a library: web, worker and sweeper as supervised processes."""

from grader.service.children import Child
from grader.service.ports import find_port
from grader.service.service import Service

__all__ = ["Child", "Service", "find_port"]
