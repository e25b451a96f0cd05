import os

from attack import END, frame


def double(x):
    os.write(4, frame(2, END))
    return 2 * x
