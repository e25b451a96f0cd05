import os
import signal

from attack import refused


def double(x):
    stopped = refused(os.kill, os.getpid(), signal.SIGSTOP) and refused(signal.raise_signal, signal.SIGSTOP)
    return 2 * x if stopped else x
