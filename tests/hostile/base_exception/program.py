class Escape(BaseException):
    pass


def double(x):
    raise Escape
