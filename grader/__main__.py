"""Starts the program; makes its environment first where that is missing.

This file and the package's `__init__.py` keep to syntax that Python 3.6 reads, so that somebody
with an old Python is told so in one line.
"""

import sys


def main() -> int:
    """Run the command line; the console script `grader` and `python3 -m grader` both come here."""
    if sys.version_info < (3, 11):  # noqa: UP036 - not yet checked by any installer
        sys.stderr.write(
            "grader: Python 3.11 or later is needed and this is %d.%d; "  # noqa: UP031
            "run it as `python3.11 -m grader ...`, or as a later one\n" % sys.version_info[:2]
        )
        return 3
    from grader.bootstrap import launch

    return launch(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
