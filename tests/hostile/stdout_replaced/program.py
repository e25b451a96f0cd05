import sys


class Broken:
    def __getattr__(self, name):
        raise RuntimeError("no such stream")


sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Broken()
