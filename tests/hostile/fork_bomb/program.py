import os

from attack import refused


def fork():
    if os.fork() == 0:
        os._exit(0)


def double(x):
    return 2 * x if all(refused(fork) for _ in range(100)) else x
