import os

from attack import refused


def double(x):
    return 2 * x if refused(os.execv, "/usr/bin/python3", ["python3"]) else x
