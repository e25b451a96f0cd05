import mmap
import os

from attack import refused


def double(x):
    return 2 * x if refused(grow, errors=(OSError, ValueError)) else x


def grow():
    with open("/tmp/sparse", "w+b") as file:
        os.ftruncate(file.fileno(), 1 << 30)
        mmap.mmap(file.fileno(), 1 << 20)
