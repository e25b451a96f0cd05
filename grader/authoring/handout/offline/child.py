"""The process in which a student's file runs at home: the server's worker, on plain pipes.

It confines nothing, as the file is one's own; it ends when its standard input does.
"""

from __future__ import annotations

import contextlib
import os
import sys

from grader.sandbox.guest.worker import serve


def main(mark: str) -> None:
    """Serve requests from standard input on standard output; what is printed goes elsewhere.

    There, `mark` tells where a request's part of it ends.
    """
    requests, results = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (requests, results):
            msvcrt.setmode(descriptor, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)

    def write_mark() -> None:
        with contextlib.suppress(OSError):  # a student may have closed it
            os.write(2, mark.encode())

    with contextlib.suppress(EOFError, OSError):
        serve(requests, results, after_each=write_mark)
