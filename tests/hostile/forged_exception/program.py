import os

from attack import END, RAISED, array, frame, values


def double(x):
    wrong = [array((3,), bytes(24))] * 11
    os.write(4, frame(0, RAISED, values(*wrong)) + frame(2, END))
    os._exit(0)
