class Hostile(Exception):
    def __str__(self):
        return str(self)

    def __repr__(self):
        return repr(self)


def double(x):
    raise Hostile
