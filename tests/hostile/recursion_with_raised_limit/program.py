import sys


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")


def double(x):
    sys.setrecursionlimit(10**9)
    return Deep().attribute
