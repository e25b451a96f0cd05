"""`grader demo`: a course whose people hand in real work, for a newcomer to watch."""

from grader.demo.demo import Ending, run_demo
from grader.demo.display import open_display

__all__ = ["Ending", "open_display", "run_demo"]
