import sys


class Finder:
    def find_spec(self, name, path=None, target=None):
        raise ImportError(name)


sys.meta_path.insert(0, Finder())
sys.modules.pop("numpy", None)


def double(x):
    return x
