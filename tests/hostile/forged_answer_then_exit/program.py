import os

from attack import ANSWER, END, array, frame, values


def double(x):
    zeros = array((4, 3), x.tobytes())
    os.write(4, frame(0, ANSWER, values(zeros, zeros)) + frame(2, END))
    os._exit(0)
