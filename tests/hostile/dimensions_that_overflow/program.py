import os

from attack import ANSWER, array, frame, values


def double(x):
    os.write(4, frame(0, ANSWER, values(array((1 << 32, 1 << 32), b""))))
