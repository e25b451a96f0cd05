import os

from attack import ANSWER, END, array, frame, values


def double(x):
    right = array((4, 3), (2 * x).tobytes())
    os.write(4, frame(0, ANSWER, values(right, array((4, 3), x.tobytes())) + b"hidden") + frame(2, END))
    os._exit(0)
