"""Makes the environment of a clone and enters it; the standard library only."""

from grader.bootstrap.launch import launch

__all__ = ["launch"]
