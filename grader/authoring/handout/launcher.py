"""The text of `check.py`, which must be read by a Python that is too old for all the rest."""

LAUNCHER = '''\
"""Check your own work: python check.py [FILE ...]

It judges the visible checks with the code of the server, against values that are stored beside it.
It needs Python 3.11 or newer, and numpy. See README.md for what is asked.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKER = os.path.join(HERE, "checker")


def stop(reason):
    sys.stderr.write("error: " + reason + "\\n")
    sys.exit(2)


def run():
    if sys.version_info < (3, 11):
        stop("this is Python %d.%d; run check.py with 3.11 or newer" % sys.version_info[:2])
    # Of this folder nothing is imported: a file of yours may be called as a module of Python's.
    here = os.path.normcase(HERE)
    rest = [path for path in sys.path if os.path.normcase(os.path.abspath(path)) != here]
    sys.path[:] = [CHECKER] + rest
    try:
        import numpy
    except ImportError:
        stop("this Python has no numpy; install it: " + sys.executable + " -m pip install numpy")
    if tuple(int(part) for part in numpy.__version__.split(".")[:2]) < (1, 24):
        stop("numpy " + numpy.__version__ + " is too old; install 1.24 or newer")
    if not os.path.isdir(CHECKER):
        stop("the folder checker is not beside check.py; unpack the whole zip, and run it there")
    from pathlib import Path

    from grader.authoring.handout.offline.main import main

    sys.exit(main(sys.argv[1:], Path(CHECKER)))


if __name__ == "__main__":
    run()
'''
