"""Grades machine-learning homework: runs it in a jail, judges it outside, shows the score."""

__version__ = "0.1.0"
