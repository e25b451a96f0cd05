import time


def double(x):
    time.sleep(1.2)
    return 2 * x
