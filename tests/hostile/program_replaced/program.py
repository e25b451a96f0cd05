import os
import sys

from attack import refused

LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")


def double(x):
    for program in (sys.executable, "/usr/bin/python3", *LOADERS):
        if not refused(os.execv, program, [program, "--version"]):
            return x
    return 2 * x
