class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    __mro__ = property(lambda cls: 1 / 0)


class Hostile(Exception, metaclass=Meta):
    args = property(lambda self: 1 / 0)
    __traceback__ = property(lambda self: 1 / 0)


def double(x):
    raise Hostile
