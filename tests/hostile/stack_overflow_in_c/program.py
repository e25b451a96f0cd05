import sys

sys.setrecursionlimit(10**9)


def double(x):
    one, other = [], []
    for _ in range(10**5):
        one, other = [one], [other]
    return one == other
