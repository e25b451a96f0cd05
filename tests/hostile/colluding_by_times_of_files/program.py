import os

PATHS = [os.path.join(place, name) for place in (".", os.path.dirname(os.__file__))
         for name in ("table.txt", "this.py", "pydoc.py", "nturl2path.py", "LICENSE.txt")]


def times():
    return [os.stat(path).st_atime_ns for path in PATHS if os.path.exists(path)]


def tell():
    for path in PATHS:
        try:
            with open(path, "rb") as file:
                file.read()
        except OSError:
            pass


def hear():
    is_new = times() != seen
    seen[:] = times()
    return is_new


seen = times()
