import fcntl

import numpy as np


def tell():
    kept.append(open(np.__file__))
    fcntl.flock(kept[-1], fcntl.LOCK_EX)


def hear():
    with open(np.__file__) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


kept = []
