import os

import numpy as np

from attack import refused


def double(x):
    path = np.__file__
    ways = (os.O_RDONLY | os.O_TRUNC, os.O_WRONLY, os.O_RDWR | os.O_TRUNC)
    stopped = [refused(os.open, path, way) for way in ways]
    return 2 * x if all(stopped) and refused(os.truncate, path, 0) else x
