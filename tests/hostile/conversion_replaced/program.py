import numpy as np

np.asarray = np.ascontiguousarray = np.array = np.frombuffer = lambda *_, **__: 1 / 0


def double(x):
    return x
