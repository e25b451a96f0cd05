import numpy as np


def square(x):
    return 1.0


def square_gradient(x):
    return np.zeros_like(x)
