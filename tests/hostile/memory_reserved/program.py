import numpy as np


def double(x):
    kept = np.empty(50 << 20)
    return 2 * x if kept.nbytes else x
