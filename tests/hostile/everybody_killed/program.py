import os
import signal

from attack import refused


def double(x):
    targets = (-1, 0, 1, os.getppid(), -os.getpid())
    return 2 * x if all(refused(os.kill, pid, signal.SIGKILL) for pid in targets) else x
