import fcntl
import sys

import numpy as np

from attack import refused


def double(x):
    with open("/dev/null") as file:
        stopped = refused(fcntl.flock, file, fcntl.LOCK_EX) and refused(fcntl.lockf, file, fcntl.LOCK_SH)
    return 2 * x if stopped else x
