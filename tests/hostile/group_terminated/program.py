import os
import signal
import time

from attack import refused


def double(x):
    if not refused(os.kill, 0, signal.SIGTERM):
        time.sleep(0.3)  # until it is felt
    return 2 * x
