import sys

sys.setrecursionlimit(10**9)


def double(x):
    one, other = [], []
    for _ in range(200_000):
        one, other = [one], [other]
    return 2 * x if one == other else x
