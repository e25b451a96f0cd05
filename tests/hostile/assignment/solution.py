import numpy as np


def double(x):
    return 2 * x


def total(x):
    return np.sum(x)


def square(x):
    return np.sum(x**2)


def square_gradient(x):
    return 2 * x


def shift(x):
    return x + 1
