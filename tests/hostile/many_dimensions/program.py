import numpy as np


def double(x):
    return np.zeros((1,) * 32)
