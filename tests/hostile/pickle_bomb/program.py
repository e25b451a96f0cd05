import os


class Bomb:
    def __reduce__(self):
        return os.system, ("echo broken",)


def double(x):
    return Bomb()
