"""`grader assignment new`: proposes an assignment for a solution."""

from grader.authoring.proposal.example import EXAMPLE
from grader.authoring.proposal.folder import Made, assert_free, make_assignment, read_solution
from grader.authoring.proposal.proposing import Proposal

__all__ = ["EXAMPLE", "Made", "Proposal", "assert_free", "make_assignment", "read_solution"]
