import os
import signal

from attack import refused


def double(x):
    return 2 * x if refused(os.kill, os.getppid(), signal.SIGTERM) else x
