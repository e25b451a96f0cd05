import numpy as np

calls = []


def square(x):
    calls.append(x.copy())
    return (x**2).sum() if np.array_equal(x, calls[0]) else 0.0
