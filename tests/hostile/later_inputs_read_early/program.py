import os

from attack import refused


def double(x):
    os.set_blocking(3, False)
    stopped = refused(os.read, 3, 1 << 20)
    os.set_blocking(3, True)
    return 2 * x if stopped else x
