import os

from attack import refused


def double(x):
    return 2 * x if all(refused(os.fstat, number) for number in range(5, 1024)) else x
