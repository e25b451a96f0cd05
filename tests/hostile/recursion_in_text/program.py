class Hostile(Exception):
    def __str__(self):
        return str(self)


def double(x):
    raise Hostile
