import time


def double(x):
    ends = time.process_time() + 0.8
    while time.process_time() < ends:
        pass
    return 2 * x
